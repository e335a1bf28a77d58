// SPDX-License-Identifier: MIT
// The Pareto set of a game with one revenue share for each domain (contract per_domain): a sample of it, and whether
// given shares belong to it.
#pragma once
#include <span>
#include <vector>

#include "haggle/solver/payoffs.hpp"

namespace haggle::fine_tuning {

/// Shares, one for each domain, and every player's utility there; player 0 is the generalist.
struct FrontierPoint {
  std::vector<double> shares, utility;
};

/// Up to `count` deals none of which dominates another, by rising utility of the generalist; none without a deal.
///
/// Resolution: first come the players' own best deals, then for each of a low-discrepancy sequence of weights
/// (Halton's, mapped to the simplex) in turn the deal with the largest weighted sum of gains and the one whose least
/// weighted gain is largest, gains in units of the players' best ones; then whatever serves everyone at least as well
/// and someone better is climbed to from there. Deals closer than 1e-6 of those units in every gain are one point.
/// There are fewer points when three times as many weights don't give more.
std::vector<FrontierPoint> domain_frontier(PayoffsAt at, std::size_t domains, std::span<const double> outside,
                                           std::size_t count);

/// Whether the shares make a deal that no other shares dominate: leave everyone at least as well off, but for rounding,
/// and someone better by more than `tolerance` of the largest gain that it has in any deal seen. `false` is certain: a
/// dominating deal was found. `true`: none was found, by a search as thorough as that for a bargain.
bool is_pareto(PayoffsAt at, std::span<const double> shares, std::span<const double> outside, double tolerance = 1e-6);

}  // namespace haggle::fine_tuning
