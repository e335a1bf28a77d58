// SPDX-License-Identifier: MIT
// One-dimensional searches of the slow reference.
#pragma once
#include <algorithm>
#include <cmath>

namespace haggle::oracle::general {

/// Where `f`, positive at `low` and not at `high`, changes sign: false position (Illinois), bisection every third step
/// and wherever `f` is not finite. Returns the end of the last bracket that is not positive, `high`'s.
template <class Function>
double falling_root(Function f, double low, double high, double f_low, double f_high, double resolution = 2e-16) {
  int last_side = 0;
  for (int step = 0; step < 300 && std::abs(high - low) > resolution * std::max(1.0, std::abs(high)); ++step) {
    double middle = high - f_high * (high - low) / (f_high - f_low);
    const bool inside = middle > std::min(low, high) && middle < std::max(low, high);
    if (step % 3 == 2 || !inside) middle = low + 0.5 * (high - low);
    if (middle == low || middle == high) break;
    const double f_middle = f(middle);
    if (f_middle == 0) return middle;
    if (f_middle > 0) {
      low = middle, f_low = f_middle;
      if (last_side == -1) f_high *= 0.5;
      last_side = -1;
    } else {
      high = middle, f_high = f_middle;
      if (last_side == 1) f_low *= 0.5;
      last_side = 1;
    }
  }
  return high;
}

/// The smallest x in (low, high] for which `holds`; it holds at `high`, not at `low`, 0 < low. To the last bit.
template <class Predicate>
double first_that_holds(Predicate holds, double low, double high) {
  while (high / low > 2) {
    const double middle = std::sqrt(low) * std::sqrt(high);
    (holds(middle) ? high : low) = middle;
  }
  for (;;) {
    const double middle = low + 0.5 * (high - low);
    if (!(middle > low && middle < high)) return high;
    (holds(middle) ? high : low) = middle;
  }
}

/// Highest of a quasi-concave function's values near a peak in (low, high), by golden section: offers every point it
/// looks at, so that the best of them is known to the one who asks.
template <class Value>
void golden(Value value, double low, double high, double resolution = 1e-12) {
  constexpr double ratio = 0.6180339887498949;
  double a = high - ratio * (high - low), b = low + ratio * (high - low);
  double value_a = value(a), value_b = value(b);
  for (int step = 0; step < 80 && high - low > resolution * std::max(1.0, std::abs(high)); ++step) {
    if (value_a > value_b) {
      high = b, b = a, value_b = value_a;
      a = high - ratio * (high - low), value_a = value(a);
    } else {
      low = a, a = b, value_a = value_b;
      b = low + ratio * (high - low), value_b = value(b);
    }
  }
}

}  // namespace haggle::oracle::general
