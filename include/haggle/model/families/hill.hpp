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
    // Far below h it is a power. Where its slope hardly vanishes towards 0 that tells it, though few digits are left of
    // the value.
    const Real power = (eta - one) * ln_ratio;
    if (const auto far_below = (y <= Real(-40.0)) & (eta < Real(steep)) & (abs(power) < Real(600.0)); any(far_below)) {
      const auto lost = far_below & (far >= Real(708.0));
      jet.slope = select(far_below, n[0] * eta * (exp(power) / n[1]), jet.slope);
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
  static constexpr double steep = 1.05;  ///< from this exponent on next to nothing is left of it at 1e-300
};

}  // namespace haggle
