// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose first bit of adaptation costs something: a walk over the shares along the
// generalist's best peak (branches.hpp), rough, that says where the best share may be.
//
// Which peak is best: by the envelope theorem dU_G/dδ is r(α) where the specialist rides free, and less than that where
// it contributes, since its reply falls with δ. Once riding free is the best peak, it is taken to stay so; of 65,000
// games no answer of the global search denied it. Before, the first peak is followed: idle, then on the curve of
// contributing as long as v rises along it. At a place further on it is shown that no contributing peak is beyond it
// (Branches::is_highest); that holds for all places before it, too, since in the plane of v and α₀ the curve does not
// cross itself: what is to be above a place before would have to cross the stretch between. Or else the curve is
// followed to its end to see that v rises along it only once. And it is shown that being idle is no better.
//
// If a first bit of its investment costs the generalist something, it may be idle longer: until riding free is better,
// until the specialist stops (where no share makes both invest), or until both investing is (late_branch.hpp). And the
// curve may lead back to no investment; then it goes on being idle. That nothing else is better there is shown by what
// more investment can bring at most (Branches::stays_idle_throughout), or the curve has been followed from end to end.
#pragma once
#include "haggle/solver/curve_switch.hpp"
#include "haggle/solver/late_branch.hpp"

namespace haggle::fine_tuning {

template <class Real>
class CurveWalk : public CurveSwitch<Real> {
 public:
  using Base = CurveSwitch<Real>;
  using Base::best_value, Base::contributing, Base::idle, Base::jump, Base::play, Base::riding, Base::rival, Base::side,
      Base::sure, Base::value_error;
  using typename Base::Mask;

  CurveWalk(const Play<Real>& game, Real first_cost0, Real first_cost, Care care)
      : Base(game, first_cost0, first_cost, care), passes_seam_(care == Care::at_seam), late_(*this, branches_) {}

  void walk(Mask wanted) {
    const Real zero(0.0), one(1.0), none = -infinity<Real>();
    const auto elasticity = [](const Function<Real>& cost) {
      const Jet<Real> f = cost(Real(1e30));
      return Real(1e30) * f.curvature / f.slope;
    };
    const Real own = elasticity(play.cost);
    its_ = elasticity(side.cost);
    generalist_is_linear_ = any(first_cost0_ > zero);
    sure = wanted & (own > Real(0.05)) & (its_ > Real(0.05)) & !(side.revenue.convex_until() > zero);
    only_idle_ = apart_ = followed_ = one < zero;

    riding_from_ = branches_.riding_from(sure);
    const Real first_riding = branches_.b;
    ceiling_ = branches_.ceiling(sure);
    decided_ = one < zero;
    branches_.start(Real(9.0) * max(one / own, one), sure);
    last_ = branches_.contributing(zero, sure, 10);
    first_revenue_ = Real(1.0 - 1e-9) * side.revenue(Real(1e-100)).slope;
    never_ = sure & (first_revenue_ <= branches_.first_cost);
    ends_ = select(never_, infinity<Real>(), log((first_revenue_ - branches_.first_cost) / branches_.first_cost));
    Mask starts = branches_.found & (branches_.spot.v_turn > zero);
    starts = starts | pass_fold(sure & branches_.found & !starts & (first_cost0_ > zero));
    moved_ = sure & starts & (last_.v < Real(first_share));
    if (any(moved_)) starts = starts & (move_on() | !moved_);
    starts = starts & !never_;
    sure = sure & !is_outdone(last_, starts);
    descend(sure & starts);
    ascend(sure & !starts & !never_);
    look_from_riding(first_riding);
    last_aim_ = aim_at(last_);
    begins_ = never_;
    begin_riding();
    go_on();
    begins_ = sure & parted_;
    begin_riding();
    switch_over(never_ | parted_);
    ride_on();
    contributing.from = select(late_.leads, late_.from + late_.error, contributing.from);
    idle.to = select(late_.leads, late_.from - late_.error, idle.to);
    sure = sure & ((best_value() > none) | (jump > none));
  }

 private:
  static constexpr double first_share = -6;
  using Base::aim_at, Base::chosen, Base::compare, Base::is_needed;
  using Base::branches_, Base::ceiling_, Base::decided_, Base::finer_, Base::first_cost0_, Base::followed_,
      Base::found_highest_, Base::from_, Base::generalist_is_linear_, Base::its_, Base::last_, Base::last_aim_,
      Base::last_share, Base::leaves_, Base::only_idle_, Base::riding_from_, Base::room_, Base::seam_;
  using Base::is_decided, Base::look, Base::may_prefer, Base::ride_on, Base::see, Base::stride, Base::switch_over;
  using typename Base::Spot;

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
      sure = sure & ((!goes_on) | (branches_.found & branches_.stays_idle(first_cost0_)));
      const TracedAim<Real> aim = aim_at(below);
      sure = sure & !is_outdone(below, goes_on);
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

  /// Riding free would be better there already; or that can't be told.
  Mask is_outdone(const CurvePlace<Real>& p, Mask wanted) {
    const Mask may_ride = wanted & (p.v > riding_from_);
    if (!is_needed(may_ride)) return may_ride & !may_ride;
    const CurvePlace<Real> ride = branches_.riding(p.v, may_ride, 8);
    return may_ride & ((!branches_.found) | (ride.generalist >= p.generalist));
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
  /// The first place of riding free in a game in which not even all revenue makes a first bit of adaptation worth
  /// while, or no share a first bit of both investments. Before it both have nothing, and right after more and more.
  void begin_riding() {
    if (!any(begins_)) return;
    const Real one(1.0), begins = first_cost0_ / first_revenue_;
    const Mask late = begins > Real(0.0), pays = begins_ & (begins < one);
    sure = sure & !(pays & (begins >= Real(0.99)));
    const Real from = select(late & (begins < one), log(begins / (one - begins)) + Real(0.25), Real(first_share));
    branches_.b = select(pays, Real(-2.0), branches_.b);
    last_ = choose(pays, branches_.riding(select(pays, from, last_.v), pays, 24), last_);
    last_aim_ = chosen(pays, aim_at(last_), last_aim_);
    sure = sure & ((!pays) | (branches_.found & is_end(last_aim_)));
    decided_ = decided_ | (begins_ & !pays);
  }
  static Mask is_end(const TracedAim<Real>& aim) {
    return select_mask(aim.admissible, aim.slope > Real(0.0), aim.behind >= Real(beyond));
  }

  /// Along the first peak for as long as it is the best.
  void go_on() {
    const Real zero(0.0), one(1.0);
    Mask on = sure & !never_, unproven = one < zero, turned = unproven, returns = unproven, followed = unproven;
    Mask inside = unproven, arrived = unproven;
    Real sampled = last_.v;
    Spot at = branches_.spot;
    at.v_turn = select(only_idle_, one, at.v_turn);
    from_ = at;
    room_ = zero;
    leaves_ = seam_ = parted_ = one < zero;
    const int most = finer_ < 1 ? 60 : 30;
    for (int k = 0; k < most; ++k) {
      const Mask all_wanted = sure & (on | (unproven & !followed));
      if (!any(all_wanted)) break;
      const Real most_y = fma(Real(0.3), abs(at.y), Real(1.2));
      const Real cap = Real(finer_) / max(abs(at.w_turn), abs(at.y_turn) / most_y);
      const Real wish = select(at.v_turn > zero, stride(sampled) / at.v_turn, infinity<Real>());
      const Real rest = select(late_.leads, Real(1.0), Real(0.5)) * (ends_ - last_.v);
      const Real along = select(only_idle_, min(stride(last_.v), rest), min(wish, cap));
      const CurvePlace<Real> now = look(at, along, all_wanted);
      const Mask good = branches_.found, back = now.v < sampled;
      const Mask highest = any(only_idle_) ? found_highest_ : branches_.is_highest(its_, generalist_is_linear_);
      returns = returns | (turned & good & !back);
      turned = turned | (good & back);
      sampled = select(good, now.v, sampled);
      const Mask rises = good & (branches_.spot.v_turn > zero) & (now.v > last_.v);
      Mask rides = one < zero;
      const Mask may_ride = on & rises & (now.v > riding_from_) & !apart_ & !late_.leads;
      if (is_needed(may_ride)) {
        const Mask found = branches_.found;
        const CurvePlace<Real> ride = branches_.riding(now.v, may_ride, 6);
        sure = sure & ((!may_ride) | branches_.found);
        branches_.found = found;
        rides = may_ride & (ride.generalist >= now.generalist);
        sure = sure & !(may_ride & !rides & may_prefer(now, ride));
      }
      // Where marginal cost rises steeply from its first bit on, contributing ends where riding free begins; near there
      // v hardly moves along the curve. T goes to 1 as a power (2-k)/(k-1) of what α₀ lacks to riding: if k > 3/2, that
      // is with infinite slope, and there is a jump, but a tiny one.
      Mask at_seam =
          on & good & (its_ < one) & (branches_.spot.y < Real(-5.0)) & (abs(now.v - riding_from_) < Real(0.03));
      if (passes_seam_) at_seam = at_seam & (its_ < Real(0.5));
      if (is_needed(at_seam)) {
        const CurvePlace<Real> ride = branches_.riding(max(now.v, riding_from_), at_seam, 8);
        at_seam = at_seam & branches_.found & (abs(ride.b - branches_.spot.w) < Real(0.015));
        branches_.found = good;
      }
      seam_ = seam_ | at_seam;
      const Mask before_seam = at_seam & rises & !(now.v > riding_from_);
      const Mask stays = on & rises & !rides & !at_seam;
      const Mask linear = stays & !only_idle_ & (first_cost0_ > zero);
      if (is_needed(linear)) {
        branches_.z = select(linear, branches_.spot.w, branches_.z);
        const CurvePlace<Real> at_rest = branches_.idle(now.v, linear, 8);
        const Real rounding = Real(1e-6) * abs(now.generalist);
        sure = sure & ((!linear) | (branches_.found & !(branches_.stays_idle(first_cost0_) &
                                                        (at_rest.generalist > now.generalist + rounding))));
        branches_.found = good;
      }
      leaves_ = leaves_ | (on & !stays);
      room_ = select(on & !stays, along, room_);
      unproven = select_mask(stays, !(highest | apart_), unproven);
      sure = sure & !(stays & !highest & only_idle_ & !apart_);
      const TracedAim<Real> aim = aim_at(now);
      const Mask counts = stays | before_seam;
      see(now, aim, counts);
      last_ = choose(counts, now, last_);
      last_aim_ = chosen(counts, aim, last_aim_);
      at = Spot::chosen(good, branches_.spot, at);
      from_ = Spot::chosen(stays, at, from_);
      decided_ = decided_ | (on & is_decided(last_.v));
      leaves_ = leaves_ & !decided_;
      parted_ = parted_ | (apart_ & stays & is_over());
      const Mask arrives = late_.leads & stays & !decided_ & (last_.v >= ends_ - Real(1e-4));
      arrived = arrived | arrives;
      on = stays & !decided_ & !parted_ & !arrives & !(last_.v > Real(last_share));
      inside = inside | (good & (at.y < Real(9.0)));
      const Mask ended = (at.y < Real(-9.0)) | (inside & (at.y > Real(9.0)) & (at.y_turn > zero));
      followed = followed | (unproven & ((!good) | ended));
      come_home(on & inside & (at.y > Real(9.0)) & (at.y_turn > zero) & (first_cost0_ > zero) & !only_idle_, at);
    }
    sure = sure & !on & ((!unproven) | (followed & !returns));
    // From having none to both, which goes over to riding free.
    leaves_ = leaves_ | arrived;
    seam_ = seam_ | arrived;
    last_ = choose(arrived, late_.edge, last_);
    last_aim_ = chosen(arrived, aim_at(late_.edge), last_aim_);
  }
  /// Where the curve of contributing leads back to no investment of the generalist's.
  void come_home(Mask home, const Spot& at) {
    if (!is_needed(home)) return;
    branches_.z = select(home, at.w, branches_.z);
    const CurvePlace<Real> at_rest = branches_.idle(last_.v, home, 12);
    // Between here and there α₀ goes with what v is less.
    const Real still = last_aim_.value + Real(2.0) * last_aim_.slope * abs(at.v_turn / at.y_turn) + Real(value_error);
    rival = max(rival, select(home & last_aim_.admissible & (last_aim_.slope > Real(0.0)), still, rival));
    sure = sure & ((!home) | branches_.found);
    last_ = choose(home, at_rest, last_);
    last_aim_ = chosen(home, aim_at(at_rest), last_aim_);
    only_idle_ = only_idle_ | home;
    followed_ = followed_ | home;
  }
  /// The idle generalist's share ends at `ends_`: not worth as much as the best so far.
  Mask is_over() const {
    const Real zero(0.0);
    TracedAim<Real> most = no_aim<Real>();
    add_gain(most, play.weight, last_.revenue / (Real(1.0) + exp(-ends_)) - play.fixed - play.outside, zero);
    add_gain(most, side.weight, last_.specialist - side.fixed - side.outside, zero);
    return (!most.admissible) | (most.value + Real(value_error) < idle.bracket.value);
  }
  bool passes_seam_;
  LateBranch<Real> late_;
  Mask moved_;          ///< from shares smaller than need be
  Real first_revenue_;  ///< a first bit's, a little less
  Mask never_;          ///< the specialist never contributes
  Mask apart_;          ///< at no share does a first bit of both investments pay,
  Real ends_;           ///< the specialist invests up to this one,
  Mask parted_;         ///< and between there and the last place is nothing better
  Mask begins_;         ///< riding free begins from no revenue
};

}  // namespace haggle::fine_tuning
