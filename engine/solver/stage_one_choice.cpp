// SPDX-License-Identifier: MIT
// Which of the investments that may be the best is chosen: rounding decides nothing.
#include <algorithm>
#include <cmath>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double near_part = 1e-4;       ///< so near, relative, the slopes of two investments tell what separates them
constexpr double noise_unit = 4e-15;     ///< of a marginal, and of a sum of revenues and costs; relative
constexpr double logarithm_part = 0.06;  ///< of noise_unit, for each unit of a power's logarithm
constexpr double most_noise = 1e-3;      ///< of a utility, in parts of what it is added up from
constexpr double beyond_reach = 20;      ///< of ln α₀

}  // namespace

/// What rounding makes of a reply: marginals settle it the less the nearer their elasticities are. A power's error
/// grows with its logarithm.
double StageOne::noise(const Reply& r) {
  const double stiffness = r.cost_bend - r.bend * r.investment / r.performance;
  if (!(r.investment > 0 && stiffness > 0)) return 0;
  return noise_unit * r.investment / stiffness * (1 + logarithm_part * logarithms(r));
}

/// Of the powers that a reply is made of, times their exponents.
double StageOne::logarithms(const Reply& r) {
  // Marginal revenue may be computed from the power that revenue grows like, though it hardly bends: a Hill curve's is.
  const double grows = r.revenue > 0 ? r.performance * r.slope / r.revenue : 0;
  const double power = std::max(std::abs(r.bend), grows);
  const double of_cost = r.investment > 0 ? std::abs(r.cost_bend * std::log(r.investment)) : 0;
  return power * std::abs(std::log(r.performance)) + of_cost;
}

/// See Equilibrium::blur.
double StageOne::blur(const Point& p) const {
  double most = p.a > smallest_argument ? std::abs((1 + p.cost.bend) * p.t) : 0;
  for (std::size_t k = 0; k < p.members; ++k) most = std::max(most, logarithms(reply(p, k)));
  return std::max(1.0, logarithm_part * most);
}

/// The same of the generalist's utility: of the sum, and of the replies, with which what one owner has hardly changes.
double StageOne::noise(const Point& p, double size) const {
  double noise = noise_unit * (size + logarithm_part * std::abs((1 + p.cost.bend) * p.t) * p.cost.value);
  for (std::size_t k = 0; k < p.members && !owner_; ++k) {
    const Reply& r = reply(p, k);
    noise += share_[order_[k]] * r.slope * StageOne::noise(r);
  }
  return noise;
}

void StageOne::offer(std::size_t point, Base base, std::size_t before) {
  const Value v = value(points_[point], points_[point].members);
  if (!(v.utility == v.utility)) return;
  offers_.push_back({v.utility, v.size, point, before, base, true});
  if (!best_.found || v.utility > best_.utility) best_ = offers_.back();
}

/// By how much one offer is worth more than another, and the rounding of that. Between neighbours it is the integral of
/// the slope, and what entrants bring: as a difference it would drown long before it is nothing.
StageOne::Lead StageOne::lead(const Best& one, const Best& other) const {
  Lead lead{one.utility - other.utility,
            std::max(noise(points_[one.point], one.size), noise(points_[other.point], other.size))};
  const bool rises = points_[one.point].a > points_[other.point].a;
  const Point &low = points_[rises ? other.point : one.point], &high = points_[rises ? one.point : other.point];
  const double width = high.a - low.a, part = width / low.a;
  if (!(part < near_part)) return lead;
  double more = 0.5 * width * (value(low, low.members).slope + value(high, low.members).slope);
  for (std::size_t k = low.members; k < high.members; ++k) more += share_[order_[k]] * reply(high, k).revenue;
  if (!rises) more = -more;
  if (std::abs(more - lead.value) > lead.noise) return lead;  // a kink or a jump lies between
  return {more, lead.noise * part + part * part * part * std::max(one.size, other.size)};
}

/// Of what is as good as the best but for rounding, the largest investment; what begins at a jump only if nothing else.
/// A choice by rounding would alternate from share to share. What rounding makes of an idle generalist's first bit is
/// no investment.
void StageOne::choose() {
  const Best most = best_;
  for (const Best& one : offers_) {
    if (one.base == Base::jump || one.point == best_.point) continue;
    const Lead over_most = lead(one, most);
    if (over_most.value < -over_most.noise) continue;
    const Lead over_best = lead(one, best_);
    const bool later = points_[one.point].a > points_[best_.point].a;
    const double least = later ? -over_best.noise : over_best.noise;
    if (best_.base == Base::jump || over_best.value > least) best_ = one;
  }
  if (!is_at_margin_ || best_.base != Base::smooth) return;
  for (const Best& one : offers_)
    if (const Lead over = lead(best_, one); one.base == Base::zero && over.value <= over.noise) best_ = one;
}

/// Nothing so good is better than what was seen but for rounding. Near where a specialist ceases to contribute replies
/// are settled ever less, and a search for more would follow their last digits.
bool StageOne::is_seen(double utility) {
  const double more = utility - seen_;
  if (more <= seen_slack_) return true;
  if (more > most_noise * seen_size_) return false;
  if (seen_noise_ < 0) seen_noise_ = noise(points_[seen_at_], seen_size_);
  return more <= seen_noise_;
}

bool StageOne::is_threshold(double a) const {
  return std::find(threshold_.begin(), threshold_.end(), a) != threshold_.end();
}

/// Nothing that was looked at is better than the best offered but for rounding.
bool StageOne::is_seen_offered() const {
  if (!best_.found) return false;
  const double lost = seen_ - best_.utility - 1e-11 * std::max(seen_size_, best_.size) - nothing;
  const Point& seen = points_[seen_at_];
  if (lost <= 0 || lost <= noise(seen, seen_size_)) return true;
  if (std::isfinite(seen.value.slope) || lost > seen_size_) return false;
  // Where replies have no slope they have no digits: revenue and cost may start as the same power, next to nothing.
  return std::ranges::any_of(points_, [&](const Point& p) { return seen_size_ <= rounding * p.value.size; });
}

/// Where utility hardly changes its peak drowns in rounding, and a place next to it may have been seen to be better:
/// the stationary point there is found by the slope alone. It may be beyond reach, where the generalist loses: that is
/// no deal, and how far from one.
void StageOne::offer_seen() {
  const Point p = points_[seen_at_];
  const Value v = value(p, p.members);
  if (std::abs(v.slope) <= rounding * p.cost.slope && !is_threshold(p.a)) return offer(seen_at_, Base::smooth);
  // Those who take part there don't below their thresholds.
  const double least = std::max(threshold_[order_[p.members - 1]], smallest_argument);
  const double way = v.slope > 0 ? 1 : -1, end = v.slope > 0 ? std::log(reach_) + beyond_reach : std::log(least);
  std::size_t last = seen_at_;
  for (double step = 1e-14 * std::max(1.0, std::abs(p.t));; step *= 4) {
    const double t = way > 0 ? std::min(p.t + step, end) : std::max(p.t - step, end);
    const bool ends = t == end;
    const std::size_t next = look(t, ends && way < 0 ? least : std::exp(t), p.members, last);
    if (way * value(points_[next], p.members).slope <= 0)
      return way > 0 ? root({last, next, 0}) : root({next, last, 0});
    if (ends) {
      if (way < 0 && least > smallest_argument) offer(next, Base::threshold);
      if (way < 0 && threshold_[order_[0]] == 0) offer(next, Base::zero);
      return;
    }
    last = next;
  }
}

}  // namespace haggle::fine_tuning
