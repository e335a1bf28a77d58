// SPDX-License-Identifier: MIT
// Where a walk over the shares (curve_walk.hpp) begins: from which peak of the generalist's at small shares, and what
// is before the first place that the walk sees.
#pragma once
#include "haggle/solver/curve_switch.hpp"
#include "haggle/solver/late_branch.hpp"
#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

template <class Real>
class CurveStart : public CurveSwitch<Real> {
 public:
  using Base = CurveSwitch<Real>;
  using Base::best_value, Base::contributing, Base::idle, Base::jump, Base::play, Base::rival, Base::side, Base::sure,
      Base::value_error;
  using typename Base::Mask;

  CurveStart(const Play<Real>& game, Real first_cost0, Real first_cost, Care care)
      : Base(game, first_cost0, first_cost, care), late_(*this, branches_) {}

 protected:
  static constexpr double first_share = -6;
  using Base::aim_at, Base::chosen, Base::compare, Base::is_needed, Base::look, Base::stride, Base::takes_part;
  using Base::apart_, Base::begins_at_, Base::found_highest_, Base::branches_, Base::ceiling_, Base::decided_,
      Base::finer_, Base::first_cost0_, Base::followed_, Base::generalist_is_linear_, Base::its_, Base::last_,
      Base::last_aim_, Base::only_idle_, Base::proofs_, Base::riding_from_;
  using typename Base::Spot;

  /// To the first place of the first peak.
  void begin(Mask wanted) {
    const Real zero(0.0), one(1.0), none = -infinity<Real>();
    const Real own = marginal_power(play.cost).exponent;
    its_ = marginal_power(side.cost).exponent;
    generalist_is_linear_ = any(first_cost0_ > zero);
    sure = wanted & (own > Real(0.05)) & (its_ > Real(0.05)) & !(side.revenue.convex_until() > zero);
    only_idle_ = apart_ = followed_ = found_highest_ = one < zero;
    begins_at_ = none;

    riding_from_ = branches_.riding_from(sure);
    const Real first_riding = branches_.b;
    ceiling_ = branches_.ceiling(sure);
    decided_ = one < zero;
    branches_.start(Real(9.0) * max(one / own, one), sure);
    last_ = branches_.contributing(zero, sure, 10);
    constexpr double first_bit = is_swift_v<Real> ? 1e-30 : 1e-100, less = is_swift_v<Real> ? 1e-6 : 1e-9;
    first_revenue_ = Real(1.0 - less) * side.revenue(Real(first_bit)).slope;
    never_ = sure & (first_revenue_ <= branches_.first_cost);
    ends_ = select(never_, infinity<Real>(), log((first_revenue_ - branches_.first_cost) / branches_.first_cost));
    Mask starts = branches_.found & (branches_.spot.v_turn > zero);
    starts = starts | pass_fold(sure & branches_.found & !starts & (first_cost0_ > zero));
    moved_ = sure & starts & (last_.v < Real(first_share));
    if (any(moved_)) starts = starts & (move_on() | !moved_);
    starts = starts & !never_;
    // If riding free is better there already, nothing comes between it and no investment.
    const Mask outdone = is_outdone(last_, starts);
    starts = starts & !outdone;
    descend(sure & starts);
    ascend(sure & !starts & !never_);
    look_from_riding(first_riding);
    last_aim_ = aim_at(last_);
    begin_riding(never_);
  }

  /// The first place of riding free in a game in which not even all revenue makes a first bit of adaptation worth
  /// while, or no share a first bit of both investments. Before it both have nothing, and right after more and more.
  void begin_riding(Mask where) {
    if (!any(where)) return;
    const Real one(1.0), begins = first_cost0_ / first_revenue_;
    const Mask late = begins > Real(0.0), pays = where & (begins < one);
    sure = sure & !(pays & (begins >= Real(0.99)));
    const Real start = log(begins / (one - begins));
    const Real from = select(late & (begins < one), start + Real(0.25), Real(first_share));
    begins_at_ = select(pays & late, start, begins_at_);
    branches_.b = select(pays, Real(-2.0), branches_.b);
    last_ = choose(pays, branches_.riding(select(pays, from, last_.v), pays, 24), last_);
    last_aim_ = chosen(pays, aim_at(last_), last_aim_);
    sure = sure & ((!pays) | (branches_.found & is_end(last_aim_)));
    decided_ = decided_ | (where & !pays);
  }
  static Mask is_end(const TracedAim<Real>& aim) {
    return select_mask(aim.admissible, aim.slope > Real(0.0), aim.behind >= Real(beyond));
  }

  LateBranch<Real> late_;
  Real first_revenue_;  ///< a first bit's, a little less
  Mask never_;          ///< the specialist never contributes
  Real ends_;           ///< the specialist invests up to this share

 private:
  /// Further on where the share is smaller than it need be: far out v goes along with y. Where that could be done.
  Mask move_on() {
    const Spot spot = branches_.spot;
    const CurvePlace<Real> first = last_;
    const Real most = (spot.y - Real(3.0)) / -spot.y_turn;
    Mask goes_on = moved_;
    Real along = min((Real(first_share) - first.v) / spot.v_turn, most);
    for (int k = 0; k < 4 && any(goes_on); ++k) {
      branches_.spot = Spot::chosen(goes_on, spot, branches_.spot);
      const Spot kept = branches_.spot;
      const CurvePlace<Real> p = branches_.contributing(select(goes_on, along, Real(0.0)), goes_on, 10);
      const Mask too_far = goes_on & !(branches_.found & (p.v < Real(first_share + 1)));
      branches_.spot = Spot::chosen(goes_on & !too_far, branches_.spot, kept);
      last_ = choose(goes_on & !too_far, p, last_);
      goes_on = too_far;
      along = along * min((Real(first_share) - first.v) / (p.v - first.v), Real(0.5));
    }
    return moved_ & !goes_on;
  }
  /// From the contributing curve's beginning on down to small shares, where the generalist adds nothing, or next to
  /// nothing.
  void descend(Mask wanted) {
    const Real zero(0.0);
    Mask goes_on = wanted & !moved_ & (last_.v > Real(first_share));
    CurvePlace<Real> above = last_;
    TracedAim<Real> above_aim = aim_at(last_);
    if (any(goes_on)) {
      branches_.z = above.z;
      above = choose(goes_on, branches_.idle(last_.v, goes_on, 4), last_);
      // A little before, contributing begins with a kink upwards, and may have its peak in between: α₀, that is e^-y,
      // goes there with what v is more.
      const TracedAim<Real> after_kink = aim_at(last_);
      const Mask hides = goes_on & (first_cost0_ > zero) & after_kink.admissible & (after_kink.slope < zero);
      const Real since = abs(branches_.spot.v_turn / branches_.spot.y_turn);
      const Real hidden = after_kink.value - Real(2.0) * after_kink.slope * since + Real(value_error);
      rival = max(rival, select(hides, hidden, rival));
      above_aim = aim_at(above);
    }
    for (int k = 0; k < 40 && any(goes_on); ++k) {
      const CurvePlace<Real> below = branches_.idle(above.v - stride(above.v), goes_on, 4);
      sure = sure & ((!goes_on) | (branches_.found & proofs_.stays_idle(first_cost0_)));
      const TracedAim<Real> aim = aim_at(below);
      sure = sure & !is_outdone(below, goes_on);
      const Mask may_ride = goes_on & (above.v > riding_from_);
      if (is_needed(may_ride & !(takes_part(below) & takes_part(above)))) {
        const Mask found = branches_.found;
        this->bound_riding(below, above, branches_.riding(above.v, may_ride, 8), may_ride);
        sure = sure & ((!may_ride) | branches_.found);
        branches_.found = found;
      }
      compare(idle, below, aim, above, above_aim, goes_on);
      above = choose(goes_on, below, above);
      above_aim = chosen(goes_on, aim, above_aim);
      goes_on = goes_on & (above.v > Real(first_share));
    }
    // A generalist whose first bit costs nothing would add a little there.
    sure = sure & !goes_on & !((idle.bracket.most > -infinity<Real>()) & !(first_cost0_ > zero)) &
           ((!wanted) | is_end(above_aim));
  }

  /// If contributing begins with a v that falls, but hardly: to where it rises again. The generalist's investment jumps
  /// there, from none; that share is no candidate, since the bargain is worth more right after it.
  Mask pass_fold(Mask folds) {
    const Real zero(0.0), one(1.0);
    Mask past = one < zero;
    if (!any(folds)) return past;
    const Spot first = branches_.spot;
    const Real from = last_.v;
    Real lowest = from;
    for (int k = 0; k < 12 && any(folds); ++k) {
      const Spot before_step = branches_.spot;
      const Real along = one / max(abs(before_step.w_turn), abs(before_step.y_turn));
      const CurvePlace<Real> p = branches_.contributing(along, folds, 6);
      branches_.spot = Spot::chosen(folds, branches_.spot, before_step);
      lowest = select(folds, min(lowest, p.v), lowest);
      const TracedAim<Real> aim = aim_at(p);
      const Mask rises = folds & branches_.found & (branches_.spot.v_turn > zero) & (p.v > from + Real(1e-3));
      const Mask passed = rises & (from - lowest < Real(0.02)) & aim.admissible & (aim.slope > Real(0.01));
      last_ = choose(passed, p, last_);
      past = past | passed;
      folds = folds & branches_.found & !rises;
    }
    branches_.spot = Spot::chosen(past, branches_.spot, first);
    return past;
  }

  /// Riding free would be better there already.
  Mask is_outdone(const CurvePlace<Real>& p, Mask wanted) {
    const Mask may_ride = wanted & (p.v > riding_from_);
    if (!is_needed(may_ride)) return may_ride & !may_ride;
    const CurvePlace<Real> ride = branches_.riding(p.v, may_ride, 8);
    sure = sure & ((!may_ride) | branches_.found);
    return may_ride & (ride.generalist >= p.generalist);
  }

  /// The first place of a game in which the generalist invests only if the specialist rides free.
  void ascend(Mask wanted) {
    only_idle_ = wanted & (first_cost0_ > Real(0.0));
    sure = sure & ((!wanted) | only_idle_);
    if (!any(only_idle_)) return;
    apart_ = only_idle_ & (first_revenue_ <= first_cost0_ + branches_.first_cost);
    branches_.z = branches_.spot.w = select(only_idle_, Real(0.0), branches_.spot.w);
    last_.v = select(only_idle_, Real(first_share), last_.v);
    last_ = choose(only_idle_, look(branches_.spot, Real(0.0), only_idle_), last_);
    sure = sure & ((!only_idle_) | (branches_.found & is_end(aim_at(last_))));
  }
  /// Whether between having none and riding free it is better to have both invest.
  void look_from_riding(Real first_riding) {
    const Spot spot = branches_.spot;
    const Real z = branches_.z;
    const Mask late_wanted = only_idle_ & (its_ < Real(1.0)) & !apart_;
    late_.follow(late_wanted, its_, riding_from_, first_riding, finer_);
    followed_ = late_wanted;
    ends_ = select(late_.leads, late_.from, ends_);
    branches_.spot = spot;
    branches_.z = z;
  }

  Mask moved_;  ///< from shares smaller than need be
};

}  // namespace haggle::fine_tuning
