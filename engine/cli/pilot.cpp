// SPDX-License-Identifier: MIT
#include "cli/pilot.hpp"

#include <chrono>
#include <random>

#include "haggle/executor/dispatch.hpp"

namespace haggle::cli {
namespace {

/// A run of games as a block solver wants it: only those that are to be solved, side by side.
struct Tile {
  std::vector<std::vector<std::uint64_t>> indices;
  std::vector<std::vector<double>> parameters, outputs;
  std::vector<Status> status;
  std::size_t wanted = 0;

  void keep_pending() {
    wanted = 0;
    for (std::size_t i = 0; i < status.size(); ++i) {
      if (status[i] != Status::pending) continue;
      for (auto& column : parameters) column[wanted] = column[i];
      ++wanted;
    }
  }
};

std::uint64_t failed_games(const Tile& tile) {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < tile.wanted; ++i)
    n += is_failure(static_cast<Status>(static_cast<int>(tile.outputs.front()[i])));
  return n;
}

}  // namespace

Pilot fly_pilot(const Plan& plan, double budget) {
  constexpr std::size_t tile_points = 1024;
  using Clock = std::chrono::steady_clock;
  Evaluator evaluator(plan);
  const BlockSolver solve = block_solver(*plan.game, best_instruction_set());
  std::mt19937_64 random;  // default seed: the same sample on every call

  Tile tile;
  tile.indices.assign(plan.dimensions.size(), std::vector<std::uint64_t>(tile_points));
  tile.outputs.assign(plan.game->outputs.size(), std::vector<double>(tile_points));
  std::vector<double*> outputs;
  for (auto& column : tile.outputs) outputs.push_back(column.data());

  Pilot pilot;
  // The first tile only warms up caches and pages; the rest are timed.
  for (bool warm = false; pilot.seconds < budget; warm = true) {
    for (std::size_t d = 0; d < tile.indices.size(); ++d) {
      std::uniform_int_distribution<std::uint64_t> any(0, plan.dimensions[d].size - 1);
      for (auto& index : tile.indices[d]) index = any(random);
    }
    const auto start = Clock::now();
    evaluator.evaluate(tile.indices, tile_points, tile.parameters, tile.status);
    tile.status.resize(tile_points);
    tile.keep_pending();
    std::vector<const double*> parameters;
    for (const auto& column : tile.parameters) parameters.push_back(column.data());
    solve(parameters.data(), outputs.data(), tile.wanted);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (!warm && seconds < budget) continue;
    pilot.seconds += seconds;
    pilot.points += tile_points;
    pilot.excluded += tile_points - tile.wanted;
    pilot.failures += failed_games(tile);
  }
  pilot.seconds_for_sweep = pilot.seconds / static_cast<double>(pilot.points) * static_cast<double>(plan.grid.points());
  return pilot;
}

}  // namespace haggle::cli
