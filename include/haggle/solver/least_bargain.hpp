// SPDX-License-Identifier: MIT
// Egalitarian and Kalai-Smorodinsky bargains by the fast path.
#pragma once
#include "haggle/solver/ideal_gains.hpp"
#include "haggle/solver/least_aim.hpp"
#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

constexpr bool raises_the_least(Solution s) { return s == Solution::egalitarian || s == Solution::kalai_smorodinsky; }

/// Where the result is true, `exact` is the equilibrium at the best share.
template <Solution S, class Real>
mask_t<Real> bargain_for_least(const Play<Rough<Real>>& quick, EquilibriumTrace<Real>& exact,
                               GainTable<Rough<Real>>& table, const Looks& looks, mask_t<Real> wanted) {
  using Quick = Rough<Real>;
  using Mask = mask_t<Real>;
  const Play<Real>& play = exact.play;
  const Real zero(0.0), one(1.0);
  ShareWalk<Quick> walked(quick);
  BeyondWalk<Quick> ends;
  table.fill(walked, looks, wanted, [&](std::size_t j) {
    if (j == 0) ends.see_first(walked.trace);
    if (j + 1 == looks.shares.size()) ends.see_last(walked.trace);
  });
  Mask sure = walked.sure & has_single_peaks(walked, true);
  if (!any(sure)) return sure;
  ByPlayer<Real> scales;
  const auto weight = [&](std::size_t player) {
    return player == 0 ? play.weight : play.specialists[player - 1].weight;
  };
  for (std::size_t player = 0; player < table.players; ++player) scales[player] = weight(player);
  if constexpr (S == Solution::kalai_smorodinsky) {
    const IdealGains<Real> ideal(walked.trace, exact, table, ends, sure);
    sure = ideal.sure;
    for (std::size_t player = 0; player < table.players; ++player)
      scales[player] = scales[player] * select(sure, ideal.of[player], one);
  }
  ByPlayer<Quick> rough_scales;
  for (std::size_t player = 0; player < table.players; ++player) {
    const Mask counts = weight(player) > zero;
    scales[player] = select(counts, one / select(counts, scales[player], one), zero);
    rough_scales[player] = converted<Quick>(scales[player]);
  }
  const LeastWalk<Quick> walk(table, rough_scales);
  const BestCell<Quick>& best = walk.best;
  LeastAim<Quick> rough_aim(rough_scales, best.left, best.right);
  SharePolish<Quick> near(walked.trace);
  table.read(best.high_look, near.places);
  near.begin(best.bracket, sure & walk.sure);
  near.run(rough_aim, 1e-3, 1e-3);
  near.done = near.done & (near.value > best.rival);
  LeastAim<Real> aim(scales, converted<Real>(rough_aim.left), converted<Real>(rough_aim.right));
  SharePolish<Real> polish(exact);
  polish.begin(near);
  polish.run(aim, 1e-7, 1e-10);
  polish.finish(aim, 1e-10);
  return polish.done;
}

}  // namespace haggle::fine_tuning
