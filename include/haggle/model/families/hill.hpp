// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/function.hpp"

namespace haggle {

/// r(α) = R α^η/(h^η + α^η). η > 1 is S-shaped: convex up to h ((η-1)/(η+1))^(1/η), concave beyond.
struct Hill {
  static constexpr std::string_view name = "hill";
  static constexpr std::string_view formula = "R α^η/(h^η + α^η)";
  static constexpr std::array<FunctionNumber, 3> numbers{{
      {"scale", "R", "revenue that no performance reaches", positive_number, 1.0},
      {"reference", "h", "performance at which half of that revenue is reached", positive_number, 1.0},
      {"steepness", "η", "exponent; above 1 revenue is S-shaped", positive_number, {}},
  }};

  template <class Real>
  static Jet<Real> at(const Real* n, Real alpha) {
    return beside(n, alpha, log_ratio(alpha, n[1]));
  }
  template <class Real>
  static Jet<Real> at(const Real* n, Real alpha, Real ln_alpha) {
    return beside(n, alpha, ln_alpha - log(n[1]));
  }
  template <class Real>
  static Jet<Real> beside(const Real* n, Real alpha, Real ln_ratio) {
    const Real one(1.0), eta = n[2], y = eta * ln_ratio;
    // A value without all its digits would be worse than none.
    const Real zero(0.0), far = abs(y), e = select(far < Real(708.0), exp(-far), zero);
    const Real most = one / (one + e), least = e * most;
    const auto high = y > zero;
    const Real s = select(high, most, least), t = select(high, least, most);  // r/R and what it lacks
    const Real over = one / alpha, tilt = t - s;
    const Real first = n[0] * eta * s * t, second = first * eta * tilt;  // derivatives by ln α
    const Real third = first * eta * eta * (tilt * tilt - Real(2.0) * s * t);
    Jet<Real> jet{n[0] * s, first * over, (second - first) * over * over,
                  (third - Real(3.0) * second + Real(2.0) * first) * over * over * over};
    // Where its slope hardly vanishes towards 0 it is told to the last digit there, though few are left of the value.
    if (const auto deep = (y <= Real(-40.0)) & (eta < Real(steep)); any(deep)) {
      const auto lost = deep & (far >= Real(708.0));
      jet.slope = select(deep, n[0] * eta / n[1] * exp((eta - one) * ln_ratio), jet.slope);
      jet.curvature = select(lost, jet.slope * (eta - one) * over, jet.curvature);
      jet.third = select(lost, jet.curvature * (eta - Real(2.0)) * over, jet.third);
    }
    return jet;
  }
  template <class Real>
  static Real growth(const Real*) {
    return Real(0.0);
  }
  template <class Real>
  static Real convex_until(const Real* n) {
    const Real one(1.0), eta = max(n[2], one);
    const Real ratio = (eta - one) / (eta + one);
    return select(n[2] > one, n[1] * exp(log(ratio) / eta), Real(0.0));
  }

 private:
  static constexpr double steep = 1.05;  ///< exponents from which on nothing is left of the slope at 1e-300
};

}  // namespace haggle
