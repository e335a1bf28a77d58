// SPDX-License-Identifier: MIT
// Games whose equilibria are exact: revenues scale·α, costs linear·x + coefficient·x² and fixed costs. Specialists'
// investments then don't depend on the generalist's, and its utility is a parabola between any two entries.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "haggle/solver/payoffs.hpp"

namespace haggle::test {

struct LinearSpecialist {
  double scale = 1, coefficient = 1, linear = 0, fixed = 0, outside = 0;
};

struct LinearGame {
  double coefficient = 1, fixed = 0, outside = 0;
  std::vector<LinearSpecialist> specialists{};

  void operator()(std::span<const double> shares, fine_tuning::Payoffs& out) const {
    const std::size_t n = specialists.size();
    const double never = std::numeric_limits<double>::infinity();
    std::vector<double> investment(n), entry(n);
    for (std::size_t i = 0; i < n; ++i) {
      const LinearSpecialist& s = specialists[i];
      const double price = (1 - shares[i]) * s.scale, x = std::max(0.0, (price - s.linear) / (2 * s.coefficient));
      const double lack = s.outside + s.fixed - (price * x - s.linear * x - s.coefficient * x * x);
      investment[i] = x;
      entry[i] = lack <= 0 ? 0 : price > 0 ? lack / price : never;
    }
    double best = -never, base = 0;
    const auto consider = [&](double from) {
      if (from == never) return;
      double slope = 0;
      for (std::size_t i = 0; i < n; ++i)
        if (entry[i] <= from) slope += shares[i] * specialists[i].scale;
      const double a = std::max(from, slope / (2 * coefficient));
      double u = -coefficient * a * a - fixed;
      for (std::size_t i = 0; i < n; ++i)
        if (entry[i] <= a) u += shares[i] * specialists[i].scale * (a + investment[i]);
      if (u > best || (u == best && a > base)) best = u, base = a;
    };
    consider(0);
    for (const double from : entry) consider(from);

    out = {};
    const bool plays = best >= outside;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if (plays && entry[i] <= base) out.takes_part |= bit, out.contributes |= investment[i] > 0 ? bit : 0;
    }
    out.deal = out.takes_part != 0;
    out.clearance = best - outside;
    out.utility.assign(n + 1, out.deal ? best : outside);
    out.money.assign(n + 1, std::abs(outside));
    for (std::size_t i = 0; i < n; ++i) {
      const LinearSpecialist& s = specialists[i];
      const bool in = (out.takes_part >> i & 1) != 0;
      const double x = investment[i], revenue = in ? s.scale * (base + x) : 0;
      const bool held = entry[i] > 0 && entry[i] == base;
      out.utility[i + 1] =
          in && !held ? (1 - shares[i]) * revenue - s.linear * x - s.coefficient * x * x - s.fixed : s.outside;
      out.money[i + 1] = std::abs(s.outside) + revenue + (in ? s.fixed : 0);
      out.money[0] += shares[i] * revenue;
      out.performance += in ? base + x : 0;
      out.investment.push_back(in ? x : 0);
      if (held) out.holder = static_cast<int>(i);
    }
    out.base_performance = base;
    if (base == 0) out.holder = fine_tuning::Payoffs::idle;
    if (out.deal) add_slopes(shares, out);
  }

  void add_slopes(std::span<const double> shares, fine_tuning::Payoffs& out) const {
    const std::size_t n = specialists.size();
    const auto in = [&](std::size_t i) { return (out.takes_part >> i & 1) != 0; };
    double revenue_slope = 0;  // by the generalist's investment
    for (std::size_t i = 0; i < n; ++i)
      if (in(i)) revenue_slope += shares[i] * specialists[i].scale;
    out.slope.assign((n + 2) * n, 0);
    for (std::size_t j = 0; j < n; ++j) {
      if (!in(j)) continue;
      const LinearSpecialist& s = specialists[j];
      const double x = out.investment[j], x_slope = x > 0 ? -s.scale / (2 * s.coefficient) : 0;
      double base_slope = 0;
      if (out.holder == fine_tuning::Payoffs::smooth) base_slope = s.scale / (2 * coefficient);
      if (out.holder == static_cast<int>(j)) base_slope = (out.base_performance + x) / (1 - shares[j]);
      out.slope[j] = s.scale * (out.base_performance + x) + shares[j] * s.scale * x_slope +
                     (revenue_slope - 2 * coefficient * out.base_performance) * base_slope;
      for (std::size_t i = 0; i < n; ++i) {
        if (!in(i)) continue;
        out.slope[(i + 1) * n + j] = (1 - shares[i]) * specialists[i].scale * base_slope -
                                     (i == j ? s.scale * (out.base_performance + x) : 0);
        if (out.holder == static_cast<int>(i)) out.slope[(i + 1) * n + j] = 0;
        out.slope[(n + 1) * n + j] += base_slope + (i == j ? x_slope : 0);
      }
    }
  }
};

/// Fixed costs and outside options near what the game is worth: entries, exits, held specialists, no deals.
inline LinearGame random_linear_game(std::mt19937_64& engine, std::size_t specialists) {
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * (static_cast<double>(engine() >> 11) * 0x1p-53);
  };
  const auto log_uniform = [&](double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); };
  const auto sometimes = [&](double chance, double value) { return uniform(0, 1) < chance ? value : 0; };
  LinearGame game{log_uniform(0.1, 10), sometimes(0.3, log_uniform(0.01, 1)), sometimes(0.3, uniform(-0.2, 0.5))};
  for (std::size_t i = 0; i < specialists; ++i)
    game.specialists.push_back({log_uniform(0.3, 3), log_uniform(0.1, 10), sometimes(0.5, uniform(0, 1)),
                                sometimes(0.6, log_uniform(0.01, 1)), sometimes(0.3, uniform(-0.2, 0.3))});
  return game;
}

}  // namespace haggle::test
