// SPDX-License-Identifier: MIT
// One game's way along the shares with several specialists: where it stands, and how far to go on.
#pragma once
#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// Where a trace stood, and what the bargain is worth there.
template <class Real>
struct Stand {
  Real v, b, b_tangent, worst;
  Real own_gain, own_slope;  ///< the generalist's
  TracedAim<Real> aim;
  Real share, a0;
  std::array<Real, most_specialists> z, tangent, gain;
  std::array<Real, most_specialists> pull;  ///< (1-δ) r'
  mask_t<Real> idle;
  std::array<mask_t<Real>, most_specialists> rides;

  void take(const EquilibriumTrace<Real>& t, const TracedAim<Real>& now, mask_t<Real> where) {
    const auto put = [&](Real& to, Real from) { to = select(where, from, to); };
    put(v, t.v), put(b, t.b + t.b_fix), put(b_tangent, t.b_tangent), put(worst, t.worst);
    put(own_gain, gain_of(t, 0).value), put(own_slope, gain_of(t, 0).slope);
    put(share, t.share), put(a0, t.a0);
    aim.take(now, where);
    idle = select_mask(where, t.idle, idle);
    for (std::size_t i = 0; i < t.size; ++i) {
      put(z[i], t.at[i].z + t.at[i].fix), put(tangent[i], t.at[i].tangent);
      put(gain[i], gain_of(t, i + 1).value), put(pull[i], t.rest * t.at[i].by_b / t.a0);
      rides[i] = select_mask(where, t.at[i].rides, rides[i]);
    }
  }
  void take(const Stand& from, std::size_t size, mask_t<Real> where) {
    const auto put = [&](Real& to, Real number) { to = select(where, number, to); };
    put(v, from.v), put(b, from.b), put(b_tangent, from.b_tangent), put(worst, from.worst);
    put(own_gain, from.own_gain), put(own_slope, from.own_slope);
    put(share, from.share), put(a0, from.a0);
    aim.take(from.aim, where);
    idle = select_mask(where, from.idle, idle);
    for (std::size_t i = 0; i < size; ++i) {
      put(z[i], from.z[i]), put(tangent[i], from.tangent[i]);
      put(gain[i], from.gain[i]), put(pull[i], from.pull[i]);
      rides[i] = select_mask(where, from.rides[i], rides[i]);
    }
  }
  /// Moves the trace to h from here along the tangents.
  void leave(EquilibriumTrace<Real>& t, Real h, mask_t<Real> where) const {
    t.b = select(where, fma(h, b_tangent, b), t.b), t.b_last_tangent = select(where, b_tangent, t.b_last_tangent);
    for (std::size_t i = 0; i < t.size; ++i) {
      Contribution<Real>& c = t.at[i];
      c.z = select(where, fma(h, tangent[i], z[i]), c.z);
      c.last_tangent = select(where, tangent[i], c.last_tangent);
      c.rides = select_mask(where, rides[i], c.rides);
    }
  }
};

/// A step is tried, and a shorter one where it fails. Where the generalist's choice can't be proven however short it
/// is, two peaks are nearly the same to it: that is leapt over.
template <class Real>
class MixedSteps {
 public:
  using Mask = mask_t<Real>;

  explicit MixedSteps(Mask none) : jumps_(none) {}

  /// Of the next step.
  Real length() const { return step_; }
  /// It can't be much shorter than h.
  Mask is_last(Real h, Mask joined) const { return jumps_ | (shorter(h, joined) < least(joined)); }

  /// After a step h from `low` on, to where the generalist has `own`: it was taken or failed, the choice was found
  /// there, and the path joined both. Where it fails for good is given back.
  Mask go_on(const Stand<Real>& low, const Gain<Real>& own, Real h, Mask takes, Mask fails, Mask found, Mask joined) {
    const Real zero(0.0);
    // The generalist leaps to another peak about where the tangents of both meet.
    const Real meets = low.v + (own.value - low.own_gain - h * own.slope) / (low.own_slope - own.slope);
    const Real before = meets - Real(beside), after = meets + Real(beside);
    const Real to_leap = select(before > low.v + Real(beside), before, after) - low.v;
    const Mask aims = fails & found & !joined & (to_leap > zero) & (to_leap < Real(0.6) * h) & (h < Real(0.1));
    leap_at_ = select(aims, meets, leap_at_);
    const Real next = select(aims, to_leap, shorter(h, joined));
    const Mask stuck = fails & !aims & (next < least(joined & found)), far = h > Real(most_jump);
    const Mask ends = (stuck & (found | far)) | (fails & jumps_ & far);
    const Mask leaps = (stuck | (fails & jumps_)) & !ends;
    const Real longer = min(max(step_, Real(first_jump)) * Real(wider), Real(longest));
    step_ = select(takes, longer, select(leaps, select(jumps_, Real(3.0) * h, Real(first_jump)), next));
    const Real left = leap_at_ + Real(beside) - (low.v + h);
    step_ = select(takes & (left > zero), min(step_, left), step_);
    jumps_ = (jumps_ | leaps) & !takes;
    return ends;
  }

  static constexpr double least_smooth_step = 3e-4;

 private:
  static constexpr double first_step = 0.2, longest = 0.8, wider = 2.2, narrower = 0.35, much_narrower = 0.15;
  static constexpr double least_step = 1e-3, first_jump = 0.004, most_jump = 0.05, beside = 4e-4;

  static Real shorter(Real h, Mask joined) { return h * select(joined, Real(much_narrower), Real(narrower)); }
  static Real least(Mask smooth) { return select(smooth, Real(least_smooth_step), Real(least_step)); }

  Real step_ = Real(first_step), leap_at_ = -infinity<Real>();
  Mask jumps_;
};

}  // namespace haggle::fine_tuning
