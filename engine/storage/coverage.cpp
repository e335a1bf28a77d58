// SPDX-License-Identifier: MIT
#include "storage/coverage.hpp"

namespace haggle {

Coverage coverage_of(const Grid& grid, Shard shard, const BlockSet& done, const Counts& counts) {
  constexpr std::size_t most = 20;
  Coverage coverage;
  coverage.counts = counts;
  coverage.points_done = counts.total();
  coverage.points_total = coverage.points_done;
  coverage.blocks_total = shard.blocks(grid.blocks());
  bool in_gap = false;
  for (std::uint64_t k = 0; k < coverage.blocks_total; ++k) {
    if (done.contains(shard.block(k))) {
      ++coverage.blocks_done;
      in_gap = false;
      continue;
    }
    coverage.points_total += grid.box(shard.block(k)).points();
    if (!in_gap && ++coverage.gaps_total <= most) coverage.gaps.push_back({k, k});
    if (coverage.gaps_total <= most) coverage.gaps.back().last = k;
    in_gap = true;
  }
  return coverage;
}

}  // namespace haggle
