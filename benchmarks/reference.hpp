// SPDX-License-Identifier: MIT
// What is the right share? Found in extended precision, over all shares, without a look at the engine's answer.
#pragma once
#include <array>
#include <vector>

#include "scalar_form.hpp"

namespace haggle::bench {

/// The global bargain of each solution (but `fixed`) in one game of the box. Every share that could be one is looked
/// at: both corners, each place where the slope of what is maximised changes sign, and for egalitarian and
/// kalai_smorodinsky also each place where the players' parts cross and where either player's slope changes sign.
class Reference {
 public:
  explicit Reference(const Game& game);

  double share(power_law::Solution solution) const { return best_[static_cast<std::size_t>(solution)].share; }

  /// Whether `share` is as good as the reference's, to 1e-13 of what is maximised.
  bool ties(power_law::Solution solution, double share) const;

 private:
  Long value(power_law::Solution solution, const Point& point) const;

  struct Best {
    double share = 0;
    Long value = -1;
  };
  Game game_;
  Long best_generalist_ = 0, best_specialist_ = 0;  ///< utilities, for kalai_smorodinsky
  std::array<Best, power_law::solution_names.size()> best_;
};

/// Of the first games of the benchmarks' block (HAGGLE_BENCH_CHECKED, or all), in their order; found once, on all
/// cores.
const std::vector<Reference>& references();

}  // namespace haggle::bench
