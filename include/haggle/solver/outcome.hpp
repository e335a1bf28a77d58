// SPDX-License-Identifier: MIT
// What an equilibrium is worth, outside options aside.
#pragma once
#include "haggle/solver/share_curve.hpp"
#include "haggle/solver/solved.hpp"

namespace haggle::power_law {

/// The outcome at a root of ψ, shares from their curve.
template <class Real, std::size_t N>
[[gnu::flatten]] Solved<Real> outcome_at(const Reduction<Real>& r, const ShareCurve<Real, N>& curve, Real y) {
  const Real one(1.0);
  const UtilityFactors<Real> f(r);
  const Real z = exp(y);
  const Real one_z = one + z;
  const Real l = evaluate(f.l, z);
  const Real a = evaluate(curve.generalist, z), b = evaluate(curve.specialist, z);
  const Real c = a + b;
  const Real over = one / (c * l * one_z);
  const Real over_c = over * l * one_z, over_l = over * c * one_z, t = over * c * l;
  const Real rest = b * over_c, ln_rest = log(rest), ln_one_z = log(one_z);
  const Real ln_performance = fma(-(r.k1 - one), y - ln_one_z, ln_rest + r.ln_pull) / (r.k1 - r.epsilon);
  Solved<Real> s;
  s.status = code<Real>(Status::solved);
  s.share = a * over_c;
  s.performance = exp(ln_performance);
  s.base_performance = s.performance * t;
  s.revenue = r.scale * exp(r.epsilon * ln_performance);
  s.generalist_utility = s.share * s.revenue * evaluate(f.gg, z) * over_l / r.k0;
  s.specialist_utility = rest * s.revenue * evaluate(f.dd, z) * t / r.k1;
  s.generalist_regime = code<Real>(GeneralistRegime::invests);
  s.specialist_regime = code<Real>(SpecialistRegime::contributor);
  s.residual =
      abs(fma(-r.m, ln_rest, fma(-(r.p - r.k0 + one), ln_one_z, fma(r.p, y, r.ln_k) + log(s.share * one_z * over_l))));
  return s;
}

/// More than this and the robust path has a look: ψ is a sum of terms of order 10, each good to 1e-16.
inline constexpr double certified_residual = 2e-13;

/// δ = 0: the generalist is idle and the specialist works alone.
template <class Real>
Solved<Real> idle_outcome(const Reduction<Real>& r) {
  const Real zero(0.0), one(1.0);
  const Real ln_performance = r.ln_pull / (r.k1 - r.epsilon);
  const Real revenue = r.scale * exp(r.epsilon * ln_performance), performance = exp(ln_performance);
  return {code<Real>(Status::solved),
          zero,
          zero,
          performance,
          zero,
          revenue * (one - r.epsilon / r.k1),
          revenue,
          code<Real>(GeneralistRegime::idle),
          code<Real>(SpecialistRegime::contributor),
          zero};
}

/// δ = 1: the generalist works alone and the specialist rides free.
template <class Real>
Solved<Real> alone_outcome(const Reduction<Real>& r) {
  const Real zero(0.0), one(1.0);
  const Real ln_performance = (r.ln_k + r.m * r.ln_pull) / (r.k0 - r.epsilon);
  const Real revenue = r.scale * exp(r.epsilon * ln_performance), performance = exp(ln_performance);
  return {code<Real>(Status::solved),
          one,
          performance,
          performance,
          revenue * (one - r.epsilon / r.k0),
          zero,
          revenue,
          code<Real>(GeneralistRegime::invests),
          code<Real>(SpecialistRegime::free_rider),
          zero};
}

template <class Real>
Solved<Real> choose(mask_t<Real> mask, const Solved<Real>& a, const Solved<Real>& b) {
  const auto pick = [&](Real Solved<Real>::*member) { return select(mask, a.*member, b.*member); };
  using S = Solved<Real>;
  return {pick(&S::status),
          pick(&S::share),
          pick(&S::base_performance),
          pick(&S::performance),
          pick(&S::generalist_utility),
          pick(&S::specialist_utility),
          pick(&S::revenue),
          pick(&S::generalist_regime),
          pick(&S::specialist_regime),
          pick(&S::residual)};
}

}  // namespace haggle::power_law
