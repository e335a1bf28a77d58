// SPDX-License-Identifier: MIT
// Where a bargain is stationary, as a curve: for each s the one share at which the bargain's objective is stationary
// along the equilibria. With zero outside options that share is a ratio of polynomials in z = s/(1-s), so that a
// bargain is the root of one scalar equation (bargain_newton.hpp).
#pragma once
#include <cstddef>
#include <type_traits>

#include "haggle/core/polynomial.hpp"
#include "haggle/model/power_law_game.hpp"

namespace haggle::power_law {

/// δ(z) = generalist / (generalist + specialist). Along the equilibria the bargain's objective rises with δ exactly
/// where the equilibrium's share is below this curve.
template <class Real, std::size_t N>
struct ShareCurve {
  Polynomial<Real, N> generalist, specialist;
};

/// The linear factors that utilities share: L, and U_G = δ r gg/(k₀ L), U_D = (1-δ) r dd/(k₁ (1+z)).
template <class Real>
struct UtilityFactors {
  Polynomial<Real, 2> l, dd, gg;
  explicit UtilityFactors(const Reduction<Real>& r)
      : l{Real(1.0), r.q1}, dd{r.k1, r.k1 - r.epsilon}, gg{r.k0 - r.epsilon, r.k0 * r.q1} {}
};

/// Maximises w_G ln U_G + w_D ln U_D; weights (1, 0) and (0, 1) are the powerful players' bargains.
///
/// Along the equilibria ln α₁, ln U_G and ln U_D have rational slopes, and stationarity is linear in δ:
/// w_G (1-δ) - (w_D + ε/(k₁-ε)) δ - T (1-δ+mδ) = 0 with T = t N / (dd gg Q), N below. Hence δ = A/(A+B),
/// A = w_G D - t N, B = (w_D + ε/(k₁-ε)) D + m t N, D = dd gg Q. B's constant term is w_D D₀ exactly.
template <class Real>
ShareCurve<Real, 5> nash_curve(const Reduction<Real>& r, Real generalist_weight, Real specialist_weight) {
  const UtilityFactors<Real> f(r);
  const Polynomial<Real, 2> one_plus_z{Real(1.0), Real(1.0)};
  const Polynomial<Real, 2> z{Real(0.0), Real(1.0)};
  const Real e = Real(1.0) / r.q1;
  const Polynomial<Real, 4> n = scaled(-r.epsilon * e, f.l * f.dd * f.gg) +
                                scaled(-r.epsilon * specialist_weight, z * f.l * f.gg) +
                                scaled(r.epsilon * r.q1 * generalist_weight, z * f.dd * one_plus_z);
  const Polynomial<Real, 5> d = f.dd * f.gg * r.quad;
  const Real pull = specialist_weight + r.epsilon / (r.k1 - r.epsilon);
  ShareCurve<Real, 5> curve;
  for (std::size_t i = 0; i < 4; ++i) {
    curve.generalist[i] = fma(generalist_weight, d[i], -n[i]);
    curve.specialist[i] = fma(pull, d[i], r.m * n[i]);
  }
  curve.generalist[4] = generalist_weight * d[4];
  curve.specialist[4] = pull * d[4];
  curve.specialist[0] = specialist_weight * d[0];
  return curve;
}

/// U_G = ratio · U_D: egalitarian and Kalai-Smorodinsky bargains, where they are interior.
template <class Real>
ShareCurve<Real, 3> ratio_curve(const Reduction<Real>& r, Real ratio) {
  const UtilityFactors<Real> f(r);
  const Polynomial<Real, 2> one_plus_z{Real(1.0), Real(1.0)};
  return {scaled(ratio * r.k0, f.dd * f.l), scaled(r.k1, f.gg * one_plus_z)};
}

/// Maximises α₁. A = (k₁-1) L, B = z (k₀-1-q + (k₀-1)(1+q) z).
template <class Real>
ShareCurve<Real, 3> performance_curve(const Reduction<Real>& r) {
  const Real one(1.0), zero(0.0);
  return {{r.k1 - one, (r.k1 - one) * r.q1, zero}, {zero, (r.k0 - one) - r.q, (r.k0 - one) * r.q1}};
}

/// The share is the contract.
template <class Real>
ShareCurve<Real, 1> fixed_curve(Real share) {
  return {{share}, {Real(1.0) - share}};
}

/// The numerator of dψ/dy, over A B (A+B) L (1+z), see bargain_newton.hpp; `quad` is Q.
template <class Real, std::size_t N>
auto slope_numerator(Real q1, Real m, const Polynomial<Real, 3>& quad, const ShareCurve<Real, N>& curve) {
  const auto& a = curve.generalist;
  const auto& b = curve.specialist;
  const Polynomial<Real, 3> l_one_plus_z{Real(1.0), Real(1.0) + q1, q1};
  return wronskian(a, b) * (b + scaled(m, a)) * l_one_plus_z + a * b * (a + b) * quad;
}

/// ψ rises throughout: no coefficient of A, B and of its slope's numerator is negative. Where F falls, the bargain then
/// has one stationary share at most; its objective rises up to it and falls beyond.
template <class Real, std::size_t N>
mask_t<Real> rises_throughout(Real q1, Real m, const Polynomial<Real, 3>& quad, const ShareCurve<Real, N>& curve) {
  if constexpr (is_twin_v<Real>) {
    const auto of = [&](auto which) {
      return rises_throughout(q1.*which, m.*which, half(quad, which),
                              ShareCurve<std::remove_cvref_t<decltype(q1.*which)>, N>{half(curve.generalist, which),
                                                                                      half(curve.specialist, which)});
    };
    return {of(&Real::a), of(&Real::b)};
  } else {
    return all_non_negative(curve.generalist) & all_non_negative(curve.specialist) &
           all_non_negative(slope_numerator(q1, m, quad, curve));
  }
}

}  // namespace haggle::power_law
