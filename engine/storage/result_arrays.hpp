// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "haggle/storage/result_file.hpp"
#include "haggle/sweep/plan.hpp"
#include "storage/schema.hpp"

namespace haggle {

/// The HDF5 side of a result in the making: everything but its blocks written at the start, then chunk by chunk.
class ResultArrays {
 public:
  /// Into the empty file open as `descriptor`, which must stay open as long as this lives; `name` is for messages.
  ResultArrays(const Plan& plan, const std::string& name, int descriptor);
  ~ResultArrays();  ///< unfinished: what HDF5 still holds back is not written, since nobody will read the file as HDF5
  ResultArrays(const ResultArrays&) = delete;
  ResultArrays& operator=(const ResultArrays&) = delete;

  /// `bytes` are as the file's filters want them. Returns where in the file they stand.
  std::uint64_t write(BlockIndex block, std::size_t output, std::span<const std::byte> bytes,
                      std::uint32_t filter_mask);
  /// Adds the group /provenance and hands everything to the system; the file then is whole HDF5.
  void finish(const Provenance& provenance);

 private:
  const Plan& plan_;
  PartTarget target_;
  hdf5::Guard guard_;
  EmptyResult result_;
};

}  // namespace haggle
