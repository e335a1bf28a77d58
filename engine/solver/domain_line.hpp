// SPDX-License-Identifier: MIT
// One domain's share at a time, the others as they are: the best for an aim, by the global search along it.
#pragma once
#include <span>
#include <vector>

#include "haggle/solver/bargain_aim.hpp"
#include "solver/share_search.hpp"

namespace haggle::fine_tuning {

class DomainLine {
 public:
  /// Of the game that the solver has taken up.
  explicit DomainLine(SpeSolver& solver) : search_(solver), solver_(&solver) {}

  /// A BestAlong.
  std::vector<double> operator()(std::span<const double> shares, std::size_t domain, const BargainAim& aim,
                                 bool windows = false);

 private:
  double as_number(const ShareLook& look, std::size_t domain);

  ShareSearch search_;
  SpeSolver* solver_;
  std::vector<Share> others_;
};

}  // namespace haggle::fine_tuning
