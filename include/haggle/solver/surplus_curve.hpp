// SPDX-License-Identifier: MIT
// The utilitarian bargain as a share curve: stationarity of w_G U_G + w_D U_D is quadratic in δ at given s.
#pragma once
#include "haggle/solver/bargain_newton.hpp"
#include "haggle/solver/outcome.hpp"

namespace haggle::power_law {

/// Same meaning as StationaryShare, for one solution. Along the equilibria, in units of revenue and times n = 1+(m-1)δ:
///   n dU_G/dy = δ (g₀ + g₁ δ),  n dU_D/dy = (1-δ) (d₀ + d₁ δ),
/// so the objective is stationary where h(δ) = w_G δ (g₀ + g₁ δ) + w_D (1-δ)(d₀ + d₁ δ) = 0. h(0) < 0; where h(1) > 0
/// the root in (0, 1) is the only one, and elsewhere ψ is not a number.
template <class Real>
struct SurplusShare {
  using Value = Real;
  static constexpr double last_steps = 1e-9;  // slopes are good to 1e-6 only
  const Reduction<Real>& r;
  Real generalist_weight, specialist_weight;

  Shares<Real> shares(Real z) const {
    const Real one(1.0);
    const Real t = one / (one + z), s = z * t;
    const Real one_qs = fma(r.q, s, one);
    const Real x = evaluate(r.quad, z) * t * t / one_qs;
    const Real gap = r.k1 - r.epsilon, m1 = r.m - one;
    const Real l0 = -(r.k1 - one) * t / gap, l1 = (x - (r.k1 - one) * t * m1) / gap;  // n dlnα₁/dy = l₀ + l₁ δ
    const Real e = r.epsilon * s * r.q1 / one_qs, cost = r.epsilon * t / one_qs;
    const Real g0 = -x + e * l0 + cost * s, g1 = x + e * l1 + cost * s * m1;
    const Real d0 = r.epsilon * t * (l0 - s), d1 = r.epsilon * t * (l1 - s * m1) + x;
    const Real wg = generalist_weight, wd = specialist_weight;
    const Real c0 = wd * d0, c1 = wg * g0 + wd * (d1 - d0), c2 = wg * g1 - wd * d1;
    // h(1) without its cancellation: w_G (e (x - p t)/gap + m cost s).
    const Real at_one = wg * (e * (x - r.p * t) / gap + r.m * cost * s);
    const Real delta = rising_root(c0, c1, c2), rest = rising_root(-at_one, c1 + Real(2.0) * c2, -c2);
    const mask_t<Real> unique = (c0 < Real(0.0)) & (at_one > Real(0.0));
    return {select(unique, delta, not_a_number<Real>()), rest};
  }

  Mismatch<Real> operator()(Real y) const {
    const Real z = exp(y);
    return at(y, z, log(Real(1.0) + z));
  }

  /// The slope by a difference, good enough for Newton's method: it only decides how fast that ends.
  Mismatch<Real> at(Real y, Real z, Real ln_one_z) const {
    const Real h(1e-6), one_h(1.0000010000005);  // e^h
    const Real psi = psi_at(y, z, ln_one_z), z_next = z * one_h;
    const Real next = psi_at(y + h, z_next, ln_one_z + log1p(z * (one_h - Real(1.0)) / (Real(1.0) + z)));
    return {psi, (next - psi) / h};
  }

 private:
  Real psi_at(Real y, Real z, Real ln_one_z) const {
    const Real one(1.0);
    const Shares<Real> at = shares(z);
    return log(at.generalist * (one + z) / fma(r.q1, z, one)) - r.m * log(at.specialist) + r.p * y -
           (r.p - r.k0 + one) * ln_one_z + r.ln_k;
  }

  /// The root in (0, 1) of c₀ + c₁ x + c₂ x², negative at 0 and positive at 1.
  static Real rising_root(Real c0, Real c1, Real c2) {
    const Real zero(0.0), two(2.0);
    const Real root = sqrt(max(c1 * c1 - Real(4.0) * c0 * c2, zero));
    return select(c1 >= zero, -two * c0 / (c1 + root), (root - c1) / (two * c2));
  }
};

template <class Real>
Solved<Real> outcome_at(const Reduction<Real>& r, const SurplusShare<Real>& stationary, Real y) {
  const Shares<Real> at = stationary.shares(exp(y));
  return outcome_at(r, ShareCurve<Real, 1>{{at.generalist}, {at.specialist}}, y);
}

template <class Real, std::size_t N>
Solved<Real> outcome_at(const Reduction<Real>& r, const StationaryShare<Real, N>& stationary, Real y) {
  return outcome_at(r, stationary.curve, y);
}

}  // namespace haggle::power_law
