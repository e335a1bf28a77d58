// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>

namespace haggle::cli {

struct DiskSpeed {
  double copying;  ///< bytes a second into the system's cache, which takes a core's time
  double writing;  ///< bytes a second onto the disk
};

/// Writes up to 128 MiB into a nameless file in `folder` and syncs it, in about half a second; the file is gone
/// afterwards, whatever happens. None when the folder cannot be written to or has no room.
std::optional<DiskSpeed> probe_disk(const std::string& folder);

}  // namespace haggle::cli
