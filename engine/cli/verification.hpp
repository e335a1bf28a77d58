// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "haggle/executor/sink.hpp"
#include "haggle/sweep/plan.hpp"
#include "haggle/verify/certificate.hpp"

namespace haggle::cli {

/// A point of the sample and what was found there.
struct Checked {
  std::vector<std::uint64_t> coordinates;
  std::vector<double> parameters;  ///< one for each row of the game's parameters
  Certificate certificate;
};

enum class Finding {
  sound,      ///< no regret above what is allowed, and at least one game checked
  wrong,      ///< at least one game's numbers do not hold
  unchecked,  ///< nothing could be checked
};

/// What a sample of a result file came to.
struct Verification {
  std::vector<Checked> checked;  ///< in the order drawn; the skipped ones too
  /// By status in the file, of the points drawn: `solved` and `no_deal` were checked, the others only counted.
  Counts drawn;
  std::uint64_t of_no_status = 0;  ///< drawn, and wrong: their status is none that there is

  Finding finding() const;

  std::uint64_t count(Certificate::Verdict verdict) const;
  /// The point of the largest regret; null where it was measured nowhere.
  const Checked* worst(Measure measure) const;
};

struct SampleOptions {
  std::uint64_t games = 200, seed = 1, effort = 20000;
};

/// Draws points of the file until `games` solved ones (or deals that failed) are checked or there are no more. `report`
/// hears how many are. Throws IoError, and UsageError when the game has no brute-force solver.
Verification verify_sample(const Plan& plan, const std::string& file, const SampleOptions& options,
                           const std::function<void(std::uint64_t)>& report);

}  // namespace haggle::cli
