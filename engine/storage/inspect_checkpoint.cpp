// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <string_view>

#include "haggle/core/error.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "haggle/sweep/spec.hpp"
#include "storage/checkpoint_meta.hpp"
#include "storage/checkpoint_store.hpp"
#include "storage/coverage.hpp"
#include "storage/data_files.hpp"
#include "storage/part_file.hpp"
#include "storage/result_provenance.hpp"
#include "storage/what_is.hpp"

namespace haggle {
namespace {

Plan read_back(const std::string& path, const std::string& name, const std::string& text, const std::string& resolved,
               const std::string& hash) {
  Plan plan = read_spec(resolved, path);
  if (plan.hash != hash)
    throw IoError(path + ": this engine reads its spec in another way than the one that wrote it:" +
                  difference_of_specs(resolved, plan.resolved));
  plan.spec_name = name;
  plan.spec_text = text;
  return plan;
}

}  // namespace

bool is_checkpoint(const std::string& path) { return path.ends_with(".checkpoint"); }

Plan plan_of_file(const std::string& path) {
  if (is_checkpoint(path)) {
    const CheckpointStore store = CheckpointStore::open_to_read(path);
    const CheckpointMeta& meta = store.meta();
    return read_back(path, value_of(meta, "spec_name"), value_of(meta, "spec"), value_of(meta, "spec_resolved"),
                     value_of(meta, "spec_hash"));
  }
  require_hdf5(path);
  const auto entries = read_provenance(path);
  if (!entries || value_of(*entries, "spec_resolved").empty())
    throw IoError(path + " is an HDF5 file, but not a result of haggle: it does not say of which spec");
  return read_back(path, value_of(*entries, "spec_name"), value_of(*entries, "spec"),
                   value_of(*entries, "spec_resolved"), value_of(*entries, "spec_hash"));
}

CheckpointSummary inspect_checkpoint(const Plan& plan, const std::string& path) {
  CheckpointStore store = CheckpointStore::open_to_read(path);
  CheckpointSummary summary;
  summary.result = result_of(path);
  summary.running = in_use(data_file(summary.result, 1));
  summary.shard = shard_of(store.meta());
  summary.resume = value_of(store.meta(), "resume");
  for (const char* key : {"spec_name", "spec_hash", "results_version", "file_schema", "instruction_set", "run_id"})
    summary.entries.emplace_back(key, value_of(store.meta(), key));

  BlockSet done;
  Counts counts;
  std::uint32_t generations = 1;
  store.each([&](const BlockRecord& record) {
    if (record.block.value >= plan.grid.blocks() || !done.insert(record.block)) return;
    counts += record.counts;
    generations = std::max(generations, record.generation);
  });
  summary.coverage = coverage_of(plan.grid, summary.shard, done, counts);

  const auto add = [&](const std::string& name) {
    std::error_code missing;
    const std::uint64_t size = std::filesystem::file_size(name, missing);
    if (!missing) summary.files.emplace_back(name, size);
  };
  add(path);
  for (std::uint32_t g = 1; g <= generations + 1; ++g) add(data_file(summary.result, g));
  return summary;
}

}  // namespace haggle
