// SPDX-License-Identifier: MIT
// Proof, from a peak of the generalist's utility on, that no base beyond is better, or where one may be.
#pragma once
#include "haggle/solver/base_scan.hpp"

namespace haggle::fine_tuning {

template <class Real>
class BaseClimb {
 public:
  using Mask = mask_t<Real>;
  using Spot = BaseSpot<Real>;

  explicit BaseClimb(const BaseScan<Real>& scan) : scan_(scan) {}

  /// From a peak up to ln α₀ = `limit`: `proven` where utility is nowhere more than `reference`. Next to the peak it is
  /// no more than there. `scale`: a performance to begin with from a base of next to nothing.
  void up(const Spot& peak, Real limit, Real reference, Real scale, Mask wanted) {
    const Mask from_none = peak.b <= Real(idle_base);
    const Real idle_step = log(Real(0.01) * scale) - peak.b;
    begin(peak, select(from_none, idle_step, Real(first_step)), wanted);
    for (int k = 0; k < most_cells && any(open_); ++k) {
      const Spot& low = *here_;
      Spot& high = *next_;
      scan_.find(low, min(step_, limit - low.b), high, open_);
      const Real tried = step_;
      const SlopeBounds<Real> slopes = scan_.between(low, high, any(first_ & open_));
      const Mask falls = slopes.most < Real(0.0);
      judge(low, high, slopes, falls | (first_ & slopes.once & !from_none), reference);
      const Mask ends = goes_ & ((high.b >= limit) | (high.pull < high.cost_slope));
      // A first bit from nothing may be no bit at all: ten times smaller then, and up in moderate steps.
      const Mask begins = first_ & from_none;
      step_ = select(from_none, select(goes_, Real(idle_wider), select(begins, tried - Real(2.3), step_)), step_);
      go_on(ends);
    }
    proven = proven & !open_;
  }

  /// Likewise down.
  void down(const Spot& peak, Real limit, Real reference, Mask wanted) {
    begin(peak, Real(first_step), wanted & (peak.b > Real(idle_base)));
    proven = wanted & (peak.answered | (peak.b <= Real(idle_base)));
    for (int k = 0; k < most_cells && any(open_); ++k) {
      const Spot& high = *here_;
      Spot& low = *next_;
      scan_.find(high, -min(step_, high.b - max(limit, Real(idle_base))), low, open_);
      const SlopeBounds<Real> slopes = scan_.between(low, high, any(first_ & open_));
      judge(low, high, slopes, (slopes.least > Real(0.0)) | (first_ & slopes.once), reference);
      go_on(goes_ &
            ((low.b <= max(limit, Real(idle_base))) | scan_.rises_below(low) | (low.revenue < reference - error_)));
    }
    proven = proven & !open_;
  }

  static constexpr double least_step = 1e-5;

  double overlooks = 0;  ///< what is nothing, in parts of revenue and cost
  Mask proven{};
  Mask chained{};   ///< utility falls all the way
  Real reached{};   ///< up to this ln α₀ it is proven
  Mask rivalled{};  ///< not proven: more may be at `rival`
  Spot rival{};

 private:
  static constexpr double first_step = 0.03, wider = 2.2, narrower = 0.3, idle_wider = 0.4;
  static constexpr double short_cell = 2e-3;  ///< of ln α₀
  static constexpr int most_cells = 48;

  void begin(const Spot& peak, Real step, Mask wanted) {
    proven = chained = open_ = first_ = wanted & peak.answered;
    rivalled = wanted & !wanted;
    here_ = &spots_[0], next_ = &spots_[1];
    scan_.copy(*here_, peak);
    step_ = step, reached = peak.b;
    error_ = Real(1e-5) * peak.revenue;
  }
  /// Whether the cell is no better: then the climb goes on behind it, else in a smaller one. `away`: utility falls from
  /// the peak on.
  void judge(const Spot& low, const Spot& high, const SlopeBounds<Real>& slopes, Mask away, Real reference) {
    const Real zero(0.0), rise = max(slopes.most, zero), fall = max(-slopes.least, zero);
    const Real better = max(low.utility, high.utility), over = rise * fall / (rise + fall);
    const Real crest = (low.utility * fall + high.utility * rise) / (rise + fall) + over * (high.base - low.base);
    const Real top = select((rise > zero) & (fall > zero), max(crest, better), better);
    const Mask falls = chained & away;
    // Where somebody ceases to contribute there is no peak: the kink is passed over, and what is next to it told apart.
    const Mask narrow = step_ * Real(narrower) < Real(least_step),
               passes = narrow & slopes.kinked & (chained | (better < reference - error_));
    // And none is looked for in a cell so short that it could hardly be any better.
    const Mask little =
        (high.b - low.b < Real(short_cell)) & (top < reference + Real(overlooks) * (low.revenue + low.cost));
    goes_ = open_ & next_->answered & (falls | (top < reference - error_) | passes | little | rivalled);
    chained = chained & (falls | passes | !goes_);
    const Mask fails = open_ & !goes_;
    step_ = step_ * select(goes_, Real(wider), Real(narrower));
    if (any(rivalled)) {
      const Mask higher = open_ & rivalled & next_->answered & (next_->utility > rival.utility);
      take(higher, *next_);
      open_ = open_ & (higher | !rivalled);
    }
    if (!any(fails)) return;
    // What may be better is looked for from here on.
    const Mask ends = fails & (step_ < Real(least_step)), seen = ends & next_->answered;
    take(seen & (low.utility >= high.utility), low), take(seen & (high.utility > low.utility), high);
    rivalled = rivalled | seen;
    proven = proven & !ends;
    step_ = select(seen, Real(first_step), step_);
    open_ = open_ & (seen | !ends);
  }
  void go_on(Mask ends) {
    reached = select(goes_ & proven, next_->b, reached);
    open_ = open_ & !ends;
    const Mask goes = open_ & goes_;
    first_ = first_ & !goes;
    if (all(goes | !open_))
      std::swap(here_, next_);
    else if (any(goes))
      scan_.take(*here_, *next_, goes);
  }
  void take(Mask where, const Spot& from) {
    if (!any(where)) return;
    rival.b = select(where, from.b, rival.b), rival.utility = select(where, from.utility, rival.utility);
    for (std::size_t i = 0; i < scan_.size(); ++i) {
      rival.answers[i].z = select(where, from.answers[i].z, rival.answers[i].z);
      rival.answers[i].rides = select_mask(where, from.answers[i].rides, rival.answers[i].rides);
    }
  }

  const BaseScan<Real>& scan_;
  Mask open_{}, first_{}, goes_{};
  Real error_{}, step_{};
  std::array<Spot, 2> spots_{};
  Spot *here_ = nullptr, *next_ = nullptr;
};

}  // namespace haggle::fine_tuning
