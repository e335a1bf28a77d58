// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "haggle/executor/run.hpp"

namespace haggle::cli {

enum class ProgressMode { automatic, bar, json, none };
/// The words of `--progress`, in ProgressMode's order.
inline const std::vector<std::string> progress_words{"auto", "bar", "json", "none"};

/// Tells standard error how far a sweep got. `automatic` is a bar on a terminal and silence elsewhere.
///
/// JSON: one object a line. `event` is "progress", and "finished" on the last; then `points_done`, `points_total`,
/// `blocks_done`, `blocks_total`, `blocks_durable` (null without a checkpoint), `seconds`, `games_per_second`,
/// `eta_seconds` (null while unknown), `failures`, and `statuses`, an object of points by status name. "finished" adds
/// `stopped` (a boolean) and `file` (null: none written).
class ProgressReporter {
 public:
  explicit ProgressReporter(ProgressMode mode);
  ~ProgressReporter();  ///< leaves a half-drawn bar's line
  ProgressReporter(const ProgressReporter&) = delete;
  ProgressReporter& operator=(const ProgressReporter&) = delete;

  /// Called by one thread at a time. `durable`: blocks that a power failure would leave; nothing without a checkpoint.
  void update(const Progress& progress, std::optional<std::uint64_t> durable);
  /// After the file is published, or when there is none (`file` empty).
  void finish(const Progress& progress, std::optional<std::uint64_t> durable, bool stopped, const std::string& file);

 private:
  ProgressMode mode_;
  bool drawn_ = false;
};

/// Of this run, without what an earlier one had done.
double games_per_second(const Progress& progress);
/// The bar's line without its line end: "[####----]  52.1%  21,154,048/40,602,004  5.2 million games/s  ETA 3.7 s".
std::string progress_bar(const Progress& progress);
/// What is said when a run is over: games by status, how long they took, the file and its size.
std::string summary(const Progress& progress, const std::string& file);

}  // namespace haggle::cli
