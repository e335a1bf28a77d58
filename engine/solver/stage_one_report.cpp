// SPDX-License-Identifier: MIT
// What an equilibrium is where stage 1 has its best, and how that moves with the shares.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

/// What the equilibrium is where `best_` stands, or that nobody can be made to take part.
void StageOne::report(std::span<const Share> shares, Equilibrium& e) {
  const std::size_t n = repliers_.size();
  e.specialists.resize(n);
  e.settled = settled_;
  e.in_domain = true;
  e.gaps = gaps_;
  e.overflow = !(reach_ < infinite);
  e.deal = false;
  e.residual = e.generalist_utility_by_base = e.base_performance = 0;
  e.base = Base::zero;
  e.blur = 1;
  for (std::size_t i = 0; i < n; ++i) {
    e.specialists[i] = {};
    e.specialists[i].performance = not_a_number;
    e.specialists[i].utility = game_->specialists[i].outside;
  }
  if (!best_.found) {
    e.clearance = e.generalist_utility = -infinite;
    return;
  }
  const Point& p = points_[best_.point];
  const Value v = value(p, p.members);
  e.base = best_.base;
  e.base_performance = best_.base == Base::zero ? 0 : p.a;
  e.blur = blur(p);
  hint_ = p.a > 1e-200 ? p.a : 0;
  e.generalist_utility_by_base = best_.base == Base::smooth ? 0 : v.slope;
  if (best_.base == Base::smooth) e.residual = std::abs(std::log(v.marginal_revenue / p.cost.slope));
  for (std::size_t k = 0; k < p.members; ++k)
    if (best_.base == Base::threshold && threshold_[order_[k]] == p.a) e.holder = order_[k];

  double utility = best_.base == Base::zero ? 0 : -p.cost.value;
  for (std::size_t k = 0; k < p.members; ++k) {
    const std::size_t i = order_[k];
    const Specialist<double>& s = game_->specialists[i];
    const Reply& r = reply(p, k);
    SpecialistMove& m = e.specialists[i];
    m.takes_part = true;
    m.investment = r.investment;
    m.performance = e.base_performance == 0 ? r.investment : r.performance;
    m.revenue = m.performance > 0 ? r.revenue : 0;
    m.utility = std::max((m.performance > 0 ? r.utility : 0) - s.fixed, s.outside);
    if (best_.base == Base::threshold && threshold_[i] == p.a) m.utility = s.outside;
    m.utility_by_base = shares[i].specialist * r.slope;
    m.performance_by_base = r.by_base;
    m.performance_by_share = -repliers_[i].by_rest(r);
    m.generalist_utility_by_share = m.revenue + shares[i].generalist * r.slope * m.performance_by_share;
    utility += shares[i].generalist * m.revenue;
    e.in_domain = e.in_domain && r.slope >= 0 && m.revenue >= 0 && std::abs(r.utility) < infinite;
    if (best_.base == Base::smooth)
      m.base_by_share =
          -marginal_by_share(r, shares[i].generalist, shares[i].specialist, m.performance_by_share) / v.curvature;
    if (best_.base == Base::threshold && i == e.holder) m.base_by_share = r.revenue / m.utility_by_base;
  }
  if (best_.base == Base::jump) report_jump(shares, e);
  e.generalist_utility = utility - game_->fixed;
  e.in_domain = e.in_domain && (p.cost.slope >= 0 || best_.base == Base::zero);
  const double otherwise = threshold_[order_[0]] > 0 ? std::max(game_->outside, -game_->fixed) : game_->outside;
  e.clearance = e.generalist_utility - otherwise;
  const double size = v.size + std::abs(game_->outside) + game_->fixed;
  e.deal = e.clearance >= -4e-15 * size;
  e.overflow = e.overflow || !(std::abs(e.generalist_utility) < infinite);
}

/// Whose investment jumps there, and how the place moves: it is as well off before the jump as after it.
void StageOne::report_jump(std::span<const Share> shares, Equilibrium& e) const {
  const Point &before = points_[best_.before], &after = points_[best_.point];
  std::size_t jumps = 0;
  double most = 0;
  for (std::size_t k = 0; k < before.members; ++k) {
    const double rise = reply(after, k).performance / reply(before, k).performance;
    if (rise > most) most = rise, jumps = k;
  }
  const Reply &low = reply(before, jumps), &high = reply(after, jumps);
  e.holder = order_[jumps];
  e.specialists[e.holder].base_by_share =
      (high.revenue - low.revenue) / (shares[e.holder].specialist * (high.slope - low.slope));
}

}  // namespace haggle::fine_tuning
