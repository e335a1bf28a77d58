// SPDX-License-Identifier: MIT
// Proof that the generalist's utility has one peak at every share.
#pragma once
#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// Where a cost's marginal cost is a power: its exponent, and false in `constant` where it is none. Of a sum of powers
/// the elasticity only rises, so that two places tell; floats have room for marginal costs 1e-15 and 1e15 there.
template <class Real>
struct MarginalPower {
  Real exponent;
  mask_t<Real> constant;
};
template <class Real>
MarginalPower<Real> marginal_power(const Function<Real>& cost) {
  const auto elasticity = [&](Real at) {
    const Jet<Real> f = cost(at);
    return at * f.curvature / f.slope;
  };
  Real low(1e-30), high(1e30);
  if constexpr (is_swift_v<Real>) {
    high = exp(Real(34.5) / max(cost.growth() - Real(1.0), Real(0.5)));
    low = Real(1.0) / high;
  }
  const Real at_low = elasticity(low), at_high = elasticity(high);
  const mask_t<Real> constant = abs(at_low - at_high) < Real(1e-4);
  return {at_high, constant};
}

/// All specialists' revenues are concave and their marginal costs powers of x, K = k-1. Then a specialist's
/// contribution r'(α) T to the generalist's marginal revenue has, replies included, at most the elasticity
///     q (1-t) (t-K),   q = E/K,  t = s (1+q)/(1+qs) ∈ (0,1)
/// by α₀: never positive where K >= 1, at most E (1-K)²/(4K) where K < 1. Where that is below the elasticity of the
/// generalist's marginal cost, marginal revenue crosses marginal cost once. E rises with α (FunctionFamily), and no α
/// that matters exceeds what the specialist does alone and the generalist at most does together.
template <class Real>
mask_t<Real> has_single_peaks(const ShareWalk<Real>& walked) {
  const Real zero(0.0), one(1.0), margin(1.05);
  const Play<Real>& play = walked.play;
  const MarginalPower<Real> own = marginal_power(play.cost);
  mask_t<Real> proven = own.exponent > Real(0.05);
  for (std::size_t i = 0; i < walked.trace.size; ++i) {
    const Specialist<Real>& s = play.specialists[i];
    const MarginalPower<Real> k = marginal_power(s.cost);
    const Real top = margin * (walked.alone[i] + walked.highest);
    const Jet<Real> r = s.revenue(top);
    const Real bend = -top * r.curvature / r.slope, lacks = max(one - k.exponent, zero);
    const Real rise = margin * Real(0.25) * bend * lacks * lacks / k.exponent;
    proven = proven & k.constant & (k.exponent > Real(0.05)) & !(s.revenue.convex_until() > zero) &
             ((lacks <= Real(1e-6)) | (own.constant & (rise < own.exponent)));
  }
  return proven;
}

}  // namespace haggle::fine_tuning
