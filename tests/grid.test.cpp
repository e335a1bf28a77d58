// SPDX-License-Identifier: MIT
#include "haggle/sweep/grid.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "haggle/core/error.hpp"

using haggle::BlockIndex;
using haggle::Box;
using haggle::BoxWalker;
using haggle::Grid;
using haggle::GridIndex;

namespace {

const std::vector<std::vector<std::uint64_t>> shapes{{},        {1},       {7},          {5, 3},
                                                     {1, 9, 1}, {4, 5, 6}, {2, 3, 2, 5}, {13, 1, 17}};
constexpr std::uint64_t block_sizes[]{1, 2, 5, 12, 64, 100000};

/// Every point of the box in the walker's order, as grid indices.
std::vector<std::uint64_t> walked(const Grid& grid, const Box& box, std::size_t tile) {
  std::vector<std::uint64_t> order;
  BoxWalker walker(box);
  std::vector<std::vector<std::uint64_t>> columns;
  while (const std::size_t n = walker.next(tile, columns)) {
    CHECK(n <= tile);
    REQUIRE(columns.size() == grid.shape().size());
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<std::uint64_t> at;
      for (const auto& column : columns) {
        REQUIRE(column.size() == n);
        at.push_back(column[i]);
      }
      order.push_back(grid.index(at).value);
    }
  }
  return order;
}

}  // namespace

TEST_CASE("the blocks of a grid hold every point exactly once") {
  for (const auto& shape : shapes)
    for (std::uint64_t block_points : block_sizes) {
      CAPTURE(block_points);
      const Grid grid(shape, block_points);
      std::vector<int> times(grid.points());
      for (std::uint64_t b = 0; b < grid.blocks(); ++b) {
        const Box box = grid.box(BlockIndex{b});
        CHECK(box.points() >= 1);
        CHECK(box.points() <= grid.block_points());
        CHECK(grid.block_points() <= block_points);
        for (std::uint64_t index : walked(grid, box, 3)) ++times[index];
      }
      for (int n : times) CHECK(n == 1);
    }
}

TEST_CASE("index and coordinates are each other's inverse, and the last dimension varies fastest") {
  for (const auto& shape : shapes) {
    const Grid grid(shape);
    std::vector<std::uint64_t> before;
    for (std::uint64_t i = 0; i < grid.points(); ++i) {
      const auto at = grid.coordinates(GridIndex{i});
      REQUIRE(at.size() == shape.size());
      for (std::size_t d = 0; d < at.size(); ++d) CHECK(at[d] < shape[d]);
      CHECK(grid.index(at) == GridIndex{i});
      if (i > 0) CHECK(before < at);
      before = at;
    }
  }
}

TEST_CASE("a walk through a box is row-major, whatever the tile") {
  const Grid grid({4, 5, 6}, 40);
  for (std::uint64_t b = 0; b < grid.blocks(); ++b) {
    const Box box = grid.box(BlockIndex{b});
    const auto whole = walked(grid, box, 1000);
    REQUIRE(whole.size() == box.points());
    for (std::size_t i = 1; i < whole.size(); ++i) CHECK(whole[i - 1] < whole[i]);
    for (std::size_t tile : {1, 2, 7, 16}) CHECK(walked(grid, box, tile) == whole);
  }
}

TEST_CASE("a block fills the last dimensions first and leaves no sliver") {
  const Grid grid({200, 200, 4}, 65536);
  CHECK(std::vector<std::uint64_t>(grid.block_shape().begin(), grid.block_shape().end()) ==
        std::vector<std::uint64_t>{67, 200, 4});
  CHECK(grid.blocks() == 3);
  CHECK(grid.box(BlockIndex{2}).count == std::vector<std::uint64_t>{66, 200, 4});
}

TEST_CASE("a grid without dimensions is one game") {
  const Grid grid(std::vector<std::uint64_t>{});
  CHECK(grid.points() == 1);
  CHECK(grid.blocks() == 1);
  CHECK(Grid().points() == 1);
  CHECK(walked(grid, grid.box(BlockIndex{0}), 16) == std::vector<std::uint64_t>{0});
}

TEST_CASE("a grid of 10^18 points answers from indices alone") {
  const Grid grid({1000000, 1000000, 1000000});
  CHECK(grid.points() == 1000000000000000000u);
  const std::vector<std::uint64_t> corner{999999, 999999, 999999};
  CHECK(grid.index(corner) == GridIndex{grid.points() - 1});
  CHECK(grid.coordinates(GridIndex{grid.points() - 1}) == corner);
  const Box last = grid.box(BlockIndex{grid.blocks() - 1});
  for (std::size_t d = 0; d < 3; ++d) CHECK(last.offset[d] + last.count[d] == 1000000);
}

TEST_CASE("a grid of more than 2^63-1 points is refused") {
  const std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(Grid({most}).points() == most);
  CHECK_THROWS_AS(Grid({most + 1}), haggle::UsageError);
  CHECK_THROWS_AS(Grid({1u << 31, 1u << 31, 4}), haggle::UsageError);
  CHECK_THROWS_AS(Grid({3, 0}), haggle::UsageError);
}
