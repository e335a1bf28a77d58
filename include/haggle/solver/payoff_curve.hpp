// SPDX-License-Identifier: MIT
// All equilibria of a game whose domains share one revenue share: a curve in the space of utilities, smooth but for
// jumps, sampled so that between two neighbouring nodes every utility only rises or only falls.
#pragma once
#include <span>
#include <vector>

#include "haggle/solver/payoffs.hpp"

namespace haggle::fine_tuning {

class PayoffCurve {
 public:
  struct Node {
    double share = 0;
    bool deal = false;
    std::uint64_t takes_part = 0, contributes = 0;  ///< a bit for each specialist
    int holder = 0;                                 ///< of the generalist's investment, see Payoffs
    std::vector<double> utility{}, money{};         ///< of each player, see Payoffs
    std::vector<double> slope{};  ///< of each player's utility, by the share; empty: not known, nor then its turns
  };

  /// Solves some hundreds of equilibria. Windows of deals and turns of utilities narrower than about 1/128 (near 0 and
  /// 1: narrower) that no sample shows are missed, unless `known` names a share inside.
  PayoffCurve(PayoffsAt at, std::size_t specialists, std::span<const double> known = {});

  std::size_t players() const { return specialists_ + 1; }
  /// In the order of their shares, from 0 to 1.
  const std::vector<Node>& nodes() const { return nodes_; }
  /// Utilities jump between nodes i and i+1, whose shares are neighbours among doubles or nearly so.
  bool jumps_after(std::size_t i) const;
  /// How player j's utility goes from node i to i+1: 1, -1, or 0 where it does not change but for rounding.
  int direction(std::size_t i, std::size_t j) const;
  /// Utilities of player j closer than this can't be told apart.
  double tie(std::size_t j) const { return tie_[j]; }
  /// The share between nodes i and i+1 at which player j's utility, which passes it there, is `level`.
  double share_at(std::size_t i, std::size_t j, double level) const;
  Node at(double share) const;

 private:
  static bool same_regimes(const Node& a, const Node& b);
  bool alike(const Node& a, const Node& b) const;
  void measure(const std::vector<Node>& nodes);
  bool joins(const Node& a, const Node& b);
  void refine(const Node& a, const Node& b);
  void thin_out_around_jumps();
  void add_turning_points();
  void add_turning_point(std::size_t i, std::size_t j, std::vector<Node>& found) const;
  Node levelling(std::size_t level, std::size_t beyond, std::size_t j) const;

  PayoffsAt at_;
  std::size_t specialists_;
  std::vector<Node> nodes_;
  std::vector<double> range_, tie_;
  std::size_t unjoined_ = 0;  ///< cells halved for what slopes said
};

}  // namespace haggle::fine_tuning
