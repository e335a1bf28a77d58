// SPDX-License-Identifier: MIT
// What a bargain maximises along the trace, as the logarithm of something positive.
#pragma once
#include "haggle/solver/equilibrium_trace.hpp"

namespace haggle::fine_tuning {

template <class Real>
struct TracedAim {
  Real value, slope;        ///< by v = logit δ
  mask_t<Real> admissible;  ///< the logarithm exists; where not, `slope` points to where it may
  /// Where not: how far ahead and behind (in v) some player goes on having nothing to gain, by its tangent.
  Real ahead, behind;
};

template <class Real>
TracedAim<Real> no_aim() {
  const Real zero(0.0);
  return {zero, zero, zero == zero, zero, zero};
}

/// Adds weight ln(gain).
template <class Real>
void add_gain(TracedAim<Real>& aim, Real weight, Real gain, Real slope) {
  const Real zero(0.0), least(1e-200), positive = max(gain, least);
  aim.value = fma(weight, log(positive), aim.value);
  aim.slope = aim.slope + weight * slope / positive;
  const mask_t<Real> lacks = (weight > zero) & !(gain > zero);
  aim.admissible = aim.admissible & !lacks;
  if (!any(lacks)) return;
  const auto lasts = [&](Real rises) { return select(lacks, -gain / max(rises, least), zero); };
  aim.ahead = max(aim.ahead, lasts(slope));
  aim.behind = max(aim.behind, lasts(-slope));
}

/// The bargains whose maximum the trace looks for.
constexpr bool is_traced(Solution s) {
  return s == Solution::nash || s == Solution::utilitarian || s == Solution::powerful_generalist ||
         s == Solution::powerful_specialist || s == Solution::max_performance;
}

/// `powerful`: whose utility powerful_specialist is after; `unset`: all specialists'.
template <Solution S, class Real>
TracedAim<Real> aim_at(const EquilibriumTrace<Real>& t, std::size_t powerful) {
  const Real zero(0.0);
  const Play<Real>& play = t.play;
  TracedAim<Real> aim = no_aim<Real>();
  const auto add = [&](Real weight, Real gain, Real slope) { add_gain(aim, weight, gain, slope); };
  if constexpr (S == Solution::nash) {
    add(play.weight, t.generalist - play.outside, t.generalist_slope);
    for (std::size_t i = 0; i < t.size; ++i)
      add(play.specialists[i].weight, t.at[i].utility - play.specialists[i].outside, t.at[i].slope);
  } else {
    Real sum = zero, slope = zero;
    const auto count = [&](Real weight, Real value, Real by_share) {
      sum = fma(weight, value, sum);
      slope = fma(weight, by_share, slope);
    };
    const Real one(1.0);
    if constexpr (S == Solution::utilitarian) count(play.weight, t.generalist, t.generalist_slope);
    if constexpr (S == Solution::powerful_generalist) count(one, t.generalist, t.generalist_slope);
    if constexpr (S == Solution::max_performance) count(one, t.a0 * Real(static_cast<double>(t.size)), zero);
    for (std::size_t i = 0; i < t.size; ++i) {
      const Contribution<Real>& c = t.at[i];
      if constexpr (S == Solution::utilitarian) count(play.specialists[i].weight, c.utility, c.slope);
      if constexpr (S == Solution::powerful_specialist)
        if (powerful == unset || powerful == i) count(one, c.utility, c.slope);
      if constexpr (S == Solution::max_performance) {
        const Real x = c.performance - t.a0;
        count(one, x, fma(t.a0, t.b_tangent, x * c.tangent));
      }
    }
    add(one, sum, slope);
  }
  return aim;
}

}  // namespace haggle::fine_tuning
