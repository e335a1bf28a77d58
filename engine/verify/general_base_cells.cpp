// SPDX-License-Identifier: MIT
// What a stretch of base performances may hold, by its two ends: whether to look into it more closely.
#include <algorithm>
#include <cmath>
#include <limits>

#include "verify/general_base_search.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double gradual = 1e-4;  ///< e-folds: no contribution of some size vanishes within
constexpr double narrow = 1e-9;   ///< e-folds: what a utility does within, its smooth sides tell to 1e-18

}  // namespace

double BaseSearch::Cell::width() const { return left.base > 0 ? std::log(right.base / left.base) : infinity; }

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
  constexpr double wary = 4 * 1.5;  ///< a parabola leaves its chord by 1.5 times the mean; four times as far
  const double length = cell.right.base - cell.left.base;
  const double a = margin(cell.left, cell.left), b = margin(cell.right, cell.left);
  double right = cell.right.utility;
  for (std::size_t i = 0; i < splits_.size(); ++i)
    if (in(i, cell.right) && !in(i, cell.left)) right -= yield(i, cell.right);
  const double bend = wary * std::abs((right - cell.left.utility) / length - 0.5 * (a + b));
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

}  // namespace haggle::oracle::general
