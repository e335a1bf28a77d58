// SPDX-License-Identifier: MIT
// Branch and bound over the cells between two investments: each is decided, halved, or its one stationary point found.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double narrowest = 2e-15;    ///< cell, in ln α₀ relative to itself
constexpr double wide = 3;             ///< cell, in ln α₀
constexpr double convex_width = 0.02;  ///< cells that nothing but their ends is known of are halved down to this
constexpr double turn_width = 2e-5;    ///< in narrower ones utility is taken not to turn twice
constexpr double rival_width = 0.1;    ///< cells of interest as a rival only are halved down to this
constexpr std::size_t most_points = 20000, most_rival_points = 200;

}  // namespace

/// Whether somebody's performance jumps in the cell.
bool StageOne::jumps(const Cell& c) const {
  const Point &a = points_[c.left], &b = points_[c.right];
  for (std::size_t k = 0; k < a.members; ++k) {
    const Reply &l = reply(a, k), &r = reply(b, k);
    // Where revenue is convex a reply rises faster than what it replies to.
    const double smooth = 2 * std::max({1.0, l.by_base, r.by_base}) * (b.a - a.a);
    const double more = r.performance - l.performance - smooth;
    if (more > 1e-12 * r.performance && more > noise(r)) return true;
  }
  return false;
}

/// Whether utility, though it rises at both ends or falls at both, may have a peak between them: not where what makes
/// up its slope, each part changing one way, leaves none.
bool StageOne::may_turn(const Cell& c, const Value& at_left, const Value& at_right) const {
  const Point &a = points_[c.left], &b = points_[c.right];
  if ((at_left.slope > 0) != (at_right.slope > 0)) return false;
  double least = 0, most = 0;
  for (std::size_t k = 0; k < a.members; ++k) {
    const Reply &l = reply(a, k), &r = reply(b, k);
    const double share = owner_ ? 1 : share_[order_[k]];
    const double slow = owner_ ? 1 : std::min(l.by_base, r.by_base), fast = owner_ ? 1 : std::max(l.by_base, r.by_base);
    least += share * std::min(l.slope, r.slope) * slow, most += share * std::max(l.slope, r.slope) * fast;
  }
  return !(least > b.cost.slope || most < a.cost.slope);
}

/// Decides a cell, or keeps it for halving.
void StageOne::push(std::size_t left, std::size_t right) {
  Cell c{left, right, 0};
  const Point &a = points_[left], &b = points_[right];
  c.bound = crude_bound(c);
  const double slack = seen_slack_, floor = floor_of(a.regime);
  if (c.bound <= floor - slack) return;
  const Bounds on = bounds(c);
  if (on.slope.low >= 0 || on.slope.high <= 0) return;
  const Value at_a = value(a, a.members), at_b = value(b, a.members);
  const double width = b.a - a.a;
  if (on.curvature < 0 || (owner_ && on.curvature <= 0)) {
    if (at_a.slope > 0 && at_b.slope < 0) root(c);
    return;
  }
  const Crossings crossings = crossings_in(c, at_a, at_b);
  if (crossings == Crossings::no_peak) return;
  if (crossings == Crossings::one) {
    if (at_a.slope > 0 && at_b.slope < 0) root(c);
    return;
  }
  if (on.convex && b.t - a.t < convex_width) {
    const double mean = 0.5 * (at_a.slope + at_b.slope), most = std::max(std::abs(at_a.slope), std::abs(at_b.slope));
    const double off = std::abs(at_b.utility - at_a.utility - mean * width) - 0.02 * most * width;
    bool smooth = off <= rounding * at_a.size || off <= noise(b, at_b.size);
    for (std::size_t k = 0; k < a.members; ++k) {
      const Reply &l = reply(a, k), &r = reply(b, k);
      const double rise = 0.5 * (l.by_base + r.by_base) * width;
      const double apart = std::abs(r.performance - l.performance - rise) - 0.1 * rise;
      smooth = smooth && (apart <= 1e-12 * r.performance || apart <= noise(r));
    }
    if (smooth && (b.t - a.t < turn_width || !may_turn(c, at_a, at_b))) {
      if (at_a.slope > 0 && at_b.slope < 0) root(c);
      return;
    }
  }
  if (on.slope.high < infinite && on.slope.low > -infinite) {
    const double to_meeting = (at_b.utility - at_a.utility - on.slope.low * width) / (on.slope.high - on.slope.low);
    c.bound = std::min(c.bound, at_a.utility + on.slope.high * to_meeting);
  }
  if (c.bound < seen_ - slack && wants_gaps()) {  // of interest as a rival only
    if (c.bound <= floor) return;
    if (b.t - a.t < rival_width) {
      if (at_a.slope > 0 && at_b.slope < 0) root(c);
      return;
    }
  } else if (is_seen(c.bound)) {  // as good as what was seen: it may have been seen here
    if (at_a.slope > 0 && at_b.slope < 0) root(c);
    if (at_b.slope <= 0 && at_b.utility >= seen_ - slack && jumps(c)) offer(right, Base::jump, left);
    // What was seen at one end may be a peak's foot.
    const double falls = at_a.utility - at_b.utility;
    c.hides_peak = (at_a.slope > 0 && at_b.slope > 0 && falls > slack && at_a.utility >= seen_ - slack) ||
                   (at_a.slope < 0 && at_b.slope < 0 && -falls > slack && at_b.utility >= seen_ - slack);
    if (!c.hides_peak || std::abs(falls) <= std::max(noise(a, at_a.size), noise(b, at_b.size))) return;
  }
  cells_.push_back(c);
  std::push_heap(cells_.begin(), cells_.end());
}

/// The stationary point of a cell where the slope changes its sign: Newton on ln(marginal revenue/marginal cost) in
/// ln α₀, which is nearly a line where functions are nearly powers.
void StageOne::root(const Cell& c) {
  struct Pull {
    double value, slope;
  };
  const std::size_t members = points_[c.left].members;
  const auto pull_at = [&](std::size_t at) {
    const Point& p = points_[at];
    const Value v = value(p, members);
    const double of_revenue = p.a * ((v.curvature + p.cost.bend * p.cost.slope / p.a) / v.marginal_revenue);
    return Pull{std::log(v.marginal_revenue / p.cost.slope), of_revenue - p.cost.bend};
  };
  double low = points_[c.left].t, high = points_[c.right].t, t = 0.5 * (low + high);
  const Pull l = pull_at(c.left), r = pull_at(c.right);
  if (std::abs(l.value) < infinite && std::abs(r.value) < infinite) {
    const double part = l.value / (l.value - r.value), rest = 1 - part, h = high - low;
    t = low + h * part;
    // The inverse cubic's.
    const double width = r.value - l.value, at_low = width / l.slope, at_high = width / r.slope;
    const double cubic = t + part * rest * (rest * (at_low - h) - part * (at_high - h));
    if (cubic > low && cubic < high) t = cubic;
  }
  std::size_t near = c.left, beyond = c.right;
  bool last = false;
  double step = high - low, step_before = step;
  for (int i = 0; i < 100; ++i) {
    t = std::min(std::max(t, low), high);
    near = look(t, std::exp(t), members, near, std::exchange(beyond, unset));
    const auto [y, slope] = pull_at(near);
    (y > 0 ? low : high) = t;
    if (last || y == 0 || high - low <= 1e-16 * std::max(1.0, std::abs(t))) break;
    double next = t - y / slope;
    last = std::abs(next - t) < 3e-9 * std::min(1.0, 1 / std::abs(slope)) && next >= low && next <= high;
    // Steps that do not shrink may go to and fro.
    const bool shrinks = std::abs(next - t) < 0.5 * step_before;
    if (!(next > low && next < high && shrinks) && !last) next = 0.5 * (low + high);
    if (next == t) break;
    step_before = step, step = std::abs(next - t);
    t = next;
  }
  if (wants_gaps()) peaks_.push_back(near);
  offer(near, Base::smooth);
}

void StageOne::search() {
  while (!cells_.empty()) {
    std::pop_heap(cells_.begin(), cells_.end());
    const Cell c = cells_.back();
    cells_.pop_back();
    const bool rival = c.bound < seen_ - seen_slack_;
    if (rival && !wants_gaps()) break;
    if (rival && c.bound <= floor_of(points_[c.left].regime)) continue;
    if (rival && points_.size() > most_rival_points) break;
    if (points_.size() > most_points || is_exhausted()) {
      settled_ = false;
      break;
    }
    const Point &a = points_[c.left], &b = points_[c.right];
    // From next to nothing on little happens before the larger end.
    const double h = b.t - a.t, t = b.t - (h > 2 * wide ? std::max(wide, h / 6) : 0.5 * h);
    if (h <= narrowest * std::max(1.0, std::abs(t)) || !(t > a.t && t < b.t)) {
      if (jumps(c)) offer(c.right, Base::jump, c.left);
      continue;
    }
    if (!rival && !c.hides_peak && is_seen(c.bound)) {
      push(c.left, c.right);
      continue;
    }
    const std::size_t middle = look(t, std::exp(t), a.members, c.left, c.right);
    push(c.left, middle);
    push(middle, c.right);
  }
  cells_.clear();
}

}  // namespace haggle::fine_tuning
