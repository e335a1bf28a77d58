// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "haggle/core/real.hpp"

namespace haggle {

/// A number that remembers how many of the divisors it came from were negative. Where that differs between two points,
/// a divisor passed 0 on the way, which the two values need not show. Over long double, whose roundings are 2048 times
/// as small, it tells what is true of an expression from what a double makes of it.
template <class Number>
struct Watched {
  Number value = 0;
  unsigned negative_divisors = 0;  ///< each counted as often as it was used; may wrap around

  Watched() = default;
  explicit Watched(double x) : value(static_cast<Number>(x)) {}
  Watched(Number x, unsigned divisors) : value(x), negative_divisors(divisors) {}

  friend Watched operator+(Watched a, Watched b) { return {a.value + b.value, sum(a, b)}; }
  friend Watched operator-(Watched a, Watched b) { return {a.value - b.value, sum(a, b)}; }
  friend Watched operator*(Watched a, Watched b) { return {a.value * b.value, sum(a, b)}; }
  friend Watched operator/(Watched a, Watched b) { return {a.value / b.value, sum(a, b) + (b.value < 0 ? 1U : 0U)}; }
  Watched operator-() const { return {-value, negative_divisors}; }

  friend bool operator<(Watched a, Watched b) { return a.value < b.value; }
  friend bool operator>=(Watched a, Watched b) { return a.value >= b.value; }
  friend bool operator==(Watched a, Watched b) { return a.value == b.value; }

  friend Watched exp(Watched a) { return {std::exp(a.value), a.negative_divisors}; }
  friend Watched expm1(Watched a) { return {std::expm1(a.value), a.negative_divisors}; }
  friend Watched log(Watched a) { return {std::log(a.value), a.negative_divisors}; }
  friend Watched log1p(Watched a) { return {std::log1p(a.value), a.negative_divisors}; }
  friend Watched sqrt(Watched a) { return {std::sqrt(a.value), a.negative_divisors}; }
  friend Watched abs(Watched a) { return {std::fabs(a.value), a.negative_divisors}; }
  friend Watched select(bool mask, Watched yes, Watched no) { return mask ? yes : no; }

 private:
  static unsigned sum(Watched a, Watched b) { return a.negative_divisors + b.negative_divisors; }
};

}  // namespace haggle
