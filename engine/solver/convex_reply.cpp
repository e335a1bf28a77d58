// SPDX-License-Identifier: MIT
// Replies where revenue is convex. With marginal revenue and marginal cost equal, performance says all: the investment
// x(α) with φ'(x) = (1-δ) r'(α), and the base performance α - x(α). It is a local maximum where x' < 1, and a rising
// base moves it along such a stretch, its branch, until it ends or another branch is worth more. Worth rises with the
// base by (1-δ) r', which is higher where performance is: every such change happens once, and upwards.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/reply.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double vanishing = 1e-290;     ///< of slopes: less has lost digits
constexpr double decided_width = 2e-4;   ///< of ln α: the ends of narrower cells speak for them
constexpr double edge_accuracy = 1e-10;  ///< of ln x', where a stretch of local maxima ends

}  // namespace

/// Along the curve both `turn` and `eases` fall: with one from either of two points the most or the least between them;
/// where eases counts as negative, 1/power < 1, from different ones.
double Replier::steepens(const CurvePoint& turn, const CurvePoint& eases) const {
  const double part = 1 / power_ - 1;
  return turn.turn + (part == 0 ? 0 : part * eases.eases);
}

/// Newton on the logarithms of both marginals, φ'(0) taken off.
Replier::CurvePoint Replier::curve_at(double v, double guess) const {
  const double unknown = std::nan("");
  const double alpha = std::exp(v);
  const Elastic r = elastic_at(s_->revenue, alpha, v);
  const double target = rest_ * r.slope - first_marginal_;
  const double bend = r.slope > 0 ? std::max(r.bend, 0.0) : infinite;
  if (power_ > 0) {
    double u = lowest, over_first = first_marginal_ > 0 ? infinite : 1;
    if (target > 0) u = std::log(target / marginal_) / power_, over_first = 1 + first_marginal_ / target;
    CurvePoint point{v, std::min(std::max(u, lowest), highest), bend, power_ / over_first};
    // A third derivative is of the size of r''/α, if it is not nothing.
    const bool has_digits = r.slope > vanishing && r.bend * r.slope > vanishing * alpha * alpha;
    const double where_none = alpha >= convex_until_ * (1 - 1e-9) ? -infinite : unknown;
    point.turn = r.bend > 0 ? (has_digits ? r.turn : unknown) : where_none;
    point.eases = over_first * bend;
    point.steepens = steepens(point, point);
    if (u > lowest)
      point.rise = bend / power_ * over_first * std::exp(u - v);
    else if (first_marginal_ > 0)  // to nothing marginal cost falls as steeply as it does
      point.rise = power_ > 1 ? infinite : power_ == 1 ? rest_ * r.slope * bend / marginal_ * std::exp(-v) : 0;
    return point;
  }
  double low = lowest, high = highest;
  double u = guess > low && guess < high ? guess : std::min(std::max(v, low), high);
  Elastic cost = elastic_at(s_->cost, std::exp(u));
  for (int i = 0; i < 200 && target > 0; ++i) {
    const double pays = cost.slope - first_marginal_, by_u = cost.slope * cost.bend / pays;
    const double gap = pays > 0 ? std::log(target / pays) : infinite;
    (gap > 0 ? low : high) = u;
    double next = u + gap / by_u;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const bool last = std::abs(next - u) <= 1e-13 * std::max(1.0, std::abs(u));
    u = next;
    cost = elastic_at(s_->cost, std::exp(u));
    if (last || high - low < 1e-13) break;
  }
  if (!(target > 0) || u < lowest + 1e-9) u = lowest, cost = elastic_at(s_->cost, std::exp(u));
  // A slope below the smallest double has lost its elasticity.
  return {v, u, bend, cost.bend, unknown, unknown, unknown, u > lowest ? bend / cost.bend * std::exp(u - v) : 0};
}

/// Where marginal revenue, still rising, reaches the first marginal cost; infinite: nowhere.
double Replier::rides_until() {
  if (!pays_where_steepest()) return infinite;
  if (rest_ * slope_at_least_ > first_marginal_) return 0;
  return meets_first(lowest, std::min(std::log(convex_until_), highest), true, ride_before_);
}

void Replier::find_branches() {
  branches_.clear();
  jumps_.clear();
  turns_from_ = 0;
  if (opaque_ || convex_until_ == 0 || rest_ == 0) return;
  const double top = std::min(std::log(convex_until_), highest);
  double first = lowest;
  if (first_marginal_ > 0) {
    const double until = rides_until();
    if (until > 0) branches_.push_back({.least = lowest, .most = lowest, .until = until, .rides_until = until});
    if (until == infinite) return;
    first = std::max(std::log(until), lowest);
  }
  if (linear_cost_) {
    branches_.push_back({.until = infinite});
  } else {
    last_stable_ = first;
    if (branches_.empty()) last_stable_ = infinite;
    const CurvePoint start = curve_at(first, lowest), end = curve_at(top, lowest);
    if (arches_)
      find_stable_of_arch(start, end);
    else if (start.v < end.v)
      find_stable(start, end);
    turns_from_ = end.base();
    if (last_stable_ != top) branches_.push_back({.least = end.u, .most = end.u, .from = std::max(end.base(), 0.0)});
    branches_.back().until = infinite;
  }
  std::erase_if(branches_, [](const Branch& b) { return !(b.until > 0); });
  find_jumps();
}

void Replier::add_stable(const CurvePoint& from, const CurvePoint& to) {
  if (last_stable_ != from.v) branches_.push_back({.least = from.u, .from = std::max(from.base(), 0.0)});
  branches_.back().most = to.u;
  branches_.back().until = to.base();
  last_stable_ = to.v;
}

/// Likewise what of a stretch is a local maximum on which x' only rises, or only falls.
void Replier::add_stable_part(const CurvePoint& from, const CurvePoint& to) {
  const bool first = from.rise < 1, last = to.rise < 1;
  if (first && last) return add_stable(from, to);
  if (!first && !last) return;
  const CurvePoint ends = edge(from, to);
  first ? add_stable(from, ends) : add_stable(ends, to);
}

/// Adds the stretches of the curve that are local maxima, from left to right: by halving, until the ranges of the
/// elasticities decide a cell.
void Replier::find_stable(const CurvePoint& p, const CurvePoint& q) {
  const double steepest = p.bend * std::exp(q.u - p.v) / std::min(p.cost_bend, q.cost_bend);
  const double flattest = q.bend * std::exp(p.u - q.v) / std::max(p.cost_bend, q.cost_bend);
  if (steepest < 1) return add_stable(p, q);
  if (flattest > 1 || p.u >= q.v) return;  // no maximum; or none at a base performance above 0
  const auto level = [](double x, double y) { return std::abs(x - y) <= 1e-9 * std::min(x, y); };
  const bool straight = level(p.bend, q.bend) && level(p.cost_bend, q.cost_bend);  // powers: so is ln x'
  const bool eases = power_ <= 1;
  const double most = steepens(p, eases ? p : q), least = steepens(q, eases ? q : p);
  const bool monotone = power_ > 0 && (most <= 0 || least >= 0);
  if (straight || monotone || q.v - p.v < decided_width) return add_stable_part(p, q);
  const CurvePoint middle = curve_at(0.5 * (p.v + q.v), 0.5 * (p.u + q.u));
  find_stable(p, middle);
  find_stable(middle, q);
}

/// Where x' passes 1 between two points, from the side of the local maxima. There base performance has turned, and
/// hardly changes. By Newton's steps where x' tells how it rises, else by the secant's, Illinois' way.
Replier::CurvePoint Replier::edge(CurvePoint low, CurvePoint high) {
  const bool left = low.rise < 1;
  double at_low = std::log(low.rise), at_high = std::log(high.rise);
  const CurvePoint& nearer = std::abs(at_low) < std::abs(at_high) ? low : high;
  double& before = edge_before_[left];
  const auto aim = [](const CurvePoint& p, double at) { return p.v - (at + 0.5 * edge_accuracy) / p.steepens; };
  double newton = before > low.v && before < high.v ? before : aim(nearer, std::log(nearer.rise));
  for (int i = 0, side = 0; i < 200; ++i) {
    const double middle = 0.5 * (low.v + high.v);
    double v = low.v + (high.v - low.v) * at_low / (at_low - at_high);
    if (newton > low.v && newton < high.v) v = newton;
    if (i % 8 == 7 || !(v > low.v && v < high.v)) v = middle;
    if (!(v > low.v && v < high.v)) break;
    const CurvePoint point = curve_at(v, low.u);
    const double at = std::log(point.rise);
    if (at <= 0 && at > -edge_accuracy) {
      before = v;
      return point;
    }
    newton = aim(point, at);
    if ((at < 0) == left) {
      if (side > 0) at_high *= 0.5;
      low = point, at_low = at, side = 1;
    } else {
      if (side < 0) at_low *= 0.5;
      high = point, at_high = at, side = -1;
    }
  }
  return left ? low : high;
}

}  // namespace haggle::fine_tuning
