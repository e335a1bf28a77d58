// SPDX-License-Identifier: MIT
// What a file says of one general game, as claims that the slow reference can weigh.
#pragma once
#include "haggle/verify/certificate.hpp"
#include "haggle/verify/general_regret.hpp"
#include "verify/fine_tuning_game.hpp"
#include "verify/rounded_claims.hpp"

namespace haggle {

/// One game's kept outputs by name.
class KeptColumns {
 public:
  KeptColumns(const fine_tuning::Form& form, const KeptGame& kept) : form_(form), kept_(kept) {}

  const fine_tuning::OutputColumns& columns() const { return form_.outputs; }
  std::size_t specialists() const { return form_.specialists.size(); }
  bool keeps(std::size_t column) const { return column != fine_tuning::unset && std::isfinite(kept_.rounding[column]); }
  double at(std::size_t column) const { return kept_.outputs[column]; }
  double rounding(std::size_t column) const { return keeps(column) ? kept_.rounding[column] : 0; }
  /// Any number at all where it is not kept.
  RoundedNumber rounded(std::size_t column) const {
    return keeps(column) ? RoundedNumber(at(column), kept_.rounding[column]) : RoundedNumber(0, not_kept);
  }
  /// The column of domain i's share.
  std::size_t share(std::size_t i) const {
    return columns().share + (form_.contract == fine_tuning::Contract::per_domain ? i : 0);
  }
  std::size_t shares() const { return form_.contract == fine_tuning::Contract::per_domain ? specialists() : 1; }
  /// Of the Pareto set, that there is room for.
  std::size_t components() const { return form_.components; }
  /// Whether the file says that specialist i takes part; none: it does not say.
  std::optional<bool> takes_part(std::size_t i) const;

 private:
  const fine_tuning::Form& form_;
  const KeptGame& kept_;
};

/// Claims that round to what is kept; the first is the kept numbers themselves. `best` is brute force's own answer.
std::vector<oracle::general::Claim> claims_within(const oracle::general::Play& play, const KeptColumns& kept,
                                                  const oracle::general::Outcome& best);

}  // namespace haggle
