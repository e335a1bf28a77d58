// SPDX-License-Identifier: MIT
#include "haggle/verify/brute_force.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::oracle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Frontier::Point at_logit(const Game& game, double logit) { return {logit, equilibrium(game, split_of_logit(logit))}; }

/// Neighbours that a smooth curve may join: same fate, similar investments.
bool alike(const Outcome& a, const Outcome& b) {
  if (a.deal != b.deal) return false;
  if (a.performance == 0 || b.performance == 0) return a.performance == b.performance;
  return std::abs(a.base_performance / a.performance - b.base_performance / b.performance) < 0.04 &&
         std::abs(std::log(a.performance / b.performance)) < 0.08;
}

/// Highest point of a quasi-concave `value` on [low, high] by golden section, to rounding for a kink and far better
/// than the square root of it for a smooth peak.
template <class Value>
Frontier::Point golden(const Game& game, Value value, double low, double high) {
  constexpr double ratio = 0.6180339887498949;
  auto a = at_logit(game, high - ratio * (high - low)), b = at_logit(game, low + ratio * (high - low));
  double value_a = value(a.outcome), value_b = value(b.outcome);
  for (int step = 0; step < 70 && high - low > 1e-12 * std::max(1.0, std::abs(high)); ++step) {
    if (value_a > value_b) {
      high = b.logit, b = a, value_b = value_a;
      a = at_logit(game, high - ratio * (high - low)), value_a = value(a.outcome);
    } else {
      low = a.logit, a = b, value_a = value_b;
      b = at_logit(game, low + ratio * (high - low)), value_b = value(b.outcome);
    }
  }
  return value_a > value_b ? a : b;
}

Outcome no_deal(const Game& game) {
  Outcome none;
  none.split = {nan, nan};
  none.base_performance = none.performance = nan;
  none.generalist_utility = game.generalist_outside;
  none.specialist_utility = game.specialist_outside;
  return none;
}

double surplus_of(const Outcome& o) { return o.generalist_utility + o.specialist_utility; }

}  // namespace

double objective(const Game& game, Solution solution, double weight, const Ideals& ideals, const Outcome& outcome) {
  const double w_generalist = weight, w_specialist = 1 - weight;
  // Rounding may leave a player a hair below its outside option; that is a gain of 0.
  const double generalist = std::max(outcome.generalist_utility - game.generalist_outside, 0.0);
  const double specialist = std::max(outcome.specialist_utility - game.specialist_outside, 0.0);
  const auto smaller = [&](double g, double s) {
    if (w_generalist == 0) return s / w_specialist;
    if (w_specialist == 0) return g / w_generalist;
    // A player that no deal can make better off than without has no ratio: 0/0.
    if (std::isnan(g) || std::isnan(s)) return std::isnan(g) ? s : g;
    return std::min(g / w_generalist, s / w_specialist);
  };
  switch (solution) {
    case Solution::nash:
      return std::pow(generalist, w_generalist) * std::pow(specialist, w_specialist);
    case Solution::kalai_smorodinsky:
      return smaller(generalist / (ideals.generalist - game.generalist_outside),
                     specialist / (ideals.specialist - game.specialist_outside));
    case Solution::egalitarian:
      return smaller(generalist, specialist);
    case Solution::utilitarian:
      return w_generalist * outcome.generalist_utility + w_specialist * outcome.specialist_utility;
    case Solution::powerful_generalist:
      return outcome.generalist_utility;
    case Solution::powerful_specialist:
      return outcome.specialist_utility;
    case Solution::max_performance:
      return outcome.performance;
    case Solution::fixed:
      break;
  }
  return 0;
}

Frontier::Frontier(const Game& game, std::size_t most_equilibria) : game_(game), most_equilibria_(most_equilibria) {
  std::vector<Point> scan;
  scan.push_back({-infinity, equilibrium(game, Split{0, 1})});
  // Spacing 0.1 where shares are neither tiny nor nearly 1, then 0.75 out to the last double below 1.
  for (int i = -37; i < 0; ++i) scan.push_back(at_logit(game, -8 + 0.75 * i));
  for (int i = -80; i <= 80; ++i) scan.push_back(at_logit(game, 0.1 * i));
  for (int i = 1; i <= 37; ++i) scan.push_back(at_logit(game, 8 + 0.75 * i));
  scan.push_back({infinity, equilibrium(game, Split{1, 0})});

  // An individually rational set narrower than the spacing contains the generalist's best share.
  const auto gain = [](const Outcome& o) { return o.generalist_gain; };
  std::size_t top = 1;
  for (std::size_t i = 1; i + 1 < scan.size(); ++i)
    if (gain(scan[i].outcome) > gain(scan[top].outcome)) top = i;
  const double low = scan[std::max<std::size_t>(top - 1, 1)].logit,
               high = scan[std::min(top + 1, scan.size() - 2)].logit;
  const auto best = golden(game, gain, low, high);
  scan.insert(std::upper_bound(scan.begin(), scan.end(), best.logit,
                               [](double logit, const Point& p) { return logit < p.logit; }),
              best);

  points_.push_back(scan.front());
  for (std::size_t i = 1; i < scan.size(); ++i) {
    if (std::isfinite(scan[i - 1].logit) && std::isfinite(scan[i].logit)) refine(scan[i - 1], scan[i]);
    points_.push_back(scan[i]);
  }
}

/// Appends points strictly between `a` and `b` until all neighbours are alike or as close as two doubles can be.
void Frontier::refine(const Point& a, const Point& b) {
  if (!complete() || alike(a.outcome, b.outcome) || (!a.outcome.deal && !b.outcome.deal)) return;
  const double middle = 0.5 * (a.logit + b.logit);
  if (!(middle - a.logit > 4e-16 * std::max(1.0, std::abs(middle)))) return;
  const Point point = at_logit(game_, middle);
  refine(a, point);
  points_.push_back(point);
  refine(point, b);
}

bool Frontier::any_deal() const {
  return std::any_of(points_.begin(), points_.end(), [](const Point& p) { return p.outcome.deal; });
}

double Frontier::largest_generalist_gain() const {
  double largest = -infinity;
  for (const Point& p : points_) largest = std::max(largest, p.outcome.generalist_gain);
  return largest;
}

template <class Value>
Outcome Frontier::highest(Value value) const {
  std::vector<double> values;
  for (const Point& p : points_) values.push_back(value(p.outcome));

  std::vector<std::size_t> peaks;
  const std::size_t n = points_.size();
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] > -infinity && (i == 0 || values[i] >= values[i - 1]) && (i + 1 == n || values[i] >= values[i + 1]))
      peaks.push_back(i);
  std::stable_sort(peaks.begin(), peaks.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  if (peaks.size() > 3) peaks.resize(3);

  Outcome best;
  double best_value = -infinity;
  const auto offer = [&](const Outcome& o) {
    const double v = value(o);
    if (v > best_value || (v == best_value && v > -infinity && surplus_of(o) > surplus_of(best)))
      best = o, best_value = v;
  };
  for (std::size_t i : peaks) {
    offer(points_[i].outcome);
    const double here = points_[i].logit;
    if (!std::isfinite(here)) continue;
    // A jump is no part of the neighbourhood: its two sides are points of their own.
    const auto side = [&](std::size_t j) {
      const double there = points_[j].logit;
      return std::isfinite(there) && std::abs(there - here) > 1e-12 ? there : here;
    };
    const double low = i > 0 ? side(i - 1) : here, high = i + 1 < n ? side(i + 1) : here;
    if (low < high) offer(golden(game_, value, low, high).outcome);
  }
  return best;
}

template <class Value>
Outcome Frontier::maximise(Value value) const {
  const auto rational = [&](const Outcome& o) { return o.deal ? value(o) : -infinity; };
  const Outcome best = highest(rational);
  if (!best.deal) return best;
  // A flat stretch, unlike the top of a peak, holds several points of the scan: there the larger surplus decides.
  const double tie = rational(best) - 1e-13 * std::abs(rational(best));
  const auto tied = std::count_if(points_.begin(), points_.end(),
                                  [&](const Point& p) { return std::abs(p.logit) < 8 && rational(p.outcome) >= tie; });
  if (tied < 4) return best;
  return highest([&](const Outcome& o) { return rational(o) >= tie ? surplus_of(o) : -infinity; });
}

Ideals Frontier::ideals() const {
  if (!any_deal()) return {nan, nan};
  return {maximise([](const Outcome& o) { return o.generalist_utility; }).generalist_utility,
          maximise([](const Outcome& o) { return o.specialist_utility; }).specialist_utility};
}

Outcome Frontier::best(Solution solution, double weight) const {
  const Ideals ideal = solution == Solution::kalai_smorodinsky ? ideals() : Ideals{};
  return maximise([&](const Outcome& o) { return objective(game_, solution, weight, ideal, o); });
}

Result solve(const Game& game) {
  if (game.solution != Solution::fixed) return solve(game, Frontier(game));
  Result result;
  result.outcome = equilibrium(game, split_of_share(game.fixed_share));
  if (!result.outcome.deal) result.outcome = no_deal(game);
  return result;
}

Result solve(const Game& game, const Frontier& frontier) {
  if (game.solution == Solution::fixed) return solve(game);
  Result result;
  if (!frontier.any_deal()) {
    result.outcome = no_deal(game);
    return result;
  }
  if (game.solution == Solution::kalai_smorodinsky) result.ideals = frontier.ideals();
  result.outcome = frontier.best(game.solution, game.weight);
  result.objective = objective(game, game.solution, game.weight, result.ideals, result.outcome);
  return result;
}

}  // namespace haggle::oracle
