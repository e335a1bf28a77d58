// SPDX-License-Identifier: MIT
// Which games the ways of the fast path are for.
#pragma once
#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

/// Costs outgrow all revenues, clearly.
template <class Any>
mask_t<Any> bounded(const Play<Any>& play) {
  const Any margin(0.02);
  const Any own = play.cost.growth();
  mask_t<Any> fit = own > margin;
  for (const Specialist<Any>& s : play.specialists) {
    const Any grows = s.revenue.growth() + margin;
    fit = fit & (grows < own) & (grows < s.cost.growth());
  }
  return fit;
}

/// Where the bargain is over equilibria in which everyone takes part, at all shares or at all that matter.
template <Solution S, class Any>
mask_t<Any> suitable(const Play<Any>& play) {
  const Any zero(0.0);
  // Who is held at its outside option, or abstains, makes a product or the least 0. A player of weight 0 would not.
  mask_t<Any> counted = play.weight > zero, free = (play.fixed == zero) & !(play.outside > zero);
  for (const Specialist<Any>& s : play.specialists) {
    counted = counted & (s.weight > zero);
    free = free & (s.fixed == zero) & !(s.outside > zero);
  }
  const mask_t<Any> fit = bounded(play);
  if constexpr (S == Solution::nash) return fit & counted;
  if constexpr (S == Solution::egalitarian) return fit & (counted | free);
  return fit & free;
}

/// No peak is at smaller shares than a walk along the curve begins at: of an idle generalist it is near its weight.
template <class Any>
mask_t<Any> shows_peaks(const Play<Any>& play) {
  return play.weight > Any(0.005);
}

}  // namespace haggle::fine_tuning
