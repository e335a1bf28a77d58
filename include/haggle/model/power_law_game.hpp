// SPDX-License-Identifier: MIT
// The equations of the power-law game, written over a Real. One specialist, revenue r(α) = R α^ε, costs φ₀ = c₀ α₀^k₀
// and φ₁ = c₁ x^k₁ (arXiv 2308.04399, section 3). Both stages reduce to one scalar, s = x/α₁, the specialist's part of
// the final performance; here s = z/(1+z), t = 1-s = α₀/α₁ = 1/(1+z), and y = ln z.
#pragma once
#include <array>

#include "haggle/core/real.hpp"

namespace haggle::power_law {

/// One game a lane.
template <class Real>
struct Game {
  Real c0, k0, generalist_outside;
  Real scale, elasticity, c1, k1, specialist_outside;
  Real weight;       ///< the generalist's bargaining weight, in [0, 1]
  Real fixed_share;  ///< used by solution `fixed` only
};

/// Revenue grows slower than either cost. Otherwise some share or some coefficient makes a best investment infinite;
/// single games beyond (a share of 0, or exponents exactly equal and a high cost) may still be bounded and are not
/// solved.
template <class Real>
mask_t<Real> is_bounded(const Game<Real>& g) {
  return g.elasticity < min(g.k0, g.k1);
}

/// The game's two first-order conditions as one scalar equation.
///
/// The specialist's: (1-δ) r'(α₁) = φ₁'(x) gives α₁^(k₁-ε) = (1-δ) Rε/(c₁k₁) · s^-(k₁-1), and s falls from 1 to 0 as α₀
/// rises from 0 to ∞. The generalist gains by more effort exactly where δ (1-δ)^-m K > F(s), with
///   q = (1-ε)/(k₁-1), m = (k₀-ε)/(k₁-ε), p = m (k₁-1), K = Rε/(c₀k₀) · (Rε/(c₁k₁))^-m,
///   F(s) = s^-p (1-s)^(k₀-1) (1 + q s).
/// So equilibria have ln δ - m ln(1-δ) + ln K = ln F(s), and dlnF/dy = -Q(z) / (L(z) (1+z)) with L = 1 + (1+q) z and a
/// quadratic Q: F falls throughout, and each share has one equilibrium, unless Q has two positive roots.
template <class Real>
struct Reduction {
  Real epsilon, k0, k1, scale;
  Real q, q1;                ///< q and 1+q = (k₁-ε)/(k₁-1), the latter without cancellation
  Real m, p;                 ///< exponents of 1-δ and of s
  Real ln_k;                 ///< ln K
  Real ln_pull;              ///< ln(Rε/(c₁k₁)), how hard revenue pulls on the specialist
  std::array<Real, 3> quad;  ///< Q's coefficients, lowest power first; the outer two are positive

  explicit Reduction(const Game<Real>& g) : epsilon(g.elasticity), k0(g.k0), k1(g.k1), scale(g.scale) {
    const Real one(1.0);
    const Real over = one / ((k1 - one) * (k1 - epsilon));
    const Real inverse_gap = over * (k1 - one);  // 1/(k₁-ε)
    q = (one - epsilon) * (over * (k1 - epsilon));
    q1 = (k1 - epsilon) * (over * (k1 - epsilon));
    m = (k0 - epsilon) * inverse_gap;
    p = m * (k1 - one);
    ln_pull = log(scale * epsilon / (g.c1 * k1));
    ln_k = log(scale * epsilon / (g.c0 * k0)) - m * ln_pull;
    quad = {p, (k0 - epsilon) + (k0 - one) - q, (k0 - one) * q1};
  }

  /// Where a product of R, ε, a cost coefficient or exponent left the range of the numbers: its logarithm as a sum.
  void mend_logarithms(const Game<Real>& g) {
    const auto pull_on = [&](Real coefficient, Real exponent) {
      const Real ratio = scale * epsilon / (coefficient * exponent), least(1e-290), most(1e290);
      const mask_t<Real> in_range = (scale * epsilon > least) & (coefficient * exponent > least) &
                                    (scale * epsilon < most) & (coefficient * exponent < most) & (ratio > least) &
                                    (ratio < most);
      return select(in_range, log(ratio), log(scale) + log(epsilon) - log(coefficient) - log(exponent));
    };
    ln_pull = pull_on(g.c1, k1);
    ln_k = pull_on(g.c0, k0) - m * ln_pull;
  }

  /// F falls throughout: one equilibrium for each share.
  mask_t<Real> single_peaked() const {
    return (quad[1] >= Real(0.0)) | (quad[1] * quad[1] < Real(4.0) * quad[0] * quad[2]);
  }
};

}  // namespace haggle::power_law
