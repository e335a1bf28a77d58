// SPDX-License-Identifier: MIT
#include "games.hpp"

#include <cmath>
#include <cstdlib>

namespace haggle::bench {

Game box_game(Random& random) {
  Game g{};
  g.c0 = std::exp(random.uniform(-3, 3));
  g.k0 = random.uniform(1.5, 3);
  g.elasticity = random.uniform(0.3, 1);
  g.c1 = std::exp(random.uniform(-3, 3));
  g.k1 = random.uniform(1.5, 3);
  g.weight = random.uniform(0.05, 0.95);
  return g;
}

const std::vector<Game>& block_of_games() {
  static const std::vector<Game> all = [] {
    Random random(20260101);
    std::vector<Game> games(size_from_environment("HAGGLE_BENCH_GAMES", 16384));
    for (Game& game : games) game = box_game(random);
    return games;
  }();
  return all;
}

Block::Block(const std::vector<Game>& games, power_law::Solution solution)
    : games_(games.size()),
      parameters_(power_law::parameter_count, std::vector<double>(games.size())),
      outputs_(power_law::output_count, std::vector<double>(games.size())) {
  using namespace power_law;
  for (std::size_t i = 0; i < games_; ++i) {
    parameters_[c0_column][i] = games[i].c0;
    parameters_[k0_column][i] = games[i].k0;
    parameters_[generalist_outside_column][i] = games[i].generalist_outside;
    parameters_[scale_column][i] = 1;
    parameters_[elasticity_column][i] = games[i].elasticity;
    parameters_[c1_column][i] = games[i].c1;
    parameters_[k1_column][i] = games[i].k1;
    parameters_[specialist_outside_column][i] = games[i].specialist_outside;
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
