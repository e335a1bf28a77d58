// SPDX-License-Identifier: MIT
// What each bargaining solution maximises along a game's equilibria (model: bargaining; arXiv 2308.04399, section 4).
#pragma once
#include "haggle/model/power_law.hpp"
#include "haggle/solver/equilibrium_curve.hpp"

namespace haggle::power_law {

/// Values closer than this, relatively, can't be told apart: some ten roundings.
inline constexpr double tie = 4e-15;

/// Value and slope at one equilibrium. Where a player with weight must gain and can't, the point is not admissible.
template <class Real>
struct Judgement {
  Real value;                       ///< comparable between shares of one game; a logarithm for `nash`
  Real slope;                       ///< its sign is that of dvalue/dy
  Real size;                        ///< what the value's rounding is relative to
  Real clearance, clearance_slope;  ///< what the generalist gains, relatively; d/dy where that is near 0
  mask_t<Real> admissible;
};

/// What is maximised, and who must agree. Money is counted in units of about the largest revenue.
template <class Real, Solution S>
struct Objective {
  const Game<Real>& g;
  /// `kalai_smorodinsky`: times the players' best gains.
  Real generalist_weight, specialist_weight;
  /// `egalitarian` and `kalai_smorodinsky` maximise min (U/weight + offset), see LevelOffsets.
  Real generalist_offset, specialist_offset;
  Real ln_performance_unit;
  mask_t<Real> must_gain;  ///< lanes in which the specialist has to end above its outside option if it has weight

  Judgement<Real> operator()(const CurvePoint<Real>& at) const {
    const Real zero(0.0), one(1.0);
    const Real revenue = exp(at.ln_revenue);
    // Gains are counted in a unit that is neither lost next to an outside option nor infinitely less than it.
    const Real unit = ln_unit(at.ln_revenue);
    const Real scale = exp(at.ln_revenue - unit), over = exp(-unit);
    const auto gain = [&](Real utility, Real outside) {
      return utility * scale - select(outside == zero, zero, outside * over);
    };
    const Real generalist = gain(at.generalist, g.generalist_outside);
    const Real specialist = select(at.held, zero, gain(at.specialist, g.specialist_outside));
    // The generalist can also stay idle and let the specialist leave, for nothing.
    const mask_t<Real> rational = at.exists & (generalist >= zero) & (specialist >= zero) & (at.generalist >= zero);
    // Where the specialist is not held the generalist's utility is positive.
    const Real least = max(g.generalist_outside, zero);
    const mask_t<Real> at_stake = at.held | (least > zero);
    const Real share_of_all = revenue / (revenue + least);
    const Real clearance = select(at_stake, at.generalist * share_of_all - least / (revenue + least), one);
    const Real clearance_slope = select(at_stake, at.generalist_slope * share_of_all, zero);
    const mask_t<Real> specialist_counts = must_gain & (specialist_weight > zero);
    const mask_t<Real> gains = rational & ((!specialist_counts) | ((!at.held) & (specialist > zero)));

    if constexpr (S == Solution::nash) {
      const auto logarithm = [&](Real weight, Real gained, Real utility, Real outside) {
        // Next to a huge negative outside option utilities would drown in rounding: ln gain from ln -outside on.
        const mask_t<Real> huge = outside < -one;
        const Real relative = utility * revenue / select(huge, -outside, one);
        return select(weight > zero, weight * select(huge, log1p(relative), log(max(gained, Real(1e-300))) + unit),
                      zero);
      };
      const Real value = logarithm(generalist_weight, generalist, at.generalist, g.generalist_outside) +
                         logarithm(specialist_weight, specialist, at.specialist, g.specialist_outside);
      // A player without weight must not spoil the other's slope where its own gain is zero.
      const Real x = select(generalist_weight > zero, generalist, one),
                 d = select(specialist_weight > zero, specialist, one);
      const Real slope =
          (generalist_weight * at.generalist_slope * d + specialist_weight * at.specialist_slope * x) / (x * d);
      const mask_t<Real> both = gains & ((generalist_weight <= zero) | (generalist > zero));
      return {value, slope, abs(value), clearance, clearance_slope, both};
    } else if constexpr (S == Solution::egalitarian || S == Solution::kalai_smorodinsky) {
      const Real unweighted = infinity<Real>();
      const auto level = [&](Real weight, Real utility, Real offset) {
        return select(weight > zero, utility / weight + offset, unweighted);
      };
      const Real utility_g = at.generalist * revenue;
      const Real utility_d = select(at.held, g.specialist_outside, at.specialist * revenue);
      const Real x = level(generalist_weight, utility_g, generalist_offset);
      const Real d = level(specialist_weight, utility_d, specialist_offset);
      const mask_t<Real> less = x < d;  // who is worse off decides
      const Real slope = select(less, at.generalist_slope / generalist_weight, at.specialist_slope / specialist_weight);
      // Where they meet, the one that is known better says how well off both are.
      const Real size_x = abs(utility_g / generalist_weight) + abs(generalist_offset);
      const Real size_d = abs(utility_d / specialist_weight) + abs(specialist_offset);
      const mask_t<Real> meet = abs(x - d) <= Real(tie) * max(size_x, size_d);
      const mask_t<Real> by_x = select_mask(meet, size_x < size_d, less);
      const Real value = select(by_x, x, d);
      return {value,
              slope,
              max(abs(value), abs(select(by_x, utility_g / generalist_weight, utility_d / specialist_weight))),
              clearance,
              clearance_slope,
              gains};
    } else {
      Real value, slope;
      mask_t<Real> may = rational;
      if constexpr (S == Solution::utilitarian) {
        value = (generalist_weight * at.generalist + specialist_weight * at.specialist) * revenue;
        slope = generalist_weight * at.generalist_slope + specialist_weight * at.specialist_slope;
      } else if constexpr (S == Solution::powerful_generalist) {
        value = at.generalist * revenue;
        slope = at.generalist_slope;
      } else if constexpr (S == Solution::powerful_specialist) {
        value = at.specialist * revenue;
        slope = at.specialist_slope;
        may = gains;
      } else {
        static_assert(S == Solution::max_performance);
        value = exp(at.ln_performance - ln_performance_unit);
        slope = at.performance_slope;
      }
      return {value, slope, abs(value), clearance, clearance_slope, may};
    }
  }

 private:
  Real ln_unit(Real ln_revenue) const {
    const Real zero(0.0), least(1e-300);
    const Real outside = max(abs(g.generalist_outside), abs(g.specialist_outside));
    return max(ln_revenue, select(outside > zero, log(max(outside, least)), -infinity<Real>()));
  }
};

}  // namespace haggle::power_law
