// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/block_record.hpp"

namespace haggle {

/// The data file of a checkpoint's n-th run, counted from 1, beside the result `path`: "sweep.h5.part",
/// "sweep.h5.part-2", …
std::string data_file(const std::string& path, std::uint32_t generation);
/// "sweep.h5.checkpoint"
std::string checkpoint_of(const std::string& path);
/// The way back; throws UsageError when the name does not end so.
std::string result_of(const std::string& checkpoint);
/// Removes "PATH.part-N" for every N: only sensible when no checkpoint is left.
void remove_later_data_files(const std::string& path);

/// Reads recorded chunks. One file is open at a time.
class DataFiles {
 public:
  explicit DataFiles(std::string path) : path_(std::move(path)) {}  ///< of the result that they are beside
  ~DataFiles();
  DataFiles(const DataFiles&) = delete;
  DataFiles& operator=(const DataFiles&) = delete;

  /// False when the file is missing or has other bytes there than those that were recorded; why() then says what.
  bool read(std::uint32_t generation, const ChunkPlace& place, std::vector<std::byte>& bytes);
  const std::string& why() const { return why_; }

 private:
  bool fail(const std::string& reason);

  std::string path_, name_, why_;
  std::uint32_t generation_ = 0;
  int descriptor_ = -1;
};

}  // namespace haggle
