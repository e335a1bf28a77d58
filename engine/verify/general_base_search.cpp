// SPDX-License-Identifier: MIT
#include "verify/general_base_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "verify/general_root.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double gradual = 1e-4;  ///< e-folds: no contribution of some size vanishes within
constexpr double narrow = 1e-9;   ///< e-folds: what a utility does within, its smooth sides tell to 1e-18

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

double BaseSearch::Cell::width() const { return left.base > 0 ? std::log(right.base / left.base) : infinity; }

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

/// What a base performance within the cell may bring at most: performances and participation never fall with it, and
/// a specialist that enters at the cell's end is not in within.
double BaseSearch::bound(const Cell& cell) const {
  if (!play_.monotone_) return infinity;
  double most = -cost(cell.left.base) - game_.fixed;
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, cell.left)) most += yield(i, cell.right);
  return most;
}

/// The investor's part of revenues at the cell's end; one that enters there, however rich, is none of the cell's.
double BaseSearch::money(const Cell& cell) const {
  double sum = 0;
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, cell.left)) sum += part(i) * cell.right.replies[i].revenue;
  return sum;
}

/// Whether some performance does within the cell what its ends do not foretell: a jump, a kink, a steep turn.
bool BaseSearch::irregular(const Cell& cell) const {
  const double width = cell.width();
  for (std::size_t i = 0; i < splits_.size(); ++i) {
    if (!in(i, cell.left) || part(i) == 0) continue;
    const Reply &a = cell.left.replies[i], &b = cell.right.replies[i];
    // Where a contributor becomes a free-rider the margin jumps up: a peak may stand on either side.
    if ((a.contribution > 0) != (b.contribution > 0) && width > narrow) return true;
    // And nearly so where it all but becomes one.
    if (std::abs(a.follows - b.follows) > 0.1 && width > gradual) return true;
    const double rise = std::log(b.performance / a.performance);
    const double foretold =
        0.5 * width * (a.follows * cell.left.base / a.performance + b.follows * cell.right.base / b.performance);
    if (std::abs(rise - foretold) > 0.2 * std::abs(rise) + 1e-9) return true;
  }
  return false;
}

/// Whether a peak may lie between two ends whose margins do not show it. How much utility rises from end to end tells
/// how far the margin leaves its chord: a margin that may turn, there and back, is looked at in smaller cells, if the
/// peak that it would pass could be the best.
bool BaseSearch::may_hide_a_peak(const Cell& cell) const {
  constexpr double wary = 4;  ///< times as far from its chord as a parabola
  const double length = cell.right.base - cell.left.base;
  const double a = margin(cell.left, cell.left), b = margin(cell.right, cell.left);
  double right = cell.right.utility;
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, cell.right) && !in(i, cell.left)) right -= yield(i, cell.right);
  const double bend = wary * 1.5 * std::abs((right - cell.left.utility) / length - 0.5 * (a + b));
  if (!(bend * length > 1e-12 * (std::abs(best_utility_) + money(cell)))) return false;
  const double most =
      std::min(cell.left.utility + length * (std::max(a, b) + bend), right + length * (std::max(-a, -b) + bend));
  if (most < best_utility_) return false;
  return (a > 0) == (b > 0) ? bend > std::min(std::abs(a), std::abs(b)) : 2 * bend > std::abs(a - b);
}

double BaseSearch::widest(double gain, const Cell& cell) const {
  if (is_trifle(cell)) return 2;
  const double size = std::abs(best_utility_) + money(cell);
  const double step = gain > 1e-3 * size ? 0.1 : gain > 1e-6 * size ? 0.3 : 0.8;
  return std::min(play_.monotone_ ? step : 0.15, curved(cell) ? 0.04 : 1.0) / play_.effort_;
}

/// Whether some revenue is convex there, as S-shaped ones are: a contribution may begin and end between two ends
/// without.
bool BaseSearch::curved(const Cell& cell) const {
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, cell.left) && part(i) > 0 && cell.left.base < concave_from(game_.specialists[i].revenue) &&
        game_.specialists[i].revenue.family == Family::hill)
      return true;
  return false;
}

/// Where no investment seems to pay at all, sums that are nothing beside the money in the game get fewer looks.
bool BaseSearch::is_trifle(const Cell& cell) const { return best_utility_ <= 0 && money(cell) < 1e-13 * most_money_; }

bool BaseSearch::is_rounding(double gain, const Cell& cell) const {
  return !(gain > 2e-16 * (std::abs(best_utility_) + money(cell)));
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
