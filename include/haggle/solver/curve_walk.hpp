// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose first bit of adaptation costs something: a walk over the shares along the
// generalist's best peak (branches.hpp), rough, that says where the best share may be.
//
// Which peak is best: by the envelope theorem dU_G/dδ is r(α) where the specialist rides free, and less than that where
// it contributes, since its reply falls with δ. Once riding free is the best peak, it is taken to stay so; of 65,000
// games no answer of the global search denied it. Before, the first peak is followed: idle, then on the curve of
// contributing as long as v rises along it. At a place further on it is shown that no contributing peak is beyond it
// (BranchProofs::is_highest); that holds for all places before it, too, since in the plane of v and α₀ the curve does
// not cross itself: what is to be above a place before would have to cross the stretch between. Or else the curve is
// followed to its end to see that v rises along it only once. And it is shown that being idle is no better.
//
// If a first bit of its investment costs the generalist something, it may be idle longer: until riding free is better,
// until the specialist stops (where no share makes both invest), or until both investing is (late_branch.hpp). And the
// curve may lead back to no investment; then it goes on being idle. That nothing else is better there is shown by what
// more investment can bring at most (BranchProofs::stays_idle_throughout), or the curve has been followed from end to
// end.
#pragma once
#include "haggle/solver/curve_start.hpp"

namespace haggle::fine_tuning {

template <class Real>
class CurveWalk : public CurveStart<Real> {
 public:
  using Base = CurveStart<Real>;
  using Base::best_value, Base::contributing, Base::idle, Base::jump, Base::play, Base::riding, Base::rival, Base::side,
      Base::sure, Base::value_error;
  using typename Base::Mask;

  CurveWalk(const Play<Real>& game, Real first_cost0, Real first_cost, Care care)
      : Base(game, first_cost0, first_cost, care), passes_seam_(care == Care::at_seam) {}

  void walk(Mask wanted) {
    const Real none = -infinity<Real>();
    this->begin(wanted);
    go_on();
    begin_riding(sure & parted_);
    switch_over(never_ | parted_);
    ride_on();
    contributing.from = select(late_.leads, late_.from + late_.error, contributing.from);
    idle.to = select(late_.leads, late_.from - late_.error, idle.to);
    sure = sure & ((best_value() > none) | (jump.value > none));
  }

 private:
  using Base::aim_at, Base::begin_riding, Base::chosen, Base::compare, Base::is_needed;
  using Base::apart_, Base::branches_, Base::ceiling_, Base::decided_, Base::ends_, Base::finer_, Base::first_cost0_,
      Base::followed_, Base::found_highest_, Base::from_, Base::generalist_is_linear_, Base::its_, Base::last_,
      Base::last_aim_, Base::last_share, Base::late_, Base::leaves_, Base::never_, Base::only_idle_, Base::proofs_,
      Base::riding_from_, Base::room_, Base::seam_;
  using Base::is_decided, Base::look, Base::ride_on, Base::see, Base::stride, Base::switch_over;
  using typename Base::Spot;

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
      const Mask good = branches_.found & all_wanted, back = now.v < sampled;
      const Mask highest = any(only_idle_) ? found_highest_ : proofs_.is_highest(its_, generalist_is_linear_);
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
        this->bound_riding(last_, now, ride, may_ride & !rides);
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
        const Real rounding = Real(is_swift_v<Real> ? 1e-5 : 1e-6) * abs(now.generalist);
        sure = sure & ((!linear) | (branches_.found & !(proofs_.stays_idle(first_cost0_) &
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
  Mask parted_;  ///< where the two never invest together: nothing better until the specialist stops
};

}  // namespace haggle::fine_tuning
