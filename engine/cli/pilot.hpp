// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "haggle/sweep/plan.hpp"

namespace haggle::cli {

/// What a sample tells of a sweep.
struct Pilot {
  std::uint64_t points = 0;    ///< sampled
  std::uint64_t excluded = 0;  ///< of those, by `where` or out of a domain: not solved
  std::uint64_t failures = 0;  ///< of those, games that failed
  double seconds = 0;          ///< it took
  std::uint64_t games() const { return points - excluded; }
  double solving = 0;       ///< seconds of solving and encoding every point of the plan, on the threads asked for
  double output_bytes = 0;  ///< of the outputs of every point of the plan, encoded for the file
};

/// Solves short stretches of the grid, spread evenly over all of it, on `threads` threads, as a run would, and encodes
/// them, until `budget` seconds are spent and the games at hand are solved: where games are slow that is one a thread.
/// The same stretches in the same order on every call; how many of them depends on the time they take. Writes nothing.
Pilot fly_pilot(const Plan& plan, int threads, double budget);

}  // namespace haggle::cli
