// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "haggle/sweep/plan.hpp"

namespace haggle::cli {

/// What a sample of random points tells of a sweep.
struct Pilot {
  std::uint64_t points = 0;      ///< sampled
  std::uint64_t excluded = 0;    ///< of those, by `where` or out of a domain: not solved
  std::uint64_t failures = 0;    ///< of those, games that failed
  double seconds = 0;            ///< one thread's time for all of them
  double seconds_for_sweep = 0;  ///< the same for every point of the plan
};

/// Evaluates and solves uniformly random points of the grid, the same ones every time, on one thread, until about
/// `budget` seconds are spent. Writes nothing.
Pilot fly_pilot(const Plan& plan, double budget);

}  // namespace haggle::cli
