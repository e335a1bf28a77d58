// SPDX-License-Identifier: MIT
// What moving from one deal to another would give and cost the players, contract uniform.
#pragma once
#include <limits>
#include <vector>

#include "haggle/verify/general_equilibrium.hpp"

namespace haggle {

/// Moves between deals of one game, in units of `money`.
class DealMoves {
 public:
  using Outcome = oracle::general::Outcome;

  static constexpr double clear = 1e-6;  ///< far above what rounding and a search's last steps come to

  explicit DealMoves(const oracle::general::Play& play) : play_(play) {}
  /// The unit: the most that anybody has in any deal shown.
  void count(const Outcome& deal);

  Outcome at(oracle::Split split) const;
  /// What whoever loses most loses; negative where all gain.
  double loss(const Outcome& from, const Outcome& to) const;
  /// The least gain of those who don't have the very same, in whichever deal that is largest; never less than 0.
  double best_exit(const Outcome& from, const std::vector<Outcome>& deals) const;
  /// What the loser loses by going wherever among the deals, which are sorted by share, that is least, also between
  /// them: by branch and bound, until it is next to nothing. `least` is what is known already.
  double least_loss(const Outcome& from, const std::vector<Outcome>& deals,
                    double least = std::numeric_limits<double>::infinity()) const;

 private:
  template <class Visit>
  static void each_gain(const Outcome& from, const Outcome& to, Visit visit);
  static void widen(std::vector<double>& change, const Outcome& a, const Outcome& b);
  void look_between(const Outcome& from, const Outcome& left, const Outcome& right, std::vector<double> change,
                    double& least, int levels) const;

  const oracle::general::Play& play_;
  double money_ = 0;
};

}  // namespace haggle
