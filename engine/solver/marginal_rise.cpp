// SPDX-License-Identifier: MIT
// The elasticity of the generalist's marginal revenue in α₀ on a cell. Where it stays below that of the marginal cost
// utility has one peak in the cell at most, where it stays above none inside, however wide the cell.
//
// A specialist brings δ r'(α) α'. With p = x/α, b = α r''/r' and K = x φ''/φ', x' = κ = p b/K, α' = 1/(1-κ), and
// ln(r' α') rises with ln α₀ at (1-p)/(1-κ) [b + (κ (b - 1 - T b/K) - p q/K)/(1-κ)] where q = -α db/dα and
// T = x φ'''/φ''. Along a stretch of a Hill revenue that is convex b falls and q rises (both are of y(1-y) and y below
// ½, y = r/R), and p rises or falls as b is more than K or less.
#include "solver/marginal_rise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double least = 1e-290;  ///< of revenues and slopes; of less elasticities are not told

Interval of_ends(double x, double y) { return {std::min(x, y), std::max(x, y)}; }
/// times one that is not negative.
Interval times(Interval x, Interval part) {
  return {x.low * (x.low < 0 ? part.high : part.low), x.high * (x.high < 0 ? part.low : part.high)};
}
Interval plus(Interval x, Interval y) { return {x.low + y.low, x.high + y.high}; }

}  // namespace

Interval marginal_rise(const Replier& replier, const Reply& l, const Reply& r, double a, double b) {
  const Interval unknown{-infinite, infinite};
  Interval bend = of_ends(l.bend, r.bend);  // it falls, but for rounding
  const bool named = !replier.specialist().revenue.is_expression() && !replier.specialist().cost.is_expression();
  if (!named || !(std::min(std::min(l.slope, r.slope), l.revenue) > least)) return unknown;
  if (l.investment == 0 && r.investment == 0) return bend;
  if (!replier.is_convex_until(r.performance)) return unknown;
  bend = {std::max(bend.low, 0.0), std::max(bend.high, 0.0)};
  // An investment too small for a number is one.
  const bool vanishes = l.investment == 0;
  if (vanishes && !(replier.marginal_power() > 0)) return unknown;
  const Reply& from = vanishes ? r : l;
  const Interval costs = of_ends(from.cost_bend, r.cost_bend);
  const Interval over_cost{1 / costs.high, 1 / costs.low};
  if (!(costs.low > 0)) return unknown;
  const auto falls = [&](const Reply& at) {
    if (std::abs(at.bend) > 1e-4) return at.bend * (at.bend - 1 - at.turn);
    // So near to where revenue turns rounding makes b what it likes, and α r'''/r'' with it.
    return -at.performance * at.performance * replier.specialist().revenue(at.performance).third / at.slope;
  };
  const Interval q = of_ends(falls(l), falls(r));
  if (!(std::abs(q.high) < infinite)) return unknown;
  Interval part{0, 1}, base{0, 1};
  if (bend.low >= costs.high || bend.high <= costs.low) {
    part = of_ends(l.investment / l.performance, r.investment / r.performance);
    base = of_ends(a / l.performance, b / r.performance);
  } else {
    part = {from.investment / r.performance, std::min(r.investment / l.performance, 1.0)};
    base = {a / r.performance, std::min(b / l.performance, 1.0)};
  }
  if (vanishes && !(bend.low >= costs.high)) return unknown;
  const Interval kappa{bend.low * part.low * over_cost.low, bend.high * part.high * over_cost.high};
  if (!(kappa.high < 1)) return unknown;
  const Interval by_base{1 / (1 - kappa.low), 1 / (1 - kappa.high)};
  const Interval turn = of_ends(from.cost_turn, r.cost_turn);
  const Interval less = times({-turn.high, -turn.low}, over_cost);
  Interval inner = plus(times({1 + less.low, 1 + less.high}, bend), {-1, -1});
  inner = times(inner, kappa);
  inner = plus(inner, {-part.high * q.high * over_cost.high, -part.low * q.low * over_cost.low});
  const Interval rise = times(plus(bend, times(inner, by_base)), {base.low * by_base.low, base.high * by_base.high});
  return rise.low <= rise.high ? rise : unknown;
}

/// By how the logarithm of marginal revenue over marginal cost changes with ln α₀.
StageOne::Crossings StageOne::crossings_in(const Cell& c, const Value& at_left, const Value& at_right) const {
  if (owner_ || game_->cost.is_expression()) return Crossings::any;
  const Point &a = points_[c.left], &b = points_[c.right];
  const Interval cost = of_ends(a.cost.bend, b.cost.bend), revenue = rise(c);
  const Interval gap{revenue.low - cost.high, revenue.high - cost.low};
  if (gap.low > 0) return Crossings::no_peak;
  if (gap.high < 0) return Crossings::one;
  const bool told = gap.high - gap.low < infinite && std::min(a.cost.slope, b.cost.slope) > least;
  if (!told || (at_left.slope > 0) != (at_right.slope > 0)) return Crossings::any;
  // What comes from either end meets in between: there it is nearest to none.
  const double l = std::log(at_left.marginal_revenue / a.cost.slope),
               r = std::log(at_right.marginal_revenue / b.cost.slope), h = b.t - a.t;
  const double lowest = l + gap.low * (l - r + gap.high * h) / (gap.high - gap.low);
  const double highest = l + gap.high * (r - l - gap.low * h) / (gap.high - gap.low);
  return lowest > 0 || highest < 0 ? Crossings::no_peak : Crossings::any;
}

/// Of all that take part, which move the sum: it is between theirs.
Interval StageOne::rise(const Cell& c) const {
  const Point &a = points_[c.left], &b = points_[c.right];
  Interval all{infinite, -infinite};
  for (std::size_t k = 0; k < a.members; ++k) {
    if (share_[order_[k]] == 0) continue;
    const Interval one = marginal_rise(repliers_[order_[k]], reply(a, k), reply(b, k), a.a, b.a);
    all = {std::min(all.low, one.low), std::max(all.high, one.high)};
  }
  return all;
}

}  // namespace haggle::fine_tuning
