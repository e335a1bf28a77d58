// SPDX-License-Identifier: MIT
#include "haggle/verify/general_equilibrium.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "verify/general_base_search.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The largest investment that could pay anybody, to an e-fold.
///
/// Where φᵢ(m) > rᵢ(2m) for all m beyond M, no specialist adds more than max(M, α₀): above both its own investment
/// would exceed half of its performance. So αᵢ <= 2α₀ for α₀ > M, and where Σ rᵢ(2m) < φ₀(m) too, such an α₀ costs more
/// than it can bring. Without a bound at all shares: who has nothing of a revenue doesn't invest for it.
double most_investment(const GeneralGame& game) {
  const bool all_earn = bounded(game);  // at shares that are not agreed, too
  for (double t = 690; t > -690; t -= 1) {
    const double m = std::exp(t);
    double all = 0;
    bool pays = false;
    for (std::size_t i = 0; i < game.specialists.size(); ++i) {
      const GeneralSpecialist& s = game.specialists[i];
      const double revenue = value(s.revenue, 2 * m);
      pays = pays || ((all_earn || may_earn(game, i)) && revenue >= value(s.cost, m) && std::isfinite(revenue));
      if (all_earn || generalist_may_earn(game, i)) all += revenue;
    }
    if (pays || (all >= value(game.cost, m) && std::isfinite(all))) return std::exp(t + 1);
  }
  return std::exp(-689);
}

bool looks_convex(const GeneralFunction& cost, double most) {
  if (cost.family != Family::expression) return true;
  double last = 0;
  for (double t = std::log(most) - 60; t <= std::log(most) + 1; t += 0.1) {
    const double here = slope(cost, std::exp(t));
    if (!(here >= last * (1 - 1e-9))) return false;
    last = here;
  }
  return true;
}

}  // namespace

std::size_t Outcome::taking_part() const {
  return static_cast<std::size_t>(
      std::count_if(specialists.begin(), specialists.end(), [](const SpecialistOutcome& s) { return s.in; }));
}

double Outcome::surplus() const {
  double sum = generalist_utility;
  for (const SpecialistOutcome& s : specialists) sum += s.utility;
  return sum;
}

Play::Play(const GeneralGame& game, Effort effort)
    : game_(game), effort_(effort), most_(oracle::general::most_investment(game)) {
  for (const GeneralSpecialist& s : game.specialists) monotone_ = monotone_ && looks_convex(s.cost, 2 * most_);
}

Outcome Play::equilibrium(const std::vector<Split>& splits) const {
  BaseSearch search(*this, splits);
  const auto base = search.best();
  Outcome outcome;
  outcome.splits = splits;
  for (const GeneralSpecialist& s : game_.specialists)
    outcome.specialists.push_back({false, false, 0, 0, 0, s.outside});
  outcome.generalist_gain = outcome.generalist_utility = -infinity;
  if (!base) {
    outcome.shortfalls.assign(splits.size(), infinity);
    return outcome;
  }
  outcome.base_performance = *base;
  outcome.generalist_utility = search.utility();
  bool in_for_nothing = false;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    outcome.shortfalls.push_back(search.shortfall(i));
    in_for_nothing = in_for_nothing || search.threshold(i) == 0;
    if (search.threshold(i) > *base) continue;
    const Reply r = reply(i, splits[i], *base);
    const bool held = *base > 0 && search.threshold(i) == *base;
    outcome.specialists[i] = {true,          held,      r.contribution,
                              r.performance, r.revenue, held ? game_.specialists[i].outside : r.utility};
  }
  // Idle beside nobody the generalist has its fixed cost to bear.
  const double otherwise = in_for_nothing ? game_.outside : std::max(game_.outside, -game_.fixed);
  outcome.generalist_gain = outcome.generalist_utility - otherwise;
  outcome.deal = outcome.generalist_gain >= 0;
  return outcome;
}

double Play::first_best_surplus() const {
  if (!bounded(game_)) return nan;
  double outsides = 0;
  for (const GeneralSpecialist& s : game_.specialists) outsides += s.outside;
  // Without a project; with one that is nobody's.
  double best = outsides + std::max(game_.outside, -game_.fixed);
  // The owner's specialists keep all that they earn.
  BaseSearch search(*this, std::vector<Split>(game_.specialists.size(), {0, 1}), Investor::owner);
  if (search.best()) best = std::max(best, outsides + search.utility());
  return best;
}

Outcome Play::after(const std::vector<Split>& splits, double base) const {
  Outcome outcome;
  outcome.splits = splits;
  outcome.base_performance = base;
  outcome.generalist_utility = -value(game_.cost, base) - game_.fixed;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const double outside = game_.specialists[i].outside;
    const Reply r = reply(i, splits[i], base);
    if (r.utility < outside) {
      outcome.specialists.push_back({false, false, 0, 0, 0, outside});
      continue;
    }
    outcome.specialists.push_back({true, false, r.contribution, r.performance, r.revenue, r.utility});
    outcome.generalist_utility += splits[i].generalist * r.revenue;
  }
  outcome.generalist_gain = outcome.generalist_utility - game_.outside;
  outcome.deal = outcome.generalist_gain >= 0 && outcome.taking_part() > 0;
  return outcome;
}

Outcome no_deal(const GeneralGame& game) {
  Outcome none;
  none.splits.assign(game.specialists.size(), {nan, nan});
  none.base_performance = nan;
  none.generalist_utility = game.outside;
  for (const GeneralSpecialist& s : game.specialists)
    none.specialists.push_back({false, false, nan, nan, 0, s.outside});
  return none;
}

}  // namespace haggle::oracle::general
