// SPDX-License-Identifier: MIT
// A bargain with zero outside options as the root of one scalar equation, by Newton's method on lanes that retire by
// mask.
#pragma once
#include <cstddef>

#include "haggle/solver/equilibrium_curve.hpp"
#include "haggle/solver/share_curve.hpp"

namespace haggle::power_law {

/// ψ(y) = ln δ - m ln(1-δ) + ln K - ln F, δ from the share curve: the generalist's first-order condition at the share
/// the bargain wants. ψ > 0 where the bargain wants more than the equilibrium through that point gives.
template <class Real>
struct Mismatch {
  Real psi, slope;
};

template <class Real>
struct Shares {
  Real generalist, specialist;
};

template <class Real, std::size_t N>
struct StationaryShare {
  using Value = Real;
  const Reduction<Real>& r;
  const ShareCurve<Real, N>& curve;

  Mismatch<Real> operator()(Real y) const {
    const Real one(1.0);
    const Real z = exp(y);
    const Real one_z = one + z;
    const Real l = fma(r.q1, z, one);
    const Real a = evaluate(curve.generalist, z), b = evaluate(curve.specialist, z);
    const Real c = a + b;
    const Real ab = a * b, l_one_z = l * one_z;
    const Real over = one / (ab * c * l_one_z);
    const Real over_cl = over * ab * one_z;  // 1/(C L)
    const Real psi =
        log(a * one_z * over_cl) - r.m * log(b * l * over_cl) + r.p * y - (r.p - r.k0 + one) * log(one_z) + r.ln_k;
    Real numerator = evaluate(r.quad, z) * ab * c;
    if constexpr (N > 1) {
      const Real bend = evaluate_log_slope(curve.generalist, z) * b - a * evaluate_log_slope(curve.specialist, z);
      numerator = fma(bend * fma(r.m, a, b), l_one_z, numerator);
    }
    if constexpr (N != 3) {
      return {psi, numerator * over};
    } else {  // only these curves can leave (0, 1): above it the bargain wants ever more, below it ever less
      const Real zero(0.0), steep(1e3), falling(-1e-3);
      const mask_t<Real> above = b <= zero, below = a <= zero;
      return {select(above, steep, select(below, -steep, psi)), select(above | below, falling, numerator * over)};
    }
  }

  /// The generalist's and the specialist's share at z.
  Shares<Real> shares(Real z) const {
    const Real a = evaluate(curve.generalist, z), b = evaluate(curve.specialist, z);
    return {a / (a + b), b / (a + b)};
  }
};

/// Past these |y| a player's part of the performance is below 1e-12 and the robust path takes over.
inline constexpr double newton_reach = 28.0;
inline constexpr int newton_evaluations = 40;

template <class Real>
struct Root {
  Real y;
  mask_t<Real> converged;
};

/// The root of ψ between two points where it is negative and positive: Newton's method, bisecting where it would leave.
template <class Stationary, class Real>
Root<Real> find_root(const Stationary& stationary, Real start, Real low, Real high, mask_t<Real> wanted) {
  const Real left = low, right = high;
  Real y = start;
  mask_t<Real> active = wanted;
  for (int i = 0; i < newton_evaluations && any(active); ++i) {
    const Mismatch<Real> at = stationary(y);
    low = select(at.psi < Real(0.0), y, low);
    high = select(at.psi < Real(0.0), high, y);
    const Real newton = y - at.psi / at.slope;
    const mask_t<Real> inside = (newton >= low) & (newton <= high) & (at.slope > Real(0.0));
    const Real next = select(inside, newton, Real(0.5) * (low + high));
    const mask_t<Real> small = abs(next - y) <= Real(newton_last_step);
    y = select(active, next, y);
    active = active & (!small);
  }
  const mask_t<Real> converged = wanted & (!active) & (y > left) & (y < right);
  return {y, converged};
}

}  // namespace haggle::power_law
