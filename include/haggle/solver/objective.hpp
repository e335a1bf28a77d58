// SPDX-License-Identifier: MIT
// What each bargaining solution maximises along a game's equilibria (model: bargaining; arXiv 2308.04399, section 4).
#pragma once
#include "haggle/model/power_law.hpp"
#include "haggle/solver/equilibrium_curve.hpp"

namespace haggle::power_law {

/// Value and slope at one equilibrium. Where a player with weight must gain and can't, the point is not admissible.
template <class Real>
struct Judgement {
  Real value;  ///< comparable between shares of one game; a logarithm for `nash`
  Real slope;  ///< its sign is that of dvalue/dy
  mask_t<Real> admissible;
};

/// Weights of the two players; for Kalai-Smorodinsky they are already multiplied by the players' best gains.
template <class Real, Solution S>
struct Objective {
  const Game<Real>& g;
  Real generalist_weight, specialist_weight;
  mask_t<Real> must_gain;  ///< lanes in which the specialist has to end above its outside option where it has weight

  Judgement<Real> operator()(const CurvePoint<Real>& at) const {
    const Real zero(0.0), one(1.0);
    const Real revenue = exp(at.ln_revenue), over = exp(-at.ln_revenue);
    const auto gain = [&](Real utility, Real outside) {  // in units of revenue; no 0 · ∞ where revenue underflows
      return utility - select(outside == zero, zero, outside * over);
    };
    const Real generalist = gain(at.generalist, g.generalist_outside);
    const Real specialist = select(at.held, zero, gain(at.specialist, g.specialist_outside));
    // The generalist can also stay idle and let the specialist leave, for nothing.
    const mask_t<Real> rational = at.exists & (generalist >= zero) & (specialist >= zero) & (at.generalist >= zero);
    const mask_t<Real> specialist_counts = must_gain & (specialist_weight > zero);
    const mask_t<Real> gains = rational & ((!specialist_counts) | ((!at.held) & (specialist > zero)));

    if constexpr (S == Solution::nash) {
      const auto logarithm = [&](Real weight, Real x) {
        return select(weight > zero, weight * (log(max(x, Real(1e-300))) + at.ln_revenue), zero);
      };
      const Real value = logarithm(generalist_weight, generalist) + logarithm(specialist_weight, specialist);
      // A player without weight must not spoil the other's slope where its own gain is zero.
      const Real x = select(generalist_weight > zero, generalist, one),
                 d = select(specialist_weight > zero, specialist, one);
      const Real slope =
          (generalist_weight * at.generalist_slope * d + specialist_weight * at.specialist_slope * x) / (x * d);
      const mask_t<Real> both = gains & ((generalist_weight <= zero) | (generalist > zero));
      return {value, slope, both};
    } else if constexpr (S == Solution::egalitarian || S == Solution::kalai_smorodinsky) {
      const Real unweighted(1e300);
      const Real x = select(generalist_weight > zero, generalist / generalist_weight, unweighted);
      const Real d = select(specialist_weight > zero, specialist / specialist_weight, unweighted);
      const Real slope =
          select(x < d, at.generalist_slope / generalist_weight, at.specialist_slope / specialist_weight);
      return {min(x, d) * revenue, slope, gains};
    } else if constexpr (S == Solution::utilitarian) {
      return {(generalist_weight * at.generalist + specialist_weight * at.specialist) * revenue,
              generalist_weight * at.generalist_slope + specialist_weight * at.specialist_slope, rational};
    } else if constexpr (S == Solution::powerful_generalist) {
      return {at.generalist * revenue, at.generalist_slope, rational};
    } else if constexpr (S == Solution::powerful_specialist) {
      return {at.specialist * revenue, at.specialist_slope, gains};
    } else {
      static_assert(S == Solution::max_performance);
      return {exp(at.ln_performance), at.performance_slope, rational};
    }
  }
};

}  // namespace haggle::power_law
