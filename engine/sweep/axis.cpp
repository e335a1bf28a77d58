// SPDX-License-Identifier: MIT
#include "haggle/sweep/axis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle {
namespace {

std::uint64_t length(const Axis::Segment& segment) {
  if (const auto* values = std::get_if<std::vector<double>>(&segment)) return values->size();
  return std::get<Spaced>(segment).n;
}

/// The i-th of n equal steps from a to b. In long double, whose spare bits leave one rounding to feel: the result is
/// monotone in i as soon as the steps are two units in a double's last place, does not overflow, and is the nearest
/// double to 0.3 where the third tenth is meant.
double step_between(double a, double b, std::uint64_t i, std::uint64_t n) {
  const auto after = static_cast<long double>(i), before = static_cast<long double>(n - 1 - i);
  return static_cast<double>((a * before + b * after) / static_cast<long double>(n - 1));
}

double spaced_value(const Spaced& s, std::uint64_t i) {
  if (i == 0) return s.first;
  if (i + 1 == s.n) return s.last;
  const auto [low, high] = std::minmax(s.first, s.last);
  if (!s.geometric) return std::clamp(step_between(s.first, s.last, i, s.n), low, high);
  // Base ten, because log10 of a decade is a whole number: 0.01 … 100 then meets 0.1, 1 and 10 exactly. In long double,
  // because the C library picks its double log and pow by processor, and shards on unlike nodes must agree on every
  // bit.
  const auto decades = [](double x) { return static_cast<double>(std::log10(static_cast<long double>(std::fabs(x)))); };
  const double exponent = step_between(decades(s.first), decades(s.last), i, s.n);
  const auto size = static_cast<double>(std::pow(10.0L, static_cast<long double>(exponent)));
  return std::clamp(std::copysign(size, s.first), low, high);
}

}  // namespace

std::uint64_t Axis::size() const {
  std::uint64_t n = 0;
  for (const Segment& segment : segments) n += length(segment);
  return n;
}

double Axis::value(std::uint64_t i) const {
  for (const Segment& segment : segments) {
    const std::uint64_t n = length(segment);
    if (i >= n) {
      i -= n;
      continue;
    }
    if (const auto* values = std::get_if<std::vector<double>>(&segment)) return (*values)[i];
    return spaced_value(std::get<Spaced>(segment), i);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

bool Axis::geometric() const {
  return !segments.empty() && std::all_of(segments.begin(), segments.end(), [](const Segment& segment) {
    const auto* spaced = std::get_if<Spaced>(&segment);
    return spaced && spaced->geometric;
  });
}

}  // namespace haggle
