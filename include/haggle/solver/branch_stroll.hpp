// SPDX-License-Identifier: MIT
// Small steps from share to share along an equilibrium of a game with one specialist that turns too much for longer
// ones, as it does where the generalist begins to invest.
#pragma once
#include "haggle/solver/followed_place.hpp"
#include "haggle/solver/share_walk.hpp"
#include "haggle/solver/trace_stop.hpp"

namespace haggle::fine_tuning {

template <class Real>
class BranchStroll : public ShareWalk<Real> {
  using Walk = ShareWalk<Real>;

 public:
  using Mask = mask_t<Real>;
  using Walk::move, Walk::rival, Walk::settle, Walk::trace;
  using Walk::Walk;

  /// Between two shares the generalist begins to invest, or the specialist passes over to riding free, or the reverse;
  /// small steps led there.
  Mask is_kink_between(Real one, Real other) const {
    const Real low = min(one, other), high = max(one, other);
    const auto is_one = [&](const Kink& kink) { return (kink.to > kink.from) & (kink.to > low) & (kink.from < high); };
    return is_one(kinks_[0]) | is_one(kinks_[1]);
  }

 protected:
  struct Kink {
    void take(const Kink& other, Mask where) {
      from = select(where, other.from, from), to = select(where, other.to, to);
    }
    Real from{}, to{};
  };
  /// How far small steps lead from a place towards another.
  struct Stroll {
    Real v, performance, least, most;
    Real value;  ///< of the product, at the end and a little beyond
    Mask arrives;
  };
  template <Solution S, class Stands>
  Stroll stroll(const TraceStop<Real>& from, const TraceStop<Real>& to, double direction, std::size_t powerful,
                Mask wanted, Stands stands) {
    using Followed = FollowedPlace<Real>;
    const Real zero(0.0), exact(is_swift_v<Real> ? 1e-3 : 1e-4);
    from.spot.put(trace, wanted);
    trace.look(from.v);
    Followed last = Followed::of(trace);
    TracedAim<Real> aim = aim_at<S>(trace, powerful);
    const Real whole = abs(to.v - from.v);
    Real gone = zero, h = Real(first_part) * whole, least = last.performance.at, most = least;
    Mask on = wanted;
    for (int k = 0; k < most_steps && any(on); ++k) {
      const TraceSpot<Real> spot(trace);
      const Real next = select(on, select(gone + Real(1.2) * h < whole, gone + h, whole), gone), step = next - gone;
      const Real v_before = from.v + Real(direction) * gone,
                 v = select(next < whole, from.v + Real(direction) * next, to.v);
      move(Real(direction) * step, zero);
      settle(v, on, exact, 8);
      const Followed here = Followed::of(trace);
      const TracedAim<Real> now = aim_at<S>(trace, powerful);
      Mask good = on & stands() & (trace.worst < exact) & now.admissible;
      if constexpr (is_swift_v<Real>) good = good & is_clear(trace);
      const Mask turns = differ(here.idle, last.idle);
      const Mask joins = good & !turns & here.turns_from(last);
      const bool onwards = direction > 0;
      const Followed &low = onwards ? last : here, &high = onwards ? here : last;
      const TracedAim<Real>&a = onwards ? aim : now, &b = onwards ? now : aim;
      const Mask kink = good & turns & is_small_kink(low, high, a, b, step), goes_on = joins | kink;
      rival = max(rival, select(kink, kink_bound(a, b, step), -infinity<Real>()));
      kinks_[0].take({min(v_before, v), max(v_before, v)}, kink);
      if (any(joins)) compare_step(spot, onwards, min(v_before, v), max(v_before, v), a, b, joins);
      least = select(goes_on, min(least, here.performance.at), least);
      most = select(goes_on, max(most, here.performance.at), most);
      last.take(here, goes_on), aim.take(now, goes_on);
      spot.put(trace, !goes_on);
      gone = select(goes_on, next, gone);
      h = select(goes_on, select(kink, step, Real(longer) * step), Real(shorter) * step);
      on = on & (gone < whole) & (h > Real(least_step));
    }
    const Mask arrives = wanted & !(gone < whole);
    return {from.v + Real(direction) * gone,
            last.performance.at,
            least,
            most,
            fma(Real(apart), abs(aim.slope), aim.value),
            arrives};
  }

 private:
  /// The trace is at one end of a step, `spot` is the other; what is kept of it is the place at the higher share.
  void compare_step(const TraceSpot<Real>& spot, bool onwards, Real low, Real high, const TracedAim<Real>& a,
                    const TracedAim<Real>& b, Mask joins) {
    const TraceSpot<Real> here(trace);
    const Real error = this->error_of(trace.worst), over = Real(1.0) / select(joins, high - low, Real(1.0));
    if (!onwards) {
      const Real base_tangent = trace.b_tangent, tangent = trace.at[0].tangent;
      spot.put(trace, joins);
      trace.b_last_tangent = select(joins, base_tangent, trace.b_last_tangent);
      trace.at[0].last_tangent = select(joins, tangent, trace.at[0].last_tangent);
    }
    this->compare(low, high, a, b, over, error, {joins, joins, !joins});
    here.put(trace, joins);
  }
  /// Where the generalist begins, the product rises at once as steeply as its investment, and goes on less and less so.
  /// So it must still rise, or hardly move.
  static Mask is_small_kink(const FollowedPlace<Real>& last, const FollowedPlace<Real>& here, const TracedAim<Real>& a,
                            const TracedAim<Real>& b, Real step) {
    const Real moves = step * (abs(a.slope) + abs(b.slope));
    const Mask still_rises = select_mask(last.idle, b.slope > Real(0.0), a.slope < Real(0.0));
    return (abs(here.performance.at - last.performance.at) < Real(0.02)) &
           (abs(b.value - a.value) <= fma(Real(5.0), moves, Real(1e-9))) & (still_rises | (moves < Real(1e-6)));
  }
  static Real kink_bound(const TracedAim<Real>& a, const TracedAim<Real>& b, Real step) {
    const Real zero(0.0), from_a = fma(max(a.slope, zero), step, a.value),
                          from_b = fma(max(-b.slope, zero), step, b.value);
    return max(from_a, from_b) + Real(1e-5);
  }

  static constexpr double first_part = 0.3, longer = 1.7, shorter = 0.3, least_step = 1e-6;
  static constexpr int most_steps = 40;

 protected:
  static constexpr double apart = 1e-4;  ///< shares at which two ways meet, by their logits
  std::array<Kink, 2> kinks_;            ///< of the generalist, of the specialist
};

}  // namespace haggle::fine_tuning
