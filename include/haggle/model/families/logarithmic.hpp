// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/function.hpp"

namespace haggle {

/// r(α) = R ln(1 + α/h).
struct Logarithmic {
  static constexpr std::string_view name = "logarithmic";
  static constexpr std::string_view formula = "R ln(1 + α/h)";
  static constexpr std::array<FunctionNumber, 2> numbers{{
      {"scale", "R", "revenue gained where performance grows e-fold, far above h", positive_number, 1.0},
      {"reference", "h", "performance at which marginal revenue has halved", positive_number, 1.0},
  }};

  template <class Real>
  static Jet<Real> at(const Real* n, Real alpha) {
    const Real over = Real(1.0) / (n[1] + alpha), slope = n[0] * over, curvature = -slope * over;
    return {n[0] * log1p(alpha / n[1]), slope, curvature, Real(-2.0) * curvature * over};
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
