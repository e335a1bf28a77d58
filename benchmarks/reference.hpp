// SPDX-License-Identifier: MIT
// How accurate is a share? Against a reference polished in extended precision on the game's scalar form.
#pragma once
#include <optional>

#include "games.hpp"

namespace haggle::bench {

/// The share nearest to `guess` that is stationary for `solution` (or equalises, for egalitarian and
/// kalai_smorodinsky), to about 1e-17. None when there is no change of sign within 1e-6 (in logit) of the guess, as at
/// a corner.
std::optional<double> polished_share(const Game& game, power_law::Solution solution, double guess,
                                     double best_generalist = 0, double best_specialist = 0);

}  // namespace haggle::bench
