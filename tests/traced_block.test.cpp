// SPDX-License-Identifier: MIT
// The general game's fast path against the slow one.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

using fine_tuning::Solution, fine_tuning::Table;

std::vector<GeneralGame> games_of(const GeneralGame& shape, std::size_t count, Solution solution, Random& random,
                                  bool nasty) {
  std::vector<GeneralGame> games;
  for (std::size_t i = 0; i < count; ++i) {
    GeneralGame game = shape;
    draw_numbers(random, game);
    if (!nasty) {
      const auto tame = [&](GeneralFunction& cost) {
        cost.numbers = {0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)};
      };
      tame(game.cost);
      game.outside = game.fixed = 0;
      for (GeneralSpecialist& s : game.specialists) {
        tame(s.cost);
        if (random.uniform(0, 1) < 0.3) s.cost.numbers[0] = random.log_uniform(1e-3, 0.3);
        s.fixed = s.outside = 0;
        s.revenue.numbers[0] = random.log_uniform(0.5, 2);
        s.revenue.numbers[1] =
            s.revenue.family == Family::isoelastic ? random.uniform(0.3, 1) : random.log_uniform(0.2, 5);
        if (s.revenue.family == Family::hill) s.revenue.numbers[2] = random.uniform(0.4, 1);
      }
    }
    game.solution = static_cast<oracle::Solution>(solution);
    games.push_back(game);
  }
  return games;
}

/// The least of the players' gains over their weights and scales, the generalist's first.
double least_gain(const Table& table, const Columns& solved, const GeneralGame& game, std::size_t i,
                  const std::vector<double>& scales) {
  double weights = 0, least = std::numeric_limits<double>::infinity();
  for (const GeneralSpecialist& s : game.specialists) weights += s.bargaining_weight;
  const auto count = [&](std::size_t column, double outside, double weight, double scale) {
    if (weight > 0) least = std::min(least, (solved[column][i] - outside) / (weight * scale));
  };
  const auto& o = table.form.outputs;
  count(o.generalist_utility, game.outside, game.weight, scales[0]);
  for (std::size_t k = 0; k < game.specialists.size(); ++k) {
    const GeneralSpecialist& s = game.specialists[k];
    count(o.specialist_utility + k, s.outside, (1 - game.weight) * s.bargaining_weight / weights, scales[k + 1]);
  }
  return least;
}

/// Utilities of all players agree, the status and the first best.
void expect_same(const Table& table, const std::vector<GeneralGame>& games, const Columns& fast, const Columns& slow) {
  const auto& o = table.form.outputs;
  for (std::size_t i = 0; i < games.size(); ++i) {
    INFO(text(games[i]));
    REQUIRE(fast[o.status][i] == slow[o.status][i]);
    for (const std::size_t column : {o.first_best_surplus, o.efficiency})
      if (std::isfinite(slow[column][i]) || std::isfinite(fast[column][i]))
        CHECK(fast[column][i] == doctest::Approx(slow[column][i]).epsilon(column == o.efficiency ? 1e-6 : 1e-11));
    if (slow[o.status][i] != static_cast<double>(Status::solved)) continue;
    if (games[i].solution == oracle::Solution::nash) {
      const double ours = nash_product(table, fast, games[i], i), theirs = nash_product(table, slow, games[i], i);
      if (std::isfinite(theirs)) {
        CHECK(ours >= theirs - 1e-9 * (1 + std::abs(theirs)));
        continue;
      }
    }
    const double money = 1e-12 + std::abs(slow[o.generalist_utility][i]) + std::abs(slow[o.surplus][i]);
    const bool crossing =
        games[i].solution == oracle::Solution::kalai_smorodinsky || games[i].solution == oracle::Solution::egalitarian;
    const double close = crossing ? 1e-9 : 1e-6;
    CHECK(fast[o.generalist_utility][i] == doctest::Approx(slow[o.generalist_utility][i]).epsilon(close).scale(money));
    CHECK(fast[o.surplus][i] == doctest::Approx(slow[o.surplus][i]).epsilon(close).scale(money));
  }
}

constexpr std::array traced{Solution::fixed,
                            Solution::nash,
                            Solution::kalai_smorodinsky,
                            Solution::egalitarian,
                            Solution::utilitarian,
                            Solution::powerful_generalist,
                            Solution::powerful_specialist,
                            Solution::max_performance};

}  // namespace

TEST_CASE("what the fast path settles of tame games is what the slow one finds") {
  Random random(40);
  for (const std::size_t specialists : {1, 1, 1, 1, 2, 3, 8})
    for (const Solution solution : traced) {
      const GeneralGame shape = draw_shape(random, {specialists});
      const auto table = table_of(shape);
      const auto games = games_of(shape, specialists > 3 ? 30 : 100, solution, random, false);
      const Columns slow = solve_slowly(*table, games);
      for (const InstructionSet isa : supported_instruction_sets())
        expect_same(*table, games, solve_fast(*table, games, isa), slow);
    }
}

TEST_CASE("what the fast path settles of nasty games is what the slow one finds") {
  Random random(41);
  for (int shapes = 0; shapes < 12; ++shapes)
    for (const Solution solution : traced) {
      const GeneralGame shape = draw_shape(random, {1 + static_cast<std::size_t>(shapes) % 4});
      const auto table = table_of(shape);
      const auto games = games_of(shape, 40, solution, random, true);
      const Columns slow = solve_slowly(*table, games);
      for (const InstructionSet isa : {InstructionSet::scalar, best_instruction_set()})
        expect_same(*table, games, solve_fast(*table, games, isa), slow);
    }
}

/// Nobody's first bit of adaptation costs anything, and everyone counts.
std::vector<GeneralGame> plain_games(const GeneralGame& shape, std::size_t count, Solution solution, Random& random) {
  auto games = games_of(shape, count, solution, random, false);
  for (GeneralGame& game : games) {
    game.weight = random.uniform(0.05, 0.95);
    for (GeneralSpecialist& s : game.specialists) {
      s.cost.numbers[0] = 0;
      s.bargaining_weight = random.log_uniform(0.3, 3);
    }
  }
  return games;
}

TEST_CASE("the fast path settles nearly all games whose first bit of adaptation costs nothing") {
  Random random(43);
  for (const Solution solution : {Solution::nash, Solution::egalitarian, Solution::kalai_smorodinsky})
    for (const std::size_t specialists : {1, 4}) {
      const GeneralGame shape = draw_shape(random, {specialists});
      const auto table = table_of(shape);
      const auto games = plain_games(shape, 512, solution, random);
      Solved solved(*table, games);
      INFO(power_law::solution_names[static_cast<std::size_t>(solution)], ", specialists: ", specialists);
      CHECK(left_by_fast_path(*table, solved) <= games.size() / 50);
    }
}

TEST_CASE("no share leaves more to who has least than the bargain for it") {
  Random random(44);
  for (const auto& [specialists, solution] :
       {std::pair{1, Solution::egalitarian}, {5, Solution::egalitarian}, {1, Solution::kalai_smorodinsky}}) {
    const auto n = static_cast<std::size_t>(specialists);
    const GeneralGame shape = draw_shape(random, {n});
    const auto table = table_of(shape);
    const auto& o = table->form.outputs;
    auto games = plain_games(shape, 64, solution, random);
    const auto solve_as = [&](Solution other) {
      for (GeneralGame& game : games) game.solution = static_cast<oracle::Solution>(other);
      return solve_fast(*table, games, best_instruction_set());
    };
    const Columns solved = solve_as(solution);
    std::vector<std::vector<double>> ideals(games.size(), std::vector<double>(n + 1, 1.0));
    if (solution == Solution::kalai_smorodinsky) {
      const Columns first = solve_as(Solution::powerful_generalist), second = solve_as(Solution::powerful_specialist);
      for (std::size_t i = 0; i < games.size(); ++i)
        ideals[i] = {first[o.generalist_utility][i], second[o.specialist_utility][i]};
    }
    for (double v = -14; v <= 14; v += 0.35) {
      for (GeneralGame& game : games) game.fixed_shares = {1 / (1 + std::exp(-v))};
      const Columns other = solve_as(Solution::fixed);
      for (std::size_t i = 0; i < games.size(); ++i) {
        INFO("v = ", v, text(games[i]));
        CHECK(least_gain(*table, solved, games[i], i, ideals[i]) >=
              least_gain(*table, other, games[i], i, ideals[i]) * (1 - 1e-11));
      }
    }
  }
}

TEST_CASE("all instruction sets find the same share") {
  Random random(45);
  for (const Solution solution : {Solution::nash, Solution::egalitarian, Solution::kalai_smorodinsky})
    for (const std::size_t specialists : {1, 3}) {
      const GeneralGame shape = draw_shape(random, {specialists});
      const auto table = table_of(shape);
      const auto games = plain_games(shape, 200, solution, random);
      const Columns reference = solve_fast(*table, games, InstructionSet::scalar);
      const std::size_t share = table->form.outputs.share;
      for (const InstructionSet isa : supported_instruction_sets()) {
        const Columns solved = solve_fast(*table, games, isa);
        for (std::size_t i = 0; i < games.size(); ++i) {
          INFO(text(games[i]));
          CHECK(std::abs(solved[share][i] - reference[share][i]) < 1e-10);
        }
      }
    }
}

TEST_CASE("no deal shares out more than the first best, and dearer costs make that smaller") {
  Random random(46);
  for (const std::size_t specialists : {1, 2, 6}) {
    const GeneralGame shape = draw_shape(random, {specialists});
    const auto table = table_of(shape);
    auto games = games_of(shape, 128, Solution::fixed, random, false);
    const auto& o = table->form.outputs;
    const Columns solved = solve_fast(*table, games, best_instruction_set());
    for (GeneralGame& game : games) game.cost.numbers[1] *= 1.1;
    const Columns dearer = solve_fast(*table, games, best_instruction_set());
    for (std::size_t i = 0; i < games.size(); ++i) {
      INFO(text(games[i]));
      CHECK(solved[o.surplus][i] <= solved[o.first_best_surplus][i] * (1 + 1e-12));
      CHECK(solved[o.efficiency][i] ==
            doctest::Approx(solved[o.surplus][i] / solved[o.first_best_surplus][i]).epsilon(1e-14));
      CHECK(dearer[o.first_best_surplus][i] <= solved[o.first_best_surplus][i] * (1 + 1e-12));
    }
  }
}

TEST_CASE("a game's numbers do not depend on its neighbours in a block") {
  Random random(42);
  for (const auto& [specialists, solution] : {std::pair{1, Solution::nash},
                                              {3, Solution::nash},
                                              {1, Solution::kalai_smorodinsky},
                                              {3, Solution::kalai_smorodinsky},
                                              {3, Solution::egalitarian}}) {
    const GeneralGame shape = draw_shape(random, {static_cast<std::size_t>(specialists)});
    const auto table = table_of(shape);
    auto games = games_of(shape, 60, solution, random, false);
    const Columns together = solve_fast(*table, games, best_instruction_set());
    for (std::size_t i = 0; i < games.size(); ++i) {
      const Columns alone = solve_fast(*table, {games[i]}, best_instruction_set());
      for (std::size_t c = 0; c < alone.size(); ++c) {
        INFO("column ", c, " of game ", i, ": ", alone[c][0], " and ", together[c][i], "; ", text(games[i]));
        const bool same = alone[c][0] == together[c][i] || (std::isnan(alone[c][0]) && std::isnan(together[c][i]));
        CHECK(same);
      }
    }
  }
}

// Of revenue the generalist's gain is a part in 40,000: the share's last bits are worth 4e-9 of it.
TEST_CASE("a gain that is a hair of revenue is as good as the slow path's") {
  GeneralGame game = nash_game({Family::power, {2.9717839842662035, 0.01475069465581352, 1.1173857731798216}},
                               0.00064260189860538652, {Family::isoelastic, {1.1758116525011086, 0.89998013910127761}},
                               {Family::power, {0, 0.44773326456990509, 2}}, 0.17480229772422756, 0.53693061146477017);
  game.solution = oracle::Solution::egalitarian;
  const auto table = table_of(game);
  const auto& o = table->form.outputs;
  const auto least = [&](const Columns& solved) {
    return std::min(solved[o.generalist_utility][0] / game.weight, solved[o.specialist_utility][0] / (1 - game.weight));
  };
  const double slow = least(solve_slowly(*table, {game}));
  for (const InstructionSet isa : supported_instruction_sets())
    CHECK(least(solve_fast(*table, {game}, isa)) >= slow * (1 - 1e-9));
}

// Performance is 1e-16, of which e^-60, a logarithm's nothing, would be a part in 10^10.
TEST_CASE("who rides free adds nothing at all, however small the game") {
  const GeneralGame game =
      nash_game({Family::power, {0.29957685403789158, 33.194731044154018, 1.1134836343662327}}, 0.0083207838634413306,
                {Family::logarithmic, {2.6718482558712084, 2.8794259997443548}},
                {Family::power, {7.3187088502528557, 0.04499517216975675, 2}});
  const auto table = table_of(game);
  Solved alone(*table, {game}, false);
  CHECK(left_by_fast_path(*table, alone) == 0);
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns solved = solve_fast(*table, {game}, isa);
    CHECK(solved[o.performance][0] == solved[o.base_performance][0]);
  }
}

}  // namespace haggle::test
