// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "haggle/core/index.hpp"
#include "haggle/core/status.hpp"

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
  std::uint64_t failures() const {
    std::uint64_t n = 0;
    for (const auto& s : status_meanings)
      if (is_failure(s.status)) n += (*this)[s.status];
    return n;
  }
};

/// One output's values over a whole block, padded to the chunk's full shape with the fill value, in the file's type.
struct Chunk {
  std::vector<std::byte> bytes;
  std::uint32_t filter_mask = 0;  ///< HDF5's: bit i set means filter i of the pipeline was skipped for this chunk
};

/// A block ready for the file: one chunk per chosen output, in Plan::outputs' order.
struct FinishedBlock {
  BlockIndex block;
  std::vector<Chunk> chunks;
  Counts counts;
};

/// Where finished blocks go. encode() is called by many workers at once; store() by one writer thread only.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Raw values in, bytes as the file keeps them out (compressed). `output` indexes Plan::outputs. Thread-safe, const.
  virtual Chunk encode(std::size_t output, std::vector<std::byte> raw) const = 0;
  /// Throws IoError; the run then stops and reports it.
  virtual void store(FinishedBlock block) = 0;
};

}  // namespace haggle
