// SPDX-License-Identifier: MIT
// The best of a game's deals by brute force: many shares, more where neighbours differ, none of the engine's search.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "equilibria.hpp"

namespace haggle::test {

/// Looks at both corners and at logits from -690 to 690: each `step` within ±9, more coarsely beyond. Then finds narrow
/// ranges of deals between looks without, and looks between neighbours until they differ little, or until jumps and
/// kinks lie between the nearest of shares.
class DenseSearch {
 public:
  using Value = std::function<double(const oracle::general::Outcome&)>;

  /// Takes some thousand looks at `equilibria`, which must outlive it.
  DenseSearch(Equilibria& equilibria, double step);

  bool any_deal() const;
  /// It ended before all jumps and kinks were pinned.
  bool is_cut_short() const { return cut_short_; }

  /// Of the deals looked at so far the one of the largest value; none without a deal, or where the value is no number.
  std::optional<Look> best_looked_at(const Value& value) const;
  /// The deal of the largest value: about each of the highest peaks a golden-section search.
  std::optional<Look> best(const Value& value);

 private:
  void look_at_all(double step);
  void look_for_narrow_deals();
  void note_revenues();
  void refine(const Look& a, const Look& b);
  void sort();
  double difference(const Look& a, const Look& b) const;

  Equilibria& equilibria_;
  std::vector<Look> looks_;   ///< by ascending share
  std::vector<double> most_;  ///< each specialist's largest revenue in a deal, at least 1% of the largest of all
  bool cut_short_ = false;
};

}  // namespace haggle::test
