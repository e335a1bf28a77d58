// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "haggle/core/block_set.hpp"
#include "haggle/core/shard.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// Of the whole grid, or of the shard.
struct Progress {
  std::uint64_t points_done = 0, points_total = 0;
  std::uint64_t blocks_done = 0, blocks_total = 0;
  std::uint64_t points_before = 0;  ///< of those done, by an earlier run
  Counts counts;                    ///< over all that is done
  double seconds = 0;               ///< since this run began
};

struct RunOptions {
  int threads = 0;  ///< 0: as many as OpenMP would use
  /// Called by the writer thread at most every `report_every` seconds and once at the end.
  std::function<void(const Progress&)> report;
  double report_every = 0.2;
  /// Set from a signal handler: workers finish the blocks they hold and take no more.
  const std::atomic<bool>* stop = nullptr;
  /// The blocks that are this run's to solve, but for those that an earlier run has `done`, with what came of them.
  Shard shard;
  const BlockSet* done = nullptr;
  Counts counts_done;
  /// Solve nothing but the failed games of these blocks, and keep the others' results.
  const BlockSource* retry_failed_of = nullptr;
  bool stop_at_failure = false;  ///< as if `stop` were set by the first failed game
};

struct RunResult {
  Progress progress;
  bool stopped = false;              ///< some blocks were left out because of `stop` or a failed game
  std::optional<BlockIndex> failed;  ///< with `stop_at_failure`: a block that has the failed game
  double solve_seconds = 0;          ///< summed over workers
  double encode_seconds = 0;
  double store_seconds = 0;
};

/// Solves every game of the plan and hands each finished block to `sink`: the house's one parallel loop. Blocks may be
/// stored in any order; their contents depend on neither threads nor schedule. Throws what the sink throws.
RunResult run_sweep(const Plan& plan, Sink& sink, const RunOptions& options);
/// The same with a solver of one's own in place of the game's best for this processor.
RunResult run_sweep(const Plan& plan, BlockSolver solver, Sink& sink, const RunOptions& options);

}  // namespace haggle
