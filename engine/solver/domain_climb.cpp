// SPDX-License-Identifier: MIT
#include "domain_climb.hpp"

#include <algorithm>
#include <cmath>

#include "domain_model.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr double smallest_radius = 1e-12;
constexpr std::size_t most_jumps = 12;
constexpr int most_flips = 24;
constexpr double wall = 1e-12;  ///< of a share: slopes that cross all money within it

double length(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

double farthest(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

std::vector<double> moved(const std::vector<double>& from, const std::vector<double>& by, double times = 1) {
  std::vector<double> to(from.size());
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::clamp(from[i] + times * by[i], 0.0, 1.0);
  return to;
}

}  // namespace

DomainDeal DomainClimb::solve(std::vector<double> shares) const {
  DomainDeal deal{std::move(shares), {}};
  at_(deal.shares, deal.at);
  return deal;
}

double DomainClimb::way_from(const DomainDeal& from, const std::vector<double>& to) const {
  double most = 0;
  for (std::size_t i = 0; i < n_; ++i)
    if (to[i] != from.shares[i]) most = std::max(most, std::abs(to[i] - from.shares[i]) / scale_at(from, i, measure_));
  return most;
}

std::vector<double> DomainClimb::reach(const DomainDeal& from, double radius) const {
  std::vector<double> reach(n_);
  for (std::size_t i = 0; i < n_; ++i) reach[i] = radius * scale_at(from, i, measure_);
  return reach;
}

DomainDeal DomainClimb::operator()(DomainDeal current, int turns, double radius) const {
  std::vector<DomainJump> jumps;
  DomainModel model(at_, current);
  int flips = 0;
  bool exact = false;
  for (int turn = 0; turn < turns && radius > smallest_radius; ++turn) {
    DomainDeal best = current;
    bool crossed = false;
    const double close = exact ? 1e-16 : std::max(1e-16, 1e-2 * radius * radius);
    double promised = 0, moved_by = 0;
    bool ends = false, kinks = false;
    for (const bool heed_kinks : {true, false}) {
      if (!heed_kinks && !kinks) break;
      const DomainStep step = next_step(aim_, current, model, jumps, reach(current, radius), heed_kinks);
      kinks = step.kinks;
      const bool heeded = gains(best, current);
      if (!heeded) promised = step.promise;
      ends = promised <= aim_.tie(current.at);
      if (ends) continue;
      DomainDeal trial = solve(moved(current.shares, step.by));
      if (!heeded) moved_by = way_from(current, trial.shares);
      if (moved_by == 0) continue;
      if (gains(trial, best)) {
        best = std::move(trial);
        promised = step.promise;
        // An investment that falls like a power is 0 only at the end of all shares, whatever its slope says.
        if (kinks) continue;
        break;
      }
      if (heeded) break;
      if (trial.at.same_regime(current.at)) {
        const DomainStep corrected =
            next_step(aim_, current, model, jumps, reach(current, radius), heed_kinks, 0, &trial);
        if (DomainDeal other = solve(moved(current.shares, corrected.by)); gains(other, best)) best = std::move(other);
      }
      // The edges are not quite where the model has them.
      for (double back_off = 0.01; step.held && !gains(best, current) && back_off < 0.5; back_off *= 30) {
        const DomainStep clear = next_step(aim_, current, model, jumps, reach(current, radius), heed_kinks, back_off);
        if (DomainDeal other = solve(moved(current.shares, clear.by)); gains(other, best)) best = std::move(other);
      }
      if (gains(best, current)) break;
      // Nearer than what the step promises a tie for, where the edge is makes no difference.
      const Crossing cross = crossing(current, trial, std::max(close, moved_by * aim_.tie(current.at) / promised));
      if (!cross.found) continue;
      if (gains(cross.before, best)) best = cross.before;
      if (cross.jump) {
        const auto known = std::ranges::find_if(jumps, [&](const DomainJump& j) {
          return j.takes_part == cross.beyond.at.takes_part && j.holder == cross.beyond.at.holder &&
                 way_from(cross.before, j.at) <= 4 * radius;
        });
        if (known != jumps.end()) {
          DomainDeal back = pulled_back(current, trial, *known, close);
          if (gains(back, best)) best = std::move(back);
          jumps.erase(known);
        }
        if (jumps.size() == most_jumps) jumps.erase(jumps.begin());
        jumps.push_back(jump_between(cross, exact || radius < 1e-3));
        crossed = true;
      } else if (!gains(best, current) && flips < most_flips && !gains(current, cross.beyond)) {
        ++flips;
        best = cross.beyond;
        crossed = true;
      }
      break;
    }
    if (ends && farthest(best.shares, current.shares) == 0) {
      if (jumps.empty() || exact) {
        // Values no longer tell, slopes still do: the last step is taken where it costs nothing.
        const DomainStep last = next_step(aim_, current, model, jumps, reach(current, radius), true);
        DomainDeal there = solve(moved(current.shares, last.by));
        if (there.at.deal && there.at.same_regime(current.at) && !gains(current, there)) current = std::move(there);
        break;
      }
      exact = true;  // where the jumps are was known well enough to get here
      jumps.clear();
      radius = std::min(radius, 1e-3);
      continue;
    }
    const bool improved = gains(best, current);
    const double gained = aim_(best.at) - aim_(current.at);
    if (improved || farthest(best.shares, current.shares) > 0) {
      const double way = way_from(current, best.shares);
      current = std::move(best);
      model = DomainModel(at_, current);
      if (improved && !crossed && gained > 0.5 * promised && way > 0.5 * radius)
        radius = std::min(0.5, 2 * radius);
      else if (improved && !crossed && gained > 0.1 * promised)
        radius = std::max(radius, std::min(0.5, 2 * way));
      else if (!(measure_ == Measure::outcomes && improved && gained > 0.5 * promised))  // else on along an edge
        radius = crossed ? 0.7 * radius : radius / 2;
    } else {
      radius = crossed ? radius / 2 : std::min(radius, std::max(moved_by, smallest_radius)) / 4;
    }
  }
  return current;
}

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
