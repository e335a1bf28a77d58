// SPDX-License-Identifier: MIT
#include "solver/reply.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/sampled_shape.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int most_steps = 200;
constexpr double least_slope = 1e-290;  ///< less has lost digits

}  // namespace

void Replier::start(const Specialist<double>& specialist) {
  s_ = &specialist;
  Elastic first = elastic_at(s_->cost, smallest_argument);
  const Elastic later = elastic_at(s_->cost, 1.0);
  for (const double x : {1e-90, 1e-20, 1e-5}) {
    if (s_->cost.is_expression() || first.slope > least_slope) break;
    first = elastic_at(s_->cost, x);  // where a power has digits
  }
  linear_cost_ = first.bend == 0 && later.bend == 0;
  // Where a power is all that bends, its exponent and its part of the slope show what is left at 0.
  const double power = first.turn + 1 > 0 ? first.bend / (first.turn + 1) : 0;
  first_marginal_ = linear_cost_ ? first.slope : power < 1 - 1e-9 ? first.slope * (1 - power) : 0;
  const bool is_power = !s_->cost.is_expression() && !linear_cost_ && first_marginal_ == 0 &&
                        std::abs(first.bend - later.bend) <= 1e-15 * later.bend;
  power_ = is_power ? later.bend : 0, marginal_ = later.slope;
  if (!s_->cost.is_expression() && !linear_cost_ && first_marginal_ > 0) {
    const double beyond_first = s_->cost.growth() - 1, room = 1e-15 * (1 + std::abs(beyond_first));
    if (beyond_first > 0 &&
        std::max(std::abs(first.turn + 1 - beyond_first), std::abs(later.turn + 1 - beyond_first)) <= room)
      power_ = beyond_first, marginal_ = later.slope * later.bend / power_;
  }
  const SampledShape revenue =
      s_->revenue.is_expression() ? revenue_shape(s_->revenue) : SampledShape{true, s_->revenue.convex_until()};
  // With dln x'/dln α = b/K - 1 - q/b, b = α r''/r' and q = -α db/dα: along a Hill curve b falls and q rises.
  const Elastic little = elastic_at(s_->revenue, little_performance);
  arches_ = is_power && !s_->revenue.is_expression() && little.value > smallest_argument && little.bend > 0;
  opaque_ = !revenue.known || (s_->cost.is_expression() && !cost_shape(s_->cost).known);
  convex_until_ = opaque_ ? infinite : revenue.convex_until;
  if (arches_) crest_ = crest();
  arches_ = arches_ && !std::isnan(crest_);
  forget();
  if (opaque_ || first_marginal_ == 0) return;
  const auto slope_at = [&](double alpha) { return s_->revenue(alpha).slope; };
  slope_at_turn_ = slope_at(std::min(std::max(convex_until_, smallest_argument), std::exp(highest)));
  slope_at_least_ = slope_at(std::exp(lowest)), slope_at_most_ = slope_at(std::exp(highest));
}

void Replier::forget() {
  kink_before_ = ride_before_ = jump_before_ = edge_before_[0] = edge_before_[1] = std::nan("");
  jump_to_before_ = 0;
}

void Replier::at_share(double rest) {
  rest_ = rest;
  contributes_until_ = opaque_ || first_marginal_ == 0 ? infinite : kink();
  find_branches();
}

/// Marginal revenue exceeds the first marginal cost somewhere, and not by what rounding makes of both.
bool Replier::pays_where_steepest() const {
  constexpr double rounding = 1e-15;
  return rest_ * slope_at_turn_ > first_marginal_ * (1 + rounding);
}

/// Where marginal revenue falls to the first marginal cost.
double Replier::kink() {
  if (rest_ == 0) return 0;
  const double start = std::max(convex_until_, smallest_argument);
  if (start == infinite) return infinite;
  if (!pays_where_steepest()) return convex_until_;
  if (rest_ * slope_at_most_ > first_marginal_) return infinite;
  const double until = meets_first(std::log(start), highest, false, kink_before_);
  return until > 1.01 * smallest_argument ? until : 0;  // that near to none rounding makes it
}

/// Where marginal revenue, rising or falling in between, passes the first marginal cost: Newton in ln α on ln r', from
/// where it was at the last share.
double Replier::meets_first(double low, double high, bool rises, double& before) const {
  double v = rises ? high - 1 : low > -200 ? low + 1 : 0;
  if (before > low && before < high) v = before;
  for (int i = 0; i < most_steps && high - low > 4e-16 * std::max(1.0, std::abs(v)); ++i) {
    const Elastic r = elastic_at(s_->revenue, std::exp(v), v);
    const double value = std::log(rest_ * r.slope / first_marginal_);
    ((value > 0) == rises ? high : low) = v;
    double next = v - value / r.bend;
    const bool last = std::abs(next - v) <= 1e-15 * std::max(1.0, std::abs(v));
    if (!last && (!(next > low && next < high) || i % 16 == 15)) next = 0.5 * (low + high);
    v = next;
    if (last) break;
  }
  before = v;
  return std::exp(v);
}

Reply Replier::operator()(double base, double guess) const {
  if (rest_ == 0) return measure(base, 0);
  if (opaque_) return scanned(base);
  if (base < convex_until_) return on_branch(branch_at(base), base, guess);
  if (linear_cost_) {
    if (!(base < contributes_until_)) return measure(base, 0);
    return measure(base, contributes_until_ - base);
  }
  if (first_marginal_ > 0) {
    if (!(base < contributes_until_)) return measure(base, 0);
    const double most = contributes_until_ - base;
    return concave(base, {lowest, std::min(std::log(most), highest)}, guess > 0 && guess < most ? guess : 0);
  }
  return concave(base, {lowest, highest}, guess);
}

Reply Replier::measure(double base, double investment) const {
  const Elastic r = elastic_at(s_->revenue, std::max(base + investment, smallest_argument));
  return measured(base, investment, r, investment > 0 ? elastic_at(s_->cost, investment) : Elastic{0, first_marginal_});
}

Reply Replier::measured(double base, double investment, const Elastic& r, const Elastic& cost) const {
  Reply reply;
  reply.investment = investment;
  reply.performance = base + investment;
  reply.revenue = reply.performance > 0 ? r.value : 0;
  reply.slope = r.slope;
  reply.utility = rest_ * reply.revenue - (investment > 0 ? cost.value : 0);
  reply.bend = r.bend;
  reply.turn = r.turn;
  if (investment > 0) {
    reply.cost_bend = cost.bend;
    reply.cost_turn = cost.turn;
    // φ''/(φ'' - (1-δ) r''), by the elasticities of both marginals, which are equal here.
    const double theirs = -r.bend * (investment / reply.performance), sum = cost.bend + theirs;
    reply.by_base = sum > 0 ? cost.bend / sum : cost.bend == 0 && theirs == 0 ? 0 : infinite;
  }
  return reply;
}

double Replier::by_rest(const Reply& reply) const {
  if (reply.investment == 0 || rest_ == 0) return 0;
  // r'/(φ'' - ρ r'') with φ' = ρ r'
  const double stiffness =
      reply.cost_bend / reply.investment - reply.bend / reply.performance;  // (φ'' - ρ r'')/φ', positive
  return stiffness > 0 ? 1 / (rest_ * stiffness) : infinite;
}

double Replier::pull(double base, double u) const {
  const double x = std::exp(u);
  return std::log(rest_ * s_->revenue(base + x).slope / s_->cost(x).slope);
}

/// Nothing is known of an expression's shape: every sign change of the marginals' difference on a fine grid.
Reply Replier::scanned(double base) const {
  Reply best = measure(base, 0);
  constexpr double from = -60, to = 60, step = 0.25;
  double before = pull(base, from);
  for (double u = from + step; u <= to; u += step) {
    const double now = pull(base, u);
    if (before > 0 && !(now > 0)) {
      double low = u - step, high = u;
      for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (pull(base, middle) > 0 ? low : high) = middle;
      }
      const Reply reply = measure(base, std::exp(0.5 * (low + high)));
      if (reply.utility >= best.utility) best = reply;
    }
    before = now;
  }
  return best;
}

double marginal_by_share(const Reply& r, double share, double rest, double by_share) {
  double by_base_by_share = 0;
  if (r.investment > 0 && r.by_base > 0 && r.by_base != 1 && rest > 0) {
    const double kappa = 1 / r.by_base - 1;
    const double grows = -1 / rest + by_share * (r.turn / r.performance - r.cost_turn / r.investment);
    by_base_by_share = -kappa * r.by_base * r.by_base * grows;
  }
  const double bend = r.bend * r.slope / r.performance;
  return r.slope * r.by_base + share * (bend * r.by_base * by_share + r.slope * by_base_by_share);
}

}  // namespace haggle::fine_tuning
