// SPDX-License-Identifier: MIT
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>

namespace haggle {

/// An index that does not convert into another kind of index. `value` is zero-based.
template <class Tag>
struct Index {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(Index, Index) = default;
  constexpr Index& operator++() {
    ++value;
    return *this;
  }
};

/// A game's place in the grid, row-major: the last dimension varies fastest.
using GridIndex = Index<struct GridTag>;
/// A work block's place in the grid of blocks, row-major. One block is one HDF5 chunk.
using BlockIndex = Index<struct BlockTag>;

}  // namespace haggle
