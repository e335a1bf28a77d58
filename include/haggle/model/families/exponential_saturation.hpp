// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/function.hpp"

namespace haggle {

/// r(α) = R (1 - e^(-α/h)).
struct ExponentialSaturation {
  static constexpr std::string_view name = "exponential_saturation";
  static constexpr std::string_view formula = "R (1 - e^(-α/h))";
  static constexpr std::array<FunctionNumber, 2> numbers{{
      {"scale", "R", "revenue that no performance reaches", positive_number, 1.0},
      {"reference", "h", "performance at which 1 - 1/e of that revenue is reached", positive_number, 1.0},
  }};

  template <class Real>
  static Jet<Real> at(const Real* n, Real alpha) {
    const Real over = Real(1.0) / n[1], ratio = alpha * over;
    const Real slope = n[0] * over * exp(-ratio), curvature = -slope * over;
    return {-n[0] * expm1(-ratio), slope, curvature, -curvature * over};
  }
  template <class Real>
  static Real growth(const Real*) {
    return Real(0.0);
  }
  template <class Real>
  static Real convex_until(const Real*) {
    return Real(0.0);
  }
};

}  // namespace haggle
