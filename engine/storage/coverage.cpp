// SPDX-License-Identifier: MIT
#include "storage/coverage.hpp"

namespace haggle {

Coverage coverage_of(const Grid& grid, Shard shard, const BlockSet& done, const Counts& counts) {
  constexpr std::size_t most = 20;
  Coverage coverage;
  coverage.counts = counts;
  coverage.points_done = counts.total();
  coverage.points_total = points_of(grid, shard);
  coverage.blocks_done = done.size();
  coverage.blocks_total = shard.blocks(grid.blocks());
  const auto add_gap = [&](std::uint64_t first, std::uint64_t last) {
    if (++coverage.gaps_total <= most) coverage.gaps.push_back({first, last});
  };
  std::uint64_t first = 0, k = 0;  // of the gap that may be open; the block looked at
  for (; k < coverage.blocks_total && shard.block(k).value < done.end().value; ++k) {
    if (!done.contains(shard.block(k))) continue;
    if (first < k) add_gap(first, k - 1);
    first = k + 1;
  }
  if (first < coverage.blocks_total) add_gap(first, coverage.blocks_total - 1);
  return coverage;
}

}  // namespace haggle
