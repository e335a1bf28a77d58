// SPDX-License-Identifier: MIT
// --retry-failed: a result's failed games solved again.
#pragma once
#include "cli/commands.hpp"
#include "haggle/executor/run.hpp"

namespace haggle::cli {

/// Solves a result's failed games again and puts it in place anew. Short enough to go without a checkpoint: until the
/// rename the old result stands.
ExitCode retry(const RunArguments& arguments, const Plan& plan, const std::string& path);

}  // namespace haggle::cli
