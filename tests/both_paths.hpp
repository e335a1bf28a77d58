// SPDX-License-Identifier: MIT
// A block of general games by its kernel and by the slow path alone, which shares no code with the fast one but the
// functions themselves.
#pragma once
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "fine_tuning_games.hpp"
#include "haggle/solver/one_by_one.hpp"
#include "haggle/solver/traced_block.hpp"

namespace haggle::test {

/// Room for the outputs of a block's games. Of those on request the first best may be wanted: with others the fast path
/// leaves all to the slow one, and with that one what has S-shaped revenue.
class Solved {
 public:
  Solved(const fine_tuning::Table& table, const std::vector<GeneralGame>& games, bool with_first_best = true)
      : outputs(table.columns(), std::vector<double>(games.size())),
        where(games.size()),
        parameters_(parameters_of(table, games)) {
    for (const auto& column : parameters_) in.push_back(column.data());
    const auto& o = table.form.outputs;
    for (std::size_t k = 0; k < table.outputs.size(); ++k)
      for (std::size_t c = table.first_column(k); c < table.first_column(k) + table.width(k); ++c) {
        const bool first_best = with_first_best && (c == o.first_best_surplus || c == o.efficiency);
        out.push_back(table.outputs[k].on_request && !first_best ? nullptr : outputs[c].data());
      }
    std::iota(where.begin(), where.end(), std::size_t{0});
  }
  Solved(const Solved&) = delete;
  Solved& operator=(const Solved&) = delete;

  Columns outputs;
  std::vector<const double*> in;
  std::vector<double*> out;
  std::vector<std::size_t> where;  ///< all games

 private:
  Columns parameters_;
};

/// The games by the slow path alone, or by the kernel of an instruction set.
inline Columns solve_with(const fine_tuning::Table& table, const std::vector<GeneralGame>& games,
                          const InstructionSet* isa, bool with_first_best = true) {
  Solved solved(table, games, with_first_best);
  if (isa)
    block_solver(table, *isa)(solved.in.data(), solved.out.data(), games.size());
  else
    fine_tuning::solve_one_by_one(table.form, solved.in.data(), solved.out.data(), solved.where.data(), games.size());
  return solved.outputs;
}
inline Columns solve_slowly(const fine_tuning::Table& table, const std::vector<GeneralGame>& games) {
  return solve_with(table, games, nullptr);
}
inline Columns solve_fast(const fine_tuning::Table& table, const std::vector<GeneralGame>& games, InstructionSet isa,
                          bool with_first_best = true) {
  return solve_with(table, games, &isa, with_first_best);
}
/// How many of the games, at most a tile of them, the fast path alone leaves to the slow one, a game at a time.
inline std::size_t left_by_fast_path(const fine_tuning::Table& table, Solved& solved) {
  fine_tuning::TracedBlock<double> block(table.form, solved.in.data(), solved.out.data());
  return block(solved.where.data(), solved.where.size());
}

/// The same of games of one form, the first best not being asked for.
inline std::size_t left_of(const std::vector<GeneralGame>& games) {
  const auto table = table_of(games.front());
  Solved solved(*table, games, false);
  return left_by_fast_path(*table, solved);
}

/// The logarithm of the Nash product, from a block's utilities.
inline double nash_product(const fine_tuning::Table& table, const Columns& solved, const GeneralGame& game,
                           std::size_t i) {
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

/// A Nash bargain with one specialist.
inline GeneralGame nash_game(const GeneralFunction& cost, double weight, const GeneralFunction& revenue,
                             const GeneralFunction& adaptation, double fixed = 0, double its_fixed = 0) {
  GeneralGame game;
  game.cost = cost;
  game.weight = weight;
  game.fixed = fixed;
  game.specialists = {{revenue, adaptation}};
  game.specialists.front().fixed = its_fixed;
  game.fixed_shares = {0.5};
  game.solution = oracle::Solution::nash;
  return game;
}

/// Small changes of all that is more than nothing.
inline std::vector<GeneralGame> near(const std::vector<GeneralGame>& games, std::size_t count, Random& random) {
  std::vector<GeneralGame> all;
  for (const GeneralGame& game : games)
    for (std::size_t i = 0; i < count; ++i) {
      GeneralGame other = game;
      for (GeneralFunction* f : {&other.cost, &other.specialists.front().revenue, &other.specialists.front().cost})
        for (double& number : f->numbers) number *= random.uniform(0.97, 1.03);
      all.push_back(other);
    }
  return all;
}

/// On every instruction set the bargain is the slow path's, or as good.
inline void check_nash(const std::vector<GeneralGame>& games) {
  const auto table = table_of(games.front());
  const auto& o = table->form.outputs;
  const Columns slow = solve_slowly(*table, games);
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns fast = solve_fast(*table, games, isa, false);
    for (std::size_t i = 0; i < games.size(); ++i) {
      INFO(text(games[i]));
      REQUIRE(fast[o.status][i] == slow[o.status][i]);
      if (fast[o.status][i] != static_cast<double>(Status::solved)) continue;
      const double ours = nash_product(*table, fast, games[i], i), theirs = nash_product(*table, slow, games[i], i);
      INFO("shares ", fast[o.share][i], " and ", slow[o.share][i], ", products ", ours, " and ", theirs);
      CHECK((ours == theirs || std::abs(ours - theirs) <= 1e-9 * (1 + std::abs(theirs))));
    }
  }
}

}  // namespace haggle::test
