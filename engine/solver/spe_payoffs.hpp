// SPDX-License-Identifier: MIT
// A game's equilibria as the Pareto set and the bargain over many shares see them.
#pragma once
#include <vector>

#include "haggle/solver/payoffs.hpp"
#include "haggle/solver/spe.hpp"

namespace haggle::fine_tuning {

/// Asks a solver that has taken up a game, which forgets what was asked before: payoffs are a function of the shares.
/// What failed on the way (SpeSolver: not settled, overflow, out of the domain) is remembered.
class SpePayoffs {
 public:
  explicit SpePayoffs(SpeSolver& solver) : solver_(&solver) {}

  void operator()(std::span<const double> shares, Payoffs& out);

  bool settled() const { return settled_; }
  bool overflow() const { return overflow_; }
  bool in_domain() const { return in_domain_; }

 private:
  SpeSolver* solver_;
  std::vector<Share> shares_;
  bool settled_ = true, overflow_ = false, in_domain_ = true;
};

}  // namespace haggle::fine_tuning
