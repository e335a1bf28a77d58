// SPDX-License-Identifier: MIT
// The slow reference for the general fine-tuning game, part three: every bargaining solution by dense global search
// over the share, or over the shares of each domain. Tenths of a second a game, seconds for nasty ones.
#pragma once
#include <functional>
#include <limits>

#include "haggle/verify/general_equilibrium.hpp"

namespace haggle::oracle::general {

/// Bargaining weights, the generalist's first; they sum to 1.
std::vector<double> weights(const GeneralGame& game);

/// What each gains over its outside option, the generalist first; never negative, and 0 where it is only rounding.
std::vector<double> gains(const GeneralGame& game, const Outcome& outcome);

/// The players' best individually rational utilities, the generalist's first; for kalai_smorodinsky.
using Ideals = std::vector<double>;

/// What a solution (not fixed) maximises over deals: money for nash (the weighted geometric mean of gains),
/// egalitarian, utilitarian (Σ w_j U_j) and the powerful ones, a ratio for kalai_smorodinsky, Σ αᵢ for max_performance.
double objective(const GeneralGame& game, Solution solution, const Ideals& ideals, const Outcome& outcome);

/// Differences of the objective up to this are rounding: ties.
double tie_of(const GeneralGame& game, Solution solution, const Outcome& best);

/// Over `utilities`, the generalist's first: the largest gain where nobody loses, else the largest loss, negative; in
/// units of `scale`. Losses of 1e-12 are none.
double improvement(const Outcome& outcome, const std::vector<double>& utilities, double scale);

/// Subgame-perfect outcomes over all uniform shares: dense in logit(δ), with both ends, refined where neighbours differ
/// in kind, so that jumps, kinks and ends of the set of deals are pinned.
class Frontier {
 public:
  explicit Frontier(const GeneralGame& game, Effort effort = 1,
                    std::size_t most_equilibria = std::numeric_limits<std::size_t>::max());

  struct Point {
    double logit;
    Outcome outcome;
  };
  const Play& play() const { return play_; }
  const std::vector<Point>& points() const { return points_; }
  /// False: the search ended before jumps and ends were pinned, and nothing is certain.
  bool complete() const { return equilibria_ < most_equilibria_; }
  bool any_deal() const;
  /// Best investments count where they keep somebody in; negative without a deal.
  const Outcome& best_for_generalist() const;
  /// Empty without a deal.
  Ideals ideals() const;
  /// The best deal for `solution` (not fixed); its deal is false when there is none.
  Outcome best(Solution solution) const;
  /// The largest value over deals; -infinite without one.
  double most(const std::function<double(const Outcome&)>& value) const;

 private:
  Point at(double logit) const;
  template <class Value>
  Outcome highest(Value value) const;
  template <class Value>
  Outcome maximise(Value value, Solution solution) const;
  void refine(const Point& a, const Point& b);
  /// Looks between neighbours of a smallest `lack` that may fall to 0 there.
  template <class Lack>
  void seek(Lack lack, std::vector<Point>& found) const;

  Play play_;
  std::size_t most_equilibria_;
  mutable std::size_t equilibria_ = 0;
  std::vector<Point> points_;
  std::vector<double> most_;  ///< each specialist's largest revenue in a deal
};

struct Result {
  Outcome outcome;  ///< without a deal: no_deal()
  double objective = 0;
  Ideals ideals;
};

/// The best deals that a search over shares of each domain finds: a dense grid over logits with both ends for two
/// domains, a coarser one for three, drawn points for more, and climbs from the best of them and from `starts`. What it
/// finds is there; that there is no better is the surer the fewer domains there are.
class DomainSearch {
 public:
  using Shares = std::vector<Split>;
  DomainSearch(const GeneralGame& game, Effort effort = 1, const std::vector<Shares>& starts = {});

  const Play& play() const { return play_; }
  bool any_deal() const;
  const Outcome& best_for_generalist() const;
  Ideals ideals() const;
  Outcome best(Solution solution) const;
  /// The largest improvement on `utilities` (the generalist's first), in units of `scale`: positive where they are
  /// dominated.
  double dominates(const std::vector<double>& utilities, double scale) const;

 private:
  using Logits = std::vector<double>;
  struct Point {
    Logits logits;
    Outcome outcome;
  };
  Outcome at(const Logits& logits) const;
  /// The highest `value` over deals.
  template <class Value>
  Outcome maximise(Value value) const;
  template <class Value>
  Point climb(const Point& start, double step, Value value) const;

  Play play_;
  Effort effort_;
  std::vector<Point> points_;
};

/// The same for one uniform share.
double dominates(const Frontier& frontier, const std::vector<double>& utilities, double scale);

/// The game's own solution and contract.
Result solve(const GeneralGame& game, Effort effort = 1);
/// The same of a game whose frontier is known, contract uniform.
Result solve(const GeneralGame& game, const Frontier& frontier);
/// The same, contract per_domain.
Result solve(const GeneralGame& game, const DomainSearch& search);

}  // namespace haggle::oracle::general
