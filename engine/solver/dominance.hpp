// SPDX-License-Identifier: MIT
// Which deals of a game whose domains share one revenue share are dominated: some other share leaves everyone at least
// as well off and someone better.
#pragma once
#include <span>
#include <vector>

#include "haggle/solver/pareto_set.hpp"
#include "haggle/solver/payoff_curve.hpp"

namespace haggle::fine_tuning {

/// Which points of a curve others dominate. Between two nodes every utility only rises or only falls, so the shares at
/// which player j has at least a given level are an interval there, and those at which all have theirs are one, too.
class Dominance {
 public:
  /// Who gains less than `counts` times what can just be told apart is not better off.
  explicit Dominance(const PayoffCurve& curve, double counts = 1);

  bool is_piece(std::size_t i) const { return nodes_[i].deal && nodes_[i + 1].deal && !curve_.jumps_after(i); }
  /// Going from node i to i+1 (or back, for sign = -1), someone gains and nobody loses.
  bool improves(std::size_t i, int sign) const;
  bool node_is_dominated(std::size_t i) const;
  /// The parts of the piece after node i, inside which nobody dominates anybody, that no other piece dominates.
  void add_undominated(std::size_t i, std::vector<ShareInterval>& all) const;
  /// Of any deal at that share, which leaves everyone `utility`: beside a jump a share alone may not say who takes
  /// part.
  bool is_dominated(double share, std::span<const double> utility) const;

 private:
  using Utilities = std::span<const double>;
  struct Stretch {
    std::size_t from, to;  ///< neighbouring nodes, or one node alone
  };
  /// The first and the last node of a stretch of the curve.
  struct Reach {
    std::size_t first, last;
  };

  double gain(std::size_t j) const { return counts_ * curve_.tie(j); }
  double most(const Stretch& s, std::size_t j) const;
  bool is_flat(std::size_t i) const;
  std::vector<Stretch> rivals_of(std::size_t i) const;
  bool is_better(Utilities u, Utilities level) const;
  bool reaches(const Stretch& s, Utilities level) const;
  bool is_same(Utilities a, Utilities b) const;
  bool goes_on_after(std::size_t i) const;
  Reach around(double share, Utilities utility) const;

  const PayoffCurve& curve_;
  const std::vector<PayoffCurve::Node>& nodes_;
  double counts_;
  std::vector<Stretch> stretches_;
};

}  // namespace haggle::fine_tuning
