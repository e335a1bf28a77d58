// SPDX-License-Identifier: MIT
// A block of general games by its kernel and by the slow path alone, which shares no code with the fast one but the
// functions themselves.
#pragma once
#include <cmath>
#include <numeric>

#include "fine_tuning_games.hpp"
#include "haggle/solver/one_by_one.hpp"

namespace haggle::test {

/// The games by the slow path alone, or by the kernel of an instruction set. Of the outputs on request only the first
/// best is wanted, for with others the fast path leaves all to the slow one.
inline Columns solve_with(const fine_tuning::Table& table, const std::vector<GeneralGame>& games,
                          const InstructionSet* isa) {
  const Columns parameters = parameters_of(table, games);
  Columns outputs(table.columns(), std::vector<double>(games.size()));
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const auto& column : parameters) in.push_back(column.data());
  const auto& o = table.form.outputs;
  for (std::size_t k = 0; k < table.outputs.size(); ++k)
    for (std::size_t c = table.first_column(k); c < table.first_column(k) + table.width(k); ++c) {
      const bool first_best = c == o.first_best_surplus || c == o.efficiency;
      out.push_back(table.outputs[k].on_request && !first_best ? nullptr : outputs[c].data());
    }
  if (isa) {
    block_solver(table, *isa)(in.data(), out.data(), games.size());
    return outputs;
  }
  std::vector<std::size_t> where(games.size());
  std::iota(where.begin(), where.end(), std::size_t{0});
  fine_tuning::solve_one_by_one(table.form, in.data(), out.data(), where.data(), where.size());
  return outputs;
}
inline Columns solve_slowly(const fine_tuning::Table& table, const std::vector<GeneralGame>& games) {
  return solve_with(table, games, nullptr);
}
inline Columns solve_fast(const fine_tuning::Table& table, const std::vector<GeneralGame>& games, InstructionSet isa) {
  return solve_with(table, games, &isa);
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

}  // namespace haggle::test
