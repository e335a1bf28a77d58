// SPDX-License-Identifier: MIT
// Where what is found of one game goes in a block of outputs. Columns that are not wanted are null.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "haggle/solver/pareto_set.hpp"
#include "haggle/solver/spe.hpp"

namespace haggle::fine_tuning {

class GameColumns {
 public:
  GameColumns(const Form& form, double* const* outputs) : form_(&form), out_(outputs) {}

  bool wants(std::size_t column) const { return column != unset && out_[column] != nullptr; }
  bool wants_first_best() const { return wants(o().first_best_surplus) || wants(o().efficiency); }
  bool wants_components() const {
    return wants(o().pareto_components) || wants(o().pareto_share_low) || wants(o().pareto_share_high);
  }
  bool wants_frontier() const {
    return wants(o().frontier_share) || wants(o().frontier_generalist_utility) ||
           wants(o().frontier_specialist_utility);
  }

  bool wants_efficient() const { return wants(o().pareto_efficient); }

  void write_equilibrium(std::size_t game, std::span<const Share> shares, const Equilibrium& e) const;
  /// No deal: everyone has its outside option. A failure: no numbers at all.
  void write_apart(std::size_t game, Status status, const Play<double>& play) const;
  void write_first_best(std::size_t game, double first_best, double surplus) const;
  /// Whether the deal is Pareto efficient; none: that is not known.
  void write_efficient(std::size_t game, std::optional<bool> efficient) const;
  /// `known`: whether there are components at all, or their number is not known either.
  void write_components(std::size_t game, std::span<const ShareInterval> components, bool known = true) const;
  /// One point of the frontier: one share for all domains or one each, and every player's utility; empty: no point.
  void write_frontier(std::size_t game, std::size_t point, std::span<const double> shares,
                      std::span<const double> utility) const;

 private:
  const OutputColumns& o() const { return form_->outputs; }
  void put(std::size_t column, std::size_t game, double value) const {
    if (wants(column)) out_[column][game] = value;
  }
  /// Column i of an output that has several.
  void put_each(std::size_t first, std::size_t i, std::size_t game, double value) const {
    if (first != unset) put(first + i, game, value);
  }

  const Form* form_;
  double* const* out_;
};

}  // namespace haggle::fine_tuning
