// SPDX-License-Identifier: MIT
// A race: solvers that take turns, so that all meet the same clock speed and neighbours.
#pragma once
#include <time.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace haggle::bench {

inline double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// One who solves `games` games a call, timed in turns of several calls each.
class Runner {
 public:
  Runner(std::size_t games, std::function<void()> work) : games_(games), work_(std::move(work)) {}

  double call_seconds() const {
    const double start = processor_seconds();
    work_();
    return processor_seconds() - start;
  }

  /// Turns shall take about so long.
  void take_turns_of(double seconds) {
    const double once = std::min({call_seconds(), call_seconds(), call_seconds()});
    calls_ = std::max(1, static_cast<int>(std::lround(seconds / once)));
  }

  void turn() {
    const double start = processor_seconds();
    for (int call = 0; call < calls_; ++call) work_();
    rates_.push_back(static_cast<double>(games_) * calls_ / (processor_seconds() - start));
  }

  /// Games per second of processor time. Others on the machine only ever take away, so the best tells most.
  double best() const { return *std::max_element(rates_.begin(), rates_.end()); }
  double median() const {
    std::vector<double> sorted = rates_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }

 private:
  std::size_t games_;
  std::function<void()> work_;
  int calls_ = 1;
  std::vector<double> rates_;
};

inline constexpr int turns = 15;  // odd: the median is one of them

}  // namespace haggle::bench
