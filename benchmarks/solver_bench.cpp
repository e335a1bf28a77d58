// SPDX-License-Identifier: MIT
// The block solvers on varied games, one core: games/s beside the accuracy reached.
#include <benchmark/benchmark.h>

#include <string>

#include "accuracy.hpp"
#include "games.hpp"
#include "groups.hpp"

namespace haggle::bench {
namespace {

using power_law::Solution;

void solve(benchmark::State& state, Solution solution, InstructionSet isa) {
  Block block(block_of_games(), solution);
  while (state.KeepRunning()) {
    block.solve(isa);
    benchmark::ClobberMemory();
  }
  state.counters["games/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * block.games()), benchmark::Counter::kIsRate);
  if (solution != Solution::fixed) report(state, accuracy_of(block, solution));
}

}  // namespace

void add_solvers() {
  for (InstructionSet isa : supported_instruction_sets())
    for (std::size_t s = 0; s < power_law::solution_names.size(); ++s) {
      const std::string name = "solve/" + std::string(power_law::solution_names[s]) + "/" + std::string(name_of(isa));
      benchmark::RegisterBenchmark(name.c_str(), solve, static_cast<Solution>(s), isa)->Unit(benchmark::kMillisecond);
    }
}

}  // namespace haggle::bench
