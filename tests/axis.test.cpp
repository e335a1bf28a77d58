// SPDX-License-Identifier: MIT
#include "haggle/sweep/axis.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

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

TEST_CASE("where a linspace of short decimals means a short decimal, it has the double that this reads as") {
  std::mt19937_64 random(11);
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  for (int trial = 0; trial < 3000; ++trial) {
    const std::int64_t first = between(-1000000, 1000000), step = between(1, 1000) * (trial % 2 ? 1 : -1);
    const std::int64_t n = between(2, 200), places = between(-3, 12);
    const auto text = [&](std::int64_t i) { return std::to_string(first + step * i) + "e" + std::to_string(-places); };
    const Axis axis = spaced(std::stod(text(0)), std::stod(text(n - 1)), static_cast<std::uint64_t>(n), false);
    for (std::int64_t i = 0; i < n; ++i) {
      CAPTURE(text(i));
      REQUIRE(axis.value(static_cast<std::uint64_t>(i)) == std::stod(text(i)));
    }
  }
  CHECK(spaced(-0.3, 0.1, 5, false).value(3) == 0);
  CHECK(spaced(-0.1, 0.5, 7, false).value(2) == 0.1);
  CHECK(spaced(1e-30, 5e-30, 5, false).value(2) == 3e-30);
  CHECK(spaced(0, 1, 8, false).value(3) == 3.0 / 7);
}

TEST_CASE("a symmetric axis is symmetric to the bit, and has 0 in its middle") {
  for (const double end : {0.3, 1e-300, 12345.678, 5e300, 0.1234567890123456})
    for (const std::uint64_t n : {5u, 101u, 1001u, 48u}) {
      const Axis axis = spaced(-end, end, n, false);
      for (std::uint64_t i = 0; i < n; ++i) REQUIRE(axis.value(i) == -axis.value(n - 1 - i));
      if (n % 2 == 1) CHECK(axis.value(n / 2) == 0);
    }
}

TEST_CASE("where a geomspace of short decimals means a short decimal, it has the double that this reads as") {
  std::mt19937_64 random(13);
  for (int trial = 0; trial < 2000; ++trial) {
    const auto first = 1 + random() % 99999, ratio = 2 + random() % 20;
    const int places = static_cast<int>(random() % 18) - 5;
    std::uint64_t n = 2, last = first * ratio;
    for (; n < 30 && last * ratio < 1'000'000'000'000'000u; ++n) last *= ratio;
    const auto text = [&](std::uint64_t x) { return std::to_string(x) + "e" + std::to_string(-places); };
    const bool falls = trial % 2 == 1;
    const double low = std::stod(text(first)), high = std::stod(text(last));
    const Axis axis = falls ? spaced(-high, -low, n, true) : spaced(low, high, n, true);
    std::uint64_t x = first;
    for (std::uint64_t i = 0; i < n; ++i, x *= ratio) {
      CAPTURE(text(x));
      REQUIRE(axis.value(falls ? n - 1 - i : i) == (falls ? -1 : 1) * std::stod(text(x)));
    }
  }
  CHECK(spaced(0.1, 2.5, 3, true).value(1) == 0.5);
}

TEST_CASE("a geomspace has the nearest double, or its neighbour where two are as near as long double can tell") {
  const Axis axis = spaced(0.0173, 912.5, 1001, true);
  for (std::uint64_t i = 0; i < 1001; ++i) {
    const long double power = std::pow(912.5L / 0.0173L, static_cast<long double>(i) / 1000);
    CHECK(std::fabs(axis.value(i) / (0.0173L * power) - 1) < 0.501L * std::numeric_limits<double>::epsilon());
  }
}

TEST_CASE("the far ends of the doubles do not overflow or vanish in a geomspace") {
  const double least = std::numeric_limits<double>::denorm_min(), most = std::numeric_limits<double>::max();
  const Axis axis = spaced(least, most, 2099, true);
  for (std::uint64_t i = 1; i < 2099; ++i) REQUIRE(axis.value(i) >= axis.value(i - 1));
  CHECK(axis.value(2097) < most);
  CHECK(axis.value(1000) == doctest::Approx(std::exp2(-74)).epsilon(0.02));
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
