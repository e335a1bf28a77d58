// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "executor/chunk_places.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// Games solved at a stretch: enough for a solver's slow paths to fill their lanes, and few enough for all columns of
/// the plan's game to stay in a core's own cache.
std::size_t tile_points(const Plan& plan);

/// One thread's workbench: solves whole blocks and lays their values out as raw chunks. Its buffers are reused, so a
/// block costs no allocation per point.
class BlockWorker {
 public:
  BlockWorker(const Plan& plan, BlockSolver solver);

  /// Solves every game of the block and returns how they ended.
  Counts solve(BlockIndex block);
  /// The same of a block that was solved before, where only its failed games are solved again.
  Counts retry(BlockIndex block, const BlockSource& before);
  /// The last block's values of one of Plan::outputs, padded to the block's full shape; valid until the next solve() or
  /// retry().
  std::span<const std::byte> raw(std::size_t output) const { return columns_[output].raw; }

 private:
  struct Column {
    std::size_t first, width;  ///< columns of the game's output block
    StoredType type;
    std::vector<double> values;  ///< one tile, as the solver writes it: column by column
    std::vector<double> compact;
    std::vector<std::byte> raw;  ///< point by point
  };

  void point_at(std::vector<double> Column::*values);
  void solve_tile(std::size_t points);
  void solve_pending(std::size_t points, std::size_t pending);
  void solve_again(std::size_t points);
  void scatter(ChunkPlaces& places, std::size_t points);

  const Plan& plan_;
  const std::size_t tile_;
  BlockSolver solver_;
  Evaluator evaluator_;
  std::vector<std::vector<std::uint64_t>> indices_;
  std::vector<std::vector<double>> parameters_, compact_parameters_;
  std::vector<Status> status_;
  std::vector<std::size_t> pending_, failed_, positions_;
  std::vector<Column> columns_;
  std::vector<const double*> inputs_;
  std::vector<double*> results_;  ///< one a column of the game's output block; null where it is not wanted
  std::vector<ChunkPlaces::Run> runs_;
};

}  // namespace haggle
