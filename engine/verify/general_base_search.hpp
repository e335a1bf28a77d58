// SPDX-License-Identifier: MIT
// Stage 1: a global best investment, by branch and bound over base performance and a root of its margin in every cell
// that is left.
#pragma once
#include <optional>

#include "haggle/verify/general_equilibrium.hpp"

namespace haggle::oracle::general {

/// Who invests α₀: the generalist, for its share of revenues, or one owner of everything, for all that is left of them.
enum class Investor { generalist, owner };

/// Best investments for one vector of shares.
class BaseSearch {
 public:
  BaseSearch(const Play& play, const std::vector<Split>& splits, Investor investor = Investor::generalist);

  /// A best base performance with at least one specialist in.
  std::optional<double> best();

  double utility() const { return best_utility_; }
  double shortfall(std::size_t i) const { return best_base_ >= thresholds_[i] ? 0 : best_utility_ - best_beyond_[i]; }
  double threshold(std::size_t i) const { return thresholds_[i]; }

 private:
  struct Node {
    double base = 0, utility = 0;
    double money = 0;            ///< Σ δᵢ rᵢ of those in
    std::vector<Reply> replies;  ///< of those in; the others' are empty
  };
  struct Cell {
    Node left, right;
    int depth = 0;
    double width() const;
  };

  Node at(double base);
  double cost(double base) const { return value(game_.cost, base); }
  double part(std::size_t i) const;
  double yield(std::size_t i, const Node& node) const;
  bool in(std::size_t i, const Node& node) const { return thresholds_[i] <= node.base; }

  double bound(const Cell& cell) const;
  double money(const Cell& cell) const;
  bool irregular(const Cell& cell) const;
  bool may_hide_a_peak(const Cell& cell) const;
  bool curved(const Cell& cell) const;
  double widest(double gain, const Cell& cell) const;
  bool is_trifle(const Cell& cell) const;
  bool is_rounding(double gain, const Cell& cell) const;
  double margin(const Node& node, const Node& level) const;
  std::vector<Cell> split(std::vector<Cell>& cells);
  void polish(const Cell& cell);
  void settle();
  void settle_at(const Node& node);
  bool is_as_good(const Node& node, const Node& best) const;
  double root(const Cell& cell, double left, double right);

  const Play& play_;
  const GeneralGame& game_;
  const std::vector<Split> splits_;
  Investor investor_;
  std::vector<double> thresholds_, best_beyond_;  ///< best_beyond_: utilities that keep each specialist in
  double best_utility_, best_base_ = 0;
  double most_money_ = 0;  ///< of the investments that don't cost twice what they bring
};

}  // namespace haggle::oracle::general
