// SPDX-License-Identifier: MIT
#include "solver/sampled_shape.hpp"

#include <cmath>
#include <limits>

#include "solver/elastic.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double furthest = 60, step = 0.25;  ///< of ln x
/// Below this elasticity a function is level, and its derivatives are what cancellation leaves of them.
constexpr double level = 1e-6;
constexpr double noise = 1e-7;  ///< of an elasticity, from differentiating by parts

bool is_finite(const Elastic& e) {
  return std::abs(e.value) + std::abs(e.slope) + std::abs(e.bend) < std::numeric_limits<double>::infinity();
}

}  // namespace

SampledShape revenue_shape(const Function<double>& revenue) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  double last_convex = -infinite, first_concave = infinite, before = infinite;
  for (double u = -furthest; u <= furthest; u += step) {
    const double x = std::exp(u);
    const Elastic e = elastic_at(revenue, x);
    if (!is_finite(e) || e.slope < 0) {
      if (u < 0) return {};
      break;
    }
    if (!(x * e.slope > level * e.value)) {
      if (e.value == 0) continue;  // too small for a double yet
      break;
    }
    if (e.bend > before + noise * (1 + std::abs(before))) return {};
    before = e.bend;
    if (e.bend > noise) last_convex = u;
    if (e.bend < -noise && first_concave == infinite) first_concave = u;
  }
  if (last_convex == -infinite) return {true, 0};
  if (first_concave == infinite) return {true, infinite};
  if (first_concave < last_convex) return {};
  double low = last_convex, high = first_concave;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (elastic_at(revenue, std::exp(middle)).bend > 0 ? low : high) = middle;
  }
  return {true, std::exp(high)};
}

SampledShape cost_shape(const Function<double>& cost) {
  for (double u = -furthest; u <= furthest; u += step) {
    const Elastic e = elastic_at(cost, std::exp(u));
    if (!is_finite(e)) return {u > 0, 0};
    if (e.slope < 0 || e.bend < -noise) return {};
  }
  return {true, 0};
}

}  // namespace haggle::fine_tuning
