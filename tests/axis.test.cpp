// SPDX-License-Identifier: MIT
#include "haggle/sweep/axis.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using haggle::Axis;
using haggle::Spaced;

namespace {

Axis spaced(double first, double last, std::uint64_t n, bool geometric) {
  Axis axis;
  axis.segments.emplace_back(Spaced{first, last, n, geometric});
  return axis;
}

}  // namespace

TEST_CASE("a linspace or geomspace hits both ends exactly and never turns back") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> decade(-12, 12), sign(-1, 1);
  for (int trial = 0; trial < 400; ++trial) {
    const bool geometric = trial % 2 == 0;
    const double side = sign(random) < 0 ? -1 : 1;
    const double first = side * std::pow(10, decade(random));
    const double last = (geometric || sign(random) < 0 ? side : -side) * std::pow(10, decade(random));
    const std::uint64_t n = 2 + random() % 300;
    const Axis axis = spaced(first, last, n, geometric);
    CAPTURE(first);
    CAPTURE(last);
    REQUIRE(axis.size() == n);
    CHECK(axis.value(0) == first);
    CHECK(axis.value(n - 1) == last);
    for (std::uint64_t i = 1; i < n; ++i)
      CHECK((first < last ? axis.value(i - 1) <= axis.value(i) : axis.value(i - 1) >= axis.value(i)));
  }
}

TEST_CASE("the steps of a linspace are equal and the ratios of a geomspace are") {
  const Axis linear = spaced(0.2, 1.2, 101, false), geometric = spaced(0.01, 100, 201, true);
  for (std::uint64_t i = 1; i < 101; ++i)
    CHECK(linear.value(i) - linear.value(i - 1) == doctest::Approx(0.01).epsilon(1e-12));
  for (std::uint64_t i = 1; i < 201; ++i)
    CHECK(geometric.value(i) / geometric.value(i - 1) == doctest::Approx(std::pow(10, 0.02)).epsilon(1e-13));
}

TEST_CASE("a geomspace between decades meets every decade exactly") {
  const Axis axis = spaced(0.01, 100, 201, true);
  CHECK(axis.value(50) == 0.1);
  CHECK(axis.value(100) == 1.0);
  CHECK(axis.value(150) == 10.0);
  const Axis wide = spaced(1e-9, 1e9, 19, true);
  for (int i = 0; i < 19; ++i)
    CHECK(wide.value(static_cast<std::uint64_t>(i)) == std::stod("1e" + std::to_string(i - 9)));
}

TEST_CASE("an axis of 10^12 values costs no more than its two ends") {
  const Axis axis = spaced(0, 1, 1000000000000u, false);
  CHECK(axis.size() == 1000000000000u);
  CHECK(axis.segments.size() == 1);
  CHECK(axis.value(999999999999u) == 1);
  CHECK(axis.value(1) == 1.0 / 999999999999.0);
  CHECK(axis.value(500000000000u) < axis.value(500000000001u));
}

TEST_CASE("the far ends of the doubles do not overflow a linspace") {
  const double most = std::numeric_limits<double>::max();
  const Axis axis = spaced(-most, most, 5, false);
  for (std::uint64_t i = 0; i < 5; ++i) CHECK(std::isfinite(axis.value(i)));
  CHECK(axis.value(2) == 0);
}

TEST_CASE("one value is its first") {
  CHECK(spaced(3, 3, 1, false).value(0) == 3);
  CHECK(spaced(3, 3, 1, true).value(0) == 3);
}

TEST_CASE("pieces are joined end to end") {
  Axis axis;
  axis.segments.emplace_back(std::vector<double>{5, 4});
  axis.segments.emplace_back(Spaced{1, 2, 3, false});
  axis.segments.emplace_back(std::vector<double>{9});
  REQUIRE(axis.size() == 6);
  const double expected[]{5, 4, 1, 1.5, 2, 9};
  for (std::uint64_t i = 0; i < 6; ++i) CHECK(axis.value(i) == expected[i]);
  CHECK(std::isnan(axis.value(6)));
}

TEST_CASE("an axis is geometric when all of its pieces are") {
  Axis axis = spaced(1, 10, 5, true);
  CHECK(axis.geometric());
  axis.segments.emplace_back(Spaced{20, 100, 5, true});
  CHECK(axis.geometric());
  axis.segments.emplace_back(std::vector<double>{1000});
  CHECK_FALSE(axis.geometric());
  CHECK_FALSE(spaced(1, 10, 5, false).geometric());
  CHECK_FALSE(Axis().geometric());
}
