// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/function.hpp"

namespace haggle {

/// r(α) = R α^ε: arXiv 2308.04399, section 3.
struct Isoelastic {
  static constexpr std::string_view name = "isoelastic";
  static constexpr std::string_view formula = "R α^ε";
  static constexpr std::array<FunctionNumber, 2> numbers{{
      {"scale", "R", "revenue at performance 1", positive_number, 1.0},
      {"elasticity", "ε", "revenue elasticity", positive_number, {}},
  }};

  template <class Real>
  static Jet<Real> at(const Real* n, Real alpha) {
    return at(n, alpha, log(alpha));
  }
  template <class Real>
  static Jet<Real> at(const Real* n, Real alpha, Real ln_alpha) {
    // From α^(ε-1): where α^ε is below the smallest double, the slope need not be.
    const Real one(1.0), over = one / alpha, power = n[0] * exp((n[1] - one) * ln_alpha);
    const Real slope = n[1] * power, curvature = (n[1] - one) * slope * over;
    return {power * alpha, slope, curvature, (n[1] - Real(2.0)) * curvature * over};
  }
  template <class Real>
  static Real growth(const Real* n) {
    return n[1];
  }
  template <class Real>
  static Real convex_until(const Real* n) {
    return select(n[1] > Real(1.0), infinity<Real>(), Real(0.0));
  }
};

}  // namespace haggle
