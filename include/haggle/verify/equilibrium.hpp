// SPDX-License-Identifier: MIT
// The slow reference, part one: the fine-tuning game with one specialist, revenue R α^ε and power costs, solved from
// its definition by backward induction with a dense global search at each stage. Shares no code with the engine.
#pragma once

namespace haggle::oracle {

/// In the order of the spec's choices.
enum class Solution {
  fixed,
  nash,
  kalai_smorodinsky,
  egalitarian,
  utilitarian,
  powerful_generalist,
  powerful_specialist,
  max_performance
};

/// Revenue r(α) = scale·α^elasticity, costs c0·α₀^k0 and c1·x^k1. Domain: positive, k0 > 1, k1 > 1,
/// elasticity < min(k0, k1); outside options any number; weight (the generalist's) and fixed_share in [0, 1].
struct Game {
  double c0 = 1, k0 = 2, generalist_outside = 0;
  double scale = 1, elasticity = 1;
  double c1 = 1, k1 = 2, specialist_outside = 0;
  Solution solution = Solution::nash;
  double weight = 0.5, fixed_share = 0.5;
};

/// The revenue share δ and its complement 1−δ, each to full relative precision.
struct Split {
  double generalist = 0, specialist = 1;
};
Split split_of_share(double share);
Split split_of_logit(double logit);

double revenue(const Game& game, double performance);
/// U_G and U_D when both take part, straight from the definition. `performance` >= `base_performance`.
double generalist_utility(const Game& game, Split split, double base_performance, double performance);
double specialist_utility(const Game& game, Split split, double base_performance, double performance);

/// The specialist's best own contribution x = α₁ − α₀ >= 0 when it takes part.
double best_contribution(const Game& game, Split split, double base_performance);

/// The smallest α₀ at which the specialist takes part (a tie takes part); infinite when there is none.
double participation_threshold(const Game& game, Split split);

/// What happens after the split is agreed.
struct Outcome {
  Split split;
  double base_performance = 0, performance = 0;
  double generalist_utility = 0, specialist_utility = 0;
  bool deal = false;  ///< both take part; false: the other numbers hold for the best α₀ that keeps the specialist in
  bool held = false;  ///< the specialist is kept exactly at its outside option
  double generalist_gain = 0;  ///< over what it has otherwise; a deal means >= 0
};

/// The subgame-perfect equilibrium at a split. The generalist's alternatives are its outside option and α₀ = 0 with a
/// specialist that stays away, which leaves it 0. Among equally good α₀ the larger one.
Outcome equilibrium(const Game& game, Split split);

}  // namespace haggle::oracle
