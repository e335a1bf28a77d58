// SPDX-License-Identifier: MIT
// A place on the walk of a game with one specialist whose revenue is S-shaped, and whether another, at the next share,
// is of the same equilibrium as it moves.
#pragma once
#include "haggle/solver/share_cells.hpp"

namespace haggle::fine_tuning {

/// Two places of a walk, at the first of which the specialist contributes and at the next rides free: logits, and
/// logarithms of investments.
struct Leap {
  double from = 0, to = 0, base = 0, added = 0, base_beyond = 0;
};

template <class Real>
struct FollowedPlace {
  using Mask = mask_t<Real>;
  /// A number and its slope by v.
  struct Moving {
    Real at, slope;
  };

  Real v, share, rest, revenue;
  Moving base, added, performance;  ///< their logarithms
  Moving own, its;                  ///< utilities
  Mask rides, idle;

  static FollowedPlace of(const EquilibriumTrace<Real>& t) {
    const Contribution<Real>& c = t.at[0];
    const Real alpha = c.performance, x = alpha - t.a0, over = Real(1.0) / alpha;
    const auto of_both = [&](Real by_base, Real by_added) { return fma(t.a0, by_base, x * by_added) * over; };
    return {t.v,
            t.share,
            t.rest,
            c.revenue,
            {t.b + t.b_fix, t.b_tangent},
            {c.z + c.fix, c.tangent},
            {log(alpha) + of_both(t.b_fix, c.fix), of_both(t.b_tangent, c.tangent)},
            {t.generalist, t.generalist_slope},
            {c.utility, c.slope},
            c.rides,
            t.idle};
  }

  /// Takes another's place.
  void take(const FollowedPlace& from, Mask where) {
    const auto take = [&](Real& to, Real number) { to = select(where, number, to); };
    take(v, from.v), take(share, from.share), take(rest, from.rest), take(revenue, from.revenue);
    for (Moving FollowedPlace::*number : {&FollowedPlace::base, &FollowedPlace::added, &FollowedPlace::performance,
                                          &FollowedPlace::own, &FollowedPlace::its}) {
      Moving& to = this->*number;
      take(to.at, (from.*number).at), take(to.slope, (from.*number).slope);
    }
    rides = select_mask(where, from.rides, rides), idle = select_mask(where, from.idle, idle);
  }

  /// The path turns little on the way, h long. What a specialist does that adds next to nothing tells little.
  Mask turns_little_from(const FollowedPlace& last, const EquilibriumTrace<Real>& t, Real h) const {
    const Contribution<Real>& c = t.at[0];
    const Real part = exp(max(added.at - performance.at, last.added.at - last.performance.at));
    const Real of_added = min(Real(10.0) * part, Real(1.0)) * abs(c.tangent - c.last_tangent);
    return h * max(abs(t.b_tangent - t.b_last_tangent), select(rides & last.rides, Real(0.0), of_added)) <
           Real(most_bend);
  }
  /// Neither investments nor utilities change otherwise than their slopes say.
  Mask goes_on_from(const FollowedPlace& last) const {
    const Real h = v - last.v, some(0.03), money = Real(0.02) * revenue;
    return fits(h, last.base, base, 0.3, some) & fits(h, last.added, added, 0.3, some) &
           fits(h, last.own, own, 0.3, share * money) & fits(h, last.its, its, 0.3, rest * money);
  }
  /// The same where the generalist begins or ceases to invest on the way, so that its investment's logarithm says
  /// little.
  Mask turns_from(const FollowedPlace& last) const {
    const Real h = v - last.v, some(0.01), money = Real(0.003) * revenue;
    return fits(h, last.performance, performance, 0.5, some) & fits(h, last.own, own, 0.5, share * money) &
           fits(h, last.its, its, 0.5, rest * money);
  }
  Mask bends_little_from(const FollowedPlace& last) const {
    return (v - last.v) * abs(added.slope - last.added.slope) < Real(most_bend);
  }

 private:
  /// Off its slopes' mean by no more than that part of what they differ by, and `room`.
  static Mask fits(Real h, const Moving& from, const Moving& to, double part, Real room) {
    const Real off = abs(to.at - from.at - Real(0.5) * h * (from.slope + to.slope));
    return off <= fma(Real(part) * h, abs(to.slope - from.slope), room);
  }
};

}  // namespace haggle::fine_tuning
