// SPDX-License-Identifier: MIT
// Jets held against difference quotients in long double. Include before the functions under test.
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "haggle/core/real.hpp"

namespace haggle {
// What makes long double a Real: wide enough for a third difference that is good to ten digits.
inline long double select(bool mask, long double yes, long double no) { return mask ? yes : no; }
inline long double max(long double a, long double b) { return a > b ? a : b; }
inline long double min(long double a, long double b) { return a < b ? a : b; }
}  // namespace haggle

#include "haggle/model/function.hpp"

namespace haggle::test {

/// The first three derivatives of `f` at `x`, by central differences of eighth order with step `h`.
template <class F>
std::array<long double, 3> differences(F&& f, long double x, long double h) {
  // Fornberg, "Generation of finite difference formulas on arbitrarily spaced grids", Math. Comp. 51 (1988), table 1
  constexpr std::array<long double, 6> first{0, 4.0L / 5, -1.0L / 5, 4.0L / 105, -1.0L / 280, 0};
  constexpr std::array<long double, 6> second{-205.0L / 72, 8.0L / 5, -1.0L / 5, 8.0L / 315, -1.0L / 560, 0};
  constexpr std::array<long double, 6> third{
      0, -1669.0L / 720, 4369.0L / 2520, -541.0L / 1120, 1261.0L / 15120, -41.0L / 6048};
  std::array<long double, 3> sums{};
  for (int k = -5; k <= 5; ++k) {
    const auto i = static_cast<std::size_t>(std::abs(k));
    const long double value = f(x + static_cast<long double>(k) * h), sign = k < 0 ? -1 : 1;
    sums[0] += sign * first[i] * value;
    sums[1] += second[i] * value;
    sums[2] += sign * third[i] * value;
  }
  return {sums[0] / h, sums[1] / (h * h), sums[2] / (h * h * h)};
}

/// `f` bends over distances of about `reach` at `x`; its jet there must have the derivatives of `exact`, a function of
/// a long double.
template <class F>
void check_derivatives(const Jet<double>& jet, F&& exact, double x, double reach, double tolerance = 1e-9) {
  const auto expected = differences(exact, x, 0.01L * reach);
  const double size = std::abs(static_cast<double>(exact(x)));
  const std::array<double, 3> found{jet.slope, jet.curvature, jet.third};
  double unit = 1;
  for (std::size_t k = 0; k < 3; ++k) {
    unit /= reach;
    const auto wanted = static_cast<double>(expected[k]);
    CHECK(std::abs(found[k] - wanted) <= tolerance * (std::abs(wanted) + size * unit));
  }
}

inline bool same(double a, double b, double tolerance) {
  return a == b || (std::isnan(a) && std::isnan(b)) ||
         std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

/// Each part to a relative `tolerance`.
inline void check_same(const Jet<double>& a, const Jet<double>& b, double tolerance) {
  CHECK(same(a.value, b.value, tolerance));
  CHECK(same(a.slope, b.slope, tolerance));
  CHECK(same(a.curvature, b.curvature, tolerance));
  CHECK(same(a.third, b.third, tolerance));
}

}  // namespace haggle::test
