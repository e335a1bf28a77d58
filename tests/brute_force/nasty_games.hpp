// SPDX-License-Identifier: MIT
// Random fine-tuning games at the edges of what has an equilibrium: cost exponents near the least allowed, steep Hill
// curves, bargaining weights near 0, fixed costs and outside options near the break-even.
#pragma once
#include <cstddef>

#include "fine_tuning_games.hpp"

namespace haggle::test {

/// Nastier than nasty_game(), and slower to draw: some fixed costs are set by the engine's equilibria. Contract
/// uniform, no expressions. Not every one is bounded (oracle::bounded).
GeneralGame very_nasty_game(Random& random, std::size_t specialists);

}  // namespace haggle::test
