// SPDX-License-Identifier: MIT
// The bargain over one share for all domains: any solution, any number of specialists, by global search.
#pragma once
#include "haggle/solver/spe.hpp"
#include "solver/share_search.hpp"

namespace haggle::fine_tuning {

/// The share that the players agree on. `status`: solved, no_deal, or a failure.
struct Agreement {
  Status status = Status::pending;
  Share share{};
  const Equilibrium* equilibrium = nullptr;  ///< where solved; valid until the next bargain
};

class UniformBargain {
 public:
  explicit UniformBargain(SpeSolver& solver) : search_(solver), solver_(&solver) {}

  /// Bargains over the game that `solver` has taken up. `powerful`: which specialist under powerful_specialist;
  /// `unset`: their sum. Not for Solution::fixed.
  Agreement operator()(Solution solution, std::size_t powerful);

 private:
  BestShare best_for(std::size_t player);
  BestShare bargain(Solution solution, std::size_t powerful);

  ShareSearch search_;
  SpeSolver* solver_;
};

}  // namespace haggle::fine_tuning
