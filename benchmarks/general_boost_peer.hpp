// SPDX-License-Identifier: MIT
#pragma once
#include "boost_peer.hpp"
#include "general_games.hpp"

namespace haggle::bench {

/// The uniform share of the Nash bargain as a competent user would find it without this library: minimisers over the
/// share and over the generalist's investment, a root finder for each specialist's contribution, all of Boost.Math and
/// straight from the game's definition. Finds one peak of each; for concave revenues and zero outside options.
double general_boost_nash_share(const GeneralGame& game, Reply reply);

}  // namespace haggle::bench
