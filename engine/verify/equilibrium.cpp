// SPDX-License-Identifier: MIT
#include "haggle/verify/equilibrium.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace haggle::oracle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Root of `f` between `low` and `high`, whose signs differ: false position (Illinois), bisection every third step.
/// Returns the last bracket's end on `high`'s side.
template <class Function>
double root_on_high_side(Function f, double low, double high) {
  double f_low = f(low), f_high = f(high);
  int last_side = 0;
  for (int step = 0; step < 200 && std::abs(high - low) > 4e-16 * std::max(1.0, std::abs(high)); ++step) {
    double middle = high - f_high * (high - low) / (f_high - f_low);
    const bool inside = middle > std::min(low, high) && middle < std::max(low, high);
    if (step % 3 == 2 || !inside) middle = 0.5 * (low + high);
    const double f_middle = f(middle);
    if (f_middle == 0) return middle;
    if ((f_middle > 0) == (f_high > 0)) {
      high = middle, f_high = f_middle;
      if (last_side == 1) f_low *= 0.5;
      last_side = 1;
    } else {
      low = middle, f_low = f_middle;
      if (last_side == -1) f_high *= 0.5;
      last_side = -1;
    }
  }
  return high;
}

/// ln x of the specialist's best contribution, α₀ given by its logarithm (−∞ for 0).
///
/// The first-order condition (1−δ) R ε (α₀+x)^{ε−1} = c₁ k₁ x^{k₁−1} reads, with t = ln x,
///     g(t) = (k₁−1) t + (1−ε) ln(α₀ + e^t) = ln κ,   κ = (1−δ) R ε / (c₁ k₁).
/// The slope g' = (k₁−1) + (1−ε) x/(α₀+x) lies between k₁−1 and k₁−ε, both positive, so there is one root: marginal
/// revenue exceeds marginal cost before it and falls short after it, and it is the global maximum. ln(α₀+e^t) is convex
/// in t, so g is convex for ε <= 1 and concave for ε > 1; Newton from the side below that the start takes (g >= ln κ
/// for ε <= 1 as α₀+x exceeds either term, g <= ln κ for ε > 1) is monotone and cannot fail.
double log_contribution(const Game& game, double log_kappa, double log_base) {
  const double alone = log_kappa / (game.k1 - game.elasticity);
  if (log_base == -infinity || log_kappa == -infinity) return alone;
  const double dwarfed = (log_kappa - (1 - game.elasticity) * log_base) / (game.k1 - 1);
  double t = game.elasticity <= 1 ? std::min(alone, dwarfed) : std::max(alone, dwarfed);
  for (int step = 0; step < 60; ++step) {
    // ln(α₀+x) and x/(α₀+x) without overflow on either side.
    const double gap = t - log_base, e = std::exp(-std::abs(gap));
    const double log_sum = std::max(t, log_base) + std::log1p(e);
    const double fraction = (gap > 0 ? 1 : e) / (1 + e);
    const double g = (game.k1 - 1) * t + (1 - game.elasticity) * log_sum;
    const double move = (g - log_kappa) / ((game.k1 - 1) + (1 - game.elasticity) * fraction);
    t -= move;
    if (std::abs(move) < 1e-8) break;  // quadratic: the step just taken has left less than 1e-15
  }
  return t;
}

struct Stage {
  const Game& game;
  Split split;
  double log_kappa;

  Stage(const Game& g, Split s)
      : game(g), split(s), log_kappa(std::log(s.specialist * g.scale * g.elasticity / (g.c1 * g.k1))) {}

  double contribution(double log_base) const { return std::exp(log_contribution(game, log_kappa, log_base)); }

  double generalist(double log_base) const {
    const double base = std::exp(log_base);
    return generalist_utility(game, split, base, base + contribution(log_base));
  }
  double specialist(double log_base) const {
    const double base = std::exp(log_base), x = contribution(log_base);
    return split.specialist * revenue(game, base + x) - game.c1 * std::pow(x, game.k1);
  }

  /// ln of marginal revenue over marginal cost of α₀: its sign is that of dU_G/dα₀. The specialist's reply moves as
  /// dα₁/dα₀ = (k₁−1) α₁ / ((k₁−1) α₁ + (1−ε) x), by differentiating its first-order condition.
  double slope_sign(double log_base) const {
    const double x = contribution(log_base), total = std::exp(log_base) + x;
    const double follows = (game.k1 - 1) * total / ((game.k1 - 1) * total + (1 - game.elasticity) * x);
    return std::log(split.generalist * game.scale * game.elasticity * follows / (game.c0 * game.k0)) +
           (game.elasticity - 1) * std::log(total) - (game.k0 - 1) * log_base;
  }
};

/// ln α₀ range outside of which no maximum of U_G lies (0 < δ, threshold aside).
///
/// Let x̄ be twice-safe for the specialist alone: x > α₀ implies x^{k₁−ε} <= κ 2^{max(ε−1,0)}, hence α₁ <= 2 max(α₀, x̄).
/// Above: for α₀ >= x̄, U_G <= δ R (2α₀)^ε − c₀ α₀^k₀ < 0 beyond (δ R 2^ε/c₀)^{1/(k₀−ε)}.
/// Below: dα₁/dα₀ >= m = min(1, (k₁−1)/(k₁−ε)), and r'(α₁) >= R ε b^{ε−1} with b = 2 max(α₀, x̄) for ε <= 1 and
/// b = max(α₀, x(0)) for ε > 1, so dU_G/dα₀ > 0 while δ m R ε b^{ε−1} > c₀ k₀ α₀^{k₀−1}.
std::pair<double, double> search_range(const Game& g, const Stage& stage) {
  const double e = g.elasticity, log2 = std::log(2.0);
  const double log_alone = stage.log_kappa / (g.k1 - e);
  const double log_reach = (stage.log_kappa + std::max(e - 1, 0.0) * log2) / (g.k1 - e);
  const double high = std::max(log_reach, (std::log(stage.split.generalist * g.scale / g.c0) + e * log2) / (g.k0 - e));
  const double m = std::min(1.0, (g.k1 - 1) / (g.k1 - e));
  const double gain = std::log(stage.split.generalist * m * g.scale * e / (g.c0 * g.k0));
  const double floor = e <= 1 ? log_reach : log_alone;  // ln of what b's other term competes with
  const double factor = e <= 1 ? (e - 1) * log2 : 0.0;
  const double small = (gain + factor + (e - 1) * floor) / (g.k0 - 1);  // valid where α₀ <= e^floor
  const double low = floor > -infinity && small < floor ? small : (gain + factor) / (g.k0 - e);
  // Beyond 300 e-folds a base performance is nothing at all.
  return {std::max(low, high - 300) - 1e-6, high + 1e-6};
}

}  // namespace

Split split_of_share(double share) { return {share, 1 - share}; }

Split split_of_logit(double logit) { return {1 / (1 + std::exp(-logit)), 1 / (1 + std::exp(logit))}; }

double revenue(const Game& game, double performance) { return game.scale * std::pow(performance, game.elasticity); }

double generalist_utility(const Game& game, Split split, double base_performance, double performance) {
  return split.generalist * revenue(game, performance) - game.c0 * std::pow(base_performance, game.k0);
}

double specialist_utility(const Game& game, Split split, double base_performance, double performance) {
  return split.specialist * revenue(game, performance) - game.c1 * std::pow(performance - base_performance, game.k1);
}

double best_contribution(const Game& game, Split split, double base_performance) {
  return Stage(game, split).contribution(std::log(base_performance));
}

// By the envelope theorem dU_D/dα₀ = (1−δ) r'(α₁) > 0: the specialist takes part exactly above one threshold.
double participation_threshold(const Game& game, Split split) {
  const double wanted = game.specialist_outside;
  if (wanted <= 0) return 0;
  if (split.specialist == 0) return infinity;
  const Stage stage(game, split);
  if (stage.specialist(-infinity) >= wanted) return 0;
  // Without any contribution of its own the specialist has `wanted` here, so with the best one at least that.
  const double high = std::log(wanted / (split.specialist * game.scale)) / game.elasticity + 1e-12;
  double low = high - 1;
  for (double step = 1; stage.specialist(low) >= wanted; step *= 2) low -= step;
  const auto surplus = [&](double log_base) { return stage.specialist(log_base) - wanted; };
  return std::exp(root_on_high_side(surplus, low, high));
}

Outcome equilibrium(const Game& game, Split split) {
  Outcome best;
  best.split = split;
  const double otherwise = std::max(game.generalist_outside, 0.0);
  best.generalist_gain = -infinity;
  best.generalist_utility = -infinity;
  const double threshold = participation_threshold(game, split);
  if (threshold == infinity) return best;

  const Stage stage(game, split);
  const auto offer = [&](double log_base, bool held) {
    const double utility = stage.generalist(log_base);
    const double base = std::exp(log_base);
    if (utility < best.generalist_utility || (utility == best.generalist_utility && base < best.base_performance))
      return;
    best.base_performance = base;
    best.performance = base + stage.contribution(log_base);
    best.generalist_utility = utility;
    best.specialist_utility = held ? game.specialist_outside : stage.specialist(log_base);
    best.held = held;
  };
  const double log_threshold = std::log(threshold);
  offer(log_threshold, threshold > 0);
  if (split.generalist > 0) {
    auto [low, high] = search_range(game, stage);
    low = std::max(low, log_threshold);
    if (low < high) {
      const int cells = static_cast<int>(std::clamp((high - low) / 0.1, 32.0, 600.0));
      double left = low, left_slope = stage.slope_sign(left);
      for (int i = 1; i <= cells; ++i) {
        const double right = low + (high - low) * i / cells, right_slope = stage.slope_sign(right);
        if (left_slope > 0 && right_slope <= 0)
          offer(root_on_high_side([&](double a) { return stage.slope_sign(a); }, left, right), false);
        left = right, left_slope = right_slope;
      }
    }
  }
  best.generalist_gain = best.generalist_utility - otherwise;
  best.deal = best.generalist_gain >= 0;
  return best;
}

}  // namespace haggle::oracle
