// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "haggle/core/shard.hpp"

namespace haggle::cli {

/// "" (the whole sweep), "2/16" (counted from 0) or "auto": from the environment of Open MPI, MPICH, a Slurm task, a
/// Slurm array, both together, or a Kubernetes job of indexed completions with HAGGLE_SHARDS. Throws UsageError.
Shard parse_shard(const std::string& text);

/// "sweep.h5.shard-0002-of-0016"
std::string shard_path(const std::string& path, Shard shard);

}  // namespace haggle::cli
