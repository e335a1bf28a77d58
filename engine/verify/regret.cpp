// SPDX-License-Identifier: MIT
#include "haggle/verify/regret.hpp"

#include <algorithm>
#include <cmath>

namespace haggle::oracle {
namespace {

double surplus_of(const Outcome& o) { return o.generalist_utility + o.specialist_utility; }

Split split_of(const Claim& claim) { return {claim.share, claim.complement}; }

}  // namespace

Outcome outcome_of(const Game& game, const Claim& claim) {
  Outcome o;
  o.split = split_of(claim);
  o.base_performance = claim.base_performance;
  o.performance = claim.performance;
  o.generalist_utility = generalist_utility(game, o.split, o.base_performance, o.performance);
  o.specialist_utility = specialist_utility(game, o.split, o.base_performance, o.performance);
  o.deal = true;
  return o;
}

double scale_of(const Game& game, const Claim& claim) {
  const Outcome o = outcome_of(game, claim);
  return std::max({std::abs(o.generalist_utility), std::abs(o.specialist_utility), surplus_of(o),
                   std::abs(game.generalist_outside), std::abs(game.specialist_outside)});
}

double specialist_regret(const Game& game, const Claim& claim) {
  const Split split = split_of(claim);
  const double claimed = specialist_utility(game, split, claim.base_performance, claim.performance);
  double best = std::max(game.specialist_outside,
                         specialist_utility(game, split, claim.base_performance, claim.base_performance));
  const auto offer = [&](double x) {
    const double utility =
        split.specialist * revenue(game, claim.base_performance + x) - game.c1 * std::pow(x, game.k1);
    best = std::max(best, utility);
  };
  for (int i = -400; i <= 200; ++i) offer(claim.performance * std::exp(i * 0.04));
  offer(best_contribution(game, split, claim.base_performance));
  return (best - claimed) / scale_of(game, claim);
}

double generalist_regret(const Game& game, const Claim& claim) {
  const Split split = split_of(claim);
  const double claimed = generalist_utility(game, split, claim.base_performance, claim.performance);
  const double threshold = participation_threshold(game, split);
  double best = std::max(game.generalist_outside, 0.0);
  for (int i = -400; i <= 200; ++i) {
    const double base = std::max(claim.performance, 1e-300) * std::exp(i * 0.04);
    if (base >= threshold)
      best = std::max(best, generalist_utility(game, split, base, base + best_contribution(game, split, base)));
  }
  best = std::max(best, equilibrium(game, split).generalist_utility);
  return (best - claimed) / scale_of(game, claim);
}

double bargain_regret(const Game& game, const Claim& claim, const Result& best) {
  const Outcome claimed = outcome_of(game, claim);
  const double reached = objective(game, game.solution, game.weight, best.ideals, claimed);
  // Where gains are small differences of utilities and outside options, rounding alone is this large.
  const double scale = scale_of(game, claim);
  const double tiny =
      game.solution == Solution::kalai_smorodinsky || game.solution == Solution::max_performance ? 0.0 : 1e-6 * scale;
  if (best.objective <= tiny) return (surplus_of(best.outcome) - surplus_of(claimed)) / scale;
  return (best.objective - reached) / best.objective;
}

double bargain_regret_in_money(const Game& game, const Claim& claim, const Result& best) {
  const Outcome claimed = outcome_of(game, claim);
  const double scale = scale_of(game, claim);
  const bool is_money = game.solution != Solution::kalai_smorodinsky && game.solution != Solution::max_performance;
  if (best.objective <= (is_money ? 1e-14 * scale : 0.0))
    return (surplus_of(best.outcome) - surplus_of(claimed)) / scale;
  const double rounding = 1e-15 * (revenue(game, claim.performance) + scale);
  Outcome lifted = claimed;
  lifted.generalist_utility += rounding;
  lifted.specialist_utility += rounding;
  const double reached = objective(game, game.solution, game.weight, best.ideals, lifted);
  return (best.objective - reached) / (is_money ? scale : best.objective);
}

}  // namespace haggle::oracle
