// SPDX-License-Identifier: MIT
#pragma once
#include "boost_peer.hpp"
#include "general_games.hpp"
#include "minimum.hpp"

namespace haggle::bench {

/// The uniform share of a Nash, Kalai-Smorodinsky or egalitarian bargain as a competent user would find it without this
/// library: minimisers over the share and over the generalist's investment, a root finder for each specialist's
/// contribution, all of Boost.Math and straight from the game's definition. Where revenue is S-shaped the condition has
/// several roots: then the contribution is the best of its roots beside the peaks of a scan of 32 points, whatever
/// `reply`. For zero outside options.
double general_boost_share(const GeneralGame& game, fine_tuning::Solution solution, Reply reply,
                           Search search = Search::one_peak);

/// What one owner of all sides would have, likewise.
double general_boost_first_best(const GeneralGame& game, Reply reply);

}  // namespace haggle::bench
