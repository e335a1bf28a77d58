// SPDX-License-Identifier: MIT
// The engine against the brute-force solver of the room verify, on families of random games.
#include <doctest/doctest.h>

#include <functional>

#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

// A bargain or an investment off by δ costs δ² where the objective is smooth but δ at a kink or a bound, and the
// reference itself is good to about 1e-11: a regret of 1e-9 leaves room for both and for nothing else.
constexpr double regret_allowed = 1e-9;

void check_numbers_are_those_of_the_definition(const oracle::Game& game, const Equilibrium& e) {
  const oracle::Split split = oracle::split_of_share(e.share);
  const double revenue = oracle::revenue(game, e.performance);
  const double generalist = oracle::generalist_utility(game, split, e.base_performance, e.performance);
  const double specialist = oracle::specialist_utility(game, split, e.base_performance, e.performance);
  // The share is stored to 1 part in 2^53 of one, which is what 1−δ is then known to.
  const double rounding = 4e-16 * revenue;
  CHECK(std::abs(e.revenue - revenue) <= 1e-12 * revenue);
  CHECK(std::abs(e.generalist_utility - generalist) <= 1e-12 * split.generalist * revenue + rounding);
  CHECK(std::abs(e.specialist_utility - specialist) <= 1e-12 * split.specialist * revenue + rounding);
  CHECK(std::abs(e.surplus - (e.generalist_utility + e.specialist_utility)) <= 1e-15 * revenue);
}

void check_bounds(const oracle::Game& game, const Equilibrium& e, double scale) {
  CHECK(e.share >= 0);
  CHECK(e.share <= 1);
  CHECK(e.base_performance >= 0);
  CHECK(e.performance >= e.base_performance);
  CHECK(e.generalist_utility >= game.generalist_outside - 1e-12 * scale);
  CHECK(e.specialist_utility >= game.specialist_outside - 1e-12 * scale);
  CHECK(e.residual >= 0);
  CHECK(e.residual <= 1e-9);
  using power_law::GeneralistRegime, power_law::SpecialistRegime;
  CHECK(e.generalist_regime == (e.base_performance > 0 ? GeneralistRegime::invests : GeneralistRegime::idle));
  if (e.performance > e.base_performance) CHECK(e.specialist_regime == SpecialistRegime::contributor);
  if (e.specialist_regime == SpecialistRegime::free_rider) CHECK(e.performance == e.base_performance);
}

/// Whether rounding alone may decide between a deal and none.
bool on_the_edge(const oracle::Game& game, const oracle::Frontier& frontier) {
  const auto near = [&](const oracle::Outcome& o) {
    const double scale = std::abs(o.generalist_utility) + std::abs(o.specialist_utility);
    return std::abs(o.generalist_gain) < 1e-9 * scale ||
           (game.specialist_outside > 0 && std::abs(o.specialist_utility - game.specialist_outside) < 1e-9 * scale &&
            !o.held);
  };
  if (game.solution == oracle::Solution::fixed)
    return game.generalist_outside != 0 || game.specialist_outside != 0
               ? near(oracle::equilibrium(game, oracle::split_of_share(game.fixed_share)))
               : false;
  const double best = frontier.largest_generalist_gain();
  return std::abs(best) < 1e-9 * (std::abs(game.generalist_outside) + std::abs(game.specialist_outside));
}

/// Share, α₀, α₁, U_G, U_D with every digit, for a failure's message.
std::string exactly(const std::vector<double>& numbers) {
  std::ostringstream out;
  out.precision(17);
  for (double number : numbers) out << number << ' ';
  return out.str();
}

void check_against_oracle(const oracle::Game& game, const Equilibrium& e, const oracle::Frontier& frontier) {
  const oracle::Result best = oracle::solve(game, frontier);
  const std::string engine =
      exactly({e.share, e.base_performance, e.performance, e.generalist_utility, e.specialist_utility});
  const oracle::Outcome& o = best.outcome;
  const std::string reference =
      exactly({o.split.generalist, o.base_performance, o.performance, o.generalist_utility, o.specialist_utility});
  CAPTURE(text(game));
  CAPTURE(engine);
  CAPTURE(reference);
  if (on_the_edge(game, frontier)) return;
  REQUIRE(e.status == (best.outcome.deal ? Status::solved : Status::no_deal));
  if (!best.outcome.deal) {
    CHECK(e.generalist_utility == game.generalist_outside);
    CHECK(e.specialist_utility == game.specialist_outside);
    CHECK(e.surplus == game.generalist_outside + game.specialist_outside);
    CHECK(std::isnan(e.share));
    CHECK(e.base_performance == 0);
    CHECK(e.performance == 0);
    CHECK(e.revenue == 0);
    CHECK(e.generalist_regime == power_law::GeneralistRegime::abstains);
    CHECK(e.specialist_regime == power_law::SpecialistRegime::abstainer);
    return;
  }
  const oracle::Claim claim{e.share, e.base_performance, e.performance};
  check_numbers_are_those_of_the_definition(game, e);
  check_bounds(game, e, oracle::scale_of(game, claim));
  CHECK(oracle::specialist_regret(game, claim) <= regret_allowed);
  CHECK(oracle::generalist_regret(game, claim) <= regret_allowed);
  if (game.solution == oracle::Solution::fixed)
    CHECK(e.share == game.fixed_share);
  else
    CHECK(oracle::bargain_regret(game, claim, best) <= regret_allowed);
}

/// Every solution of `usual` random games (more or fewer by HAGGLE_TEST_EFFORT).
void check_family(std::uint64_t seed, std::size_t usual, const std::function<oracle::Game(Random&)>& draw) {
  Random random(seed);
  for (std::size_t i = 0; i < effort(usual); ++i) {
    oracle::Game game = draw(random);
    const oracle::Frontier frontier(game);
    std::vector<oracle::Game> games;
    for (oracle::Solution solution : all_solutions) {
      game.solution = solution;
      games.push_back(game);
    }
    const auto equilibria = play(games);
    for (std::size_t s = 0; s < games.size(); ++s) check_against_oracle(games[s], equilibria[s], frontier);
  }
}

/// Two local maxima of U_G(α₀) near the middle shares: adaptation nearly linear in cost.
oracle::Game nearly_linear_adaptation(Random& random) {
  oracle::Game g = benchmark_box(random);
  g.k1 = 1 + random.log_uniform(0.005, 0.1);
  g.elasticity = random.uniform(0.3, 0.95);
  g.k0 = random.uniform(1.2, 2.5);
  return g;
}

/// What the players can reach without outside options, to put outside options in proportion.
oracle::Ideals ideals_of(const oracle::Game& game) { return oracle::Frontier(game).ideals(); }

}  // namespace

TEST_CASE("the engine finds what brute force finds in the benchmarks' box") { check_family(1, 60, benchmark_box); }

TEST_CASE("the engine finds what brute force finds when revenue is convex") {
  check_family(2, 40, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    g.elasticity = random.uniform(1, 0.97 * std::min(g.k0, g.k1));
    return g;
  });
}

TEST_CASE("the engine finds the global peak when adaptation costs are nearly linear") {
  check_family(3, 50, nearly_linear_adaptation);
}

TEST_CASE("the engine weighs corners against the interior when a cost exponent is below 2") {
  check_family(4, 50, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    g.k0 = random.uniform(1.05, 2);
    g.k1 = random.uniform(1.05, 2);
    g.elasticity = random.uniform(0.2, 1);
    return g;
  });
}

TEST_CASE("the engine respects outside options that bind") {
  check_family(5, 60, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    const oracle::Ideals ideals = ideals_of(g);
    g.generalist_outside = random.uniform(-0.3, 0.8) * ideals.generalist;
    g.specialist_outside = random.uniform(-0.3, 0.8) * ideals.specialist;
    return g;
  });
}

TEST_CASE("the engine holds a specialist with a good alternative exactly at it") {
  check_family(6, 40, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    const oracle::Ideals ideals = ideals_of(g);
    g.specialist_outside = random.uniform(0.8, 1.6) * ideals.specialist;
    g.generalist_outside = random.uniform(0, 1) < 0.5 ? 0.0 : random.uniform(-1, 0.3) * ideals.generalist;
    return g;
  });
}

TEST_CASE("the engine gives in to bad outside options as the definition says") {
  check_family(7, 30, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    const oracle::Ideals ideals = ideals_of(g);
    g.generalist_outside = -random.log_uniform(0.01, 10) * ideals.generalist;
    g.specialist_outside = -random.log_uniform(0.01, 10) * ideals.specialist;
    return g;
  });
}

TEST_CASE("a player without bargaining weight is left out but stays individually rational") {
  check_family(8, 30, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    g.weight = random.uniform(0, 1) < 0.5 ? 0 : 1;
    if (random.uniform(0, 1) < 0.5) {
      const oracle::Ideals ideals = ideals_of(g);
      g.generalist_outside = random.uniform(0, 0.6) * ideals.generalist;
      g.specialist_outside = random.uniform(0, 0.6) * ideals.specialist;
    }
    return g;
  });
}

TEST_CASE("the engine stands extreme cost ratios and scales") {
  check_family(9, 50, [](Random& random) {
    oracle::Game g = benchmark_box(random);
    const double ratio = random.uniform(0, 1) < 0.5 ? 6 : -6;
    g.c1 = g.c0 * std::exp(ratio + random.uniform(-0.5, 0.5));
    g.scale = random.log_uniform(1e-4, 1e4);
    return g;
  });
}

TEST_CASE("two-peaked games with outside options are solved globally") {
  check_family(10, 40, [](Random& random) {
    oracle::Game g = nearly_linear_adaptation(random);
    const oracle::Ideals ideals = ideals_of(g);
    g.generalist_outside = random.uniform(-0.2, 0.7) * ideals.generalist;
    g.specialist_outside = random.uniform(-0.2, 0.9) * ideals.specialist;
    return g;
  });
}

TEST_CASE("the design's two-peaked example is won by the far peak") {
  oracle::Game game;
  game.solution = oracle::Solution::fixed;
  game.fixed_share = 0.669;
  game.elasticity = 0.491;
  game.c0 = 4.822, game.k0 = 1.372;
  game.c1 = 1.984, game.k1 = 1.040;
  const Equilibrium e = play(game);
  CHECK(e.status == Status::solved);
  CHECK(e.base_performance == doctest::Approx(3.30e-2).epsilon(5e-3));
  CHECK(e.generalist_utility == doctest::Approx(0.0806).epsilon(1e-3));
  const oracle::Outcome reference = oracle::equilibrium(game, oracle::split_of_share(game.fixed_share));
  CHECK(e.base_performance == doctest::Approx(reference.base_performance).epsilon(1e-11));
  CHECK(e.performance == doctest::Approx(reference.performance).epsilon(1e-11));
  // The near peak is a local maximum, higher than its surroundings and lower than the far one.
  const auto utility_at = [&](double base) {
    const oracle::Split split = oracle::split_of_share(game.fixed_share);
    return oracle::generalist_utility(game, split, base, base + oracle::best_contribution(game, split, base));
  };
  CHECK(utility_at(1.6e-4) > utility_at(4e-5));
  CHECK(utility_at(1.6e-4) > utility_at(1e-3));
  CHECK(utility_at(1.6e-4) < e.generalist_utility - 0.01);
}

TEST_CASE("a claim away from the equilibrium has regret: the reference can tell") {
  oracle::Game game;
  const oracle::Frontier frontier(game);
  const oracle::Result best = oracle::solve(game, frontier);
  CHECK(oracle::specialist_regret(game, {0.5, 0.25, 0.55}) > 1e-3);
  CHECK(oracle::generalist_regret(game, {0.5, 0.30, 0.55}) > 1e-3);
  CHECK(oracle::bargain_regret(game, {0.6, 0.30, 0.5}, best) > 1e-3);
  CHECK(oracle::specialist_regret(game, {0.5, 0.25, 0.5}) <= 1e-14);
  CHECK(oracle::generalist_regret(game, {0.5, 0.25, 0.5}) <= 1e-14);
  CHECK(oracle::bargain_regret(game, {0.5, 0.25, 0.5}, best) <= 1e-14);
}
