// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "haggle/core/index.hpp"
#include "haggle/core/status.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// How many games ended in each status.
struct Counts {
  std::array<std::uint64_t, status_meanings.size()> by_status{};
  std::uint64_t& operator[](Status s) { return by_status[static_cast<std::size_t>(s)]; }
  std::uint64_t operator[](Status s) const { return by_status[static_cast<std::size_t>(s)]; }
  Counts& operator+=(const Counts& other) {
    for (std::size_t i = 0; i < by_status.size(); ++i) by_status[i] += other.by_status[i];
    return *this;
  }
  Counts& operator-=(const Counts& other) {
    for (std::size_t i = 0; i < by_status.size(); ++i) by_status[i] -= other.by_status[i];
    return *this;
  }
  std::uint64_t total() const {
    std::uint64_t n = 0;
    for (const std::uint64_t count : by_status) n += count;
    return n;
  }
  std::uint64_t failures() const {
    std::uint64_t n = 0;
    for (const auto& s : status_meanings)
      if (is_failure(s.status)) n += (*this)[s.status];
    return n;
  }
};

/// How an output's values stand in chunks and in the file. Points without a value are 0 in codes and NaN in numbers.
enum class StoredType : std::uint8_t { int8, float32, float64 };

constexpr std::size_t size_of(StoredType type) {
  return type == StoredType::int8 ? 1 : type == StoredType::float32 ? 4 : 8;
}

/// `output` indexes Plan::outputs.
inline StoredType stored_type(const Plan& plan, std::size_t output) {
  if (!plan.game->outputs[plan.outputs[output]].codes.empty()) return StoredType::int8;
  return plan.format.float32 ? StoredType::float32 : StoredType::float64;
}

/// Values that a point has of Plan::outputs[output]: 1, or the product of the output's inner dimensions.
inline std::size_t width(const Plan& plan, std::size_t output) { return plan.game->width(plan.outputs[output]); }

/// Those of the game's dimensions that outputs of the plan have: indices into GameTable::dimensions, ascending.
inline std::vector<std::size_t> inner_dimensions(const Plan& plan) {
  std::vector<bool> used(plan.game->dimensions.size());
  for (const std::size_t output : plan.outputs)
    for (const std::size_t d : plan.game->outputs[output].dimensions) used[d] = true;
  std::vector<std::size_t> dimensions;
  for (std::size_t d = 0; d < used.size(); ++d)
    if (used[d]) dimensions.push_back(d);
  return dimensions;
}

/// One output's values over a whole block, padded to the block's full shape with the fill value, encoded for the file.
struct Chunk {
  std::vector<std::byte> bytes;
  std::uint32_t filter_mask = 0;  ///< HDF5's: bit i set means filter i of the pipeline was skipped for this chunk
  std::uint32_t crc = 0;          ///< CRC-32 (as in zlib) of `bytes`, where the sink keeps one
};

/// A block ready for the file: one chunk per chosen output, in Plan::outputs' order.
struct FinishedBlock {
  BlockIndex block;
  std::vector<Chunk> chunks;
  Counts counts;  ///< over the block's points in the grid, without padding
};

/// Blocks that were solved before.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  /// Fills `raw` with an output's values over the whole block, as Sink::encode() takes them (its size is theirs).
  /// Thread-safe. Throws IoError.
  virtual void load(BlockIndex block, std::size_t output, std::span<std::byte> raw) const = 0;
};

/// Where finished blocks go. encode() is called by many workers at once; store() by one writer thread only.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Values of `stored_type(plan, output)` in, row-major over the whole block, each point's `width(plan, output)` side
  /// by side; bytes as the file keeps them out.
  /// `output` indexes Plan::outputs. Thread-safe; the caller keeps `raw` and uses it again for the next block.
  virtual Chunk encode(std::size_t output, std::span<const std::byte> raw) const = 0;
  /// Throws IoError; the run then stops and reports it.
  virtual void store(FinishedBlock block) = 0;
};

}  // namespace haggle
