// SPDX-License-Identifier: MIT
#include "games.hpp"

#include <cmath>
#include <cstdlib>
#include <random>

namespace haggle::bench {

std::vector<Game> box_games(std::size_t n) {
  std::mt19937_64 engine(20260101);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(engine() >> 11) * 0x1p-53;
  };
  std::vector<Game> games(n);
  for (Game& g : games) {
    g.c0 = std::exp(uniform(-3, 3));
    g.k0 = uniform(1.5, 3);
    g.elasticity = uniform(0.3, 1);
    g.c1 = std::exp(uniform(-3, 3));
    g.k1 = uniform(1.5, 3);
    g.weight = uniform(0.05, 0.95);
  }
  return games;
}

const std::vector<Game>& block_of_games() {
  static const std::vector<Game> games = box_games(size_from_environment("HAGGLE_BENCH_GAMES", 16384));
  return games;
}

Block::Block(const std::vector<Game>& games, power_law::Solution solution)
    : games_(games.size()),
      parameters_(power_law::parameter_count, std::vector<double>(games.size())),
      outputs_(power_law::output_count, std::vector<double>(games.size())) {
  using namespace power_law;
  for (std::size_t i = 0; i < games_; ++i) {
    parameters_[c0_column][i] = games[i].c0;
    parameters_[k0_column][i] = games[i].k0;
    parameters_[generalist_outside_column][i] = 0;
    parameters_[scale_column][i] = 1;
    parameters_[elasticity_column][i] = games[i].elasticity;
    parameters_[c1_column][i] = games[i].c1;
    parameters_[k1_column][i] = games[i].k1;
    parameters_[specialist_outside_column][i] = 0;
    parameters_[solution_column][i] = static_cast<double>(solution);
    parameters_[weight_column][i] = games[i].weight;
    parameters_[fixed_share_column][i] = games[i].weight;
  }
  for (const auto& column : parameters_) in_.push_back(column.data());
  for (auto& column : outputs_) out_.push_back(column.data());
}

void Block::solve(InstructionSet isa) { block_solver(power_law::table, isa)(in_.data(), out_.data(), games_); }

std::size_t size_from_environment(const char* variable, std::size_t preset) {
  const char* text = std::getenv(variable);
  const long long value = text ? std::atoll(text) : 0;
  return value > 0 ? static_cast<std::size_t>(value) : preset;
}

}  // namespace haggle::bench
