// SPDX-License-Identifier: MIT
// What an equilibrium leaves to everyone, and a way to ask for it: all that the Pareto set and the bargain over many
// shares know of a game.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace haggle::fine_tuning {

/// The subgame-perfect equilibrium at given shares, as the players see it. Player 0 is the generalist, player i
/// specialist i-1.
struct Payoffs {
  static constexpr int smooth = -1, idle = -2;

  bool deal = false;  ///< the generalist and at least one specialist take part
  /// What the generalist would have from taking part over what else it could have: how far from a deal where there is
  /// none. -infinity: nobody can be made to take part.
  double clearance = 0;
  std::uint64_t takes_part = 0;   ///< bit i: specialist i does
  std::uint64_t contributes = 0;  ///< bit i: and invests more than 0
  int holder = smooth;  ///< what ends the generalist's investment: `smooth`: its marginal cost; `idle`: it is 0; i >= 0:
                        ///< specialist i, which takes part, or invests more, from there on
  double base_performance = 0;
  double performance = 0;       ///< sum of alpha_i over the specialists that take part
  std::vector<double> utility;  ///< of each player; without a deal the outside options
  std::vector<double> money;    ///< of each player, >= 0: the revenue behind its utility, whose rounding it has
  std::vector<double> investment;  ///< of each specialist, 0 where it does not take part
  /// [player][share]: what a change of one domain's share does to a player's utility, all others and the generalist
  /// responding; last row: to `performance`. Empty: not asked for; NaN: not smooth there.
  std::vector<double> slope;

  double surplus() const {
    double sum = 0;
    for (const double u : utility) sum += u;
    return sum;
  }
  /// Both may lie on one smooth piece of the game's outcomes.
  bool same_regime(const Payoffs& other) const {
    return deal == other.deal && takes_part == other.takes_part && contributes == other.contributes &&
           holder == other.holder;
  }
};

/// A reference to whatever solves the game at a vector of shares, one for each specialist, each in [0, 1].
class PayoffsAt {
 public:
  template <class Solver>
  requires(!std::same_as<std::remove_cvref_t<Solver>, PayoffsAt> &&
           std::invocable<Solver&, std::span<const double>, Payoffs&>)
      PayoffsAt(Solver& solver)  // NOLINT(google-explicit-constructor): a reference, as any other
      : solver_(const_cast<void*>(static_cast<const void*>(std::addressof(solver)))),
        call_([](void* s, std::span<const double> shares, Payoffs& out) { (*static_cast<Solver*>(s))(shares, out); }) {}

  void operator()(std::span<const double> shares, Payoffs& out) const { call_(solver_, shares, out); }

 private:
  void* solver_;
  void (*call_)(void*, std::span<const double>, Payoffs&);
};

}  // namespace haggle::fine_tuning
