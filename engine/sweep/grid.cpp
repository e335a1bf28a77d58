// SPDX-License-Identifier: MIT
#include "haggle/sweep/grid.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "haggle/core/error.hpp"

namespace haggle {
namespace {

constexpr std::uint64_t most_points = std::numeric_limits<std::int64_t>::max();

std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0); }

std::vector<std::uint64_t> unravel(std::uint64_t index, std::span<const std::uint64_t> shape) {
  std::vector<std::uint64_t> at(shape.size());
  for (std::size_t d = shape.size(); d-- > 0;) {
    at[d] = index % shape[d];
    index /= shape[d];
  }
  return at;
}

}  // namespace

std::uint64_t Box::points() const {
  return std::accumulate(count.begin(), count.end(), std::uint64_t{1}, std::multiplies<>{});
}

Grid::Grid(std::vector<std::uint64_t> shape, std::uint64_t block_points)
    : shape_(std::move(shape)), block_shape_(shape_.size()), blocks_along_(shape_.size()) {
  for (std::uint64_t n : shape_) {
    if (n == 0) throw UsageError("a dimension of the grid has no points");
    if (points_ > most_points / n)
      throw UsageError("the grid has more than 2^63-1 points: shorten an axis, or zip some of them");
    points_ *= n;
  }
  std::uint64_t room = std::max<std::uint64_t>(block_points, 1);
  for (std::size_t d = shape_.size(); d-- > 0;) {
    // The fewest blocks that fit, then of as equal a length as they can be: no sliver at the end of a dimension.
    const std::uint64_t along = divide_up(shape_[d], std::min(room, shape_[d]));
    block_shape_[d] = divide_up(shape_[d], along);
    blocks_along_[d] = divide_up(shape_[d], block_shape_[d]);
    room = std::max<std::uint64_t>(room / block_shape_[d], 1);
    blocks_ *= blocks_along_[d];
    block_points_ *= block_shape_[d];
  }
}

Box Grid::box(BlockIndex block) const {
  Box box{unravel(block.value, blocks_along_), std::vector<std::uint64_t>(shape_.size())};
  for (std::size_t d = 0; d < shape_.size(); ++d) {
    box.offset[d] *= block_shape_[d];
    box.count[d] = std::min(block_shape_[d], shape_[d] - box.offset[d]);
  }
  return box;
}

std::vector<std::uint64_t> Grid::coordinates(GridIndex point) const { return unravel(point.value, shape_); }

GridIndex Grid::index(std::span<const std::uint64_t> coordinates) const {
  std::uint64_t index = 0;
  for (std::size_t d = 0; d < shape_.size(); ++d) index = index * shape_[d] + coordinates[d];
  return {index};
}

std::uint64_t points_of(const Grid& grid, Shard shard) {
  if (shard.whole()) return grid.points();
  std::uint64_t points = 0;
  for (std::uint64_t k = 0, n = shard.blocks(grid.blocks()); k < n; ++k) points += grid.box(shard.block(k)).points();
  return points;
}

BoxWalker::BoxWalker(Box box) : box_(std::move(box)), at_(box_.count.size()), left_(box_.points()) {}

std::size_t BoxWalker::next(std::size_t tile, std::vector<std::vector<std::uint64_t>>& columns) {
  const std::size_t dimensions = at_.size();
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(tile, left_));
  columns.resize(dimensions);
  for (auto& column : columns) column.resize(n);
  left_ -= n;
  if (dimensions == 0) return n;

  const std::size_t last = dimensions - 1;
  for (std::size_t i = 0; i < n;) {
    // A run along the last dimension: every other coordinate stands still.
    const auto run = static_cast<std::size_t>(std::min<std::uint64_t>(n - i, box_.count[last] - at_[last]));
    for (std::size_t d = 0; d < last; ++d) std::fill_n(columns[d].begin() + i, run, box_.offset[d] + at_[d]);
    std::iota(columns[last].begin() + i, columns[last].begin() + i + run, box_.offset[last] + at_[last]);
    i += run;
    at_[last] += run;
    for (std::size_t d = last; d > 0 && at_[d] == box_.count[d]; --d) {
      at_[d] = 0;
      ++at_[d - 1];
    }
  }
  return n;
}

}  // namespace haggle
