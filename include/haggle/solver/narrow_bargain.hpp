// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose fixed costs leave few shares, or none, at which both sides gain. Where
// both do, these shares are looked at closely. Where they never do, every deal is worth a product of 0, and of those
// the one with the largest surplus is taken: the generalist holds the specialist at its dues.
#pragma once
#include "haggle/solver/deal_curve.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real>
class NarrowBargain {
 public:
  using Mask = mask_t<Real>;
  using Quick = Rough<Real>;

  NarrowBargain(const Play<Real>& exact, const Play<Quick>& rough) : trace(exact), curve_(rough), rough_(rough) {}

  /// Where it is proven; there the trace stands at the bargain, or there is no deal.
  Mask operator()(const Looks& looks, Mask wanted) {
    both_gain = refused = held_ = Real(1.0) < Real(0.0);
    rival_ = -infinity<Quick>();
    ShareWalk<Quick> walked(rough_);
    walked.template walk<Solution::nash>(looks, unset, wanted);
    Mask closed = both_gain, open = wanted & has_single_peaks(walked);
    take_best(walked, open);
    sort_out(walked, open, closed);
    for (int k = 0; k < 3 && any(open); ++k) {
      const Quick low = low_, high = high_;
      ShareWalk<Quick> inside(rough_);
      inside.template walk_between<Solution::nash>(low, high, 12, unset, open);
      take_best(inside, open);
      sort_out(inside, open, closed);
    }
    if (any(closed)) {
      curve_.walk(looks, closed);
      refused = curve_.refuses() & closed;
      hold(closed & curve_.sure & !refused);
    }
    return both_gain | refused | held_;
  }

  EquilibriumTrace<Real> trace;
  Mask both_gain;
  Mask refused;  ///< no share makes a deal

 private:
  /// What a walk leaves to be looked at closely: a step that may hide all gain there is, or that has the best of it.
  /// `closed`: nobody can gain.
  void sort_out(const ShareWalk<Quick>& walked, Mask& open, Mask& closed) {
    open = open & !both_gain;
    const Quick none = -infinity<Quick>(), zero(0.0), one(1.0);
    const Mask blind = max(walked.rival, walked.best.most) == none, seen = walked.best.most > none;
    open = open & walked.sure;
    closed = closed | (open & blind & (walked.hidden == zero) & (rival_ == none));
    const Mask hides = blind & (walked.hidden == one);
    open = open & (hides | (seen & (walked.hidden == zero)));
    low_ = select(hides, walked.hidden_low, walked.best.low),
    high_ = select(hides, walked.hidden_high, walked.best.high);
    rival_ = select(open, max(rival_, walked.rival), rival_);
  }

  void take_best(ShareWalk<Quick>& inside, Mask wanted) {
    const Mask found = wanted & inside.finds();
    if (!any(found)) return;
    SharePolish<Quick> near(inside.trace);
    near.begin(inside.best, inside.kept, found);
    near.template run<Solution::nash>(unset, 1e-3, 1e-3);
    near.done = near.done & (near.value > max(rival_, inside.rival));
    EquilibriumTrace<Real> there(trace.play);
    SharePolish<Real> exact(there);
    exact.begin(near);
    SmoothAim<Solution::nash, Real, false> aim{unset};
    exact.run(aim, 1e-7, 1e-10);
    exact.finish(aim, 1e-10);
    take_place(trace, there, exact.done);
    both_gain = both_gain | exact.done;
  }

  /// The best share for the generalist, by the slope of what it has, between two that are next to it.
  void hold(Mask closed) {
    const Play<Real>& play = trace.play;
    const Real zero(0.0), half(0.5), one(1.0);
    const auto real = [](Quick from) { return converted<Real>(from); };
    const Bracket<Quick>& best = curve_.best;
    Real low = real(best.low), high = real(best.high), low_slope = real(best.low_slope),
         high_slope = real(best.high_slope);
    HeldPlace<Real> place{real(curve_.base_there), real(curve_.z_there), zero, zero, zero, zero, {}, {}};
    Mask active = closed & (best.most > -infinity<Quick>()) & (low_slope > zero) & (high_slope < zero);
    Real v = half * (low + high), last_side = zero;
    for (int k = 0; k < 40 && any(active); ++k) {
      const Real secant = (low * high_slope - high * low_slope) / (high_slope - low_slope);
      const Mask inside = (secant > low) & (secant < high) & (k % 8 < 6 ? active : !active);
      v = select(active, select(inside, secant, half * (low + high)), v);
      const Real e = exp(-abs(v)), over_sum = one / (one + e);
      const Real share = select(v > zero, over_sum, e * over_sum), rest = select(v > zero, e * over_sum, over_sum);
      HeldPlace<Real> now = place;
      now.find(play, share, rest, active, 1e-8, 12);
      const Mask up = active & now.found & (now.slope > zero), down = active & !up;
      const Real step = now.slope * (high - low) / (low_slope - high_slope);
      const Mask there = active & now.found & now.pays & (abs(step) < Real(1e-10));
      take_held(there, now, share);
      low = select(up, v, low), low_slope = select(up, now.slope, low_slope);
      place.a = select(up, now.a, place.a), place.z = select(up, now.z, place.z);
      high = select(down, v, high);
      high_slope = select(down, select(now.found, now.slope, -abs(low_slope)), high_slope);
      // Illinois: of an end that stays the slope is halved.
      high_slope = select(up & (last_side > zero), half * high_slope, high_slope);
      low_slope = select(down & (last_side < zero), half * low_slope, low_slope);
      last_side = select(up, one, -one);
      active = active & !there;
    }
    const Real tie = Real(1e-9) * (abs(play.outside) + play.fixed),
               gain = trace.generalist - max(play.outside, -play.fixed);
    const Real rival = real(curve_.rival);
    const Mask best_of_all = held_ & (rival < trace.generalist + play.fixed);
    const Mask counted = !(play.outside < -play.fixed);  // otherwise there is less to be held to
    refused = refused | (held_ & counted & (max(gain, rival - play.fixed - play.outside) < -tie));
    held_ = best_of_all & (gain > tie);
  }

  void take_held(Mask there, const HeldPlace<Real>& place, Real share) {
    const Specialist<Real>& side = trace.play.specialists.front();
    Contribution<Real>& c = trace.at[0];
    const auto take = [&](Real& to, Real from) { to = select(there, from, to); };
    take(trace.share, share), take(trace.a0, place.a), take(trace.generalist, place.value - trace.play.fixed);
    take(trace.miss0, Real(0.0));
    take(c.performance, place.performance), take(c.revenue, place.revenue), take(c.utility, side.outside);
    held_ = held_ | there;
  }

  DealCurve<Quick> curve_;
  const Play<Quick>& rough_;
  Quick low_, high_;  ///< where to look closely
  Quick rival_;       ///< what no share outside is better than
  Mask held_;
};

}  // namespace haggle::fine_tuning
