// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "haggle/sweep/plan.hpp"

namespace haggle {

/// The spec that a result file keeps, and the plan it makes. Throws IoError when `path` is not a readable result file,
/// keeps no spec, or keeps one that is not the spec it was solved for (by its hash).
Plan plan_of_result(const std::string& path);

/// Reads single points of a published result file; no array is loaded. Throws IoError. Not thread-safe.
class ResultPoints {
 public:
  /// Of the file's own plan. Throws IoError when the file's outputs are not of the plan's shape.
  ResultPoints(const std::string& path, const Plan& plan);
  ~ResultPoints();

  /// `values[c]`: column c of the game's outputs (GameTable::columns) at `coordinates`; NaN where the file does not
  /// keep it.
  void read(std::span<const std::uint64_t> coordinates, std::span<double> values) const;
  /// Only the status, as a code that may be none.
  double status(std::span<const std::uint64_t> coordinates) const;

 private:
  void read_output(std::span<const std::uint64_t> coordinates, std::size_t output, double* values) const;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace haggle
