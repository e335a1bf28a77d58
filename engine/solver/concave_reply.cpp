// SPDX-License-Identifier: MIT
// The one root of a specialist's condition, in a bracket that holds one: where revenue is concave, or along a branch.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/reply.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int most_steps = 200;

/// ln(a/b) and its first two derivatives by u = ln x, where a = (1-δ) r'(α₀+x) - m, b = φ'(x) - m. A common m, φ'(0),
/// is taken off lest the equation be flat where x is small.
struct Pull {
  double value, first, second;
  double fast;  ///< no less than 1 and than what either logarithm changes by

  /// Halley's step is too far or too short by less than the functions' own rounding.
  bool is_last(double step) const {
    constexpr double enough = 3e-6;
    if (!(std::abs(step) < enough)) return false;
    // The cubed step's factor in its error is about this, squared.
    const double least = std::min(1.0, std::abs(first));
    return std::abs(step) * std::max(std::abs(second) / least, fast * std::sqrt(fast / least)) < enough;
  }
};

Pull pull_of(double rest, double m, double part, const Elastic& r, const Elastic& cost) {
  const double a = rest * r.slope - m, over_b = 1 / (cost.slope - m);
  const double a1 = rest * r.slope * r.bend * part / a, b1 = cost.slope * cost.bend * over_b;
  const double a2 = a1 * r.turn * part, b2 = b1 * cost.turn;
  const double first = a1 - b1, second = (a1 + a2 - a1 * a1) - (b1 + b2 - b1 * b1);
  return {std::log(a * over_b), first, second, std::max({1.0, std::abs(a1), std::abs(b1)})};
}

}  // namespace

/// At x = e^u.
Elastic Replier::cost_at(double u, double x) const {
  if (!(power_ > 0)) return elastic_at(s_->cost, x, u);
  const double beyond_first = marginal_ * std::exp(power_ * u), slope = first_marginal_ + beyond_first;
  return {x * (first_marginal_ + beyond_first / (power_ + 1)), slope, power_ * (beyond_first / slope), power_ - 1};
}

/// The one root where revenue is concave: Halley's iteration in a bracket, whose last step is taken along the jets.
Reply Replier::concave(double base, Bracket bracket, double guess) const {
  double low = bracket.low, high = bracket.high;
  double u = guess > 0 ? std::log(guess) : base > 0 ? std::log(base) : 0.0;
  if (guess > 0 && bracket.closed) {
    u = std::min(std::max(u, low), high);
  } else {
    if (!(u > low && u < high)) u = high < highest ? (low > lowest ? 0.5 * (low + high) : high - 0.7) : 0.0;
    if (!(u > low && u < high)) u = 0.5 * (low + high);
  }
  bool high_seen = false, low_seen = false;
  for (int i = 0; i < most_steps; ++i) {
    const double x = std::exp(u), part = x / (base + x);
    const Elastic r = elastic_at(s_->revenue, base + x), cost = cost_at(u, x);
    const Pull p = pull_of(rest_, first_marginal_, part, r, cost);
    if (!(p.value == p.value)) {  // beyond what the functions can say: past the root
      high = u;
      u = 0.5 * (low + high);
      continue;
    }
    (p.value > 0 ? low : high) = u;
    (p.value > 0 ? low_seen : high_seen) = true;
    const double newton = -p.value / p.first;
    double step = newton / (1 + 0.5 * newton * p.second / p.first);
    if (!(step * newton > 0) || std::abs(step) > 4 * std::abs(newton)) step = newton;
    if (p.is_last(step)) {
      const double h = step + 0.5 * step * step;
      return measured(base, x + x * h, r.moved(base + x, part * h), cost.moved(x, h));
    }
    double next = u + step;
    // Newton creeps down by one e-fold a step where marginal revenue hardly bends yet and k is near 1.
    if (!(std::abs(step) < infinite) || (i > 20 && i % 3 == 0))
      next = 0.5 * (low + high);
    else if (!(next > low && next < high))
      next = low_seen && high_seen ? 0.5 * (low + high) : 0.5 * (u + (p.value > 0 ? high : low));
    if (next == u || !(high - low > 1e-15 * std::max(1.0, std::abs(u)))) break;
    u = next;
    if (u < lowest + 1e-9 || u > highest - 1e-9) break;
  }
  if (u <= lowest + 1) return measure(base, 0);
  return measure(base, std::exp(u));
}

}  // namespace haggle::fine_tuning
