// SPDX-License-Identifier: MIT
// Between the tests and the global solver of the general game: games in, what becomes of them out.
#pragma once
#include <numeric>

#include "fine_tuning_games.hpp"
#include "haggle/solver/fine_tuning_kernel.hpp"

namespace haggle::test {

struct Played {
  Status status{};
  double share = 0, base_performance = 0, generalist_utility = 0, surplus = 0, residual = 0;
  double first_best_surplus = 0, efficiency = 0;
  fine_tuning::GeneralistRegime generalist_regime{};
  fine_tuning::ProfitSharing profit_sharing{};
  std::vector<double> performance, specialist_utility, revenue;
  std::vector<fine_tuning::SpecialistRegime> specialist_regime;
};

/// What a block says of one of its games.
inline Played played_of(const fine_tuning::Table& table, const GeneralGame& game, const Columns& solved,
                        std::size_t which) {
  const fine_tuning::OutputColumns& o = table.form.outputs;
  const auto get = [&](std::size_t column) { return solved[column][which]; };
  Played played;
  played.status = static_cast<Status>(get(o.status));
  played.share = get(o.share);
  played.base_performance = get(o.base_performance);
  played.generalist_utility = get(o.generalist_utility);
  played.surplus = get(o.surplus);
  played.residual = get(o.residual);
  played.first_best_surplus = get(o.first_best_surplus);
  played.efficiency = get(o.efficiency);
  played.generalist_regime = static_cast<fine_tuning::GeneralistRegime>(get(o.generalist_regime));
  played.profit_sharing = static_cast<fine_tuning::ProfitSharing>(get(o.profit_sharing));
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    played.performance.push_back(get(o.performance + i));
    played.specialist_utility.push_back(get(o.specialist_utility + i));
    played.revenue.push_back(get(o.revenue + i));
    played.specialist_regime.push_back(static_cast<fine_tuning::SpecialistRegime>(get(o.specialist_regime + i)));
  }
  return played;
}

/// The game as the global solver solves it, no fast path before it.
inline Played play_globally(const GeneralGame& game) {
  const auto table = table_of(game);
  const std::vector<double> row = row_of(*table, game);
  Columns results(table->columns(), {-12345.0});
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const double& number : row) in.push_back(&number);
  for (auto& result : results) out.push_back(result.data());
  out[table->form.outputs.pareto_efficient] = nullptr;
  const std::size_t where = 0;
  fine_tuning::solve_one_by_one(table->form, in.data(), out.data(), &where, 1);
  return played_of(*table, game, results, 0);
}

/// As a run solves it whose spec asks for nothing on request: by the kernel, with the fast path before the global
/// solver.
inline Played play_by_kernel(const GeneralGame& game) {
  const auto table = table_of(game);
  return played_of(*table, game, solve_columns(*table, {game}, best_instruction_set(), false), 0);
}

/// What the oracle makes of the same claim: its outcome at the engine's share, with the engine's numbers in it.
inline oracle::general::Outcome claim_of(const GeneralGame& game, const Played& played) {
  oracle::general::Outcome claim;
  claim.splits.assign(game.specialists.size(), oracle::split_of_share(played.share));
  claim.base_performance = played.base_performance;
  claim.generalist_utility = played.generalist_utility;
  claim.generalist_gain = played.generalist_utility - game.outside;
  claim.deal = true;
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    oracle::general::SpecialistOutcome s;
    s.in = played.specialist_regime[i] != fine_tuning::SpecialistRegime::abstainer;
    s.performance = s.in ? played.performance[i] : 0;
    s.contribution = s.in ? s.performance - played.base_performance : 0;
    s.revenue = played.revenue[i];
    s.utility = played.specialist_utility[i];
    claim.specialists.push_back(s);
  }
  return claim;
}

inline double revenue_of(const Played& played) {
  return std::accumulate(played.revenue.begin(), played.revenue.end(), 0.0);
}

}  // namespace haggle::test
