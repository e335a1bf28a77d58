// SPDX-License-Identifier: MIT
#include "solver/uniform_bargain.hpp"

#include <algorithm>
#include <limits>

namespace haggle::fine_tuning {

BestShare UniformBargain::best_for(std::size_t player) {
  Aim aim;
  aim.weight.assign(solver_->game().specialists.size() + 1, 0.0);
  aim.weight[player] = 1;
  return search_.maximise(aim);
}

/// model.md, section 2, over deals.
BestShare UniformBargain::bargain(Solution solution, std::size_t powerful) {
  const Play<double>& game = solver_->game();
  const std::size_t players = game.specialists.size() + 1;
  Aim aim;
  aim.weight.assign(players, 0.0);
  const auto weight = [&](std::size_t j) { return j == 0 ? game.weight : game.specialists[j - 1].weight; };
  switch (solution) {
    case Solution::fixed:
      break;
    case Solution::nash:
      aim.kind = Aim::Kind::product;
      for (std::size_t j = 0; j < players; ++j) aim.weight[j] = weight(j);
      break;
    case Solution::egalitarian:
      aim.kind = Aim::Kind::least;
      for (std::size_t j = 0; j < players; ++j) aim.weight[j] = weight(j) > 0 ? 1 / weight(j) : 0;
      break;
    case Solution::kalai_smorodinsky:
      aim.kind = Aim::Kind::least;
      for (std::size_t j = 0; j < players; ++j) {
        if (!(weight(j) > 0)) continue;
        const BestShare ideal = best_for(j);
        if (ideal.found && ideal.value > 0) aim.weight[j] = 1 / (weight(j) * ideal.value);
      }
      break;
    case Solution::utilitarian:
      for (std::size_t j = 0; j < players; ++j) aim.weight[j] = weight(j);
      break;
    case Solution::powerful_generalist:
      aim.weight[0] = 1;
      break;
    case Solution::powerful_specialist:
      for (std::size_t j = 1; j < players; ++j) aim.weight[j] = powerful == unset || powerful == j - 1 ? 1 : 0;
      break;
    case Solution::max_performance:
      aim.kind = Aim::Kind::performance;
      break;
  }
  return search_.maximise_with_ties(aim);
}

Agreement UniformBargain::operator()(Solution solution, std::size_t powerful) {
  search_.start();
  const auto any_deal = [&] {
    return std::ranges::any_of(search_.looks(), [](const ShareLook& look) { return look.deal; });
  };
  BestShare best = bargain(solution, powerful);
  if (!best.found && !any_deal()) {  // deals that the first looks did not show, where the generalist has the most
    Aim aim;
    aim.kind = Aim::Kind::clearance;
    search_.maximise(aim);
    if (any_deal()) best = bargain(solution, powerful);
  }
  if (!search_.is_settled()) return {Status::not_converged};
  if (!best.found) return {any_deal() ? Status::not_converged : Status::no_deal};
  const ShareLook& look = search_.looks()[best.look];
  return {Status::solved, look.share, &look.equilibrium};
}

}  // namespace haggle::fine_tuning
