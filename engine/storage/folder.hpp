// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace haggle {

/// The folder that `path` stands in, "." when it has none.
std::string folder_of(const std::string& path);
/// Brings the folder's names to the disk. Some network file systems refuse that; it then is left to them.
void sync_folder_of(const std::string& path);

}  // namespace haggle
