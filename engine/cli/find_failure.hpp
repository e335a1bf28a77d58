// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "haggle/executor/dispatch.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle::cli {

/// The block's first failed game, where it stands in the grid, and how to replay it; `checkpoint` may be empty.
std::string describe_failure(const Plan& plan, BlockIndex block, InstructionSet isa, const std::string& checkpoint,
                             const std::string& spec);

/// Points by status of a published file.
Counts counts_in(const std::string& path);

}  // namespace haggle::cli
