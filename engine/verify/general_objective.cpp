// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>

#include "haggle/verify/general_bargain.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// An ideal gain that is rounding is none.
constexpr double no_ideal_gain = 1e-13;

double money_in(const GeneralGame& game, const Outcome& o) {
  double most = std::max({std::abs(o.generalist_utility), std::abs(o.surplus()), std::abs(game.outside)});
  for (const SpecialistOutcome& s : o.specialists) most = std::max(most, std::abs(s.utility));
  return most;
}

}  // namespace

std::vector<double> weights(const GeneralGame& game) {
  double sum = 0;
  for (const GeneralSpecialist& s : game.specialists) sum += s.bargaining_weight;
  std::vector<double> all{game.weight};
  const double each = 1 / static_cast<double>(game.specialists.size());
  for (const GeneralSpecialist& s : game.specialists)
    all.push_back((1 - game.weight) * (sum > 0 ? s.bargaining_weight / sum : each));
  return all;
}

std::vector<double> gains(const GeneralGame& game, const Outcome& outcome) {
  // Rounding may leave a player a hair below its outside option, or above: what is nothing beside the money that it
  // deals with is a gain of 0.
  const auto gain = [&](double utility, double outside, double money) {
    return utility - outside > 1e-16 * money ? utility - outside : 0;
  };
  std::vector<double> all{gain(outcome.generalist_utility, game.outside, money_in(game, outcome))};
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const GeneralSpecialist& s = game.specialists[i];
    const double its_money = outcome.specialists[i].revenue + std::abs(s.outside) + s.fixed;
    all.push_back(gain(outcome.specialists[i].utility, s.outside, its_money));
  }
  return all;
}

double objective(const GeneralGame& game, Solution solution, const Ideals& ideals, const Outcome& outcome) {
  const std::vector<double> w = weights(game), gain = gains(game, outcome);
  double sum = 0, product = 1, least = infinity;
  switch (solution) {
    case Solution::nash:
      for (std::size_t j = 0; j < w.size(); ++j)
        if (w[j] > 0) product *= std::pow(gain[j], w[j]);
      return product;
    case Solution::kalai_smorodinsky:
      for (std::size_t j = 0; j < w.size(); ++j) {
        const double outside = j == 0 ? game.outside : game.specialists[j - 1].outside;
        const double ideal = ideals[j] - outside;
        if (w[j] > 0 && ideal > no_ideal_gain * (std::abs(ideals[j]) + std::abs(outside)))
          least = std::min(least, gain[j] / (w[j] * ideal));
      }
      return least < infinity ? least : 0;
    case Solution::egalitarian:
      for (std::size_t j = 0; j < w.size(); ++j)
        if (w[j] > 0) least = std::min(least, gain[j] / w[j]);
      return least < infinity ? least : 0;
    case Solution::utilitarian:
      sum = w[0] * outcome.generalist_utility;
      for (std::size_t i = 0; i < outcome.specialists.size(); ++i) sum += w[i + 1] * outcome.specialists[i].utility;
      return sum;
    case Solution::powerful_generalist:
      return outcome.generalist_utility;
    case Solution::powerful_specialist:
      if (game.powerful != GeneralGame::npos) return outcome.specialists[game.powerful].utility;
      for (const SpecialistOutcome& s : outcome.specialists) sum += s.utility;
      return sum;
    case Solution::max_performance:
      for (const SpecialistOutcome& s : outcome.specialists)
        if (s.in) sum += s.performance;
      return sum;
    case Solution::fixed:
      break;
  }
  return 0;
}

double tie_of(const GeneralGame& game, Solution solution, const Outcome& best) {
  const double unit = solution == Solution::kalai_smorodinsky ? 1
                      : solution == Solution::max_performance ? 0
                                                              : money_in(game, best);
  return 1e-15 * unit;
}

double improvement(const Outcome& outcome, const std::vector<double>& utilities, double scale) {
  double least = outcome.generalist_utility - utilities[0], most = least;
  for (std::size_t i = 0; i < outcome.specialists.size(); ++i) {
    const double gain = outcome.specialists[i].utility - utilities[i + 1];
    least = std::min(least, gain), most = std::max(most, gain);
  }
  return (least < -1e-12 * scale ? least : most) / scale;
}

}  // namespace haggle::oracle::general
