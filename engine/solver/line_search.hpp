// SPDX-License-Identifier: MIT
// Roots of a function of one number that costs much to evaluate.
#pragma once
#include <algorithm>
#include <cmath>

namespace haggle {

/// Where `f`, which has values fa and fb of opposite signs (or 0) at a < b, passes 0: to `tolerance` or, at a jump, on
/// either side of it. ITP (Oliveira, Takahashi 2020, ACM TOMS 47): superlinear, and never slower than bisection by more
/// than a few steps.
template <class F>
double crossing(F f, double a, double fa, double b, double fb, double tolerance = 1e-14) {
  if (fa == 0) return a;
  if (fb == 0) return b;
  const double sign = fa < fb ? 1 : -1;
  fa *= sign;
  fb *= sign;
  const double width = b - a;
  if (!(width > tolerance)) return a + width / 2;
  const int halvings = static_cast<int>(std::ceil(std::log2(width / tolerance))) + 3;
  double allowed = std::ldexp(tolerance, halvings);  // twice the half width that bisection would have
  while (b - a > tolerance) {
    const double middle = a + (b - a) / 2, chord = (fb * a - fa * b) / (fb - fa);
    const double pull = 0.2 / width * (b - a) * (b - a);
    const double towards = middle >= chord ? 1 : -1;
    const double truncated = pull <= std::abs(middle - chord) ? chord + towards * pull : middle;
    const double radius = std::max(0.0, allowed / 2 - (b - a) / 2);
    double x = std::abs(truncated - middle) <= radius ? truncated : middle - towards * radius;
    x = std::clamp(x, a, b);
    if (x == a || x == b) {  // the chord ends within rounding of an end
      x = middle;
      if (x == a || x == b) break;
    }
    const double y = sign * f(x);
    if (y == 0) return x;
    (y > 0 ? b : a) = x;
    (y > 0 ? fb : fa) = y;
    allowed /= 2;
  }
  return fb < -fa ? b : a;
}

}  // namespace haggle
