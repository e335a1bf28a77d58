// SPDX-License-Identifier: MIT
// The fast path: a stationary bargain by Newton's method, and a proof that it is the only one.
#pragma once
#include "haggle/solver/bargain_newton.hpp"
#include "haggle/solver/outcome.hpp"

namespace haggle::power_law {

template <class Real>
struct Certified {
  Solved<Real> solved;
  mask_t<Real> certified;  ///< `solved` is the global equilibrium; where not, it means nothing
};

/// Egalitarian bargains end where the weighted utilities meet, provided that more share still helps the generalist and
/// hurts the specialist there and beyond: for every smaller share U_G is lower, for every larger one U_D is. `curve_g`
/// and `curve_d` are the powerful players' curves; z is the meeting point.
template <class Real>
mask_t<Real> meets_on_the_frontier(const Reduction<Real>& r, Real share, Real z) {
  const Real zero(0.0), one(1.0);
  const auto g = nash_curve(r, one, zero);
  const auto d = nash_curve(r, zero, one);
  const auto above = [&](const ShareCurve<Real, 5>& c) {  // the curve's share at z is above `share`
    const Real a = evaluate(c.generalist, z), b = evaluate(c.specialist, z);
    return a * (one - share) - share * b;
  };
  // Smaller shares are at larger z and the other way round: ψ_G > 0 on (z, ∞), ψ_D < 0 on (0, z).
  return (above(g) > zero) & (above(d) < zero) & all_non_negative(shifted(g.generalist, z)) &
         all_non_negative(shifted(g.specialist, z)) &
         all_non_negative(shifted(slope_numerator(r.q1, r.m, r.quad, g), z)) &
         all_non_negative(shifted(reversed(d.generalist), one / z)) &
         all_non_negative(shifted(reversed(d.specialist), one / z)) &
         all_non_negative(shifted(reversed(slope_numerator(r.q1, r.m, r.quad, d)), one / z));
}

/// Solves where it can prove, for zero outside options and a generalist's utility with one peak.
template <Solution S, class Real>
Certified<Real> certified_bargain(const Game<Real>& g, const Reduction<Real>& r, mask_t<Real> wanted) {
  const Real zero(0.0), one(1.0);
  const Real rest = one - g.weight;
  const auto solve = [&](const auto& curve, mask_t<Real> proven) -> Certified<Real> {
    const Root<Real> root =
        find_only_root(StationaryShare<Real, std::tuple_size_v<decltype(curve.generalist)>>{r, curve}, proven);
    const Solved<Real> solved = outcome_at(r, curve, root.y);
    const mask_t<Real> good = root.converged & (solved.residual <= Real(certified_residual));
    return {solved, good};
  };
  const mask_t<Real> simple =
      wanted & (g.generalist_outside == zero) & (g.specialist_outside == zero) & r.single_peaked();
  if constexpr (S == Solution::fixed) {
    Certified<Real> contract =
        solve(fixed_curve(g.fixed_share), simple & (g.fixed_share > zero) & (g.fixed_share < one));
    contract.solved.share = g.fixed_share;
    return contract;
  } else if constexpr (S == Solution::egalitarian) {
    const auto curve = ratio_curve(r, g.weight / rest);
    Certified<Real> meeting =
        solve(curve, simple & (g.weight > zero) & (rest > zero) & rises_throughout(r.q1, r.m, r.quad, curve));
    const Real z = meeting.solved.performance / meeting.solved.base_performance - one;
    meeting.certified = meeting.certified & (z > Real(1e-8)) & meets_on_the_frontier(r, meeting.solved.share, z);
    return meeting;
  } else if constexpr (S == Solution::max_performance) {
    const auto curve = performance_curve(r);
    return solve(curve, simple & rises_throughout(r.q1, r.m, r.quad, curve));
  } else {
    static_assert(S == Solution::nash || S == Solution::powerful_generalist || S == Solution::powerful_specialist);
    const Real to_generalist = S == Solution::nash ? g.weight : Real(S == Solution::powerful_generalist ? 1.0 : 0.0);
    const auto curve = nash_curve(r, to_generalist, one - to_generalist);
    return solve(curve, simple & rises_throughout(r.q1, r.m, r.quad, curve));
  }
}

}  // namespace haggle::power_law
