// SPDX-License-Identifier: MIT
// Between the tests and the engine: games as rows in, equilibria as rows out, and families of random games.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "haggle/core/status.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/model/power_law.hpp"
#include "haggle/verify/regret.hpp"

namespace haggle::test {

struct Equilibrium {
  Status status{};
  double share, base_performance, performance, generalist_utility, specialist_utility, surplus, revenue;
  power_law::GeneralistRegime generalist_regime{};
  power_law::SpecialistRegime specialist_regime{};
  double residual;
};

/// parameters[column][game], outputs[column][game].
using Columns = std::vector<std::vector<double>>;

inline Columns columns_of(const std::vector<oracle::Game>& games) {
  Columns columns(power_law::parameter_count);
  for (const oracle::Game& g : games) {
    columns[power_law::c0_column].push_back(g.c0);
    columns[power_law::k0_column].push_back(g.k0);
    columns[power_law::generalist_outside_column].push_back(g.generalist_outside);
    columns[power_law::scale_column].push_back(g.scale);
    columns[power_law::elasticity_column].push_back(g.elasticity);
    columns[power_law::c1_column].push_back(g.c1);
    columns[power_law::k1_column].push_back(g.k1);
    columns[power_law::specialist_outside_column].push_back(g.specialist_outside);
    columns[power_law::solution_column].push_back(static_cast<double>(g.solution));
    columns[power_law::weight_column].push_back(g.weight);
    columns[power_law::fixed_share_column].push_back(g.fixed_share);
  }
  return columns;
}

/// `wanted[c]` false: that output column is null, and comes back empty.
inline Columns solve_columns(const Columns& parameters, InstructionSet isa, const std::vector<bool>& wanted = {}) {
  const std::size_t games = parameters.front().size();
  Columns outputs(power_law::output_count);
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const auto& column : parameters) in.push_back(column.data());
  for (std::size_t c = 0; c < outputs.size(); ++c) {
    const bool want = wanted.empty() || wanted[c];
    if (want) outputs[c].assign(games, -12345.0);
    out.push_back(want ? outputs[c].data() : nullptr);
  }
  block_solver(power_law::table, isa)(in.data(), out.data(), games);
  return outputs;
}

inline Equilibrium row(const Columns& outputs, std::size_t i) {
  using namespace power_law;
  Equilibrium e;
  e.status = static_cast<Status>(outputs[status_column][i]);
  e.share = outputs[share_column][i];
  e.base_performance = outputs[base_performance_column][i];
  e.performance = outputs[performance_column][i];
  e.generalist_utility = outputs[generalist_utility_column][i];
  e.specialist_utility = outputs[specialist_utility_column][i];
  e.surplus = outputs[surplus_column][i];
  e.revenue = outputs[revenue_column][i];
  e.generalist_regime = static_cast<GeneralistRegime>(outputs[generalist_regime_column][i]);
  e.specialist_regime = static_cast<SpecialistRegime>(outputs[specialist_regime_column][i]);
  e.residual = outputs[residual_column][i];
  return e;
}

inline std::vector<Equilibrium> play(const std::vector<oracle::Game>& games,
                                     InstructionSet isa = best_instruction_set()) {
  const Columns outputs = solve_columns(columns_of(games), isa);
  std::vector<Equilibrium> equilibria;
  for (std::size_t i = 0; i < games.size(); ++i) equilibria.push_back(row(outputs, i));
  return equilibria;
}

inline Equilibrium play(const oracle::Game& game) { return play(std::vector{game}).front(); }

/// For a failure's message: everything needed to play it again.
inline std::string text(const oracle::Game& g) {
  std::ostringstream out;
  out.precision(17);
  out << power_law::solution_names[static_cast<std::size_t>(g.solution)] << " c0=" << g.c0 << " k0=" << g.k0
      << " d_G=" << g.generalist_outside << " R=" << g.scale << " elasticity=" << g.elasticity << " c1=" << g.c1
      << " k1=" << g.k1 << " d_D=" << g.specialist_outside << " w=" << g.weight << " fixed=" << g.fixed_share;
  return out.str();
}

inline constexpr std::array all_solutions{oracle::Solution::fixed,
                                          oracle::Solution::nash,
                                          oracle::Solution::kalai_smorodinsky,
                                          oracle::Solution::egalitarian,
                                          oracle::Solution::utilitarian,
                                          oracle::Solution::powerful_generalist,
                                          oracle::Solution::powerful_specialist,
                                          oracle::Solution::max_performance};

/// The same numbers with every library: std::uniform_real_distribution promises less.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  double log_uniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

/// The box that the benchmarks run over: ε in [0.3, 1], k in [1.5, 3], c in [e^-3, e^3], w in [0.05, 0.95].
inline oracle::Game benchmark_box(Random& random) {
  oracle::Game g;
  g.elasticity = random.uniform(0.3, 1);
  g.k0 = random.uniform(1.5, 3);
  g.k1 = random.uniform(1.5, 3);
  g.c0 = std::exp(random.uniform(-3, 3));
  g.c1 = std::exp(random.uniform(-3, 3));
  g.weight = random.uniform(0.05, 0.95);
  g.fixed_share = random.uniform(0.02, 0.98);
  return g;
}

/// How many random games a test plays: `usual`, times the environment's HAGGLE_TEST_EFFORT if set.
inline std::size_t effort(std::size_t usual) {
  const char* factor = std::getenv("HAGGLE_TEST_EFFORT");
  return factor ? static_cast<std::size_t>(std::ceil(static_cast<double>(usual) * std::atof(factor))) : usual;
}

/// Whether random games met a case more than `least` times. Less effort than the usual need not.
inline bool is_met(std::size_t times, std::size_t least) { return times > least || effort(1000) < 1000; }

}  // namespace haggle::test
