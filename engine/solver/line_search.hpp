// SPDX-License-Identifier: MIT
// Roots and maxima of a function of one number that costs much to evaluate.
#pragma once
#include <algorithm>
#include <cmath>
#include <utility>

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

/// The highest point of `f` between low and high, middle being higher than both: Brent 1973, "Algorithms for
/// Minimization without Derivatives", chapter 5.
template <class F>
double highest_between(F f, double low, double middle, double high, double tolerance = 1e-10) {
  constexpr double golden = 0.3819660112501051;
  double x = middle, w = x, v = x, fx = f(x), fw = fx, fv = fx, step = 0, before = 0;
  for (int i = 0; i < 120; ++i) {
    const double centre = (low + high) / 2;
    if (std::abs(x - centre) <= 2 * tolerance - (high - low) / 2) break;
    bool parabola = false;
    if (std::abs(before) > tolerance) {
      const double r = (x - w) * (fx - fv);
      double q = (x - v) * (fx - fw), p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = std::abs(q);
      if (std::abs(p) < std::abs(q * before / 2) && p > q * (low - x) && p < q * (high - x)) {
        before = step;
        step = p / q;
        parabola = true;
        if (x + step - low < 2 * tolerance || high - x - step < 2 * tolerance)
          step = x < centre ? tolerance : -tolerance;
      }
    }
    if (!parabola) {
      before = x < centre ? high - x : low - x;
      step = golden * before;
    }
    const double u = x + (std::abs(step) >= tolerance ? step : std::copysign(tolerance, step)), fu = f(u);
    if (fu >= fx) {
      (u < x ? high : low) = x;
      v = std::exchange(w, std::exchange(x, u));
      fv = std::exchange(fw, std::exchange(fx, fu));
    } else {
      (u < x ? low : high) = u;
      if (fu >= fw || w == x) {
        v = std::exchange(w, u);
        fv = std::exchange(fw, fu);
      } else if (fu >= fv || v == x || v == w) {
        v = u;
        fv = fu;
      }
    }
  }
  return x;
}

}  // namespace haggle
