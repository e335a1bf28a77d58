// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <string_view>

namespace haggle::cli {

/// While it lives, the first SIGINT or SIGTERM asks for a stop and the second of its kind ends the process at once. A
/// signal that the parent chose to ignore stays ignored. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const std::atomic<bool>& requested() const;
  /// "SIGINT", "SIGTERM" or, when none came, "".
  std::string_view name() const;
};

/// A pipe whose reader left must not end a sweep.
void ignore_broken_pipes();

}  // namespace haggle::cli
