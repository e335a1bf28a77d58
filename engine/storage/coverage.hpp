// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/core/block_set.hpp"
#include "haggle/storage/checkpoint.hpp"

namespace haggle {

/// `done`: blocks of the grid, all of them the shard's own; `counts`: what came of them.
Coverage coverage_of(const Grid& grid, Shard shard, const BlockSet& done, const Counts& counts);

}  // namespace haggle
