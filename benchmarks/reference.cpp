// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <algorithm>
#include <cmath>

namespace haggle::bench {
namespace {

using Long = long double;

/// Utilities, performance and their slopes in y = logit(δ), from the scalar form: with s the specialist's part of the
/// final performance, both stages are optimal where ln δ − m ln(1−δ) + ln K = ln F(s),
/// F(s) = s^−p (1−s)^{k₀−1} (1 + q s). R = 1.
struct State {
  Long generalist, specialist, performance, generalist_slope, specialist_slope, performance_slope;
};

class ScalarForm {
 public:
  explicit ScalarForm(const Game& g)
      : e(g.elasticity), k0(g.k0), k1(g.k1), c1(g.c1), q((1 - e) / (k1 - 1)), m((k0 - e) / (k1 - e)), p(m * (k1 - 1)) {
    log_K = std::log(e / (g.c0 * k0)) - m * std::log(e / (g.c1 * k1));
  }

  State at(Long y) const {
    const Long log_share = -std::log1p(std::exp(-y)), log_rest = -std::log1p(std::exp(y));
    const Long share = std::exp(log_share), rest = std::exp(log_rest);
    const Long target = log_share - m * log_rest + log_K;
    // ln F falls in z = logit(s) from +∞ to −∞ all over the box: Newton kept inside a shrinking bracket.
    Long low = -200, high = 200, z = 0, s = 0.5, t = 0.5, slope = 0;
    for (int step = 0; step < 200; ++step) {
      s = 1 / (1 + std::exp(-z));
      t = 1 / (1 + std::exp(z));
      const Long value = p * std::log1p(std::exp(-z)) - (k0 - 1) * std::log1p(std::exp(z)) + std::log1p(q * s) - target;
      slope = -p * t - (k0 - 1) * s + q * s * t / (1 + q * s);
      (value > 0 ? low : high) = z;
      Long next = z - value / slope;
      if (!(next > low && next < high)) next = 0.5L * (low + high);
      const bool done = std::abs(next - z) < 1e-18L * std::max(1.0L, std::abs(z));
      z = next;
      if (done) break;
    }
    const Long z_slope = (rest + m * share) / slope;  // dz/dy, as d(ln δ − m ln(1−δ))/dy = 1−δ + m δ
    const Long s_slope = s * t * z_slope;
    const Long log_a = (log_rest + std::log(e / (c1 * k1))) / (k1 - 1);
    const Long log_performance = (k1 - 1) / (k1 - e) * (log_a - std::log(s));
    const Long log_performance_slope = (k1 - 1) / (k1 - e) * (-share / (k1 - 1) - t * z_slope);
    const Long revenue = std::exp(e * log_performance);
    const Long kept_specialist = 1 - e * s / k1, kept_generalist = 1 - e * t / (k0 * (1 + q * s));
    State state;
    state.performance = std::exp(log_performance);
    state.performance_slope = state.performance * log_performance_slope;
    state.specialist = rest * revenue * kept_specialist;
    state.specialist_slope =
        state.specialist * (-share + e * log_performance_slope - e / k1 * s_slope / kept_specialist);
    state.generalist = share * revenue * kept_generalist;
    state.generalist_slope =
        state.generalist *
        (rest + e * log_performance_slope + e / k0 * (1 + q) / ((1 + q * s) * (1 + q * s)) * s_slope / kept_generalist);
    return state;
  }

 private:
  Long e, k0, k1, c1, q, m, p, log_K;
};

}  // namespace

std::optional<double> polished_share(const Game& game, power_law::Solution solution, double guess,
                                     double best_generalist, double best_specialist) {
  if (!(guess > 0 && guess < 1)) return std::nullopt;
  const ScalarForm form(game);
  const Long w = game.weight;
  const auto condition = [&](Long y) -> Long {
    const State s = form.at(y);
    using power_law::Solution;
    switch (solution) {
      case Solution::nash:
        return w * s.generalist_slope / s.generalist + (1 - w) * s.specialist_slope / s.specialist;
      case Solution::kalai_smorodinsky:
        return s.generalist / (w * best_generalist) - s.specialist / ((1 - w) * best_specialist);
      case Solution::egalitarian:
        return s.generalist / w - s.specialist / (1 - w);
      case Solution::utilitarian:
        return w * s.generalist_slope + (1 - w) * s.specialist_slope;
      case Solution::powerful_generalist:
        return s.generalist_slope;
      case Solution::powerful_specialist:
        return s.specialist_slope;
      case Solution::max_performance:
        return s.performance_slope;
      case Solution::fixed:
        break;
    }
    return 1;
  };
  const Long start = std::log(static_cast<Long>(guess)) - std::log1p(-static_cast<Long>(guess));
  Long low = start - 1e-6L, high = start + 1e-6L, at_low = condition(low), at_high = condition(high);
  if (!(at_low * at_high < 0)) return std::nullopt;
  for (int step = 0; step < 60 && high - low > 1e-18L; ++step) {
    Long middle = low - at_low * (high - low) / (at_high - at_low);
    if (step % 3 == 2 || !(middle > low && middle < high)) middle = 0.5L * (low + high);
    const Long value = condition(middle);
    if ((value > 0) == (at_low > 0))
      low = middle, at_low = value;
    else
      high = middle, at_high = value;
    if (value == 0) break;
  }
  const Long y = std::abs(at_low) < std::abs(at_high) ? low : high;
  return static_cast<double>(1 / (1 + std::exp(-y)));
}

}  // namespace haggle::bench
