// SPDX-License-Identifier: MIT
// What one owner of both sides could make of a game with one specialist: more than any deal can share out.
#pragma once
#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

template <class Real>
struct JointSurplus {
  Real value;          ///< gross of fixed costs; exact to second order in `off`
  Real off;            ///< the sum of what the two conditions, as logarithms, are off by
  mask_t<Real> found;  ///< they hold nearly
};

/// max r(α₀+x) - φ_0(α₀) - φ(x) for concave r and convex costs: r' = φ_0' = φ', by Newton's method on logarithms.
template <class Real>
JointSurplus<Real> joint_surplus(const Play<Real>& play) {
  const Real zero(0.0), one(1.0), cap(3.0);
  const Specialist<Real>& side = play.specialists.front();
  const auto limited = [&](Real step) { return max(min(step, cap), -cap); };
  Real b = zero, z = zero;
  JointSurplus<Real> best{zero, one, one < zero};
  for (int k = 0; k < 24; ++k) {
    const Real a0 = exp(b), x = exp(z), alpha = a0 + x;
    const Jet<Real> r = side.revenue(alpha), f0 = play.cost(a0), f = side.cost(x);
    const Real miss0 = log(r.slope / f0.slope), miss = log(r.slope / f.slope);
    const Real bend = -alpha * r.curvature / r.slope, part = x / alpha, others = a0 / alpha;
    const Real stiff = a0 * f0.curvature / f0.slope, steep = x * f.curvature / f.slope;
    best.off = abs(miss0) + abs(miss);
    best.found = (best.off < Real(1e-6)) & !(side.revenue.convex_until() > zero);
    best.value = r.value - f0.value - f.value;
    if (all(best.found)) break;
    // (E (1-s) + K₀) db + E s dz = e₀ and E (1-s) db + (E s + K) dz = e
    const Real over = one / (stiff * steep + bend * (others * steep + part * stiff));
    b = select(best.found, b, b + limited(over * (miss0 * fma(bend, part, steep) - miss * bend * part)));
    z = select(best.found, z, z + limited(over * (miss * fma(bend, others, stiff) - miss0 * bend * others)));
  }
  return best;
}

}  // namespace haggle::fine_tuning
