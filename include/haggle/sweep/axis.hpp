// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace haggle {

/// `n` numbers from `first` to `last`, both included and hit exactly; equal steps or, if geometric, equal ratios.
/// Computed between the shortest decimals that read as the ends, and rounded once: where the ideal number is a short
/// decimal, the value is the double that this decimal reads as, so [-0.3, 0.1, 5] has -0.1 and 0, and geometric
/// [0.01, 100, 5] has 0.1, 1 and 10. The four numbers are not to be changed after construction.
class Spaced {
 public:
  Spaced(double first, double last, std::uint64_t n, bool geometric = false);
  /// i < n. Bit-identical on every thread, call and machine of one kind; some tens of nanoseconds.
  double value(std::uint64_t i) const;

  double first, last;
  std::uint64_t n;
  bool geometric;

 private:
  struct Linear;
  struct Geometric;
  std::shared_ptr<const Linear> linear_;
  std::shared_ptr<const Geometric> geometric_;
};

/// The numbers, or the chosen words, that one name in the spec runs over. Numbers are computed from the index.
class Axis {
 public:
  using Segment = std::variant<std::vector<double>, Spaced>;

  std::string name;
  std::string unit = "1";
  std::string long_name;
  std::vector<Segment> segments;  ///< joined end to end (`concat`)
  std::vector<std::string>
      labels;  ///< not empty: a categorical axis; value(i) is labels[i]'s index in the game's choices

  std::uint64_t size() const;
  /// i < size(). Bit-identical on every thread and every call.
  double value(std::uint64_t i) const;
  /// Every step is geometric: plots should draw it on a log scale.
  bool geometric() const;
};

/// One dimension of the grid: an axis of that name, or several axes zipped under a name of their own.
struct Dimension {
  std::string name;
  std::uint64_t size = 1;
  std::vector<std::size_t> axes;  ///< indices into Plan::axes()
};

}  // namespace haggle
