// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "haggle/core/index.hpp"

namespace haggle {

/// Some of a grid's blocks: one bit each up to the last of them, that is one bit for 65536 points or so.
class BlockSet {
 public:
  bool contains(BlockIndex block) const {
    const std::uint64_t word = block.value / 64;
    return word < words_.size() && (words_[word] >> (block.value % 64) & 1) != 0;
  }
  /// False when it was in already.
  bool insert(BlockIndex block) {
    if (block.value / 64 >= words_.size()) words_.resize(block.value / 64 + 1);
    std::uint64_t& word = words_[block.value / 64];
    const std::uint64_t bit = std::uint64_t{1} << (block.value % 64);
    const bool added = (word & bit) == 0;
    word |= bit;
    return added;
  }
  void erase(BlockIndex block) {
    if (contains(block)) words_[block.value / 64] &= ~(std::uint64_t{1} << (block.value % 64));
  }
  void merge(const BlockSet& other) {
    if (other.words_.size() > words_.size()) words_.resize(other.words_.size());
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }
  /// None of them is at or behind this one.
  BlockIndex end() const { return BlockIndex{64 * words_.size()}; }
  std::uint64_t size() const {
    std::uint64_t n = 0;
    for (const std::uint64_t word : words_) n += static_cast<std::uint64_t>(std::popcount(word));
    return n;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace haggle
