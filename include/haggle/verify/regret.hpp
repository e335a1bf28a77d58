// SPDX-License-Identifier: MIT
// How much a player, or the bargain, could gain on a claimed equilibrium: from the definition, by dense search.
#pragma once
#include "haggle/verify/brute_force.hpp"

namespace haggle::oracle {

/// A claimed equilibrium. `complement` is 1−δ, for shares so near 1 that the share itself no longer tells it.
struct Claim {
  double share, base_performance, performance;
  double complement = 1 - share;
};

/// Utilities and performances at the claim, a deal as claimed.
Outcome outcome_of(const Game& game, const Claim& claim);

/// max(|U_G|, |U_D|, surplus) at the claim, outside options included: what regrets are relative to.
double scale_of(const Game& game, const Claim& claim);

/// Largest gain of the specialist from another contribution, over a dense grid and its best reply; relative, >= 0 but
/// for rounding.
double specialist_regret(const Game& game, const Claim& claim);
/// Largest gain of the generalist from another investment, the specialist replying (abstaining where it would).
double generalist_regret(const Game& game, const Claim& claim);
/// How far the claim's objective is below that of `best`, relative to it; where no deal makes it more than rounding
/// (all deals tie at gains of 0, and ties go to the larger surplus), how far the surplus is below, relative to the
/// scale.
double bargain_regret(const Game& game, const Claim& claim, const Result& best);
/// The same relative to the scale, where the objective is money. Gains are differences of money: the claim has the
/// benefit of their rounding, which near a player's outside option may be all there is to a gain.
double bargain_regret_in_money(const Game& game, const Claim& claim, const Result& best);

}  // namespace haggle::oracle
