// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <string_view>

namespace haggle::cli {

/// While it lives, SIGINT, SIGTERM, SIGUSR1 (what schedulers send before time is up) and the time limit ask for a stop;
/// the second SIGINT ends the process at once. A signal that the parent chose to ignore stays ignored. One at a time.
class StopSignals {
 public:
  /// `limit`: seconds from now; 0: none.
  explicit StopSignals(double limit);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const std::atomic<bool>& requested() const;
  /// "SIGINT", …, "the time limit" or, when none came, "".
  std::string_view name() const;
};

/// A pipe whose reader left must not end a sweep.
void ignore_broken_pipes();

}  // namespace haggle::cli
