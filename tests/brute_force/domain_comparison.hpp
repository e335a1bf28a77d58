// SPDX-License-Identifier: MIT
// One game's bargains over one share for each domain (contract per_domain), beside the best of thousands of random
// shares and of a compass search from the best of them. It trusts the engine's equilibria, and the ideals that it finds
// for kalai_smorodinsky: it judges the choice of shares alone.
#pragma once
#include <cstddef>

#include "comparison.hpp"

namespace haggle::test {

/// Of a bounded game with at most 8 specialists. `samples`: so many shares are drawn, for all solutions together.
Comparison compare_by_domain(const GeneralGame& game, std::size_t samples, Random& random);

}  // namespace haggle::test
