// SPDX-License-Identifier: MIT
// What a climb runs into: where the generalist switches to another investment, or the regime changes.
#include <algorithm>
#include <cmath>

#include "domain_climb.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr double wall = 1e-12;  ///< of a share: slopes that cross all money within it

double length(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

}  // namespace

// Bisects the way from one deal to where it is not better: up to the first change of regime, or of the investment.
DomainClimb::Crossing DomainClimb::crossing(const DomainDeal& from, const DomainDeal& to, double close) const {
  DomainDeal low = from, high = to;
  std::vector<double> way(n_);
  for (std::size_t i = 0; i < n_; ++i) way[i] = to.shares[i] - from.shares[i];
  double a = 0, b = 1;
  const double far = std::max(way_from(from, to.shares), way_from(to, from.shares));
  while ((b - a) * far > close || b - a > 1.0 / 64) {
    const double t = a + (b - a) / 2;
    if (t <= a || t >= b) break;
    DomainDeal middle = solve(moved(from.shares, way, t));
    bool near = middle.at.same_regime(low.at);
    if (near && high.at.same_regime(low.at))
      near = std::abs(middle.at.base_performance - low.at.base_performance) <=
             std::abs(middle.at.base_performance - high.at.base_performance);
    (near ? a : b) = t;
    (near ? low : high) = std::move(middle);
  }
  Crossing c{low, high, false, low.at.deal != high.at.deal};
  for (std::size_t j = 0; j < low.at.utility.size(); ++j) {
    double expected = 0;  // of a smooth way
    for (std::size_t i = 0; i < n_ && low.at.slope.size() > j * n_ + i; ++i)
      expected += std::abs(low.at.slope[j * n_ + i] * (high.shares[i] - low.shares[i]));
    c.jump = c.jump || std::abs(low.at.utility[j] - high.at.utility[j]) >
                           8 * expected + 1e-9 * (low.at.money[j] + high.at.money[j]);
  }
  c.found = c.jump || !low.at.same_regime(high.at);
  return c;
}

// Its curvature costs two models and is worth it only when the last digits are at stake.
DomainJump DomainClimb::jump_between(const Crossing& c, bool curved) const {
  DomainJump jump{c.before.shares,        std::vector<double>(n_, 0.0), std::vector<double>(n_ * n_, 0.0),
                  c.beyond.at.takes_part, c.beyond.at.holder,           0};
  std::vector<double> beyond_slope(n_, 0.0);
  const auto add = [&](const DomainDeal& deal, double sign) {
    if (!deal.at.deal) return;
    const bool known = deal.at.slope.size() >= n_ &&
                       std::all_of(deal.at.slope.begin(), deal.at.slope.begin() + static_cast<std::ptrdiff_t>(n_),
                                   [](double s) { return std::isfinite(s); });
    if (known && !curved) {
      for (std::size_t i = 0; i < n_; ++i) jump.slope[i] += sign * deal.at.slope[i];
      if (sign < 0) beyond_slope = deal.at.slope;
      return;
    }
    const DomainModel model(at_, deal);
    for (std::size_t i = 0; i < n_; ++i) jump.slope[i] += sign * model.slope[0][i];
    if (sign < 0) beyond_slope = model.slope[0];
    for (std::size_t i = 0; i < n_ * n_; ++i) jump.curvature[i] += sign * model.curvature[0][i];
  };
  add(c.before, 1);
  add(c.beyond, -1);
  // Where revenue no longer rises a threshold runs off to infinity within a rounding of a share: its slope is no guide.
  for (std::size_t i = 0; i < n_; ++i)
    if (std::abs(jump.slope[i]) * wall > c.before.at.money[0] + c.beyond.at.money[0]) {
      jump.slope[i] = beyond_slope[i] = 0;
      for (std::size_t j = 0; j < n_; ++j) jump.curvature[i * n_ + j] = jump.curvature[j * n_ + i] = 0;
    }
  // What the generalist has from either choice meets at the jump, somewhere between the two deals.
  jump.value = c.before.at.clearance;
  if (c.beyond.at.deal) {
    jump.value = c.before.at.utility[0] - c.beyond.at.utility[0];
    for (std::size_t i = 0; i < n_; ++i) jump.value += beyond_slope[i] * (c.beyond.shares[i] - c.before.shares[i]);
  }
  if (!(jump.value > 0)) jump.value = 0;
  return jump;
}

// The jump is not quite where its model has it: back at a right angle, to just before it.
DomainDeal DomainClimb::pulled_back(const DomainDeal& inside, const DomainDeal& beyond, const DomainJump& jump,
                                    double close) const {
  const double slope = length(jump.slope);
  if (!(slope > 0)) return inside;
  std::vector<double> back = jump.slope;
  double steep = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    back[i] *= scale_at(inside, i, measure_);
    steep = std::max(steep, std::abs(back[i]));
  }
  const double way = way_from(inside, beyond.shares);
  for (std::size_t i = 0; i < n_; ++i) back[i] *= way / steep * scale_at(inside, i, measure_);
  for (double times = 1e-4; times < 2; times *= 4) {
    DomainDeal landed = solve(moved(beyond.shares, back, times));
    const bool near =
        landed.at.same_regime(inside.at) &&
        (!beyond.at.same_regime(inside.at) || std::abs(landed.at.base_performance - inside.at.base_performance) <=
                                                  std::abs(landed.at.base_performance - beyond.at.base_performance));
    if (!near && gains(landed, inside)) return landed;  // across a kink
    if (!near) continue;
    const Crossing c = crossing(landed, beyond, close);
    return gains(c.before, landed) ? c.before : landed;
  }
  return inside;
}

}  // namespace haggle::fine_tuning
