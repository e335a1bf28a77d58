// SPDX-License-Identifier: MIT
// What goes on along the generalist's best peak (curve_walk.hpp) once riding free may be better: where that is so, and
// riding free from there on.
#pragma once
#include "haggle/solver/branch_proofs.hpp"
#include "haggle/solver/curve_peaks.hpp"
#include "haggle/solver/peak_tie.hpp"

namespace haggle::fine_tuning {

/// How a walk looks: `close` has places twice as close together, and ten times as exact; `at_seam` also follows the
/// curve to the tiny jump from contributing to riding free, rather than stop a little before.
enum class Care { usual, close, at_seam };

template <class Real>
class CurveSwitch : public CurvePeaks<Real> {
 public:
  using Peaks = CurvePeaks<Real>;
  using Peaks::best_value, Peaks::contributing, Peaks::idle, Peaks::play, Peaks::riding, Peaks::rival, Peaks::side,
      Peaks::sure, Peaks::value_error;
  using typename Peaks::Mask;

  CurveSwitch(const Play<Real>& game, Real first_cost0, Real first_cost, Care care)
      : Peaks(game, care == Care::usual ? 1.5e-3 : 2e-5),
        first_cost0_(first_cost0),
        branches_(game, first_cost, care == Care::usual ? 0.02 : 0.002, care == Care::usual ? 0 : 2),
        finer_(care == Care::usual ? 1 : 0.5) {}

 protected:
  static constexpr double last_share = 9;
  using Spot = typename Branches<Real>::Spot;
  using Peaks::aim_at, Peaks::chosen, Peaks::compare, Peaks::is_needed, Peaks::takes_part, Peaks::worth;

  /// How far apart places are at v.
  Real stride(Real v) const { return Real(finer_) * fma(Real(0.16), abs(v), Real(0.55)); }

  /// A place where the specialist contributes, `along` from a spot.
  CurvePlace<Real> look(const Spot& from, Real along, Mask wanted) {
    branches_.spot = from;
    if (!any(only_idle_)) return branches_.contributing(along, wanted, 6);
    const CurvePlace<Real> at = branches_.contributing(along, wanted & !only_idle_, 6);
    const Mask found = branches_.found;
    const Mask highest = proofs_.is_highest(its_, generalist_is_linear_);
    const CurvePlace<Real> at_rest = branches_.idle(last_.v + along, wanted & only_idle_, 8);
    Mask calm = proofs_.stays_idle(first_cost0_) & proofs_.is_highest(its_, false);
    if (is_needed(only_idle_ & !calm)) {
      calm = calm | proofs_.stays_idle_throughout(first_cost0_, its_);
      calm = calm | (followed_ & proofs_.stays_idle(first_cost0_));
      const Mask doubted = sure & only_idle_ & wanted & !calm;
      if (any(doubted)) calm = calm | proofs_.stays_idle_stepwise(first_cost0_, its_, doubted);
    }
    found_highest_ = select_mask(only_idle_, calm, highest);
    branches_.found = select_mask(only_idle_, branches_.found, found);
    branches_.spot.v_turn = select(only_idle_, Real(1.0), branches_.spot.v_turn);
    return choose(only_idle_, at_rest, at);
  }

  /// No share from v on is worth as much as the best so far.
  Mask is_decided(Real v) const {
    const Real rest = Real(1.0) / (Real(1.0) + exp(v));
    TracedAim<Real> most = no_aim<Real>();
    add_gain(most, play.weight, ceiling_.generalist - play.fixed - play.outside, Real(0.0));
    add_gain(most, side.weight, rest * ceiling_.revenue - side.fixed - side.outside, Real(0.0));
    const Real best = best_value();
    return (v >= ceiling_.least_v) & (best > -infinity<Real>()) & ((!most.admissible) | (most.value < best));
  }
  /// What is between the last place and a next one before riding free.
  void see(const CurvePlace<Real>& now, const TracedAim<Real>& aim, Mask wanted) {
    compare(contributing, last_, last_aim_, now, aim, wanted & !only_idle_);
    if (any(wanted & only_idle_)) compare(idle, last_, last_aim_, now, aim, wanted & only_idle_);
  }
  /// Where the specialist would not take part in the better peak, the generalist may well go to the other: riding free,
  /// somewhere between two places, of which `ride` is at the higher one. It invests the more the larger its share.
  void bound_riding(const CurvePlace<Real>& low, const CurvePlace<Real>& high, const CurvePlace<Real>& ride,
                    Mask wanted) {
    const Mask turns_away = wanted & !(takes_part(low) & takes_part(high));
    if (!is_needed(turns_away)) return;
    const Real zero(0.0), rest = Real(1.0) / (Real(1.0) + exp(max(low.v, riding_from_)));
    TracedAim<Real> most = no_aim<Real>();
    add_gain(most, play.weight, ride.generalist - play.fixed - play.outside, zero);
    add_gain(most, side.weight, rest * ride.revenue - side.fixed - side.outside, zero);
    rival = max(rival, select(turns_away & most.admissible, most.value + Real(value_error), -infinity<Real>()));
  }

  /// Where riding free becomes the better peak, between the last two places; `at_once`: it has begun already.
  void switch_over(Mask at_once) {
    const Real zero(0.0), half(0.5);
    rides_ = sure & at_once;
    if (!is_needed(leaves_)) return;
    const Mask seam = sure & leaves_ & seam_;
    PeakTie<Real> tie;
    tie.run(
        zero, room_, sure & leaves_ & !seam, 1e-3,
        [&](Real along, Mask active) {
          const CurvePlace<Real> p = look(from_, along, active);
          const Spot& spot = branches_.spot;
          const Mask calm = found_highest_ | apart_ | !only_idle_;
          const Mask found = branches_.found & calm & (spot.v_turn > zero) & (p.v > last_.v);
          return TieSide<Real>{p, spot, found};
        },
        [&](const CurvePlace<Real>& p, Mask active) {
          const CurvePlace<Real> r = branches_.riding(max(p.v, riding_from_), active, 6);
          const Mask valid = branches_.found & (p.v > riding_from_);
          return TieRival<Real>{r, valid};
        });
    const Mask settled = tie.settled;
    const CurvePlace<Real>& here = tie.here;
    CurvePlace<Real> ride = tie.beyond;
    Real at = tie.at, error = fma(Real(value_error), tie.uncertainty, Real(2e-3));
    const Mask jumps = its_ >= half;
    // The share is between those where riding free begins and where the curve folds.
    const Mask at_end = jumps & !only_idle_ & (from_.y < Real(-5.0)) & (abs(last_.v - riding_from_) < Real(0.03));
    const Real behind = abs(last_.v - riding_from_),
               apart = select(settled, max(abs(at - riding_from_), behind), behind);
    error = select(settled & at_end, min(error, fma(Real(2.0), apart, Real(2e-3))), error);
    // Too far out to tell the two peaks apart.
    const Mask deep =
        sure & leaves_ & !seam & !settled & jumps & (from_.y < Real(-8.0)) & (abs(last_.v - riding_from_) < Real(1e-5));
    const Mask ends = seam | deep;
    error = select(deep, fma(Real(2.0), apart, Real(1e-5)), error);
    TracedAim<Real> aim = aim_at(ride);
    if (any(ends)) {
      const CurvePlace<Real> r = branches_.riding(max(last_.v, riding_from_), ends, 8);
      ride = choose(ends, r, ride);
      const Mask one_piece = branches_.found & (abs(r.v - last_.v) < Real(1.0)) & (deep | !(last_.v > riding_from_));
      sure = sure & ((!ends) | one_piece);
      at = select(ends, r.v, at);
      aim = aim_at(ride);
      error = select(seam & jumps, Real(0.05), error);
      // Before such a jump there is a valley. If the product still rises at the last place, a peak may come first.
      const Mask both = last_aim_.admissible & aim.admissible;
      const Mask may_peak = seam & jumps & last_aim_.admissible & (last_aim_.slope > zero);
      const Real most = fma(Real(2.0) * last_aim_.slope, max(r.v - last_.v, zero), last_aim_.value);
      rival = max(rival, select(may_peak & sure, most + Real(value_error), -infinity<Real>()));
      see(r, aim, seam & (r.v > last_.v) & sure & !(jumps & both));
    }
    bound_riding(last_, here, ride, leaves_ & settled & !ends);
    sure = sure & ((!leaves_) | settled | ends);
    see(here, aim_at(here), settled & sure);
    for (CurvePeak<Real>* peak : {&idle, &contributing})
      peak->to = select(settled | ends, min(at - error, peak->to), peak->to);
    riding.from = select(settled | ends, at + error, riding.from);
    const Mask at_seam = ends & jumps, from_none = settled & only_idle_, to_other = settled | at_seam;
    const Real off = Real(value_error) + abs(aim.slope) * error;
    compare({worth(aim, to_other), off, here, ride, settled, from_none, at_seam, tie.spot, room_}, to_other);
    rides_ = sure & (settled | ends | at_once);
    const Mask switches = rides_ & (settled | ends);
    last_ = choose(switches, ride, last_);
    last_aim_ = chosen(switches, aim, last_aim_);
    branches_.b = select(rides_, last_.b, branches_.b);
  }

  void ride_on() {
    for (int k = 0; k < 60; ++k) {
      const Mask on = rides_ & !decided_ & !(last_.v > Real(last_share));
      if (!is_needed(on)) break;
      // Where all begins from no revenue, investment rises like 1/(v - v₀).
      const Real along = min(stride(last_.v), Real(0.8) * (last_.v - begins_at_));
      const CurvePlace<Real> now = branches_.riding(last_.v + along, on & sure, 8);
      sure = sure & ((!on) | branches_.found);
      const TracedAim<Real> aim = aim_at(now);
      compare(riding, last_, last_aim_, now, aim, on);
      last_ = choose(on, now, last_);
      last_aim_ = chosen(on, aim, last_aim_);
      decided_ = decided_ | (on & is_decided(last_.v));
    }
    const Mask falls = select_mask(last_aim_.admissible, last_aim_.slope < Real(0.0), last_aim_.ahead >= Real(beyond));
    sure = sure & (decided_ | ((last_.v > Real(last_share)) & falls));
  }

  Real first_cost0_;
  Branches<Real> branches_;
  BranchProofs<Real> proofs_{branches_};
  double finer_;
  bool generalist_is_linear_ = false;
  Real its_, riding_from_;
  Real begins_at_;      ///< the share up to which riding free brings nothing; -∞: it begins from contributing
  Mask only_idle_;      ///< no contributing: the generalist is idle for as long as the specialist does not ride free
  Mask followed_;       ///< the curve of contributing has been, wholly
  Mask apart_;          ///< at no share does a first bit of both investments pay
  Mask found_highest_;  ///< no peak is beyond the place last looked at
  CurvePlace<Real> last_;
  TracedAim<Real> last_aim_;
  Mask leaves_, seam_, rides_;
  typename Branches<Real>::Ceiling ceiling_;
  Mask decided_;  ///< nothing further on can be the best
  Spot from_;     ///< from where contributing is left, within room_
  Real room_;
};

}  // namespace haggle::fine_tuning
