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

}  // namespace

std::vector<double> DomainClimb::moved(const std::vector<double>& from, const std::vector<double>& by, double times) {
  std::vector<double> to(from.size());
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::clamp(from[i] + times * by[i], 0.0, 1.0);
  return to;
}

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
    if (ends && distance(best, current) == 0) {
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
    if (improved || distance(best, current) > 0) {
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

}  // namespace haggle::fine_tuning
