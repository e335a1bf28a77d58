// SPDX-License-Identifier: MIT
// Looks along the line of shares: the first ones, and what one records of its equilibrium.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/share_search.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double first_step = 0.5, flat_from = 4, reach = 36;
constexpr double farthest = 690;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t with) {
  return (hash ^ with) * 0x9E3779B97F4A7C15ull + (hash >> 29);
}

}  // namespace

void ShareSearch::start() {
  shares_.resize(solver_->game().specialists.size());
  moving_ = unset;
  solver_->want_gaps(true);
  take_first_looks();
  seek_windows();
  solver_->want_gaps(false);
}

void ShareSearch::start(std::span<const Share> others, std::size_t domain, bool windows) {
  shares_.assign(others.begin(), others.end());
  moving_ = domain;
  solver_->want_gaps(windows, domain);
  take_first_looks();
  if (windows) seek_windows();
  solver_->want_gaps(false);
}

void ShareSearch::take_first_looks() {
  looked_ = 0;
  settled_ = true;
  look(-infinite);
  for (double y = reach, next = 0; y > 0; y = next) {
    look(-y);
    next = y > flat_from ? std::max(flat_from, y * (y > 15 ? 0.6 : 0.8)) : y - first_step;
  }
  look(0);
  for (double y = first_step; y < reach;) {
    look(y);
    y = y < flat_from ? y + first_step : y * (y > 9 ? 1.6 : 1.25);
  }
  look(reach);
  const std::size_t whole = look(infinite);
  extend(-reach, looks_.front().members);
  extend(reach, looks_[whole].members);
}

/// A positive outside option, however small, is followed as near to a corner as it asks: until as many take part as
/// there.
void ShareSearch::extend(double from, std::size_t at_corner) {
  std::size_t last = 0;
  while (looks_[last].y != from) ++last;
  for (double y = 1.5 * from; looks_[last].deal && looks_[last].members != at_corner && std::abs(y) < farthest;
       y *= 1.5)
    last = look(y);
}

std::size_t ShareSearch::look(double y) {
  if (looked_ == looks_.size()) looks_.emplace_back();
  ShareLook& l = looks_[looked_];
  l.y = y;
  l.share = share_at_logit(y);
  const Play<double>& game = solver_->game();
  const std::size_t n = game.specialists.size();
  for (std::size_t i = 0; i < n; ++i)
    if (moves(i)) shares_[i] = l.share;
  l.equilibrium = (*solver_)(shares_);
  const Equilibrium& e = l.equilibrium;
  settled_ = settled_ && e.settled;
  l.deal = e.deal;
  l.clearance = e.clearance;
  l.smooth = l.clearance > -infinite;
  l.members = 0;
  l.clearance_slope = l.performance = l.performance_slope = l.money = l.base_slope = 0;
  l.base = e.base_performance;
  l.structure = l.party = 0;
  l.gain.assign(n + 1, 0);
  l.slope.assign(n + 1, 0);
  l.size.assign(n + 1, 0);
  if (l.smooth) {
    const double by_y = l.share.generalist * l.share.specialist;
    double base = 0, direct = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!moves(i)) continue;
      base += e.specialists[i].base_by_share;
      direct += e.specialists[i].generalist_utility_by_share;
    }
    base *= by_y;
    l.base_slope = base;
    l.gain[0] = std::max(e.generalist_utility - game.outside, 0.0);
    l.slope[0] = by_y * direct + e.generalist_utility_by_base * base;
    l.clearance_slope = l.slope[0];
    l.size[0] = std::abs(e.generalist_utility) + std::abs(game.outside) + game.fixed;
    for (std::size_t i = 0; i < n; ++i) l.size[0] += shares_[i].generalist * e.specialists[i].revenue;
    l.money = l.size[0] *= e.blur;
    l.structure = mixed(static_cast<std::uint64_t>(e.base), e.base > Base::smooth ? 4 * (e.holder + 1) : 0);
    for (std::size_t i = 0; i < n; ++i) {
      const SpecialistMove& s = e.specialists[i];
      const double outside = game.specialists[i].outside;
      l.gain[i + 1] = std::max(s.utility - outside, 0.0);
      l.size[i + 1] = s.takes_part ? e.blur * (std::abs(s.utility) + std::abs(outside) + game.specialists[i].fixed +
                                               shares_[i].specialist * s.revenue)
                                   : 0;
      l.money += l.size[i + 1] + e.blur * s.revenue;
      const bool contributes = s.investment > 1e-13 * s.performance;
      l.structure = mixed(l.structure, s.takes_part ? contributes ? 3 : 2 : 1);
      l.party = mixed(l.party, s.takes_part ? 1 : 2);
      if (!s.takes_part) continue;
      if (l.deal) ++l.members;
      l.performance += s.performance;
      const double by_own = moves(i) ? by_y : 0;
      l.performance_slope += s.performance_by_base * base + s.performance_by_share * by_own;
      const bool held = e.base == Base::threshold && e.holder == i;
      l.slope[i + 1] = held ? 0 : s.utility_by_base * base - s.revenue * by_own;
      if (held) l.size[i + 1] = 0;  // exactly at its option
    }
    double sum = l.performance_slope;
    for (const double s : l.slope) sum += s;
    l.smooth = std::abs(sum) < infinite;
  }
  return looked_++;
}

}  // namespace haggle::fine_tuning
