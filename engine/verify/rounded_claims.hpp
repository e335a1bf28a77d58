// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "haggle/verify/regret.hpp"

namespace haggle {

/// The numbers that a stored, rounded one may stand for.
class RoundedNumber {
 public:
  /// `rounding` is relative to `value`; an infinite one makes this any number at all.
  RoundedNumber(double value, double rounding);

  double value() const { return value_; }
  double low() const { return value_ - slack_; }
  double high() const { return value_ + slack_; }
  double slack() const { return slack_; }
  bool contains(double x) const { return x >= low() && x <= high(); }
  double nearest_to(double x) const;

 private:
  double value_, slack_;
};

/// A claim as a file keeps it. An investment that it does not keep has an infinite rounding.
struct KeptClaim {
  RoundedNumber share, base_performance, performance;
};

/// Claims that round to what is kept; the first is the kept numbers themselves, or the equilibrium at the kept share
/// where the file keeps no investments. Few where rounding cannot matter: a share near 1 keeps little of its
/// complement, and a file of single precision little of anything. `best` is brute force's own answer.
std::vector<oracle::Claim> claims_within(const oracle::Game& game, const KeptClaim& kept, const oracle::Outcome& best);

}  // namespace haggle
