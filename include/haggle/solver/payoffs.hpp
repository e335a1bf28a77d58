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
  bool deal = false;              ///< the generalist and at least one specialist take part
  std::uint64_t takes_part = 0;   ///< bit i: specialist i does
  std::uint64_t contributes = 0;  ///< bit i: and invests more than 0
  std::vector<double> utility;    ///< of each player; without a deal the outside options
  std::vector<double> money;      ///< of each player, >= 0: the revenue behind its utility, whose rounding it has
  double performance = 0;         ///< sum of alpha_i over the specialists that take part

  double surplus() const {
    double sum = 0;
    for (const double u : utility) sum += u;
    return sum;
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
