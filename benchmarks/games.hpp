// SPDX-License-Identifier: MIT
// Varied random games of the benchmarks' box: ε in [0.3, 1], k in [1.5, 3], c in [e^-3, e^3], w in [0.05, 0.95], R = 1,
// outside options 0.
#pragma once
#include <cstddef>
#include <vector>

#include "haggle/executor/dispatch.hpp"
#include "haggle/model/power_law.hpp"

namespace haggle::bench {

struct Game {
  double c0, k0, elasticity, c1, k1, weight;
};

/// The same `n` games on every machine.
std::vector<Game> box_games(std::size_t n);

/// The games that solvers are timed on: HAGGLE_BENCH_GAMES of the box.
const std::vector<Game>& block_of_games();

/// Parameters and outputs of a block, column by column, as the kernels want them.
class Block {
 public:
  Block(const std::vector<Game>& games, power_law::Solution solution);
  void solve(InstructionSet isa);
  std::size_t games() const { return games_; }
  double output(power_law::OutputColumn column, std::size_t game) const { return outputs_[column][game]; }

 private:
  std::size_t games_;
  std::vector<std::vector<double>> parameters_, outputs_;
  std::vector<const double*> in_;
  std::vector<double*> out_;
};

/// A positive number from the environment, or `preset`: how a short run asks for less.
std::size_t size_from_environment(const char* variable, std::size_t preset);

}  // namespace haggle::bench
