// SPDX-License-Identifier: MIT
#pragma once
#include "boost_peer.hpp"
#include "general_games.hpp"

namespace haggle::bench {

/// The uniform share of a Nash, Kalai-Smorodinsky or egalitarian bargain as a competent user would find it without this
/// library: minimisers over the share and over the generalist's investment, a root finder for each specialist's
/// contribution, all of Boost.Math and straight from the game's definition. Finds one peak of each; for concave
/// revenues and zero outside options.
double general_boost_share(const GeneralGame& game, fine_tuning::Solution solution, Reply reply);

/// What one owner of all sides would have, likewise.
double general_boost_first_best(const GeneralGame& game, Reply reply);

}  // namespace haggle::bench
