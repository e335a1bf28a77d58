// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace haggle {

/// Walks the points of a box that may be clipped by the grid's edge, row-major, and says where they stand in the chunk,
/// which always has the block's full shape.
class ChunkPlaces {
 public:
  struct Run {
    std::size_t position;  ///< in the chunk, in points
    std::size_t length;    ///< so many of the box' points stand there side by side
  };

  /// `count`: the box, `shape`: the whole block; count[d] <= shape[d].
  ChunkPlaces(std::span<const std::uint64_t> count, std::span<const std::uint64_t> shape) {
    // The innermost clipped dimension ends the run of neighbours: inside it the box is as wide as the chunk.
    std::size_t outer = shape.size();
    while (outer > 0 && count[outer - 1] == shape[outer - 1]) --outer;
    clipped_ = outer > 0;
    if (clipped_) --outer;
    for (std::size_t d = outer; d < shape.size(); ++d) run_ *= count[d];
    std::uint64_t stride = 1;
    for (std::size_t d = shape.size(); d > 0; --d) {
      if (d <= outer) outer_.push_back({count[d - 1], stride, 0});
      stride *= shape[d - 1];
    }
    left_ = run_;
  }

  bool clipped() const { return clipped_; }

  /// The next run of at most `limit` points.
  Run next(std::size_t limit) {
    if (left_ == 0) step();
    const Run run{position_, std::min(left_, limit)};
    position_ += run.length;
    left_ -= run.length;
    return run;
  }

 private:
  struct Outer {
    std::uint64_t count, stride, at;
  };

  void step() {
    position_ = 0;
    bool carry = true;  // outer_ is innermost first
    for (Outer& dimension : outer_) {
      if (carry) {
        carry = ++dimension.at == dimension.count;
        if (carry) dimension.at = 0;
      }
      position_ += dimension.at * dimension.stride;
    }
    left_ = run_;
  }

  bool clipped_ = false;
  std::size_t run_ = 1, left_ = 0, position_ = 0;
  std::vector<Outer> outer_;
};

}  // namespace haggle
