// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace haggle {

/// The folder that `path` stands in, "." when it has none.
std::string folder_of(const std::string& path);
/// Brings the folder's names to the disk; returns the error number, or 0. Some network file systems know no such thing,
/// and are left to themselves.
int sync_folder_of(const std::string& path);

}  // namespace haggle
