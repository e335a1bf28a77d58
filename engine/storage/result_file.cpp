// SPDX-License-Identifier: MIT
#include "haggle/storage/result_file.hpp"

#include <libdeflate.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iomanip>
#include <optional>
#include <sstream>
#include <system_error>

#include "haggle/core/error.hpp"
#include "haggle/storage/predict_size.hpp"
#include "storage/checkpoint_meta.hpp"
#include "storage/chunk_codec.hpp"
#include "storage/committer.hpp"
#include "storage/data_files.hpp"
#include "storage/early_writeback.hpp"
#include "storage/folder.hpp"
#include "storage/io_reason.hpp"
#include "storage/part_file.hpp"
#include "storage/result_arrays.hpp"
#include "storage/result_provenance.hpp"

namespace haggle {
namespace {

namespace fs = std::filesystem;

/// Uncompressed arrays have a size known beforehand, and so have coordinates; better to say now than after an hour that
/// they will not fit.
void check_room(const Plan& plan, const PartFile& part, const Shard& shard, std::uint64_t blocks_elsewhere) {
  const FileEstimate estimate = predict_size(plan);
  double coordinates = 0, outputs = 0;
  const std::size_t axes = estimate.variables.size() - plan.outputs.size();
  for (std::size_t v = 0; v < estimate.variables.size(); ++v)
    (v < axes ? coordinates : outputs) += static_cast<double>(estimate.variables[v].bytes);
  const auto here = static_cast<double>(shard.blocks(plan.grid.blocks()) - blocks_elsewhere);
  const double least =
      coordinates + (plan.format.compression == 0 ? outputs * here / static_cast<double>(plan.grid.blocks()) : 0);
  std::error_code unknown;
  const auto space = fs::space(fs::path(folder_of(part.path())), unknown);
  if (unknown || least <= static_cast<double>(space.available)) return;
  std::ostringstream message;
  message << part.path() << ": the sweep takes at least " << std::setprecision(3) << least / 1e9
          << " GB and the disk has " << static_cast<double>(space.available) / 1e9
          << " GB left; free some space, name another folder, leave out outputs, or compress";
  throw IoError(message.str());
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

}  // namespace

struct ResultFile::State {
  State(const Plan& p, const std::string& path, bool overwrite, const Durability& d)
      : plan(p), durability(d), part(path, overwrite || d.resume), checkpoint(checkpoint_of(part.path())) {
    instruction_set = d.instruction_set;
    const bool found = fs::exists(checkpoint);
    if (found && d.resume)
      resume(overwrite);
    else if (d.resume && fs::exists(part.path()))
      recognise(overwrite);
    if (finished) return;
    if (found && !d.resume) {
      if (!overwrite)
        throw UsageError(checkpoint +
                         " holds what an earlier run with this output has solved; --resume goes on with it, --force "
                         "discards it and begins anew");
      discard();
    }
    if (!complete_shard()) begin(overwrite);
  }

  /// Makes this run's own data file.
  void begin(bool overwrite) {
    const Shard shard = durability.shard;
    // A shard's earlier blocks stay where they are; a resumed sweep's come into the new file in the end.
    check_room(plan, part, shard, durability.sharded ? done.size() : 0);
    replaces = replaces || overwrite;
    part.allow_overwrite(replaces);
    if (generation == 1) remove_later_data_files(part.path());
    part.start(generation);
    for (std::size_t output = 0; output < plan.outputs.size(); ++output)
      codecs.emplace_back(stored_type(plan, output), plan.dimensions.empty() ? 0 : plan.format.compression);
    arrays.emplace(plan, part.part(), part.descriptor());
    writeback.emplace(part.descriptor());
    const bool wanted = durability.mode != Checkpointing::off || resumed || durability.sharded;
    if (!wanted || plan.dimensions.empty()) return;  // of one game there is nothing between nothing and all
    const bool late = durability.mode == Checkpointing::automatic && !resumed && !durability.sharded;
    Committer::Pace pace;
    pace.first = milliseconds(late ? durability.first_after : 0);
    pace.between = milliseconds(durability.commit_every);
    committer.emplace(
        part.descriptor(), part.part(), [this] { return open_store(); }, pace);
    if (!late) committer->commit();  // what is wrong with this place is better said now
  }

  /// Called by the committer's thread.
  CheckpointStore open_store() {
    CheckpointStore store =
        resumed ? CheckpointStore::open_to_write(checkpoint)
                : CheckpointStore::create(checkpoint, make_meta(plan, run_id, instruction_set, durability.shard,
                                                                replaces, durability.resume_command));
    part.keep();
    return store;
  }

  void resume(bool overwrite) {
    CheckpointStore store = CheckpointStore::open_to_read(checkpoint);
    if (const std::string what = difference(store.meta(), plan); !what.empty())
      throw UsageError(checkpoint + " is of another sweep and is left alone:" + what +
                       "\n--force discards it and begins anew");
    if (const Shard theirs = shard_of(store.meta());
        theirs.index != durability.shard.index || theirs.count != durability.shard.count)
      throw UsageError(checkpoint + " is of shard " + text_of(theirs) + ", not " + text_of(durability.shard));
    run_id = value_of(store.meta(), "run_id");
    replaces = value_of(store.meta(), "replaces") == "yes";
    instruction_set = value_of(store.meta(), "instruction_set");
    if (fs::exists(part.path())) {
      const auto result = read_provenance(part.path());
      if (result && value_of(*result, "run_id") == run_id) {  // the run ended between its last steps
        finished = true;
        discard();
        return;
      }
      if (!replaces && !overwrite)
        throw UsageError(part.path() + " exists already and is not of this sweep; --force replaces it at the end");
    }
    resumed = true;
    store.each([this](const BlockRecord& record) {
      if (!sound(record)) return;
      generation = std::max(generation, record.generation);
      if (done.insert(record.block)) counts += record.counts;
    });
    ++generation;
    durable_before = done.size();
  }

  bool sound(const BlockRecord& record) const {
    return record.block.value < plan.grid.blocks() && record.places.size() == plan.outputs.size() &&
           durability.shard.owns(record.block);
  }

  /// There is a result and no checkpoint: perhaps all has been done.
  void recognise(bool overwrite) {
    if (const auto what = difference_of_result(part.path(), plan)) {
      if (overwrite) return;
      throw UsageError(part.path() +
                       " exists already, there is no checkpoint to resume, and it is not this sweep's "
                       "whole result:" +
                       *what + "\n--force replaces it");
    }
    finished = true;
    part.remove_all();  // what a power loss had kept from being removed
  }

  /// A shard has no result to write: what an earlier run made of it may be all.
  bool complete_shard() const {
    return durability.sharded && resumed && done.size() == durability.shard.blocks(plan.grid.blocks());
  }

  void discard() {
    // The checkpoint first: data without it are litter, a checkpoint without its data would be a riddle.
    if (::unlink(checkpoint.c_str()) != 0 && errno != ENOENT)
      throw IoError(checkpoint + ": cannot be removed: " + io_reason(errno));
    ::unlink((checkpoint + "-journal").c_str());
    sync_folder_of(checkpoint);  // were it to come back, the next run would know the result and remove it again
    if (finished) part.remove_all();
  }

  // In this order: threads end and HDF5 lets go of the file before its temporary name is removed.
  Plan plan;
  Durability durability;
  PartFile part;
  std::string checkpoint, instruction_set, run_id = random_id();
  bool resumed = false, replaces = false, finished = false;
  BlockSet done, stored;  ///< by earlier runs, by this one
  Counts counts, counts_stored;
  std::uint32_t generation = 1;
  std::uint64_t durable_before = 0;
  std::vector<ChunkCodec> codecs;
  std::optional<ResultArrays> arrays;
  std::optional<EarlyWriteback> writeback;
  std::optional<Committer> committer;
};

ResultFile::ResultFile(const Plan& plan, const std::string& path, bool overwrite, const Durability& durability) {
  check_names(plan);
  state_ = std::make_unique<State>(plan, path, overwrite, durability);
}

ResultFile::~ResultFile() = default;

const BlockSet& ResultFile::done() const { return state_->done; }
Counts ResultFile::counts_done() const { return state_->counts; }
bool ResultFile::finished() const { return state_->finished; }
const std::string& ResultFile::instruction_set() const { return state_->instruction_set; }

Chunk ResultFile::encode(std::size_t output, std::span<const std::byte> raw) const {
  Chunk chunk = state_->codecs[output].encode(raw);
  if (state_->committer) chunk.crc = libdeflate_crc32(0, chunk.bytes.data(), chunk.bytes.size());
  return chunk;
}

void ResultFile::store(FinishedBlock block) {
  BlockRecord record{block.block, state_->generation, block.counts, {}};
  std::size_t bytes = 0;
  for (std::size_t output = 0; output < block.chunks.size(); ++output) {
    const Chunk& chunk = block.chunks[output];
    const std::uint64_t offset = state_->arrays->write(block.block, output, chunk.bytes, chunk.filter_mask);
    record.places.push_back({offset, chunk.bytes.size(), chunk.filter_mask, chunk.crc});
    bytes += chunk.bytes.size();
  }
  state_->writeback->wrote(bytes);
  state_->stored.insert(block.block);
  state_->counts_stored += block.counts;
  if (state_->committer) state_->committer->add(std::move(record));
}

std::uint64_t ResultFile::durable_blocks() const {
  return state_->durable_before + (state_->committer ? state_->committer->durable_blocks() : 0);
}

void ResultFile::suspend() {
  if (state_->committer) state_->committer->commit();
}

std::string ResultFile::checkpoint() const {
  return fs::exists(state_->checkpoint) ? state_->checkpoint : std::string();
}

std::uint64_t ResultFile::gather(const std::atomic<bool>* stop) {
  State& state = *state_;
  if (!state.resumed) return 0;
  if (state.committer) state.committer->commit();
  const BlockSet earlier = state.done;
  state.done.merge(state.stored);
  state.counts += state.counts_stored;
  std::uint64_t damaged = 0;
  DataFiles files(state.part.path());
  std::vector<std::vector<std::byte>> chunks(state.plan.outputs.size());
  CheckpointStore::open_to_read(state.checkpoint).each([&](const BlockRecord& record) {
    if ((stop && stop->load(std::memory_order_relaxed)) || !state.sound(record) || !earlier.contains(record.block))
      return;
    std::size_t bytes = 0;
    for (std::size_t output = 0; output < chunks.size(); ++output) {
      if (!files.read(record.generation, record.places[output], chunks[output])) {
        ++damaged;
        state.done.erase(record.block);
        state.counts -= record.counts;
        return;
      }
      bytes += chunks[output].size();
    }
    if (state.durability.sharded) return;
    for (std::size_t output = 0; output < chunks.size(); ++output)
      state.arrays->write(record.block, output, chunks[output], record.places[output].filter_mask);
    state.writeback->wrote(bytes);
  });
  state.counts_stored = {};  // from here on they count as done
  if (damaged > 0 && !state.arrays) state.begin(false);
  return damaged;
}

void ResultFile::publish(const Provenance& provenance) {
  State& state = *state_;
  const bool has_checkpoint = state.committer && state.committer->stop();
  Counts all = state.counts;
  all += state.counts_stored;
  Provenance entries = result_provenance(state.plan, state.plan.grid.points() - all.total());
  if (has_checkpoint) entries.emplace_back("run_id", state.run_id);
  entries.insert(entries.end(), provenance.begin(), provenance.end());
  state.writeback.reset();
  state.arrays->finish(entries);
  state.arrays.reset();
  state.part.publish();
  if (!has_checkpoint) return;
  state.discard();
  state.part.remove_all();
}

}  // namespace haggle
