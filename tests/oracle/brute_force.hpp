// SPDX-License-Identifier: MIT
// The slow reference, part two: every bargaining solution by dense global search over the share, and how much a player
// or the bargain could gain on a claimed result. About 10 ms a game.
#pragma once
#include <vector>

#include "oracle/equilibrium.hpp"

namespace oracle {

/// The players' best individually rational utilities, for kalai_smorodinsky.
struct Ideals {
  double generalist = 0, specialist = 0;
};

/// Subgame-perfect outcomes over all shares: dense in logit(δ), with both ends, refined until neighbours are alike, so
/// that jumps of the equilibrium and ends of the individually rational set are pinned to rounding.
class Frontier {
 public:
  explicit Frontier(const Game& game);

  struct Point {
    double logit;
    Outcome outcome;
  };
  const std::vector<Point>& points() const { return points_; }
  bool any_deal() const;
  /// Over all shares; negative without a deal.
  double largest_generalist_gain() const;
  /// NaN without a deal.
  Ideals ideals() const;

  /// The best individually rational outcome for `solution` (not fixed) and the generalist's `weight`; its deal is false
  /// when there is none.
  Outcome best(Solution solution, double weight) const;

 private:
  /// The highest outcome of all, a deal or not.
  template <class Value>
  Outcome highest(Value value) const;
  /// Among the deals; the larger surplus where a stretch of shares ties.
  template <class Value>
  Outcome maximise(Value value) const;

  Game game_;
  std::vector<Point> points_;
};

/// What a solution maximises, at an outcome: money for nash (the weighted geometric mean of gains), egalitarian,
/// utilitarian (Σ w_j U_j) and the powerful ones, a ratio for kalai_smorodinsky, α₁ for max_performance. Homogeneous of
/// degree one in gains, so relative differences mean something.
double objective(const Game& game, Solution solution, double weight, const Ideals& ideals, const Outcome& outcome);

struct Result {
  Outcome outcome;  ///< without a deal: utilities are the outside options, share and performances NaN
  double objective = 0;
  Ideals ideals;
};

/// game.solution, game.weight and game.fixed_share say which.
Result solve(const Game& game);
Result solve(const Game& game, const Frontier& frontier);

/// A claimed equilibrium.
struct Claim {
  double share, base_performance, performance;
};

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

}  // namespace oracle
