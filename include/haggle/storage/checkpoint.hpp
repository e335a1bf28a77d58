// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "haggle/core/shard.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/storage/result_file.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// The sweep that a checkpoint or a result file is of, read from its resolved spec. Throws IoError when `path` is
/// neither, SpecError when this engine reads the spec no longer.
Plan plan_of_file(const std::string& path);

/// By its name: it ends in ".checkpoint".
bool is_checkpoint(const std::string& path);

/// A run of blocks, both ends included.
struct BlockRange {
  std::uint64_t first = 0, last = 0;
};

/// What is done of a sweep and what is not.
struct Coverage {
  std::uint64_t blocks_done = 0, blocks_total = 0;  ///< of the whole grid or, for one checkpoint, of its shard
  std::uint64_t points_done = 0, points_total = 0;
  Counts counts;                 ///< of the points done
  std::vector<BlockRange> gaps;  ///< the first of them, at most 20; among a shard's own blocks its k-th to its l-th
  std::uint64_t gaps_total = 0;
};

/// What `haggle inspect` shows of a checkpoint.
struct CheckpointSummary {
  Coverage coverage;
  Shard shard;
  bool running = false;                                      ///< a process is at work on it
  std::string result;                                        ///< the file that it will become
  std::string resume;                                        ///< the command that goes on
  std::vector<std::pair<std::string, std::uint64_t>> files;  ///< its files, with their bytes
  Provenance entries;                                        ///< spec_name, spec_hash, instruction_set, …
};

CheckpointSummary inspect_checkpoint(const Plan& plan, const std::string& path);

struct Publication {
  Coverage coverage;                 ///< of the whole grid
  std::vector<std::string> damaged;  ///< why blocks that were recorded could not be taken, at most 20
  std::uint64_t damaged_blocks = 0;
  bool already = false;  ///< `output` was whole and was left as it is
};

struct PublishOptions {
  bool overwrite = false;
  bool mixed = false;  ///< take blocks solved with different instruction sets, whose last bits may differ
  Provenance provenance;
};

/// One result file from the finished blocks of any number of checkpoints of `plan`, in any order, copied as they are;
/// the rest is `pending`. The checkpoints stay, and may belong to runs that go on. Opens one at a time. An `output`
/// that is there already is left when it has all of the same sweep's result. Throws UsageError when a checkpoint is of
/// another sweep, saying what differs, or, unless `overwrite`, when `output` is something else or has a block of the
/// result that could not be read from the checkpoints; IoError when no block could. What was there then stays.
Publication publish_checkpoints(const Plan& plan, std::span<const std::string> checkpoints, const std::string& output,
                                const PublishOptions& options);

}  // namespace haggle
