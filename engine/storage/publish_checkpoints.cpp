// SPDX-License-Identifier: MIT
#include <charconv>
#include <filesystem>
#include <optional>

#include "haggle/core/error.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "storage/checkpoint_meta.hpp"
#include "storage/checkpoint_store.hpp"
#include "storage/coverage.hpp"
#include "storage/data_files.hpp"
#include "storage/early_writeback.hpp"
#include "storage/part_file.hpp"
#include "storage/result_arrays.hpp"
#include "storage/result_provenance.hpp"

namespace haggle {
namespace {

bool sound(const BlockRecord& record, const Plan& plan) {
  return record.block.value < plan.grid.blocks() && record.places.size() == plan.outputs.size();
}

/// What the checkpoints promise together, and that they belong together.
struct Survey {
  Coverage promised;
  std::string instruction_sets;
};

void refuse_foreign(const CheckpointMeta& meta, const Plan& plan, const std::string& path, const std::string& than) {
  const std::string what = difference(meta, plan);
  if (what.empty()) return;
  std::string message = path;
  message.append(" is of another sweep").append(than).append(":").append(what);
  throw UsageError(message);
}

[[noreturn]] void refuse_mixed(const std::string& path, const std::string& set, const std::string& first,
                               const std::string& first_set) {
  std::string message = path;
  message.append(" was solved with the instruction set ").append(set).append(", ").append(first);
  message.append(" with ").append(first_set);
  throw UsageError(message +
                   ", and their last bits may differ; set HAGGLE_ISA to one that all machines have when the shards are "
                   "solved, or merge them as they are with --mixed");
}

Survey survey(const Plan& plan, std::span<const std::string> checkpoints, bool mixed) {
  Survey all;
  BlockSet done;
  Counts counts;
  for (const std::string& path : checkpoints) {
    CheckpointStore store = CheckpointStore::open_to_read(path);
    result_of(path);
    refuse_foreign(store.meta(), plan, path, checkpoints.size() > 1 ? " than " + checkpoints.front() : "");
    const std::string set = value_of(store.meta(), "instruction_set");
    if (all.instruction_sets.find(set) == std::string::npos) {
      if (!all.instruction_sets.empty() && !mixed) refuse_mixed(path, set, checkpoints.front(), all.instruction_sets);
      if (!all.instruction_sets.empty()) all.instruction_sets += ", ";
      all.instruction_sets += set;
    }
    store.each([&](const BlockRecord& record) {
      if (sound(record, plan) && done.insert(record.block)) counts += record.counts;
    });
  }
  all.promised = coverage_of(plan.grid, {}, done, counts);
  return all;
}

/// The points that a result of the same sweep lacks; nothing when `path` is something else.
std::optional<std::uint64_t> pending_in(const std::string& path, const Plan& plan) {
  const auto entries = read_provenance(path);
  if (!entries || value_of(*entries, "spec_hash") != plan.hash) return std::nullopt;
  const Provenance ours = result_provenance(plan, 0);
  for (const char* key : {"results_version", "file_schema"})
    if (value_of(*entries, key) != value_of(ours, key)) return std::nullopt;
  const std::string text = value_of(*entries, "pending_points");
  std::uint64_t pending = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), pending);
  if (text.empty() || parsed.ec != std::errc{}) return std::nullopt;
  return pending;
}

Coverage coverage_of_whole(const Plan& plan, const Counts& counts) {
  Coverage whole;
  whole.blocks_done = whole.blocks_total = plan.grid.blocks();
  whole.points_done = whole.points_total = plan.grid.points();
  whole.counts = counts;
  return whole;
}

/// Copies blocks into one result, each once.
class Merger {
 public:
  Merger(const Plan& plan, const PartFile& part)
      : plan_(plan),
        arrays_(plan, part.part(), part.descriptor()),
        writeback_(part.descriptor()),
        chunks_(plan.outputs.size()) {}

  void take(const std::string& checkpoint) {
    DataFiles files(result_of(checkpoint));
    CheckpointStore::open_to_read(checkpoint).each([&](const BlockRecord& record) {
      if (!sound(record, plan_) || done_.contains(record.block)) return;
      for (std::size_t output = 0; output < chunks_.size(); ++output)
        if (!files.read(record.generation, record.places[output], chunks_[output]))
          return damage(record.block, files.why());
      for (std::size_t output = 0; output < chunks_.size(); ++output) {
        arrays_.write(record.block, output, chunks_[output], record.places[output].filter_mask);
        writeback_.wrote(chunks_[output].size());
      }
      done_.insert(record.block);
      counts_ += record.counts;
    });
  }

  Publication finish(Provenance entries, const Provenance& more) {
    publication_.coverage = coverage_of(plan_.grid, {}, done_, counts_);
    const Coverage& all = publication_.coverage;
    for (auto& [key, value] : entries)
      if (key == "pending_points") value = std::to_string(all.points_total - all.points_done);
    entries.insert(entries.end(), more.begin(), more.end());
    arrays_.finish(entries);
    return std::move(publication_);
  }

 private:
  void damage(BlockIndex block, const std::string& why) {
    if (++publication_.damaged_blocks <= 20)
      publication_.damaged.push_back("block " + std::to_string(block.value) + ": " + why);
  }

  const Plan& plan_;
  ResultArrays arrays_;
  EarlyWriteback writeback_;
  BlockSet done_;
  Counts counts_;
  std::vector<std::vector<std::byte>> chunks_;
  Publication publication_;
};

}  // namespace

Publication publish_checkpoints(const Plan& plan, std::span<const std::string> checkpoints, const std::string& output,
                                const PublishOptions& options) {
  check_names(plan);
  Survey all = survey(plan, checkpoints, options.mixed);
  const std::uint64_t pending = all.promised.points_total - all.promised.points_done;
  bool replace = options.overwrite;
  if (!replace && std::filesystem::exists(output)) {
    if (const auto before = pending_in(output, plan)) {
      if (*before == 0) {
        Publication none;
        none.coverage = coverage_of_whole(plan, all.promised.counts);
        none.already = true;
        return none;
      }
      replace = pending <= *before;  // as many may be others
    }
  }
  Provenance more = options.provenance;
  more.emplace_back("instruction_set", all.instruction_sets);
  PartFile part(output, replace);
  if (const std::string own = checkpoint_of(part.path()); std::filesystem::exists(own))
    throw UsageError(output + " is what " + own +
                     " becomes when its run is resumed, and their data have its name; name another file with -o");
  part.start(1);
  Publication publication;
  {
    Merger merger(plan, part);
    for (const std::string& checkpoint : checkpoints) merger.take(checkpoint);
    publication = merger.finish(result_provenance(plan, pending), more);
  }
  part.publish();
  return publication;
}

}  // namespace haggle
