// SPDX-License-Identifier: MIT
// Linear revenue r = R α and quadratic costs: the paper's closed forms (arXiv 2308.04399, section 3), all solutions.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

namespace {

struct LinearQuadratic {
  double c0, c1;
  double base(double share) const { return share / (2 * c0); }
  double performance(double share) const { return base(share) + (1 - share) / (2 * c1); }
  double generalist(double share) const { return share * share / (4 * c0) + share * (1 - share) / (2 * c1); }
  double specialist(double share) const {
    return share * (1 - share) / (2 * c0) + (1 - share) * (1 - share) / (4 * c1);
  }
  double generalist_optimal() const { return c1 <= c0 ? c0 / (2 * c0 - c1) : 1; }
  double specialist_optimal() const { return c1 >= c0 ? (c1 - c0) / (2 * c1 - c0) : 0; }
  double sum_optimal() const { return c1 / (c0 + c1); }
};

oracle::Game game_of(const LinearQuadratic& costs, Solution solution) {
  oracle::Game game;
  game.c0 = costs.c0;
  game.c1 = costs.c1;
  game.solution = solution;
  return game;
}

void check_close(double value, double expected) {
  CHECK(std::abs(value - expected) <= 1e-12 * std::max(1.0, std::abs(expected)));
}

void check_follows(const LinearQuadratic& costs, const Equilibrium& e) {
  REQUIRE(e.status == Status::solved);
  const double scale = 1 / std::min(costs.c0, costs.c1);
  const auto close = [&](double value, double expected) { CHECK(std::abs(value - expected) <= 1e-12 * scale); };
  close(e.base_performance, costs.base(e.share));
  close(e.performance, costs.performance(e.share));
  close(e.generalist_utility, costs.generalist(e.share));
  close(e.specialist_utility, costs.specialist(e.share));
  close(e.surplus, costs.generalist(e.share) + costs.specialist(e.share));
  close(e.revenue, costs.performance(e.share));
}

const std::vector<LinearQuadratic>& asymmetric_costs() {
  static const std::vector<LinearQuadratic> all{{1, 1},      {2, 1},        {1, 2},     {0.3, 7},
                                                {7, 0.3},    {100, 99},     {1e-3, 1},  {0.05, 0.04},
                                                {3e4, 1e-2}, {1.0, 1.0001}, {0.01, 100}};
  return all;
}

/// The share at which `gap`, negative at 0 and positive at 1, is zero.
template <class Function>
double balance(Function gap) {
  double low = 0, high = 1;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (gap(middle) < 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

TEST_CASE("at any fixed share the investments and utilities are the paper's closed forms") {
  for (const LinearQuadratic& costs : asymmetric_costs())
    for (double share : {0.0, 1e-9, 1e-3, 0.1, 1.0 / 3, 0.5, 0.669, 0.9, 0.999, 1 - 1e-9, 1.0}) {
      CAPTURE(costs.c0);
      CAPTURE(costs.c1);
      CAPTURE(share);
      oracle::Game game = game_of(costs, Solution::fixed);
      game.fixed_share = share;
      const Equilibrium e = play(game);
      CHECK(e.share == share);
      check_follows(costs, e);
      CHECK(e.base_performance == doctest::Approx(costs.base(share)).epsilon(1e-12));
      CHECK(e.performance == doctest::Approx(costs.performance(share)).epsilon(1e-12));
    }
}

TEST_CASE("the reference agrees with the closed forms") {
  for (const LinearQuadratic& costs : asymmetric_costs())
    for (double share : {0.0, 1e-3, 0.5, 0.9, 1.0}) {
      const oracle::Outcome o = oracle::equilibrium(game_of(costs, Solution::fixed), oracle::split_of_share(share));
      const double scale = 1 / std::min(costs.c0, costs.c1);
      CHECK(std::abs(o.base_performance - costs.base(share)) <= 1e-13 * scale);
      CHECK(std::abs(o.performance - costs.performance(share)) <= 1e-13 * scale);
      CHECK(std::abs(o.generalist_utility - costs.generalist(share)) <= 1e-13 * scale);
      CHECK(std::abs(o.specialist_utility - costs.specialist(share)) <= 1e-13 * scale);
    }
}

TEST_CASE("a powerful player and a planner take the shares of the closed forms") {
  for (const LinearQuadratic& costs : asymmetric_costs()) {
    CAPTURE(costs.c0);
    CAPTURE(costs.c1);
    const Equilibrium generalist = play(game_of(costs, Solution::powerful_generalist));
    const Equilibrium specialist = play(game_of(costs, Solution::powerful_specialist));
    const Equilibrium sum = play(game_of(costs, Solution::utilitarian));
    for (const Equilibrium& e : {generalist, specialist, sum}) check_follows(costs, e);
    check_close(generalist.share, costs.generalist_optimal());
    check_close(specialist.share, costs.specialist_optimal());
    check_close(sum.share, costs.sum_optimal());
  }
}

TEST_CASE("performance is largest when the cheaper side takes all, and a tie goes to the larger surplus") {
  CHECK(play(game_of({2, 1}, Solution::max_performance)).share == 0);
  CHECK(play(game_of({1, 2}, Solution::max_performance)).share == 1);
  // Equal costs: α₁ = 1/(2c) whatever the share.
  const Equilibrium tie = play(game_of({1, 1}, Solution::max_performance));
  CHECK(tie.share == doctest::Approx(0.5).epsilon(1e-6));
  CHECK(tie.performance == doctest::Approx(0.5).epsilon(1e-12));
}

TEST_CASE("the design's table of Nash, egalitarian and sum-optimal shares is reproduced") {
  struct Row {
    LinearQuadratic costs;
    double nash, egalitarian, sum;
  };
  for (const Row& row :
       {Row{{1, 1}, 0.5, 0.5, 0.5}, Row{{2, 1}, 0.37716, 0.42265, 0.33333}, Row{{1, 2}, 0.62284, 0.57735, 0.66667}}) {
    CHECK(std::abs(play(game_of(row.costs, Solution::nash)).share - row.nash) < 5.001e-6);
    CHECK(std::abs(play(game_of(row.costs, Solution::egalitarian)).share - row.egalitarian) < 5.001e-6);
    CHECK(std::abs(play(game_of(row.costs, Solution::utilitarian)).share - row.sum) < 5.001e-6);
  }
}

TEST_CASE("Nash, egalitarian and Kalai-Smorodinsky shares solve their closed-form conditions") {
  for (const LinearQuadratic& costs : asymmetric_costs()) {
    CAPTURE(costs.c0);
    CAPTURE(costs.c1);
    // d/dδ ln U_G + d/dδ ln U_D = 0, both utilities being δ and 1−δ times a linear function of δ. The share is at most
    // as sharp as the condition is steep; away from the ends it is.
    const double a = 1 / (4 * costs.c0), b = 1 / (4 * costs.c1);
    const auto nash_slope = [&](double s) {
      return 1 / s + (a - 2 * b) / (a * s + 2 * b * (1 - s)) - 1 / (1 - s) + (2 * a - b) / (2 * a * s + b * (1 - s));
    };
    const double nash = balance([&](double s) { return -nash_slope(s); });
    const double egalitarian = balance([&](double s) { return costs.generalist(s) - costs.specialist(s); });
    const double best_generalist = costs.generalist(costs.generalist_optimal());
    const double best_specialist = costs.specialist(costs.specialist_optimal());
    const double equal_ratios = balance(
        [&](double s) { return costs.generalist(s) / best_generalist - costs.specialist(s) / best_specialist; });
    check_close(play(game_of(costs, Solution::nash)).share, nash);
    check_close(play(game_of(costs, Solution::egalitarian)).share, egalitarian);
    check_close(play(game_of(costs, Solution::kalai_smorodinsky)).share, equal_ratios);
  }
}

TEST_CASE("the Pareto set runs from the specialist's optimum to the generalist's, and bargains stay inside") {
  for (const LinearQuadratic& costs : asymmetric_costs())
    for (Solution solution :
         {Solution::nash, Solution::kalai_smorodinsky, Solution::egalitarian, Solution::utilitarian})
      for (double weight : {0.05, 0.3, 0.5, 0.8}) {
        CAPTURE(costs.c0);
        CAPTURE(costs.c1);
        oracle::Game game = game_of(costs, solution);
        game.weight = weight;
        CAPTURE(text(game));
        const Equilibrium e = play(game);
        REQUIRE(e.status == Status::solved);
        CHECK(e.share >= costs.specialist_optimal() - 1e-12);
        CHECK(e.share <= costs.generalist_optimal() + 1e-12);
      }
}

TEST_CASE("revenue scale and costs enter the linear-quadratic game only as c / R² and money by R") {
  // r = R α, φ = c x²: with α measured in R's units the costs are c/R².
  const LinearQuadratic costs{2, 1};
  oracle::Game game = game_of(costs, Solution::nash);
  const Equilibrium one = play(game);
  game.scale = 8;
  game.c0 *= 64, game.c1 *= 64;
  const Equilibrium other = play(game);
  check_close(other.share, one.share);
  CHECK(other.generalist_utility == doctest::Approx(one.generalist_utility).epsilon(1e-12));
  CHECK(other.performance * 8 == doctest::Approx(one.performance).epsilon(1e-12));
}
