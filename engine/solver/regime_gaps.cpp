// SPDX-License-Identifier: MIT
// How far the generalist is from other regimes: what separates the best peaks of its utility, and how fast that changes
// with the share.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double gap_accuracy = 0.05;  ///< of a gap between regimes, in its own parts
constexpr double rival_part = 0.25;    ///< of the best: lower peaks of one regime are no rivals
constexpr double same_peak = 1e-6;     ///< of ln α₀

}  // namespace

/// What a cell must promise to be of interest: more than the best; with gaps wanted, more than a part of the way there
/// from its own regime's best, and in the best's regime not much less.
double StageOne::floor_of(std::size_t regime) const {
  if (!wants_gaps() || !(peak_[regime] > -infinite)) return seen_;
  const bool rules = regime == points_[seen_at_].regime;
  return peak_[regime] + gap_accuracy * (seen_ - peak_[regime]) - (rules ? rival_part * std::max(seen_, 0.0) : 0);
}

void StageOne::begin_regimes() {
  regimes_.clear();
  gaps_.clear();
  peaks_.clear();
  if (!wants_gaps()) return;
  const std::size_t n = repliers_.size();
  gaps_.assign(Equilibrium::gap_count(n), {not_a_number, 0});
  regimes_.push_back({0, 0, 6 * n});
  const auto add = [&](double a, std::size_t i, std::size_t kind) {
    if (a > threshold_[i] && a < reach_) regimes_.push_back({a, kind * n + i, 6 * n + 1 + kind * n + i});
  };
  for (std::size_t k = 0; k < within_reach_; ++k) {
    const std::size_t i = order_[k];
    if (threshold_[i] > 0) regimes_.push_back({threshold_[i], i, 6 * n + 1 + i});
    if (repliers_[i].contributes_until() > repliers_[i].convex_until()) add(repliers_[i].contributes_until(), i, 1);
    for (const Replier::Jump& j : jumps_within(i)) add(j.base, i, 2);
    add(repliers_[i].contributes_from(), i, 3);
  }
  std::sort(regimes_.begin(), regimes_.end(), [](const Regime& x, const Regime& y) { return x.a < y.a; });
  peak_.assign(regimes_.size(), -infinite);
  peak_at_.assign(regimes_.size(), 0);
}

/// How the place of a mark moves with all shares: 0 for one that stays.
double StageOne::mark_by_share(std::size_t m) const {
  const Point& p = points_[m];
  for (std::size_t k = 0; k < p.members; ++k) {
    const std::size_t i = order_[k];
    if (!moves(i)) continue;
    const Reply& r = reply(p, k);
    const double rest = repliers_[i].rest();
    if (threshold_[i] == p.a) return r.revenue / (rest * r.slope);
    if (repliers_[i].contributes_until() == p.a || repliers_[i].contributes_from() == p.a) return p.a / (rest * r.bend);
    for (const Replier::Jump& j : jumps_within(i)) {
      if (j.base != p.a || m == 0 || points_[m - 1].members <= k) continue;
      const Reply& low = reply(points_[m - 1], k);
      return (r.revenue - low.revenue) / (rest * (r.slope - low.slope));
    }
  }
  return 0;
}

/// ∂U_G and ∂U_G' by all shares at a given investment.
StageOne::Gap StageOne::by_share(const Point& p) const {
  Gap sum{0, 0};
  for (std::size_t k = 0; k < p.members; ++k) {
    const std::size_t i = order_[k];
    if (!moves(i)) continue;
    const Reply& r = reply(p, k);
    const double moved = -repliers_[i].by_rest(r);
    sum.value += r.revenue + share_[i] * r.slope * moved;
    sum.slope += marginal_by_share(r, share_[i], repliers_[i].rest(), moved);
  }
  return sum;
}

/// A peak of U_G and how it moves with the shares: along the mark, if it is kept at one.
StageOne::Gap StageOne::peak_value(std::size_t point) const {
  const Point& p = points_[point];
  const Value v = value(p, p.members);
  Gap peak{v.utility, by_share(p).value};
  if (point < marks_.size() && v.slope < 0) peak.slope += v.slope * mark_by_share(point);
  return peak;
}

void StageOne::measure_gaps() {
  if (gaps_.empty() || !(seen_ > -infinite)) return;
  const std::size_t n = repliers_.size(), regimes = regimes_.size(), places = marks_.size();
  const auto between = [](const Gap& one, const Gap& other) {
    return Gap{one.value - other.value, one.slope - other.slope};
  };
  std::vector<Gap>& best = regime_best_;
  best.assign(regimes, {-infinite, 0});
  for (std::size_t r = 0; r < regimes; ++r)
    if (peak_[r] > -infinite) best[r] = peak_value(peak_at_[r]);
  std::vector<Gap>& beyond = beyond_;
  beyond = best;
  for (std::size_t r = regimes; r-- > 1;)
    if (beyond[r].value > beyond[r - 1].value) beyond[r - 1] = beyond[r];
  Gap below{-infinite, 0};
  for (std::size_t r = 1; r < regimes; ++r) {
    if (best[r - 1].value > below.value) below = best[r - 1];
    gaps_[regimes_[r].gap] = between(beyond[r], below);
  }
  for (std::size_t i = 0; i < n; ++i)
    if (!(threshold_[i] < infinite)) gaps_[i] = {-infinite, 0};

  // Kept at a mark: -α₀ U_G' there.
  const auto held = [&](std::size_t m, std::size_t slot) {
    const Point& p = points_[m];
    const Value v = value(p, p.members);
    const double moves = mark_by_share(m);
    if (p.regime == points_[seen_at_].regime)
      gaps_[slot] = {-v.slope * p.a, -moves * (v.slope + p.a * v.curvature) - p.a * by_share(p).slope};
    if (v.slope <= 0) peaks_.push_back(m);
  };
  for (std::size_t m = 0; m < places; ++m) {
    const Point& p = points_[m];
    for (std::size_t k = 0; k < p.members; ++k) {
      if (threshold_[order_[k]] == p.a) held(m, 4 * n + order_[k]);
      for (const Replier::Jump& j : jumps_within(order_[k]))
        if (j.base == p.a) held(m, 5 * n + order_[k]);
    }
  }
  if (threshold_[order_[0]] == 0) {
    const double slope = value(points_[0], points_[0].members).slope;
    gaps_[10 * n + 1] = {-slope, -by_share(points_[0]).slope};
    if (slope <= 0) peaks_.push_back(0);
  }

  // Between the peaks of one regime: what lies beyond its first one, and that.
  std::sort(peaks_.begin(), peaks_.end(), [&](std::size_t x, std::size_t y) { return points_[x].a < points_[y].a; });
  for (std::size_t k = 0; k < peaks_.size();) {
    const std::size_t first = peaks_[k], regime = points_[first].regime;
    const bool rules = regime == points_[seen_at_].regime;  // else it does not matter
    const Gap of_first = peak_value(first);
    Gap rest{-infinite, 0};
    for (++k; k < peaks_.size() && points_[peaks_[k]].regime == regime; ++k) {
      if (points_[peaks_[k]].t - points_[first].t < same_peak) continue;
      const Gap other = peak_value(peaks_[k]);
      if (other.value > rest.value) rest = other;
    }
    if (rules && rest.value > -infinite) gaps_[regimes_[regime].inner] = between(rest, of_first);
  }
}

}  // namespace haggle::fine_tuning
