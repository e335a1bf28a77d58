// SPDX-License-Identifier: MIT
// How much a player, or the bargain, could gain on a claimed equilibrium of the general game.
#pragma once
#include "haggle/verify/general_bargain.hpp"

namespace haggle::oracle::general {

/// A claimed deal. A specialist whose performance is NaN is said to abstain.
struct Claim {
  std::vector<Split> splits;
  double base_performance = 0;
  std::vector<double> performances;
};

Claim claim_of(const Outcome& deal);

/// Utilities at the claim, straight from the definition; a deal as claimed.
Outcome outcome_of(const GeneralGame& game, const Claim& claim);

/// The largest of the utilities at the claim, their sum and the outside options: what regrets are relative to. Where
/// all of these are 0, a millionth of the revenue that the largest investment worth a thought would bring.
double scale_of(const Play& play, const Claim& claim);

/// What a relative error of `rounding` in shares and performances does to utilities: revenue and costs may be far
/// larger than what is left of them, and grow by powers.
double blur_of(const GeneralGame& game, const Claim& claim, double rounding);

/// The game with outside options a little higher and lower, the generalist's and the specialists': by what rounding may
/// do to utilities in a deal. Where a specialist's revenue is all but saturated, a last digit of its utility moves the
/// investment that holds it at its outside option by a millionth, and so it may with the last share that is a deal:
/// such an answer is right to rounding if it is right in one of these games.
std::vector<GeneralGame> within_rounding(const GeneralGame& game, const Claim& deal);

/// Largest gain of specialist i from another contribution, from staying away or from coming; relative.
double specialist_regret(const Play& play, const Claim& claim, std::size_t i);
/// Largest gain of the generalist from another investment, or from abstaining, the specialists replying; relative.
double generalist_regret(const Play& play, const Claim& claim);
/// How far the claim's objective is below that of `best`, relative to the scale where it is money, else to itself;
/// where no deal makes it more than rounding, how far the surplus is below. The claim has the benefit of its rounding.
double bargain_regret(const Play& play, const Claim& claim, const Result& best);
/// By how much the last digits of a share move the objective, in the same units: what of a regret no double could mend.
/// On the calmer side of each share: a jump is no last digit's doing.
double last_digits_of_shares(const Play& play, const Claim& claim, const Result& best);

}  // namespace haggle::oracle::general
