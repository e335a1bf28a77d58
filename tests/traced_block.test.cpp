// SPDX-License-Identifier: MIT
// The general game's fast path against the slow one, which shares no code with it but the functions themselves.
#include "haggle/solver/traced_block.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "fine_tuning_games.hpp"
#include "haggle/solver/one_by_one.hpp"

namespace haggle::test {
namespace {

using fine_tuning::Solution, fine_tuning::Table;

/// The games by the slow path alone, or by the kernel of an instruction set; outputs on request are not wanted, for
/// with them the fast path leaves all to the slow one.
Columns solve_with(const Table& table, const std::vector<GeneralGame>& games, const InstructionSet* isa) {
  Columns parameters(table.parameters.size()), outputs(table.columns(), std::vector<double>(games.size()));
  for (const GeneralGame& game : games) {
    const std::vector<double> row = row_of(table, game);
    for (std::size_t p = 0; p < row.size(); ++p) parameters[p].push_back(row[p]);
  }
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const auto& column : parameters) in.push_back(column.data());
  for (std::size_t o = 0; o < table.outputs.size(); ++o)
    for (std::size_t c = 0; c < table.width(o); ++c)
      out.push_back(table.outputs[o].on_request ? nullptr : outputs[table.first_column(o) + c].data());
  if (isa) {
    block_solver(table, *isa)(in.data(), out.data(), games.size());
    return outputs;
  }
  std::vector<std::size_t> where(games.size());
  std::iota(where.begin(), where.end(), std::size_t{0});
  fine_tuning::solve_one_by_one(table.form, in.data(), out.data(), where.data(), where.size());
  return outputs;
}
Columns solve_slowly(const Table& table, const std::vector<GeneralGame>& games) {
  return solve_with(table, games, nullptr);
}
Columns solve_fast(const Table& table, const std::vector<GeneralGame>& games, InstructionSet isa) {
  return solve_with(table, games, &isa);
}

/// The logarithm of the Nash product, from a block's utilities.
double nash_product(const Table& table, const Columns& solved, const GeneralGame& game, std::size_t i) {
  const auto& form = table.form;
  double weights = 0;
  for (const GeneralSpecialist& s : game.specialists) weights += s.bargaining_weight;
  double sum = game.weight * std::log(solved[form.outputs.generalist_utility][i] - game.outside);
  for (std::size_t k = 0; k < game.specialists.size(); ++k) {
    const GeneralSpecialist& s = game.specialists[k];
    const double weight = (1 - game.weight) * s.bargaining_weight / weights;
    if (weight > 0) sum += weight * std::log(solved[form.outputs.specialist_utility + k][i] - s.outside);
  }
  return sum;
}

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

/// Utilities of all players agree, and the status.
void expect_same(const Table& table, const std::vector<GeneralGame>& games, const Columns& fast, const Columns& slow) {
  const auto& o = table.form.outputs;
  for (std::size_t i = 0; i < games.size(); ++i) {
    INFO(text(games[i]));
    REQUIRE(fast[o.status][i] == slow[o.status][i]);
    if (slow[o.status][i] != static_cast<double>(Status::solved)) continue;
    if (games[i].solution == oracle::Solution::nash) {
      const double ours = nash_product(table, fast, games[i], i), theirs = nash_product(table, slow, games[i], i);
      if (std::isfinite(theirs)) {
        CHECK(ours >= theirs - 1e-9 * (1 + std::abs(theirs)));
        continue;
      }
    }
    const double money = 1e-12 + std::abs(slow[o.generalist_utility][i]) + std::abs(slow[o.surplus][i]);
    CHECK(fast[o.generalist_utility][i] == doctest::Approx(slow[o.generalist_utility][i]).epsilon(1e-6).scale(money));
    CHECK(fast[o.surplus][i] == doctest::Approx(slow[o.surplus][i]).epsilon(1e-6).scale(money));
  }
}

constexpr std::array traced{Solution::fixed,
                            Solution::nash,
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

TEST_CASE("the fast path settles nearly all games whose first bit of adaptation costs nothing") {
  Random random(43);
  for (const std::size_t specialists : {1, 4}) {
    const GeneralGame shape = draw_shape(random, {specialists});
    const auto table = table_of(shape);
    auto games = games_of(shape, 512, Solution::nash, random, false);
    Columns parameters(table->parameters.size()), outputs(table->columns(), std::vector<double>(games.size()));
    for (GeneralGame& game : games) {
      game.weight = random.uniform(0.05, 0.95);  // who counts nothing is for the slow path
      for (GeneralSpecialist& s : game.specialists) {
        s.cost.numbers[0] = 0;
        s.bargaining_weight = random.log_uniform(0.3, 3);
      }
      const std::vector<double> row = row_of(*table, game);
      for (std::size_t p = 0; p < row.size(); ++p) parameters[p].push_back(row[p]);
    }
    std::vector<const double*> in;
    std::vector<double*> out;
    for (const auto& column : parameters) in.push_back(column.data());
    for (auto& column : outputs) out.push_back(column.data());
    std::vector<std::size_t> where(games.size());
    std::iota(where.begin(), where.end(), std::size_t{0});
    fine_tuning::TracedBlock<double> block(table->form, in.data(), out.data());
    CHECK(block(where.data(), where.size()) <= games.size() / 50);
  }
}

TEST_CASE("a game's numbers do not depend on its neighbours in a block") {
  Random random(42);
  for (const std::size_t specialists : {1, 3}) {
    const GeneralGame shape = draw_shape(random, {specialists});
    const auto table = table_of(shape);
    auto games = games_of(shape, 60, Solution::nash, random, false);
    const Columns together = solve_fast(*table, games, best_instruction_set());
    for (std::size_t i = 0; i < games.size(); ++i) {
      const Columns alone = solve_fast(*table, {games[i]}, best_instruction_set());
      for (std::size_t c = 0; c < alone.size(); ++c) {
        INFO("column ", c, " of game ", i);
        const bool same = alone[c][0] == together[c][i] || (std::isnan(alone[c][0]) && std::isnan(together[c][i]));
        CHECK(same);
      }
    }
  }
}

}  // namespace haggle::test
