// SPDX-License-Identifier: MIT
#include <filesystem>
#include <optional>

#include "haggle/core/error.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "haggle/storage/published_blocks.hpp"
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
  BlockSet promised;
  Counts counts;  ///< of those
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
      if (sound(record, plan) && all.promised.insert(record.block)) all.counts += record.counts;
    });
  }
  return all;
}

enum class Before { other, partial, whole };

/// What stands at `path`: a result of the same sweep, in parts or whole, or something else.
Before what_stands_at(const std::string& path, const Plan& plan) {
  const auto entries = read_provenance(path);
  if (!entries || value_of(*entries, "spec_hash") != plan.hash) return Before::other;
  const Provenance ours = result_provenance(plan, 0);
  for (const char* key : {"results_version", "file_schema"})
    if (value_of(*entries, key) != value_of(ours, key)) return Before::other;
  return value_of(*entries, "pending_points") == "0" ? Before::whole : Before::partial;
}

/// Why blocks that were recorded could not be taken, a line each.
std::string damage_text(const Publication& publication) {
  std::string text;
  for (const std::string& why : publication.damaged) text += "\n  " + why;
  if (const std::uint64_t more = publication.damaged_blocks - publication.damaged.size(); more > 0)
    text += "\n  and " + std::to_string(more) + " more";
  return text;
}

/// A file is replaced by one that has all of its blocks, never by one that only has as many.
void refuse_loss(const std::string& path, const BlockSet& before, const BlockSet& now, const Publication& publication) {
  std::uint64_t lost = 0;
  for (BlockIndex block{0}; block.value < before.end().value; ++block.value)
    lost += before.contains(block) && !now.contains(block) ? 1 : 0;
  if (lost == 0) return;
  std::string message = path + " is left as it is: of its " + std::to_string(before.size()) + " blocks " +
                        std::to_string(lost) + " would be lost, which the checkpoints given do not have";
  if (publication.damaged_blocks > 0) message += " or which cannot be read";
  throw UsageError(message + "; give all the checkpoints, name another file with -o, or replace it with --force" +
                   damage_text(publication));
}

void refuse_nothing(const std::string& output, const Publication& publication) {
  throw IoError(output + " is not written: none of the " + std::to_string(publication.damaged_blocks) +
                " blocks recorded can be read; the run that made them solves them again with --resume" +
                damage_text(publication));
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

  const BlockSet& done() const { return done_; }
  const Publication& so_far() const { return publication_; }

  Publication finish(const Provenance& more) {
    publication_.coverage = coverage_of(plan_.grid, {}, done_, counts_);
    const Coverage& all = publication_.coverage;
    Provenance entries = result_provenance(plan_, all.points_total - all.points_done);
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
  const Survey all = survey(plan, checkpoints, options.mixed);
  bool compare = false;  // with a part of the same result, which only a larger one replaces
  if (!options.overwrite && std::filesystem::exists(output)) {
    const Before before = what_stands_at(output, plan);
    if (before == Before::whole) {
      Publication none;
      none.coverage = coverage_of_whole(plan, all.counts);
      none.already = true;
      return none;
    }
    compare = before == Before::partial;
  }
  Provenance more = options.provenance;
  more.emplace_back("instruction_set", all.instruction_sets);
  PartFile part(output, options.overwrite || compare);
  if (const std::string own = checkpoint_of(part.path()); std::filesystem::exists(own))
    throw UsageError(output + " is what " + own +
                     " becomes when its run is resumed, and their data have its name; name another file with -o");
  BlockSet before;
  if (compare) before = PublishedBlocks(plan, output).held();
  refuse_loss(output, before, all.promised, {});  // before hours of copying
  part.start(1);
  Publication publication;
  {
    Merger merger(plan, part);
    for (const std::string& checkpoint : checkpoints) merger.take(checkpoint);
    if (all.promised.size() > 0 && merger.done().size() == 0) refuse_nothing(output, merger.so_far());
    refuse_loss(output, before, merger.done(), merger.so_far());
    publication = merger.finish(more);
  }
  part.publish();
  return publication;
}

}  // namespace haggle
