// SPDX-License-Identifier: MIT
// What a file says of one general game: whether it makes sense, and how far it is from what the definition makes of it.
#pragma once
#include <array>
#include <string>

#include "verify/fine_tuning_claims.hpp"

namespace haggle {

/// "share 0.5, base performance 1, performance 1.5, -", or "no deal".
std::string text_of(const oracle::GeneralGame& game, const oracle::general::Outcome& o);

class Witness {
 public:
  using Play = oracle::general::Play;
  using Claim = oracle::general::Claim;
  using Result = oracle::general::Result;

  Witness(const Play& play, const fine_tuning::Form& form, const KeptGame& kept);

  const KeptColumns& columns() const { return columns_; }
  std::size_t n() const { return columns_.specialists(); }
  bool says_no_deal() const;
  bool says_efficient() const;
  /// Why no game could have these numbers; none: it could.
  std::optional<std::string> nonsense() const;
  bool keeps_investments() const { return columns_.keeps(o_.base_performance) && columns_.keeps(o_.performance); }
  bool keeps_shares() const;
  /// Its shares are those of brute force, as near as can be asked of either.
  bool has_shares_of(const Result& best) const;
  /// Numbers that are single precision's infinity say nothing.
  bool outgrew_its_type(const KeptGame& kept) const;

  /// How far the other outputs are from what the definition makes of the claim.
  double numbers_off(const Claim& claim) const;
  /// The same where the players take their outside options.
  double numbers_off_without_a_deal() const;
  /// The regrets of whichever claim within rounding has the smallest.
  void measure_claims(const Result& best, Certificate& certificate) const;

  std::string text() const;

 private:
  double at(std::size_t column) const { return columns_.at(column); }
  double distance(std::size_t column, double expected, double unit, double blur = 0) const;
  template <class Code>
  double foreign(std::size_t column, Code expected, Code or_else) const;

  bool moves(const Claim& claim, std::size_t i) const;
  bool stays(const Claim& claim, std::size_t i) const;
  bool idles(const Claim& claim) const;
  double regime_off(const Claim& claim, std::size_t i, bool contributes) const;
  double benchmarks_off(double surplus, double unit, double blur) const;

  std::array<double, measure_meanings.size()> regrets_of(const Claim& claim, const Result& best) const;
  double bargain_regret(const Claim& claim, const Result& best) const;

  const Play& play_;
  const oracle::GeneralGame& game_;
  const fine_tuning::OutputColumns& o_;
  KeptColumns columns_;
};

}  // namespace haggle
