// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "haggle/core/index.hpp"

namespace haggle {

/// One process' part of a sweep: of `count` processes the one of number `index`, from 0. It takes the blocks `index`,
/// `index + count`, … rather than a range of them: what a game costs changes slowly over a grid, so that neighbouring
/// blocks cost alike and dealing them out gives everybody as much to do.
struct Shard {
  std::uint64_t index = 0, count = 1;

  bool whole() const { return count == 1; }
  /// How many of a grid's `blocks` are its own.
  std::uint64_t blocks(std::uint64_t blocks) const { return blocks > index ? (blocks - index - 1) / count + 1 : 0; }
  /// The k-th of them.
  BlockIndex block(std::uint64_t k) const { return BlockIndex{index + k * count}; }
  bool owns(BlockIndex block) const { return block.value % count == index; }
};

}  // namespace haggle
