// SPDX-License-Identifier: MIT
#include "rounding.hpp"

#include <limits>

namespace haggle::test {
namespace {

using oracle::Solution, oracle::general::Outcome;

/// One step of a logit's last digit: no share lies between the two.
double ulp_of(double logit) { return 2.3e-16 * std::max(1.0, std::abs(logit)); }

bool measures_gains(Solution solution) {
  return solution == Solution::nash || solution == Solution::egalitarian || solution == Solution::kalai_smorodinsky;
}

}  // namespace

double money_of(const GeneralGame& game, const Outcome& outcome) {
  double money = std::abs(outcome.generalist_utility) + std::abs(game.outside) + game.fixed;
  for (const auto& specialist : outcome.specialists) money += specialist.revenue;
  return money;
}

double least_difference(const GeneralGame& game, const Outcome& outcome) {
  double least = std::numeric_limits<double>::infinity();
  const double money = money_of(game, outcome);
  if (game.solution == Solution::max_performance) return least;
  if (!measures_gains(game.solution))
    return money > 0 ? std::abs(oracle::general::objective(game, game.solution, {}, outcome)) / money : 0;
  const std::vector<double> gains = oracle::general::gains(game, outcome), weights = oracle::general::weights(game);
  for (std::size_t j = 0; j < gains.size(); ++j)
    if (weights[j] > 0) least = std::min(least, money > 0 ? gains[j] / money : 0);
  return least;
}

bool hangs_on_last_digits(Equilibria& equilibria, const Look& best, const DenseSearch::Value& value) {
  if (!std::isfinite(best.logit)) return false;
  const double here = value(best.outcome);
  for (const double steps : {-3.0, 3.0}) {
    const Outcome beside = equilibria.at(best.logit + steps * ulp_of(best.logit)).outcome;
    if (!beside.deal || std::abs(value(beside) - here) > 1e-9 * std::abs(here)) return true;
  }
  return false;
}

bool same_share(double logit, double other) { return std::abs(logit - other) <= 64 * ulp_of(other); }

}  // namespace haggle::test
