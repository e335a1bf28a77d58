// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "haggle/core/index.hpp"
#include "haggle/executor/sink.hpp"

namespace haggle {

/// Where one chunk's bytes stand in a data file, and how to know them.
struct ChunkPlace {
  std::uint64_t offset = 0, size = 0;  ///< in bytes
  std::uint32_t filter_mask = 0;       ///< as in Chunk
  std::uint32_t crc = 0;               ///< CRC-32 of the bytes
};

/// A finished block as a checkpoint knows it.
struct BlockRecord {
  BlockIndex block;
  std::uint32_t generation = 1;  ///< which of the checkpoint's data files
  Counts counts;
  std::vector<ChunkPlace> places;  ///< in Plan::outputs' order
};

}  // namespace haggle
