// SPDX-License-Identifier: MIT
// What a bargain maximises along the trace, as the logarithm of something positive.
#pragma once
#include "haggle/core/rough.hpp"
#include "haggle/solver/equilibrium_trace.hpp"

namespace haggle::fine_tuning {

template <class Real>
struct TracedAim {
  Real value, slope;        ///< by v = logit δ
  mask_t<Real> admissible;  ///< the logarithm exists; where not, `slope` points to where it may
  /// Where not: how far ahead and behind (in v) some player goes on having nothing to gain, by its tangent.
  Real ahead, behind;

  /// Takes another's place.
  void take(const TracedAim& from, mask_t<Real> where) {
    for (Real TracedAim::*number : {&TracedAim::value, &TracedAim::slope, &TracedAim::ahead, &TracedAim::behind})
      this->*number = select(where, from.*number, this->*number);
    admissible = select_mask(where, from.admissible, admissible);
  }
};

/// Nobody gains less, to a logarithm.
template <class Real>
inline constexpr double least_gain = is_swift_v<Real> ? 1e-30 : 1e-200;

template <class Real>
TracedAim<Real> no_aim() {
  const Real zero(0.0);
  return {zero, zero, zero == zero, zero, zero};
}

/// Takes in a player who lacks something to gain where `lacks`.
template <class Real>
void add_lack(TracedAim<Real>& aim, mask_t<Real> lacks, Real gain, Real slope) {
  aim.admissible = aim.admissible & !lacks;
  if (!any(lacks)) return;
  const auto lasts = [&](Real rises) { return select(lacks, -gain / max(rises, Real(least_gain<Real>)), Real(0.0)); };
  aim.ahead = max(aim.ahead, lasts(slope));
  aim.behind = max(aim.behind, lasts(-slope));
}

/// Adds weight ln(gain); `valued`: not just its slope.
template <class Real, bool valued = true>
void add_gain(TracedAim<Real>& aim, Real weight, Real gain, Real slope) {
  const Real zero(0.0), positive = max(gain, Real(least_gain<Real>));
  if constexpr (valued) aim.value = fma(weight, log(positive), aim.value);
  aim.slope = aim.slope + weight * slope / positive;
  add_lack(aim, (weight > zero) & !(gain > zero), gain, slope);
}

/// What a player gains over its outside option, and the slope by v.
template <class Real>
struct Gain {
  Real value, slope;
};
/// Player 0 is the generalist, player i specialist i-1.
template <class Real>
Gain<Real> gain_of(const EquilibriumTrace<Real>& t, std::size_t player) {
  if (player == 0) return {t.generalist - t.play.outside, t.generalist_slope};
  return {t.at[player - 1].utility - t.play.specialists[player - 1].outside, t.at[player - 1].slope};
}

/// `powerful`: whose utility powerful_specialist is after; `unset`: all specialists'. `valued`: not just its slope.
template <Solution S, bool valued = true, class Real>
TracedAim<Real> aim_at(const EquilibriumTrace<Real>& t, std::size_t powerful) {
  const Real zero(0.0);
  const Play<Real>& play = t.play;
  TracedAim<Real> aim = no_aim<Real>();
  const auto add = [&](Real weight, Real gain, Real slope) { add_gain<Real, valued>(aim, weight, gain, slope); };
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

/// Whether every player's gain has digits enough left of what it is the rest of.
template <class Real>
mask_t<Real> is_clear(const EquilibriumTrace<Real>& t) {
  const Real digits(1e-3);
  Real revenue(0.0);
  mask_t<Real> clear = digits == digits;
  for (std::size_t i = 0; i < t.size; ++i) {
    revenue = revenue + t.at[i].revenue;
    clear = clear & (abs(gain_of(t, i + 1).value) > digits * t.rest * t.at[i].revenue);
  }
  return clear & (abs(gain_of(t, 0).value) > digits * t.share * revenue);
}

/// What SharePolish asks of an aim: its value and slope, of which it finds the root, and how to get there.
template <Solution S, class Real, bool valued = true>
struct SmoothAim {
  std::size_t powerful;

  TracedAim<Real> operator()(const EquilibriumTrace<Real>& t, mask_t<Real>) const {
    return aim_at<S, valued>(t, powerful);
  }
  /// dv/dslope, where a secant says so.
  Real turn(Real secant) const { return secant; }
  /// At a peak what a short step changes is of second order.
  mask_t<Real> is_exact(Real slope, double) const { return slope == slope; }
};

/// One player's gain, its slope by the share rather than v where the share it comes from runs out: all is flat there.
template <class Real>
struct GainAim {
  std::size_t player;

  TracedAim<Real> operator()(const EquilibriumTrace<Real>& t, mask_t<Real>) const {
    const Gain<Real> gain = gain_of(t, player);
    TracedAim<Real> aim = no_aim<Real>();
    add_gain(aim, Real(1.0), gain.value, gain.slope);
    aim.slope = aim.slope / (player == 0 ? t.rest : t.share);
    return aim;
  }
  Real turn(Real secant) const { return secant; }
  mask_t<Real> is_exact(Real slope, double) const { return slope == slope; }
};

}  // namespace haggle::fine_tuning
