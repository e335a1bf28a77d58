// SPDX-License-Identifier: MIT
// What of a comparison doubles cannot tell.
#pragma once
#include "dense_search.hpp"

namespace haggle::test {

/// All that a difference of utilities may be a rounding error of.
double money_of(const GeneralGame& game, const oracle::general::Outcome& outcome);

/// The smallest difference of money that the game's solution measures, in parts of the money: the gain of a player with
/// a weight, or the utilities' sum; infinite for performance.
double least_difference(const GeneralGame& game, const oracle::general::Outcome& outcome);

/// Within three last digits of the logit of `best`, a deal, its value changes by more than 1e-9, or the deal ends.
bool hangs_on_last_digits(Equilibria& equilibria, const Look& best, const DenseSearch::Value& value);

/// Logits agree to 64 last digits.
bool same_share(double logit, double other);

}  // namespace haggle::test
