// SPDX-License-Identifier: MIT
// The walk along all shares to the Nash bargain with several specialists of whom some ride free where others
// contribute: the generalist's choice is proven at each share looked at. First in wide steps, then in shorter ones
// between those that may have the best share between them.
#pragma once
#include <vector>

#include "haggle/solver/base_choice.hpp"
#include "haggle/solver/mixed_steps.hpp"

namespace haggle::fine_tuning {

template <class Real>
class MixedWalk : public ShareWalk<Real> {
  using Walk = ShareWalk<Real>;

 public:
  using typename Walk::Mask;
  using Walk::best, Walk::error_of, Walk::forget, Walk::move, Walk::play, Walk::rival, Walk::start, Walk::started,
      Walk::sure, Walk::trace;

  explicit MixedWalk(const Play<Real>& game) : Walk(game), choice(*this), owes_(game.fixed < game.fixed) {
    for (const Specialist<Real>& s : game.specialists) owes_ = owes_ | (s.fixed + s.outside > Real(0.0));
  }

  void walk(const Looks& looks_at, Mask wanted) {
    forget();
    const std::span<const double> shares = looks_at.shares;
    const Real zero(0.0), none = -infinity<Real>();
    sure = wanted & choice.scan.fits;
    least = none;
    stands_.resize(shares.size()), most_.resize(shares.size());
    start(Real(shares[0]));
    choice.known = none;
    for (std::size_t i = 0; i < trace.size; ++i) started[i] = trace.at[i].z;
    for (std::size_t j = 0; j < shares.size() && any(sure); ++j) {
      const Real v(shares[j]), h(j > 0 ? shares[j] - shares[j - 1] : 1.0);
      if (j > 0) move(h, Real(looks_at.turns[j - 1]));
      TracedAim<Real> now = look(v, sure);
      stands_[j].take(trace, now, v == v);
      choice.known = trace.b;
      Mask found = found_, joined = joined_;
      // Next to a tie of the generalist's, another share tells.
      for (int k = 1; k <= most_other_shares && any(sure & !found) && j > 0 && j + 1 < shares.size(); ++k) {
        const Mask missing = sure & !found;
        const Real other = select(missing, v + Real(0.037 * k), trace.v);
        stands_[j - 1].leave(trace, other - stands_[j - 1].v, missing);
        const TracedAim<Real> there = look(other, missing);
        const Mask takes = missing & found_;
        now.take(there, takes);
        stands_[j].take(trace, there, takes);
        found = found | takes, joined = joined & !missing;
      }
      sure = sure & found;
      joined_ = joined;
      if (j > 0) most_[j] = bound(stands_[j - 1], now, stands_[j].v - stands_[j - 1].v).most;
      if (j == 0)
        sure = sure & select_mask(now.admissible, now.slope > zero, (now.behind >= Real(beyond)) | trace.idle);
      least = max(least, select(sure & now.admissible, now.value, none));
    }
    const TracedAim<Real>& last = stands_[shares.size() - 1].aim;
    sure = sure & select_mask(last.admissible, last.slope < zero, last.ahead >= Real(beyond));
    walk_closely(shares.size());
  }

  BaseChoice<Real> choice;
  Real least;      ///< the best share is worth no less
  Mask leaps{};    ///< it may be where the generalist leaps from one peak to another, between these two
  Real leap_most;  ///< no share between them is worth more
  Stand<Real> before{}, after{};

 private:
  static constexpr double margin = 2e-5, close_peak = 1e-3, most_turn = 0.15;
  static constexpr int most_tries = 250, most_other_shares = 2;

  /// What is at v; `found_` where it is proven, `joined_` where the path led there.
  TracedAim<Real> look(Real v, Mask wanted) {
    choice(v, wanted);
    joined_ = choice.stays & rides_as_before();
    const TracedAim<Real> now = aim_at<Solution::nash>(trace, unset);
    // Who lacks something here may have it at another peak, to which the generalist would go for its sake.
    found_ = wanted & choice.proven & (now.admissible | choice.alone | !owes_);
    return now;
  }
  /// Between two places. While the generalist is idle, who has nothing to build on keeps having nothing; where it
  /// begins to invest that one's gain begins, too, and the product rises from nothing.
  CellBound<Real> bound(const Stand<Real>& low, const TracedAim<Real>& now, Real h) const {
    const Real none = -infinity<Real>(), error = error_of(max(low.worst, trace.worst));
    const Mask begins = differ(low.idle, trace.idle);
    CellBound<Real> cell(low.aim, now, h, turns(low, h) < Real(most_turn), joined_, begins, error);
    const Mask barren = low.idle & !low.aim.admissible & joined_, stays = barren & trace.idle & lacks_at_both(low);
    const Mask rises = barren & begins & now.admissible & (now.slope > Real(0.0)) &
                       (h < Real(2 * MixedSteps<Real>::least_smooth_step));
    cell.most = select(stays, none, select(rises, now.value + error, cell.most));
    const Mask open = ((!joined_) | differ(low.aim.admissible, now.admissible)) & !(stays | rises);
    cell.most = select(open, max(cell.most, most_across(low, h) + error), cell.most);
    cell.neither = cell.neither & !stays, cell.hidden = cell.hidden & !stays;
    cell.matters = (cell.matters | open) & !(stays | rises);
    return cell;
  }
  /// One and the same specialist.
  Mask lacks_at_both(const Stand<Real>& low) const {
    const Real zero(0.0);
    Mask lacks = zero > zero;
    for (std::size_t i = 0; i < trace.size; ++i)
      lacks =
          lacks | ((play.specialists[i].weight > zero) & (low.gain[i] <= zero) & (gain_of(trace, i + 1).value <= zero));
    return lacks;
  }

  /// More than the product can be at any share between, whichever peaks are the choice there, if only no base is much
  /// higher than at both ends. At one base the generalist's utility rises with its share by no more than revenue at the
  /// lower one, and the specialists' fall by no more either; theirs are concave in the base.
  Real most_across(const Stand<Real>& low, Real h) const {
    const Real zero(0.0), tiny(1e-200), top = max(trace.a0, low.a0) * fma(Real(0.2), h, Real(1.0));
    const Real more = trace.share - low.share, over = Real(1.0) / trace.a0;
    Real revenue = zero, others = zero;
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Specialist<Real>& s = play.specialists[i];
      const Real most = s.revenue(top + select(low.rides[i], zero, exp(low.z[i]))).value;
      const Real from_low = fma(low.pull[i], top - low.a0, low.gain[i]);
      const Real pull = trace.rest * trace.at[i].by_b * over;
      const Real from_high = fma(more, most, fma(pull, top - trace.a0, gain_of(trace, i + 1).value));
      revenue = revenue + most;
      others = others + s.weight * log(max(min(from_low, from_high), tiny));
    }
    const Real own = max(fma(more, revenue, low.own_gain), gain_of(trace, 0).value);
    return fma(play.weight, log(max(own, tiny)), others);
  }

  /// Between which shares a wide step may hide something better than what was seen; there the game stands at first.
  Mask open_range(std::size_t stands, Real& from, Real& to) {
    const Real none = -infinity<Real>();
    from = infinity<Real>(), to = rival = none;
    here_ = stands_.front();
    for (std::size_t j = 1; j < stands; ++j) {
      const Mask matters = sure & !(most_[j] < least - Real(margin)), starts = matters & (from > stands_[j - 1].v);
      if (any(starts)) {
        here_.take(stands_[j - 1], trace.size, starts);
        from = select(starts, stands_[j - 1].v, from);
      }
      to = select(matters, stands_[j].v, to);
    }
    for (std::size_t j = 1; j < stands; ++j)
      rival = max(rival, select((stands_[j].v <= from) | (stands_[j - 1].v >= to), most_[j], none));
    return sure & (from < to);
  }

  /// In shorter steps where that is so.
  void walk_closely(std::size_t stands) {
    const Real zero(0.0), none = -infinity<Real>();
    Real from, to;
    Mask goes = open_range(stands, from, to);
    leaps = zero > zero, leap_most = none;
    MixedSteps<Real> steps(leaps);
    Stand<Real>& here = here_;
    here.v = select(goes, from, here.v);
    for (int k = 0; k < most_tries && any(goes); ++k) {
      const Real h = min(steps.length(), to - here.v), v = select(goes, here.v + h, trace.v);
      here.leave(trace, h, goes);
      choice.known = here.b;
      keep_rides(here);
      const TracedAim<Real> now = look(v, goes);
      const CellBound<Real> cell = bound(here, now, h);
      least = max(least, select(found_ & now.admissible, now.value, none));
      // A peak is told from others by how high it can be at most.
      const Mask told = (this->bends(h) < Real(most_bend)) & (cell.most < cell.better + Real(close_peak));
      const Mask below = cell.most < least - Real(margin),
                 plain = joined_ & select_mask(cell.peak, told, !cell.matters);
      const Mask last = steps.is_last(h, joined_), takes = goes & found_ & (below | plain | last);
      const Mask leap = takes & !joined_ & !below & last;
      if (any(leap)) {
        sure = sure & !(leap & leaps & !(leap_most < least - Real(margin)));
        leaps = leaps | leap;
        leap_most = select(leap, cell.most, leap_most);
        before.take(here, trace.size, leap), after.take(trace, now, leap);
      }
      this->weigh(cell, select(takes, here.v, v), v, here.aim, now, Real(1.0) / h, joined_ & takes, (!takes) | leap,
                  cell.hidden & takes & !leap);
      sure = sure & !steps.go_on(here, gain_of(trace, 0), h, takes, goes & !takes, found_, joined_);
      here.take(trace, now, takes);
      goes = goes & sure & (here.v < to);
    }
    sure = sure & !goes;
  }

  /// How much the path of performances turns between the last two places: of what hardly adds to one it does not
  /// matter.
  Real turns(const Stand<Real>& low, Real h) const {
    const Real zero(0.0), one(1.0), by_base = abs(trace.b_tangent - trace.b_last_tangent);
    Real most(0.0);
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Contribution<Real>& c = trace.at[i];
      const Real now = trace.a0 / c.performance, then = select(low.rides[i], one, one / (one + exp(low.z[i] - low.b)));
      const Real added = abs(c.tangent - c.last_tangent) * (one - min(now, then));
      most = max(most, max(max(now, then) * by_base, select(c.rides, zero, added)));
    }
    return h * most;
  }
  Mask rides_as_before() {
    Mask same = trace.v == trace.v;
    for (std::size_t i = 0; i < trace.size; ++i) {
      same = same & !differ(trace.at[i].rides, rode_[i]);
      rode_[i] = trace.at[i].rides;
    }
    return same;
  }
  void keep_rides(const Stand<Real>& from) {
    for (std::size_t i = 0; i < trace.size; ++i) rode_[i] = from.rides[i];
  }

  Mask owes_, found_{}, joined_{};
  Stand<Real> here_{};
  std::vector<Stand<Real>> stands_;
  std::vector<Real> most_;
  std::array<Mask, most_specialists> rode_{};
};

}  // namespace haggle::fine_tuning
