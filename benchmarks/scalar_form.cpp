// SPDX-License-Identifier: MIT
#include "scalar_form.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::bench {

ScalarForm::ScalarForm(const Game& g)
    : e(g.elasticity), k0(g.k0), k1(g.k1), c0(g.c0), c1(g.c1), q((1 - e) / (k1 - 1)), m((k0 - e) / (k1 - e)) {
  p = m * (k1 - 1);
  log_k = std::log(e / (c0 * k0)) - m * std::log(e / (c1 * k1));
}

Point ScalarForm::at(Long y, const Point& near) const {
  const Long share = 1 / (1 + std::exp(-y)), rest = 1 / (1 + std::exp(y));
  const Long log_share = std::log(share), log_rest = y > 0 ? log_share - y : std::log(rest);
  const Long target = log_share - m * log_rest + log_k;
  // ln F falls in z = logit(s) from +∞ to −∞: Newton kept inside a shrinking bracket.
  Long low = -400, high = 400, z = near.z + near.z_slope * (y - near.y), s = 0, t = 0;
  if (!(z > low && z < high)) z = 0;
  const auto slope_here = [&] { return -p * t - (k0 - 1) * s + q * s * t / (1 + q * s); };
  for (int step = 0; step < 100; ++step) {
    const Long small = std::exp(-std::abs(z)), log_larger = std::log1p(small);
    const Long larger = 1 / (1 + small), smaller = small * larger;
    s = z > 0 ? larger : smaller;
    t = z > 0 ? smaller : larger;
    const Long minus_log_s = log_larger + std::max(-z, 0.0L), minus_log_t = log_larger + std::max(z, 0.0L);
    const Long value = p * minus_log_s - (k0 - 1) * minus_log_t + std::log1p(q * s) - target;
    (value > 0 ? low : high) = z;
    const Long change = -value / slope_here();
    if (std::abs(change) < 1e-11L) {  // and after it, about its square from the root: s and t follow to first order
      const Long moved = s * t * change;
      z += change;
      s += moved;
      t -= moved;
      break;
    }
    z = z + change > low && z + change < high ? z + change : 0.5L * (low + high);
  }
  Point point;
  point.y = y;
  point.z = z;
  point.z_slope = (rest + m * share) / slope_here();  // d(ln δ − m ln(1−δ))/dy = 1−δ + m δ
  const Long s_slope = s * t * point.z_slope;
  const Long log_s = std::min(z, 0.0L) - std::log1p(std::exp(-std::abs(z)));
  const Long log_performance = (log_rest + std::log(e / (c1 * k1)) - (k1 - 1) * log_s) / (k1 - e);
  const Long kept_specialist = 1 - e * s / k1, kept_generalist = 1 - e * t / (k0 * (1 + q * s));
  const Long revenue = std::exp(e * log_performance);
  point.performance = std::exp(log_performance);
  point.performance_slope = (-share - (k1 - 1) * t * point.z_slope) / (k1 - e);
  point.specialist = rest * revenue * kept_specialist;
  point.specialist_slope = -share + e * point.performance_slope - e / k1 * s_slope / kept_specialist;
  point.generalist = share * revenue * kept_generalist;
  point.generalist_slope =
      rest + e * point.performance_slope + e / k0 * (1 + q) / ((1 + q * s) * (1 + q * s)) * s_slope / kept_generalist;
  return point;
}

std::array<Point, 2> ScalarForm::corners() const {
  // One player alone: r'(α) = φ'(α), and it keeps 1 − ε/k of the revenue.
  const auto alone = [&](Long c, Long k) { return std::pow(e / (c * k), 1 / (k - e)); };
  Point none, all;
  none.y = -std::numeric_limits<Long>::infinity();
  none.performance = alone(c1, k1);
  none.specialist = std::pow(none.performance, e) * (1 - e / k1);
  all.y = -none.y;
  all.performance = alone(c0, k0);
  all.generalist = std::pow(all.performance, e) * (1 - e / k0);
  return {none, all};
}

}  // namespace haggle::bench
