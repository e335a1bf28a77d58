// SPDX-License-Identifier: MIT
// The slow reference for the general fine-tuning game, part two: the subgame-perfect equilibrium at given shares, by
// backward induction with a global search at each stage. About 0.1 ms a specialist, some 10 ms with expressions.
#pragma once
#include <vector>

#include "haggle/verify/general_game.hpp"

namespace haggle::oracle::general {

/// How finely to search. 1 uses what is known of the families (where revenue is concave, that costs are convex); 2 and
/// more know nothing, and search grids that many times as dense.
using Effort = int;

/// A specialist's best answer to a base performance, taking part.
struct Reply {
  double contribution = 0, performance = 0, revenue = 0;
  double utility = 0;   ///< fixed cost paid
  double marginal = 0;  ///< r'(performance)
  double follows = 1;   ///< by how much performance rises with base performance, where it does so smoothly
};

struct SpecialistOutcome {
  bool in = false;    ///< takes part
  bool held = false;  ///< kept exactly at its outside option by the generalist's choice
  double contribution = 0, performance = 0, revenue = 0;
  double utility = 0;  ///< the outside option of an abstainer
};

/// What happens after the shares are agreed.
struct Outcome {
  std::vector<Split> splits;  ///< one for each specialist
  double base_performance = 0, generalist_utility = 0;
  std::vector<SpecialistOutcome> specialists;
  double generalist_gain = 0;  ///< what the best investment pays over the outside option; a deal means >= 0
  bool deal = false;           ///< false: the other numbers hold for the best investment all the same
  /// By how much the best investment that keeps each specialist in pays the generalist less than the best of all, from
  /// above; 0 for those in.
  std::vector<double> shortfalls;

  std::size_t taking_part() const;
  double surplus() const;
};

/// The second stage and the first for one game, whatever the shares.
class Play {
 public:
  explicit Play(const GeneralGame& game, Effort effort = 1);

  const GeneralGame& game() const { return game_; }

  /// Specialist i's global optimum. Among equally good contributions the larger.
  Reply reply(std::size_t i, const Split& split, double base) const;
  /// The smallest base performance at which specialist i takes part (a tie takes part), to the last bit; infinite when
  /// it takes part at none that the generalist would reach.
  double participation_threshold(std::size_t i, const Split& split) const;
  Outcome equilibrium(const std::vector<Split>& splits) const;

  /// What happens after that base performance, and what it pays the generalist.
  Outcome after(const std::vector<Split>& splits, double base) const;

  /// The largest sum of utilities if one owner chose everything: who takes part, and all investments. The generalist's
  /// outside option is had only without the project.
  double first_best_surplus() const;

  /// No player invests more than this, at any shares.
  double most_investment() const { return most_; }

 private:
  friend class BaseSearch;
  std::vector<double> local_maxima(std::size_t i, double share, double base) const;

  GeneralGame game_;
  Effort effort_;
  bool monotone_ = true;  ///< performances never fall with base performance: costs are convex
  double most_ = 0;
};

/// Everybody gets the outside option.
Outcome no_deal(const GeneralGame& game);

}  // namespace haggle::oracle::general
