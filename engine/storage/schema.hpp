// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "haggle/sweep/plan.hpp"
#include "storage/hdf5.hpp"
#include "storage/part_driver.hpp"

namespace haggle {

/// Raised by one with every change of how arrays stand in the file: a checkpoint's chunks fit only their own.
inline constexpr int file_schema = 1;

/// A result file before its first block: coordinates and attributes written, data sets made, no chunk allocated.
struct EmptyResult {
  hdf5::Handle file;
  std::vector<hdf5::Handle> outputs;  ///< in Plan::outputs' order
};

/// Throws UsageError when two variables of the plan would have the same name.
void check_names(const Plan& plan);
/// Writes to the empty file behind `target`. Throws IoError.
EmptyResult create_result(const hdf5::Guard& guard, const Plan& plan, PartTarget& target);
/// Adds the group /provenance, one string attribute an entry.
void write_provenance(const hdf5::Guard& guard, hid_t file,
                      const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace haggle
