// SPDX-License-Identifier: MIT
// Where at a given share the generalist invests until its one specialist has just its dues: what it has otherwise.
#pragma once
#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

/// `a`, α₀, and `z`, ln x, are where the search starts and where it ends.
template <class Real>
struct HeldPlace {
  using Mask = mask_t<Real>;

  Real a, z;
  Real value, slope;          ///< the generalist's utility gross of its fixed cost, and its derivative by v = logit δ
  Real performance, revenue;  ///< of the specialist
  Mask found;
  Mask pays;  ///< the generalist would rather invest less: nothing but the specialist's dues holds it there

  /// At a place with too little for the specialist, from `a` and `z` near it on. What the specialist has is increasing
  /// and concave in α₀, so that Newton's steps from below stay below. `good`: the relative error of a and x after the
  /// last step, before which values are taken and carried on to first order.
  void find(const Play<Real>& play, Real share, Real rest, Mask wanted, double good, int most_steps) {
    const Specialist<Real>& side = play.specialists.front();
    const Real zero(0.0), one(1.0), dues = side.fixed + side.outside;
    found = pays = one < zero;
    Mask active = wanted;
    for (int k = 0; k < most_steps && any(active); ++k) {
      const Real x = exp(z), alpha = a + x;
      const Jet<Real> r = side.revenue(alpha), f = side.cost(x, z), f0 = play.cost(a);
      const Real part = x / alpha, bend = -alpha * r.curvature / r.slope, steep = x * f.curvature / f.slope;
      const Real g = one / fma(part, bend, steep);
      const Real miss = log(rest * r.slope / f.slope);
      const Real lacks = dues - fma(rest, r.value, -f.value), step = lacks / (rest * r.slope);
      const Real moves = max(step, Real(-0.5) * a), z_step = g * (miss - bend * moves / alpha);
      const Mask there = active & (abs(miss) < Real(good)) & (abs(step) < Real(good) * a);
      const auto keep = [&](Real& to, Real from) { to = select(there, from, to); };
      // dα/dα₀ with the reply in it is K/(K + s E).
      const Real by_base = fma(share * r.slope, steep * g, -f0.slope);
      keep(value, fma(share, r.value, -f0.value) + by_base * step + share * r.slope * x * g * miss);
      keep(slope, share * (fma(rest, r.value, by_base * r.value / r.slope) - share * r.slope * x * g));
      keep(revenue, fma(r.slope, moves + x * z_step, r.value)), keep(performance, alpha + moves + x * z_step);
      pays = pays | (there & (by_base <= zero));
      found = found | there;
      a = select(active, a + moves, a);
      z = select(active, z + max(min(z_step, Real(3.0)), Real(-3.0)), z);
      active = active & !there;
    }
  }
};

}  // namespace haggle::fine_tuning
