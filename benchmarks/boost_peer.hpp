// SPDX-License-Identifier: MIT
#pragma once
#include "games.hpp"

namespace haggle::bench {

/// How the peer finds the specialist's contribution.
enum class Reply {
  bracketed,  ///< TOMS 748 on the first-order condition in x, as one writes it down
  newton      ///< Newton–Raphson on it in logarithms, where it is convex: takes some thought, and half the time
};

/// The Nash share as a competent user would find it without this library: nested minimisers and a root finder of
/// Boost.Math, straight from the game's definition. For ε <= 1.
double nested_boost_nash_share(const Game& game, Reply reply);

}  // namespace haggle::bench
