// SPDX-License-Identifier: MIT
// The Pareto set of a game whose domains share one revenue share: the deals at which no other share makes everyone at
// least as well off and someone better (arXiv 2308.04399, section 4).
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "haggle/solver/payoff_curve.hpp"

namespace haggle::fine_tuning {

/// Shares low to high, both included; an isolated point has low = high.
struct ShareInterval {
  double low = 0, high = 0;
};

/// The set's components, in order. Shares without a deal are never in it: whoever takes part in a deal has at least its
/// outside option, so a deal is no worse for anyone. Where a jump or a far branch makes an end open, the interval is
/// the set's closure: the share nearest to the end. Ends are good to 1e-9 where utilities are smooth and known to
/// rounding, and to some doubles at jumps; stretches narrower than about 1/1000 that another branch dominates can be
/// missed.
std::vector<ShareInterval> pareto_components(const PayoffCurve& curve);

/// Whether the deal at that share, which leaves everyone `utility` (the generalist's first), belongs to the set: no
/// other share leaves everyone at least as well off, but for rounding, and someone better by more than 1e-9 of the most
/// money that it may have. A share within 1e-6 of a smooth end is that end: nearer to a player's best share rounding
/// hides what it loses. At a jump the deal's own side counts. What pareto_components() can miss is missed here, too,
/// least where the curve was told of the share.
bool is_pareto(const PayoffCurve& curve, double share, std::span<const double> utility);

/// `count` shares spread over the components by their lengths, each component's ends among them, in rising order. With
/// fewer shares than ends the first components go first; there are fewer shares when the set has fewer points.
std::vector<double> spread_over(const std::vector<ShareInterval>& components, std::size_t count);

}  // namespace haggle::fine_tuning
