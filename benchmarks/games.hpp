// SPDX-License-Identifier: MIT
// Varied random games, the same on every machine, and blocks of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "haggle/executor/dispatch.hpp"
#include "haggle/model/power_law.hpp"

namespace haggle::bench {

/// Revenue α^ε.
struct Game {
  double c0, k0, elasticity, c1, k1, weight;
  double generalist_outside = 0, specialist_outside = 0;
};

/// The same numbers with every library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }

 private:
  std::mt19937_64 engine_;
};

/// A game of the benchmarks' box: ε in [0.3, 1], k in [1.5, 3], c in [e^-3, e^3], w in [0.05, 0.95].
Game box_game(Random& random);

/// The games that the fast paths are timed on: HAGGLE_BENCH_GAMES of the box.
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
