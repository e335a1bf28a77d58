// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "haggle/core/index.hpp"

namespace haggle {

/// Which of a grid's blocks: one bit a block, so 65536 points or so take one bit.
class BlockSet {
 public:
  BlockSet() = default;
  explicit BlockSet(std::uint64_t blocks) : words_((blocks + 63) / 64) {}

  bool contains(BlockIndex block) const {
    const std::uint64_t word = block.value / 64;
    return word < words_.size() && (words_[word] >> (block.value % 64) & 1) != 0;
  }
  /// `block` must be below the number given at the start. False when it was in already.
  bool insert(BlockIndex block) {
    std::uint64_t& word = words_[block.value / 64];
    const std::uint64_t bit = std::uint64_t{1} << (block.value % 64);
    const bool added = (word & bit) == 0;
    word |= bit;
    return added;
  }
  void erase(BlockIndex block) { words_[block.value / 64] &= ~(std::uint64_t{1} << (block.value % 64)); }
  /// Both are of one grid.
  void merge(const BlockSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  std::uint64_t size() const {
    std::uint64_t n = 0;
    for (const std::uint64_t word : words_) n += static_cast<std::uint64_t>(std::popcount(word));
    return n;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace haggle
