// SPDX-License-Identifier: MIT
#include "verify/general_base_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "verify/general_root.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BaseSearch::BaseSearch(const Play& play, const std::vector<Split>& splits, Investor investor)
    : play_(play), game_(play.game()), splits_(splits), investor_(investor) {
  for (std::size_t i = 0; i < splits.size(); ++i) thresholds_.push_back(play.participation_threshold(i, splits[i]));
  best_utility_ = -infinity;
  best_beyond_.assign(splits.size(), -infinity);
}

/// A best base performance with at least one specialist in.
std::optional<double> BaseSearch::best() {
  const double first = *std::min_element(thresholds_.begin(), thresholds_.end());
  if (first == infinity) return std::nullopt;
  std::vector<double> bases{first};
  for (const double threshold : thresholds_)
    if (threshold > first && threshold < infinity) bases.push_back(threshold);
  for (int e = 0; e < 16; ++e)
    if (const double base = play_.most_ * std::exp(-1.5 * e); base > first) bases.push_back(base);
  std::sort(bases.begin(), bases.end());
  bases.erase(std::unique(bases.begin(), bases.end()), bases.end());

  std::vector<Node> nodes;
  for (const double base : bases) nodes.push_back(at(base));
  for (const Node& node : nodes)
    if (cost(node.base) <= 2 * node.money) most_money_ = std::max(most_money_, node.money);
  std::vector<Cell> cells;
  for (std::size_t k = 0; k + 1 < nodes.size(); ++k) cells.push_back({nodes[k], nodes[k + 1]});
  while (!cells.empty()) cells = split(cells);
  settle();
  return best_base_;
}

BaseSearch::Node BaseSearch::at(double base) {
  Node node{base, -cost(base) - game_.fixed, 0, std::vector<Reply>(splits_.size())};
  for (std::size_t i = 0; i < splits_.size(); ++i) {
    if (thresholds_[i] > base) continue;
    node.replies[i] = play_.reply(i, splits_[i], base);
    node.money += part(i) * node.replies[i].revenue;
    node.utility += yield(i, node);
  }
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, node)) best_beyond_[i] = std::max(best_beyond_[i], node.utility);
  if (node.utility > best_utility_ || (node.utility == best_utility_ && base > best_base_))
    best_utility_ = node.utility, best_base_ = base;
  return node;
}

/// The part of domain i's revenue that is the investor's.
double BaseSearch::part(std::size_t i) const { return investor_ == Investor::owner ? 1 : splits_[i].generalist; }
/// What domain i adds to the investor's utility: an owner has what the specialist gains, too.
double BaseSearch::yield(std::size_t i, const Node& node) const {
  return investor_ == Investor::owner ? node.replies[i].utility - game_.specialists[i].outside
                                      : splits_[i].generalist * node.replies[i].revenue;
}

/// dU_G/dα₀ with the specialists that are in at `level`.
double BaseSearch::margin(const Node& node, const Node& level) const {
  double sum = -slope(game_.cost, node.base);
  for (std::size_t i = 0; i < splits_.size(); ++i)
    // What an owner's specialists do is best as it is: how they follow pays nothing.
    if (in(i, level))
      sum += part(i) * node.replies[i].marginal * (investor_ == Investor::owner ? 1 : node.replies[i].follows);
  return sum;
}

void BaseSearch::polish(const Cell& cell) {
  const double left = margin(cell.left, cell.left), right = margin(cell.right, cell.left);
  if (left > 0 && right < 0) root(cell, left, right);
}

/// A utility is flat at its peak, and tells the best investment to half of its digits only: its margin tells the
/// rest.
void BaseSearch::settle() {
  if (best_base_ == 0) return;
  const Node best = at(best_base_);
  const double here = margin(best, best);
  if (here == 0) return;
  const double up = here > 0 ? 1 : -1;
  // Downhill a walk ends where somebody would leave, or at 0: a peak, too, if the margin falls from there on. It is
  // what has to be found where a specialist makes up for all that the generalist doesn't invest, and the first 1e-9
  // cost and bring nothing that a utility could tell.
  double corner = 0;
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, best)) corner = std::max(corner, thresholds_[i]);
  Node last = best;
  double slope_last = here;
  bool flat = true;
  for (double step = 1e-12; step < 0.1 || (up < 0 && last.base > corner); step *= 8) {
    const double base = std::max(best.base * (1 + up * step), corner);
    for (std::size_t i = 0; i < splits_.size(); ++i)
      if (!in(i, best) && thresholds_[i] <= base) return;
    const Node next = at(base);
    flat = flat && is_as_good(next, best);
    if (step >= 0.1 && !flat) return;
    const double slope_next = margin(next, best);
    if ((slope_next > 0) != (here > 0)) {
      const Cell cell = up > 0 ? Cell{last, next} : Cell{next, last};
      const double found = root(cell, up > 0 ? slope_last : slope_next, up > 0 ? slope_next : slope_last);
      if (const Node peak = at(found); is_as_good(peak, best)) settle_at(peak);
      return;
    }
    if (base == corner && up < 0) {
      if (flat) settle_at(next);
      return;
    }
    last = next, slope_last = slope_next;
  }
}

/// The utility is the investment's own, not the highest that rounding made of one nearby: that of idling is none.
void BaseSearch::settle_at(const Node& node) { best_base_ = node.base, best_utility_ = node.utility; }

/// But for rounding.
bool BaseSearch::is_as_good(const Node& node, const Node& best) const {
  return node.utility >= best_utility_ - 1e-13 * (std::abs(best_utility_) + best.money);
}

double BaseSearch::root(const Cell& cell, double left, double right) {
  const double start = cell.left.base, length = cell.right.base - start;
  const auto here = [&](double u) { return u == 1 ? right : margin(at(start + u * length), cell.left); };
  return start + length * falling_root(here, 0.0, 1.0, left, right);
}

std::vector<BaseSearch::Cell> BaseSearch::split(std::vector<Cell>& cells) {
  std::vector<Cell> smaller;
  for (Cell& cell : cells) {
    const double gain = bound(cell) - best_utility_;
    if (is_rounding(gain, cell)) continue;
    const double width = cell.width();
    const bool wide = width > widest(gain, cell);
    if (!wide && (cell.depth > 60 || width < 4e-16 || is_trifle(cell) || !(irregular(cell) || may_hide_a_peak(cell)))) {
      polish(cell);
      continue;
    }
    if (cell.left.base == 0 && cell.right.base < 1e-280) continue;
    const double middle = cell.left.base == 0 ? cell.right.base * std::exp(-8.0)
                          : width > 1e-3      ? std::sqrt(cell.left.base) * std::sqrt(cell.right.base)
                                              : cell.left.base + 0.5 * (cell.right.base - cell.left.base);
    if (!(middle > cell.left.base && middle < cell.right.base)) continue;
    Node node = at(middle);
    smaller.push_back({std::move(cell.left), node, cell.depth + 1});
    smaller.push_back({node, std::move(cell.right), cell.depth + 1});
  }
  return smaller;
}

}  // namespace haggle::oracle::general
