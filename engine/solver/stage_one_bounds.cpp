// SPDX-License-Identifier: MIT
// The generalist's utility at an investment, and what the replies at the ends of a cell say of what lies between.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double vanishing = 1e-290;  ///< of slopes

double clamp_part(double x) { return x > 0 ? x : 0; }

}  // namespace

StageOne::Value StageOne::sum(const Point& p, std::size_t members) const {
  Value v{-p.cost.value, 0, -p.cost.bend * p.cost.slope / p.a, 0, p.cost.value};
  for (std::size_t k = 0; k < members; ++k) {
    const Reply& r = reply(p, k);
    if (owner_) {  // by the envelope theorem its marginal revenue is that of a specialist that keeps all
      const Specialist<double>& s = game_->specialists[order_[k]];
      v.utility += r.utility - s.fixed - s.outside;
      v.size += r.revenue + s.fixed + std::abs(s.outside);
      v.marginal_revenue += r.slope;
      v.curvature += r.slope * r.bend * r.by_base / r.performance;
      continue;
    }
    const double d = share_[order_[k]];
    if (d == 0) continue;
    v.utility += d * r.revenue;
    v.size += d * r.revenue;
    v.marginal_revenue += d * r.slope * r.by_base;
    double bending = 0;  // α''
    if (r.investment > 0 && r.by_base > 0) {
      const double kappa = 1 / r.by_base - 1, cube = r.by_base * r.by_base * r.by_base;
      bending = -kappa * cube * (r.turn - r.cost_turn * r.bend / r.cost_bend) / r.performance;
    }
    v.curvature += d * r.slope * (r.bend * r.by_base * r.by_base / r.performance + bending);
  }
  v.slope = v.marginal_revenue - p.cost.slope;
  return v;
}

double StageOne::crude_bound(const Cell& c) const {
  const Point &a = points_[c.left], &b = points_[c.right];
  double bound = -a.cost.value;
  for (std::size_t k = 0; k < a.members; ++k) {
    const Specialist<double>& s = game_->specialists[order_[k]];
    bound += owner_ ? reply(b, k).utility - s.fixed - s.outside : share_[order_[k]] * reply(b, k).revenue;
  }
  return bound;
}

StageOne::Bounds StageOne::bounds(const Cell& c) const {
  const Point &a = points_[c.left], &b = points_[c.right];
  Bounds sum{{-b.cost.slope, -a.cost.slope}, -std::min(a.cost.bend, b.cost.bend) * a.cost.slope / b.a};
  const Bounds unknown{{-infinite, infinite}, infinite, true};
  if (opaque_cost_) return unknown;
  for (std::size_t k = 0; k < a.members; ++k) {
    const Reply &l = reply(a, k), &r = reply(b, k);
    const double d = share_[order_[k]];
    if (d * r.revenue <= nothing && !owner_) continue;
    const Replier& replier = repliers_[order_[k]];
    if (replier.is_opaque()) return unknown;
    if (owner_) {
      owner_bounds(replier, l, r, sum);
      continue;
    }
    if (!replier.is_concave_from(l.performance)) {
      if (!convex_bounds(replier, d, l, r, sum)) return unknown;
    } else if (l.investment == 0) {
      sum.slope.low += d * r.slope;
      sum.slope.high += d * l.slope;
      sum.curvature += d * l.bend * r.slope / r.performance;
    } else {
      const Interval bend{clamp_part(-l.bend), clamp_part(-r.bend)}, held = held_back(replier, l, r);
      const Interval cost{std::min(l.cost_bend, r.cost_bend), std::max(l.cost_bend, r.cost_bend)};
      const auto times = [](double x, double y) { return x == 0 || y == 0 ? 0 : x * y; };
      const auto over = [](double x, double y) { return x == 0 ? 0 : x / y; };  // y = 0: infinite
      const Interval kappa{times(bend.low, held.low), times(bend.high, held.high)};
      const Interval by_base{1 / (1 + kappa.high), 1 / (1 + kappa.low)};
      sum.slope.low += d * r.slope * by_base.low;
      sum.slope.high += d * l.slope * by_base.high;
      // r'' α'² + r' α'', α'' = -κ/(1+κ)³ Q/α with Q = α r'''/r'' + (x φ'''/φ'') (-α r''/r')/(x φ''/φ').
      if (!(kappa.high < infinite) || r.investment == 0) {
        sum.curvature = infinite;
        continue;
      }
      const double turn = std::min(l.turn, r.turn), cost_turn = std::min(l.cost_turn, r.cost_turn);
      const double q = turn + cost_turn * (cost_turn > 0 ? over(bend.low, cost.high) : over(bend.high, cost.low));
      const auto weight = [](double x) { return x / ((1 + x) * (1 + x) * (1 + x)); };
      const double ends_most = std::max(weight(kappa.low), weight(kappa.high));
      const double most = kappa.low < 0.5 && kappa.high > 0.5 ? weight(0.5) : ends_most;
      const double least = std::min(weight(kappa.low), weight(kappa.high));
      sum.curvature -= d * bend.low * r.slope / r.performance * by_base.low * by_base.low;
      sum.curvature -= q > 0 ? d * least * q * r.slope / r.performance : d * most * q * l.slope / l.performance;
    }
  }
  return sum;
}

/// Adds one specialist's part to the owner's slope, r'(α): α rises, jumps or not.
void StageOne::owner_bounds(const Replier& replier, const Reply& l, const Reply& r, Bounds& sum) const {
  sum.slope.low += std::min(l.slope, r.slope);
  double most = std::max(l.slope, r.slope);
  if (l.performance < replier.convex_until()) {
    if (r.performance > replier.convex_until())
      most = std::max(most, replier.specialist().revenue(replier.convex_until()).slope);
    sum.curvature = infinite;
    sum.convex = true;
  }
  sum.slope.high += most;
}

/// Adds one specialist's part where its revenue is convex at the left end: only if no jump can hide in the cell.
bool StageOne::convex_bounds(const Replier& replier, double share, const Reply& l, const Reply& r, Bounds& sum) const {
  sum.convex = true;
  if (!replier.is_convex_until(r.performance)) return false;
  if (r.investment == 0) {  // marginal revenue rises, and pays for no investment even at the right end
    if (l.investment > 0) return false;
    sum.slope.low += share * l.slope;
    sum.slope.high += share * r.slope;
    // A slope that has vanished from numbers does not tell how it bends.
    sum.curvature = l.slope > vanishing ? sum.curvature + share * l.bend * r.slope / l.performance : infinite;
    return true;
  }
  // From here on marginal cost bends more than marginal revenue: the reply moves along one branch, and rises.
  if (l.investment == 0 || !(l.cost_bend > l.bend) || !(l.slope > vanishing)) return false;
  const Interval kappa{r.bend * (l.investment / r.performance) / r.cost_bend,
                       l.bend * (r.investment / l.performance) / l.cost_bend};
  sum.slope.low += share * l.slope / (1 - kappa.low);
  sum.slope.high += kappa.high < 1 ? share * r.slope / (1 - kappa.high) : infinite;
  sum.curvature = infinite;
  return true;
}

}  // namespace haggle::fine_tuning
