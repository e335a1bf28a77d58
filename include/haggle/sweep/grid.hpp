// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "haggle/core/index.hpp"
#include "haggle/core/shard.hpp"

namespace haggle {

/// A box of grid points, clipped to the grid: along dimension d the indices offset[d] … offset[d]+count[d]-1.
struct Box {
  std::vector<std::uint64_t> offset;
  std::vector<std::uint64_t> count;
  std::uint64_t points() const;
};

/// An N-dimensional grid cut into equal blocks. Row-major: the last dimension varies fastest. Never expanded: every
/// question is answered from an index. A grid without dimensions has one point.
class Grid {
 public:
  Grid() = default;
  /// `shape`: points along each dimension, each >= 1; throws UsageError when their product exceeds 2^63-1.
  /// `block_points`: wanted size of a block; the shape fills the last dimensions first.
  explicit Grid(std::vector<std::uint64_t> shape, std::uint64_t block_points = 65536);

  std::span<const std::uint64_t> shape() const { return shape_; }
  std::span<const std::uint64_t> block_shape() const { return block_shape_; }
  std::uint64_t points() const { return points_; }
  std::uint64_t blocks() const { return blocks_; }
  /// Points of a whole (unclipped) block, i.e. of a chunk.
  std::uint64_t block_points() const { return block_points_; }

  Box box(BlockIndex block) const;
  std::vector<std::uint64_t> coordinates(GridIndex point) const;
  GridIndex index(std::span<const std::uint64_t> coordinates) const;

 private:
  std::vector<std::uint64_t> shape_, block_shape_, blocks_along_;
  std::uint64_t points_ = 1, blocks_ = 1, block_points_ = 1;
};

/// Points of the shard's blocks.
std::uint64_t points_of(const Grid& grid, Shard shard);

/// Walks a box row-major and hands out index columns, one per dimension, a tile at a time.
class BoxWalker {
 public:
  explicit BoxWalker(Box box);
  /// Fills columns[d][i] with the grid coordinate of the tile's i-th point; returns how many points (0 at the end).
  /// Each column is resized to at most `tile` entries.
  std::size_t next(std::size_t tile, std::vector<std::vector<std::uint64_t>>& columns);

 private:
  Box box_;
  std::vector<std::uint64_t> at_;
  std::uint64_t left_;
};

}  // namespace haggle
