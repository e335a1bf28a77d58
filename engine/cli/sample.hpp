// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <random>
#include <unordered_map>

#include "haggle/core/index.hpp"

namespace haggle::cli {

/// The points of a grid in random order, each once: the same order for the same seed on every machine. Memory grows
/// with the points drawn, not with the grid.
class Shuffle {
 public:
  Shuffle(std::uint64_t points, std::uint64_t seed) : points_(points), random_(seed) {}

  /// None when all are drawn.
  std::optional<GridIndex> next();

 private:
  std::uint64_t points_, drawn_ = 0;
  std::mt19937_64 random_;
  std::unordered_map<std::uint64_t, std::uint64_t> moved_;  ///< Fisher-Yates on 0 … points-1, where it is not itself
};

}  // namespace haggle::cli
