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

  /// A BestAlong. What was looked at serves the next aim as well where it is for the same line.
  std::vector<double> operator()(std::span<const double> shares, std::size_t domain, const BargainAim& aim,
                                 bool windows = false);

 private:
  void start(std::span<const double> shares, std::size_t domain, bool windows);
  double as_number(const ShareLook& look, std::size_t domain);

  ShareSearch search_;
  SpeSolver* solver_;
  std::vector<Share> others_;
  std::vector<double> line_;  ///< the shares of the last line, but for its own
  std::size_t domain_ = unset;
  bool windows_ = false;
};

}  // namespace haggle::fine_tuning
