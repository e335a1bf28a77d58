// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/function.hpp"

namespace haggle {

/// φ(x) = linear·x + c x^k, k >= 1: what an investment costs beyond the fixed cost of taking part.
struct PowerCost {
  static constexpr std::string_view name = "power";
  static constexpr std::string_view formula = "linear x + c x^k";
  static constexpr std::array<FunctionNumber, 3> numbers{{
      {"linear", "l", "marginal cost of the first bit of investment", non_negative_number, 0.0},
      {"coefficient", "c", "cost coefficient", non_negative_number, {}},
      {"exponent", "k", "cost exponent", Domain{1, std::numeric_limits<double>::infinity()}, 2.0},
  }};

  template <class Real>
  static Jet<Real> at(const Real* n, Real x) {
    return at(n, x, log(x));
  }
  template <class Real>
  static Jet<Real> at(const Real* n, Real x, Real ln_x) {
    // From x^(k-1): where x^k is below the smallest double, the slope need not be.
    const Real over = Real(1.0) / x, one(1.0), power = n[1] * exp((n[2] - one) * ln_x);
    const Real slope = n[2] * power, curvature = (n[2] - one) * slope * over;
    return {(n[0] + power) * x, n[0] + slope, curvature, (n[2] - Real(2.0)) * curvature * over};
  }
  template <class Real>
  static Real growth(const Real* n) {
    const Real zero(0.0), one(1.0);
    return select(n[1] > zero, n[2], select(n[0] > zero, one, zero));
  }
  template <class Real>
  static Real convex_until(const Real*) {
    return infinity<Real>();
  }
};

}  // namespace haggle
