// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "haggle/executor/sink.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// What the file says of its own making; stands in the group /provenance, never at root.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// A result file in the making: HDF5, readable as netCDF-4. Written under `path` + ".part", published whole by rename.
/// Not thread-safe but for encode().
class ResultFile final : public Sink {
 public:
  /// Throws UsageError when `path` exists and `overwrite` is false, IoError when the folder is not writable, full,
  /// locked…
  ResultFile(const Plan& plan, const std::string& path, bool overwrite);
  ~ResultFile() override;  ///< unpublished: the temporary file is removed, an older `path` stays as it was

  Chunk encode(std::size_t output, std::span<const std::byte> raw) const override;
  void store(FinishedBlock block) override;
  /// Closes, syncs, renames, syncs the folder; nothing may be stored after it. Blocks never stored read as fill with
  /// status `pending`. The spec, as written and as resolved, is added to `provenance`.
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
    /// For codes: name → points.
    std::vector<std::pair<std::string, std::uint64_t>> counts;
  };
  std::vector<Variable> variables;
  Provenance provenance;
};

/// Throws IoError when `path` is not a readable result file, saying what it is instead where that can be known.
FileSummary inspect_file(const std::string& path);

}  // namespace haggle
