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
#include <vector>

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
Interval minus(Interval x, Interval y) { return {x.low - y.high, x.high - y.low}; }
Interval product(Interval x, Interval y) {
  const double all[] = {x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high};
  return {*std::min_element(all, all + 4), *std::max_element(all, all + 4)};
}

/// Where revenue is concave and both replies are contributions.
Interval concave_rise(const Replier& replier, const Reply& l, const Reply& r, double a, double b) {
  const Interval unknown{-infinite, infinite}, one{1, 1};
  const Interval bend = of_ends(l.bend, r.bend), costs = of_ends(l.cost_bend, r.cost_bend);
  // Near to where revenue turns its third derivative is all there is.
  if (!(l.investment > 0 && r.investment > 0 && bend.high <= (replier.convex_until() > 0 ? -1e-4 : 0) && costs.low > 0))
    return unknown;
  const Interval base = of_ends(a / l.performance, b / r.performance), over_cost{1 / costs.high, 1 / costs.low};
  const Interval by_cost = product(bend, over_cost), held = held_back(replier, l, r), kappa = product(bend, held);
  const Interval by_base{1 / (1 - kappa.low), 1 / (1 - kappa.high)};
  // q is concave in b, and bends by no more than -2: of a Hill curve by -1, of a logarithm by -2, else not at all.
  const auto falls_at = [](const Reply& at) { return at.bend * (at.bend - 1 - at.turn); };
  Interval falls = of_ends(falls_at(l), falls_at(r));
  falls.high += 0.25 * (bend.high - bend.low) * (bend.high - bend.low);
  const Interval stiffens = minus(minus(bend, one), product(of_ends(l.cost_turn, r.cost_turn), by_cost));
  const Interval inner = minus(product(kappa, stiffens), product(falls, held));
  const Interval rise = product(plus(bend, product(inner, by_base)), product(base, by_base));
  const bool told = rise.low <= rise.high && std::abs(rise.low) + std::abs(rise.high) < infinite;
  return told ? rise : unknown;
}

}  // namespace

/// φ'/φ'' changes with x by 1 - T/K. Where marginal cost is a power but for φ'(0) T is a constant and K rises with x:
/// it falls while K < T, and rises from there on.
Interval held_back(const Replier& replier, const Reply& l, const Reply& r) {
  const double power = replier.power_beyond_first(), turn = power - 1;
  const double at_left = l.investment / l.cost_bend, first = turn < 0   ? 0
                                                             : turn > 0 ? infinite
                                                                        : at_left - l.investment;
  const double at_right = r.investment > 0 ? r.investment / r.cost_bend : first;
  Interval ratio = of_ends(at_left, at_right);
  if (!(power > 0)) {
    ratio = {r.investment > 0 ? r.investment / std::max(l.cost_bend, r.cost_bend) : 0,
             r.investment > 0 ? l.investment / std::min(l.cost_bend, r.cost_bend) : infinite};
  } else if (turn > 0 && l.cost_bend > turn && (r.investment == 0 || r.cost_bend < turn)) {
    ratio.low = r.investment / turn;
  }
  return {ratio.low / r.performance, ratio.high / l.performance};
}

Interval marginal_rise(const Replier& replier, const Reply& l, const Reply& r, double a, double b) {
  const Interval unknown{-infinite, infinite};
  Interval bend = of_ends(l.bend, r.bend);  // it falls, but for rounding
  const bool named = !replier.specialist().revenue.is_expression() && !replier.specialist().cost.is_expression();
  if (!named || !(std::min(std::min(l.slope, r.slope), l.revenue) > least)) return unknown;
  if (l.investment == 0 && r.investment == 0) return bend;
  if (replier.is_concave_from(l.performance)) return concave_rise(replier, l, r, a, b);
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
  const bool level = gap.high == gap.low;  // both are the same power
  const double lowest = level ? std::min(l, r) : l + gap.low * (l - r + gap.high * h) / (gap.high - gap.low);
  const double highest = level ? std::max(l, r) : l + gap.high * (r - l - gap.low * h) / (gap.high - gap.low);
  return lowest > 0 || highest < 0 ? Crossings::no_peak : Crossings::any;
}

/// Of all that take part, each as much as it brings of the sum: no more of it than at its most with the others at their
/// least.
Interval StageOne::rise(const Cell& c) const {
  const Point &a = points_[c.left], &b = points_[c.right];
  const double h = b.t - a.t;
  parts_.clear();
  double least_of_all = 0;
  for (std::size_t k = 0; k < a.members; ++k) {
    const double share = share_[order_[k]];
    const Reply &l = reply(a, k), &r = reply(b, k);
    if (share * r.revenue <= nothing) continue;
    const Interval rise = marginal_rise(repliers_[order_[k]], l, r, a.a, b.a);
    const double at_left = share * l.slope * l.by_base, at_right = share * r.slope * r.by_base;
    const double up = std::exp(std::max(rise.high, 0.0) * h), down = std::exp(std::max(-rise.low, 0.0) * h);
    parts_.push_back({rise, {std::max(at_left / down, at_right / up), std::min(at_left * up, at_right * down)}});
    least_of_all += parts_.back().brings.low;
  }
  const auto most = [&](auto rise_of) {
    std::sort(parts_.begin(), parts_.end(), [&](const Part& x, const Part& y) { return rise_of(x) > rise_of(y); });
    double sum = 0, left = 1;
    for (const Part& p : parts_) {
      const double others = least_of_all - p.brings.low, all = others + p.brings.high;
      const bool some = others > 0 && all < infinite && &p != &parts_.back();
      const double part = some ? std::min(left, p.brings.high / all * (1 + 1e-9)) : left;
      if (part > 0) sum += part * rise_of(p), left -= part;
    }
    return sum;
  };
  return {-most([](const Part& p) { return -p.rise.low; }), most([](const Part& p) { return p.rise.high; })};
}

}  // namespace haggle::fine_tuning
