// SPDX-License-Identifier: MIT
// Proof that the generalist's utility has one peak at every share.
#pragma once
#include <numbers>

#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// Where a cost's marginal cost is a power: its exponent, and false in `constant` where it is none. Of a sum of powers
/// the elasticity only rises, so that two places tell; floats have room for marginal costs 1e-15 and 1e15 there.
template <class Real>
struct MarginalPower {
  Real exponent;
  mask_t<Real> constant;
  Real ln_at_one;  ///< ln of marginal cost at an investment of 1
};
/// Of marginal cost without that of a first bit.
template <class Real>
MarginalPower<Real> marginal_power(const Function<Real>& cost, Real first_cost = Real(0.0)) {
  const auto elasticity = [&](const Jet<Real>& f, Real at) { return at * f.curvature / (f.slope - first_cost); };
  const Real one(1.0), half(0.5);
  Real ln_high(30 * std::numbers::ln10);
  if constexpr (is_swift_v<Real>) ln_high = Real(34.5) / max(cost.growth() - one, half);
  // A first bit's cost leaves no digits at small investments.
  const mask_t<Real> linear = first_cost > Real(0.0);
  const Real high = exp(ln_high), low = select(linear, exp(half * ln_high), one / high);
  const Jet<Real> at_low = cost(low), at_high = cost(high);
  const Real exponent = elasticity(at_high, high);
  const mask_t<Real> constant = abs(elasticity(at_low, low) - exponent) < Real(1e-4);
  const Real of_rest = log(at_low.slope - first_cost) - half * exponent * ln_high;
  return {exponent, constant, select(linear, of_rest, log(cost(one).slope))};
}

/// All specialists' revenues are concave and their marginal costs powers of x, K = k-1. Then a specialist's
/// contribution r'(α) T to the generalist's marginal revenue has, replies included, the elasticity
///     q (1-t) (t-K),   q = E/K,  t = s (1+q)/(1+qs) ∈ (0,1)
/// by α₀: never positive where K >= 1, at most E (1-K)²/(4K) where K < 1. Where that is below the elasticity of the
/// generalist's marginal cost, marginal revenue crosses marginal cost once. E rises with α (FunctionFamily), and no α
/// that matters exceeds what the specialist does alone, x₁, and the generalist at most does together.
template <class Real>
struct PeakBump {
  Real k;  ///< K, constant

  /// How high that elasticity can be at an α of elasticity E with s no larger than `most_s`: t rises with s and q.
  Real operator()(Real bend, Real most_s) const {
    const Real one(1.0), half(0.5), zero(0.0), q = bend / k;
    const Real t = min(most_s * (one + q) / (one + q * most_s), half * (one + k));
    return q * (one - t) * max(t - k, zero);
  }

  /// The same for all α up to `top`. s is at most x/α, x being what even all revenue at α makes worth while:
  /// φ'(x) = r'(α). `alone`: no x is larger, and r' <= φ' there.
  Real along(const Specialist<Real>& side, Real alone, Real top) const {
    const Real one(1.0), step = exp(log(top / alone) * Real(1.0 / steps)), marginal = side.cost(alone).slope;
    Jet<Real> r = side.revenue(alone);
    Real alpha = alone, most = (*this)(-alpha * r.curvature / r.slope, one);
    for (int i = 0; i < steps; ++i) {
      const Real part = exp(min(log(r.slope / marginal), Real(0.0)) / k) * alone / alpha;
      alpha = alpha * step;
      r = side.revenue(alpha);
      most = max(most, (*this)(-alpha * r.curvature / r.slope, part));
    }
    return most;
  }

  static constexpr int steps = 12;
};

/// The power of α that revenue starts as: of a concave one 1 does instead, and what numbers can't tell is infinite.
template <class Real>
Real starting_power(const Function<Real>& revenue) {
  const Real one(1.0), until = revenue.convex_until();
  const mask_t<Real> convex = until > Real(0.0), for_ever = convex & !(until < infinity<Real>());
  if (!any(convex)) return one;
  const Real low = select(for_ever | !convex, one, exp(Real(-8.0)) * until);
  const Jet<Real> r = revenue(low);
  const Real power = low * r.slope / r.value, tiny(is_swift_v<Real> ? 1e-30 : 1e-250);
  const mask_t<Real> told = (min(r.slope, r.value) > tiny) & (power > Real(0.0));
  return select(convex, select(told, max(power, one), infinity<Real>()), one);
}

/// Where revenue is convex, E is negative, and no less than 1 less the power of α that it starts as. With that power
/// below both exponents of costs, K + E > 0, so that a reply is unique; q > -1, and the elasticity above is at most -E.
template <class Real>
mask_t<Real> has_single_peaks(const ShareWalk<Real>& walked, bool may_be_convex = false) {
  const Real zero(0.0), one(1.0), margin(1.05);
  const Play<Real>& play = walked.play;
  const MarginalPower<Real> own = marginal_power(play.cost);
  mask_t<Real> proven = own.exponent > Real(0.05);
  for (std::size_t i = 0; i < walked.trace.size; ++i) {
    const Specialist<Real>& s = play.specialists[i];
    const MarginalPower<Real> k = marginal_power(s.cost);
    const Real top = margin * (walked.alone[i] + walked.highest);
    const Jet<Real> r = s.revenue(top);
    const PeakBump<Real> bump{k.exponent};
    Real rise = margin * bump(-top * r.curvature / r.slope, one);
    const Real until = s.revenue.convex_until(), steep = starting_power(s.revenue) - one + Real(0.02);
    const mask_t<Real> concave = !(until > zero);
    proven = proven & k.constant & (k.exponent > Real(0.05)) & (concave | (steep < k.exponent));
    if (!may_be_convex) proven = proven & concave;
    const mask_t<Real> falls = concave & (one - k.exponent <= Real(1e-6));
    if (any(proven & own.constant & !(falls | (rise < own.exponent)))) {
      // Where an investment no longer pays by itself, it never does.
      const Real x = Real(1.15) * exp(walked.started[i]);
      const mask_t<Real> bounds = (s.revenue(x).slope < s.cost(x).slope) & (until < x);
      rise = select(bounds, min(rise, margin * bump.along(s, x, max(top, x))), rise);
    }
    rise = select(concave, rise, max(rise, steep));
    proven = proven & (falls | (own.constant & (rise < own.exponent)));
  }
  return proven;
}

}  // namespace haggle::fine_tuning
