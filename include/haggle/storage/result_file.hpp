// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "haggle/core/block_set.hpp"
#include "haggle/core/shard.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// What the file says of its own making; stands in the group /provenance, never at root.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// How a run outlives its process.
struct Durability {
  Checkpointing mode = Checkpointing::off;
  bool resume = false;   ///< go on with the checkpoint of this output, if there is one
  bool sharded = false;  ///< it solves `shard` and leaves the checkpoint, for publish_checkpoints()
  Shard shard;
  std::string instruction_set;  ///< what a new sweep is solved with: bits may depend on it
  std::string resume_command;   ///< what to tell who finds the checkpoint
  double first_after = 5;       ///< seconds; `automatic` makes the checkpoint then, `on` at once
  double commit_every = 1;      ///< seconds
};

/// A result file in the making: HDF5, readable as netCDF-4. Written under `path` + ".part", published whole by rename.
/// With a checkpoint, `path` + ".checkpoint", what is finished outlives the process: a commit says of each block where
/// its bytes stand in the .part file, once they have reached the disk, and a later run reads them there.
/// Not thread-safe but for encode() and durable_blocks().
class ResultFile final : public Sink {
 public:
  /// Throws UsageError when `path` exists and `overwrite` is false, when there is a checkpoint and neither `overwrite`
  /// (which discards it) nor Durability::resume, and when the checkpoint is of another sweep; IoError when the folder
  /// is not writable, full, locked…
  ResultFile(const Plan& plan, const std::string& path, bool overwrite, const Durability& durability = {});
  /// Without a checkpoint: the temporary file is removed, an older `path` stays as it was.
  ~ResultFile() override;

  /// Of the checkpoint resumed: the finished blocks, with what came of their games.
  const BlockSet& done() const;
  Counts counts_done() const;
  /// The result that was asked for is there already: an earlier run published it. Nothing may be stored.
  bool finished() const;
  /// What the sweep has to be solved with: that of the checkpoint, where there is one.
  const std::string& instruction_set() const;

  Chunk encode(std::size_t output, std::span<const std::byte> raw) const override;
  void store(FinishedBlock block) override;

  /// How many blocks a power failure would leave; thread-safe.
  std::uint64_t durable_blocks() const;
  /// Brings all that is finished into the checkpoint. Does nothing for a run without one.
  void suspend();
  /// Where it is; "" when there is none (yet).
  std::string checkpoint() const;
  /// After all blocks and before publish(): brings earlier runs' blocks into this run's file or, for a shard, only
  /// reads them. Returns how many of them are not what was written; done() and counts_done() then are of all blocks but
  /// those, and the caller has the rest solved. To be called once. Ends early once `stop` is set: the file can then be
  /// left for another run to resume, not published.
  std::uint64_t gather(const std::atomic<bool>* stop = nullptr);
  /// Closes, syncs, renames, syncs the folder, removes the checkpoint; nothing may be stored after it. Blocks never
  /// stored read as fill with status `pending`. The spec, as written and as resolved, is added to `provenance`.
  void publish(const Provenance& provenance);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What `haggle inspect` shows.
struct FileSummary {
  std::string title, game, engine_version, commit, spec_hash, history;
  std::vector<std::pair<std::string, std::uint64_t>> dimensions;
  struct Variable {
    std::string name, long_name, unit, type;
    std::vector<std::string> dimensions;
    std::uint64_t bytes_raw = 0, bytes_stored = 0;
    using Counted = std::vector<std::pair<std::string, std::uint64_t>>;
    Counted counts;  ///< for codes: name → values
    /// For codes with dimensions beside the grid's: the same of each of their places, "A" or of several "A, 0".
    std::vector<std::pair<std::string, Counted>> counts_by_place;
  };
  std::vector<Variable> variables;
  Provenance provenance;
};

/// Throws IoError when `path` is not a readable result file, saying what it is instead where that can be known.
FileSummary inspect_file(const std::string& path);

}  // namespace haggle
