// SPDX-License-Identifier: MIT
// What a bargaining solution maximises over equilibria, for any number of players (model: bargaining).
#pragma once
#include <vector>

#include "haggle/solver/payoffs.hpp"

namespace haggle::fine_tuning {

/// A function of the players' utilities. Rows are the players', the last one that of `performance`.
struct BargainAim {
  enum class Kind {
    product,  ///< Σ factor_j ln(U_j - outside_j); a player without a factor does not count
    least,    ///< min factor_j (U_j - outside_j) over the players with a factor
    sum       ///< Σ factor_j row_j
  };
  Kind kind = Kind::sum;
  std::vector<double> factor;   ///< players + 1
  std::vector<double> outside;  ///< players
  std::vector<double> floor{};  ///< players; not empty: who has less than this makes a deal worthless (-infinity)

  /// -infinity where the product is 0.
  double operator()(const Payoffs& at) const;
  /// Values closer than this there can't be told apart.
  double tie(const Payoffs& at) const;
};

/// One deal is better than another: by the aim, then by its surplus, then by its larger shares, the first domain's
/// first.
bool better(const BargainAim& aim, const Payoffs& a, std::span<const double> shares_a, const Payoffs& b,
            std::span<const double> shares_b);

}  // namespace haggle::fine_tuning
