// SPDX-License-Identifier: MIT
// The slow reference, part two: every bargaining solution by dense global search over the share. About 10 ms a game.
#pragma once
#include <cstddef>
#include <limits>
#include <vector>

#include "haggle/verify/equilibrium.hpp"

namespace haggle::oracle {

/// The players' best individually rational utilities, for kalai_smorodinsky.
struct Ideals {
  double generalist = 0, specialist = 0;
};

/// Subgame-perfect outcomes over all shares: dense in logit(δ), with both ends, refined until neighbours are alike, so
/// that jumps of the equilibrium and ends of the individually rational set are pinned to rounding. An ordinary game
/// takes some hundreds of equilibria, one with an exponent near 1 or near the elasticity can take millions:
/// `most_equilibria` bounds the refinement, and complete() says whether it came to its end.
class Frontier {
 public:
  explicit Frontier(const Game& game, std::size_t most_equilibria = std::numeric_limits<std::size_t>::max());

  struct Point {
    double logit;
    Outcome outcome;
  };
  const std::vector<Point>& points() const { return points_; }
  /// False: jumps and ends may be off by the scan's spacing, and nothing is certain.
  bool complete() const { return points_.size() < most_equilibria_; }
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

  void refine(const Point& a, const Point& b);

  Game game_;
  std::size_t most_equilibria_;
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

}  // namespace haggle::oracle
