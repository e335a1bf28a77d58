// SPDX-License-Identifier: MIT
// What is proven of all places beyond one of the curves of branches.hpp: that the generalist has no other peak there at
// which the specialist contributes.
#pragma once
#include "haggle/solver/branches.hpp"

namespace haggle::fine_tuning {

template <class Real>
struct BranchProofs {
  using Mask = mask_t<Real>;

  /// Proof that where contributing() or idle() stood last no peak is beyond it, α₀ higher but the specialist still
  /// contributing: beyond it the elasticity of marginal cost, κ m/(l+m), exceeds that of marginal revenue by α₀,
  ///     (1-s) E ((1-κ) s E + K (s-K)) / (K+sE)² at most,   κ = k-1,
  /// which is never positive where (κ-1) E >= K (1-K), K falling and E rising from here, and otherwise below (1-s)/4
  /// for κ >= 1; (1-s)/4 <= α₀/(4α) as a function of α₀ lies below the former if it does so here and at α₀ = α.
  Mask is_highest(Real exponent, bool generalist_is_linear) const {
    const auto& at = curves.shape;
    const Real half(0.5), quarter(0.25), one(1.0), bound(0.27);
    const Real bump = select(at.steep < half, at.steep * (one - at.steep), quarter);
    Mask highest = at.bend * (exponent - one) >= bump;
    if (!all(highest)) {
      Real at_top = at.stiff;
      if (generalist_is_linear) {
        const Jet<Real> f = curves.play.cost(at.top);
        at_top = at.top * f.curvature / f.slope;
      }
      highest = highest | ((at.stiff >= bound * at.others) & (at_top >= bound));
    }
    return highest & (exponent >= one);
  }

  /// Whether where idle() looked last the generalist's first bit of investment, if it costs something, does not pay.
  Mask stays_idle(Real first_cost0) const { return (!(first_cost0 > Real(0.0))) | (curves.shape.pull <= first_cost0); }

  /// Proof of more: that no investment pays there with which the specialist still contributes. Its contribution T lets
  /// marginal revenue rise from T = K/(K+E) to r' at most; if κ >= 1, along the specialist's part s of what is built,
  ///     -d ln(r' T)/ds <= q / ((1+sq) (1+q)),   q = E/K, which rises from here as s falls from 1,
  /// and that is at most 1/(1+√s)², at q = 1/√s.
  Mask stays_idle_throughout(Real first_cost0, Real exponent) const {
    const auto& at = curves.shape;
    const Real one(1.0), two(2.0), q = max(at.bend / at.steep, one), over = one / (one + q);
    const Real rise = exp(log(q) * over + two * (log(one + one / q) - over));
    const Real most = min(one + at.bend / at.steep, select(exponent >= one, rise, infinity<Real>()));
    return Real(1.001) * at.pull * most <= first_cost0;
  }

  /// The same, stretch by stretch of α from x₀ on, for κ >= 1: r' falls from its beginning on, E rises, x/m is at least
  /// x₀/m₀, m = φ'(x) - l, and α₀ at least α - x₀, so that
  ///     r' T <= r' / (1 + E l x₀/(κ m₀ α)),   s E/K = (E/κ) (l x/(m α) + s),
  /// until not even all of r' pays.
  Mask stays_idle_stepwise(Real first_cost0, Real exponent, Mask wanted) const {
    const auto& at = curves.shape;
    const Real one(1.0);
    const Jet<Real> first = curves.side.cost(at.top);
    const Real held = curves.first_cost * at.top / (exponent * (first.slope - curves.first_cost));
    const Real share = at.pull * (one + at.bend / at.steep) / curves.side.revenue(at.top).slope;
    Mask open = wanted & (exponent >= one), proven = open & !open;
    Real alpha = at.top, cost = first_cost0;
    for (const double wide : {1.03, 1.05, 1.08, 1.12, 1.16, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.5, 3.0}) {
      const Jet<Real> r = curves.side.revenue(alpha);
      const Real all = Real(1.0001) * share * r.slope, next = alpha * Real(wide);
      const Mask stops = open & (all <= cost);
      proven = proven | stops;
      open = open & !stops & (all <= cost * (one - alpha * r.curvature / r.slope * held / next));
      if (!any(open)) break;
      alpha = next;
      cost = curves.play.cost(alpha - at.top).slope;
    }
    return proven;
  }

  const Branches<Real>& curves;
};

}  // namespace haggle::fine_tuning
