// SPDX-License-Identifier: MIT
// How near the numbers are: investments by the game's first-order conditions, bargained shares by the objective's
// slope.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Game;
using oracle::Solution;

namespace {

using Long = long double;

Equilibrium at_share(Game game, double share) {
  game.solution = Solution::fixed;
  game.fixed_share = share;
  return play(game);
}

Long objective(const Game& g, Solution solution, const Equilibrium& e) {
  const Long x = e.generalist_utility, d = e.specialist_utility, w = g.weight;
  switch (solution) {
    case Solution::nash:
      return w * std::log(x) + (1 - w) * std::log(d);
    case Solution::utilitarian:
      return w * x + (1 - w) * d;
    case Solution::powerful_generalist:
      return x;
    case Solution::powerful_specialist:
      return d;
    default:
      return std::log(static_cast<Long>(e.performance));
  }
}

/// How far `share` is from where the objective is stationary, by differences over games of given shares: good to about
/// 1e-11. None where the objective bends too little to tell.
std::optional<double> off_by(const Game& game, Solution solution, double share) {
  const double h = 0.01 * std::min(share, 1 - share);
  const auto value = [&](double steps) { return objective(game, solution, at_share(game, share + steps * h)); };
  const Long slope = (45 * (value(1) - value(-1)) - 9 * (value(2) - value(-2)) + (value(3) - value(-3))) / 60;
  const Long bend = value(1) - 2 * value(0) + value(-1);
  if (std::abs(bend) < 1e-6L * std::abs(value(0))) return std::nullopt;
  return static_cast<double>(-slope / bend) * h;
}

}  // namespace

TEST_CASE("investments meet both first-order conditions to rounding") {
  Random random(71);
  for (std::size_t i = 0; i < effort(2000); ++i) {
    Game g = benchmark_box(random);
    g.solution = Solution::fixed;
    CAPTURE(text(g));
    const Equilibrium e = play(g);
    REQUIRE(e.status == Status::solved);
    const Long share = g.fixed_share, rest = 1 - share, x = static_cast<Long>(e.performance) - e.base_performance;
    const Long marginal = g.scale * g.elasticity * std::pow<Long>(e.performance, g.elasticity - 1);  // r'
    const Long bend = (g.elasticity - 1) * marginal / e.performance;                                 // r''
    const Long cost = g.c1 * g.k1 * std::pow<Long>(x, g.k1 - 1), cost_bend = (g.k1 - 1) * cost / x;
    // x is a difference of what is stored: that is the condition's own rounding.
    const double slack = 1e-13 * static_cast<double>(1 + (g.k1 - 1) * e.performance / x);
    CHECK(std::abs(static_cast<double>(cost / (rest * marginal) - 1)) <= slack);
    const Long reply = cost_bend / (cost_bend - rest * bend);  // dα₁/dα₀
    const Long effort_cost = g.c0 * g.k0 * std::pow<Long>(e.base_performance, g.k0 - 1);
    CHECK(std::abs(static_cast<double>(share * marginal * reply / effort_cost - 1)) <= 10 * slack);
  }
}

TEST_CASE("a bargained share is stationary to ten digits") {
  Random random(72);
  std::size_t told = 0;
  for (std::size_t i = 0; i < effort(300); ++i) {
    Game g = benchmark_box(random);
    for (Solution solution : {Solution::nash, Solution::utilitarian, Solution::powerful_generalist,
                              Solution::powerful_specialist, Solution::max_performance}) {
      g.solution = solution;
      const double share = play(g).share;
      if (share < 0.02 || share > 0.98) continue;
      CAPTURE(text(g));
      const auto off = off_by(g, solution, share);
      if (!off) continue;
      ++told;
      CHECK(std::abs(*off) <= 1e-10);
    }
  }
  CHECK(told > effort(300));
}
