// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "haggle/storage/result_file.hpp"

namespace haggle::cli {

/// "2026-01-31T12:00:00Z"
std::string utc_now();
/// What every file says of the process that wrote it: command_line, started, finished, host, and the build.
Provenance provenance_of_process(const std::vector<std::string>& command_line, const std::string& started);

}  // namespace haggle::cli
