// SPDX-License-Identifier: MIT
// Arithmetic of Jets: the rules of Leibniz and Faà di Bruno to the third derivative. An operand's shape is known before
// its numbers are; what a shape makes zero is left out, not multiplied: 0 times an overflowing derivative would be NaN.
#pragma once
#include <cstdint>

#include "haggle/model/function.hpp"

namespace haggle {

/// How something depends on the variable: not at all, linearly, or in any other way.
enum class Shape : std::uint8_t { constant, affine, curved };

template <class Real>
Jet<Real> constant_jet(Real value) {
  const Real zero(0.0);
  return {value, zero, zero, zero};
}
template <class Real>
Jet<Real> operator+(const Jet<Real>& a, const Jet<Real>& b) {
  return {a.value + b.value, a.slope + b.slope, a.curvature + b.curvature, a.third + b.third};
}
template <class Real>
Jet<Real> operator-(const Jet<Real>& a, const Jet<Real>& b) {
  return {a.value - b.value, a.slope - b.slope, a.curvature - b.curvature, a.third - b.third};
}
template <class Real>
Jet<Real> operator-(const Jet<Real>& a) {
  return {-a.value, -a.slope, -a.curvature, -a.third};
}
template <class Real>
Jet<Real> operator*(const Jet<Real>& a, Real factor) {
  return {a.value * factor, a.slope * factor, a.curvature * factor, a.third * factor};
}

template <class Real>
Jet<Real> multiply(const Jet<Real>& a, Shape shape_a, const Jet<Real>& b, Shape shape_b) {
  if (shape_a == Shape::constant && shape_b == Shape::constant) return constant_jet(a.value * b.value);
  if (shape_a == Shape::constant) return b * a.value;
  if (shape_b == Shape::constant) return a * b.value;
  const Real two(2.0), three(3.0);
  Jet<Real> product{a.value * b.value, a.slope * b.value + a.value * b.slope, two * a.slope * b.slope, Real(0.0)};
  if (shape_a == Shape::curved) {
    product.curvature = product.curvature + a.curvature * b.value;
    product.third = product.third + a.third * b.value + three * a.curvature * b.slope;
  }
  if (shape_b == Shape::curved) {
    product.curvature = product.curvature + a.value * b.curvature;
    product.third = product.third + a.value * b.third + three * a.slope * b.curvature;
  }
  return product;
}

/// From the derivatives of q b = a.
template <class Real>
Jet<Real> divide(const Jet<Real>& a, const Jet<Real>& b, Shape shape_b) {
  const Real two(2.0), three(3.0);
  const Real value = a.value / b.value;
  if (shape_b == Shape::constant) return {value, a.slope / b.value, a.curvature / b.value, a.third / b.value};
  const Real slope = (a.slope - value * b.slope) / b.value;
  Real curvature = a.curvature - two * slope * b.slope, third = a.third;
  if (shape_b == Shape::curved) curvature = curvature - value * b.curvature;
  curvature = curvature / b.value;
  if (shape_b == Shape::curved) third = third - three * slope * b.curvature - value * b.third;
  return {value, slope, curvature, (third - three * curvature * b.slope) / b.value};
}

/// g(u), `outer` being g's jet at u's value.
template <class Real>
Jet<Real> compose(const Jet<Real>& outer, const Jet<Real>& u, Shape shape) {
  if (shape == Shape::constant) return constant_jet(outer.value);
  const Real squared = u.slope * u.slope;
  Jet<Real> out{outer.value, outer.slope * u.slope, outer.curvature * squared, outer.third * squared * u.slope};
  if (shape == Shape::curved) {
    out.curvature = out.curvature + outer.slope * u.curvature;
    out.third = out.third + Real(3.0) * outer.curvature * u.slope * u.curvature + outer.slope * u.third;
  }
  return out;
}

template <class Real>
Jet<Real> exp_jet(Real u) {
  const Real e = exp(u);
  return {e, e, e, e};
}
template <class Real>
Jet<Real> expm1_jet(Real u) {
  const Real e = exp(u);
  return {expm1(u), e, e, e};
}
/// ln(u + offset), offset 0 or 1.
template <class Real>
Jet<Real> log_jet(Real u, bool of_one_more) {
  const Real over = Real(1.0) / (of_one_more ? u + Real(1.0) : u);
  return {of_one_more ? log1p(u) : log(u), over, -over * over, Real(2.0) * over * over * over};
}
template <class Real>
Jet<Real> sqrt_jet(Real u) {
  const Real root = sqrt(u), slope = Real(0.5) / root, curvature = Real(-0.5) * slope / u;
  return {root, slope, curvature, Real(-1.5) * curvature / u};
}
template <class Real>
Jet<Real> tanh_jet(Real u) {
  const Real one(1.0), two(2.0), double_down = Real(-2.0) * abs(u);
  const Real e = exp(double_down), over = one / (one + e), size = -expm1(double_down) * over;
  const Real value = select(u < Real(0.0), -size, size);
  const Real slope = Real(4.0) * e * over * over;  // 1 - tanh², without its cancellation
  return {value, slope, Real(-2.0) * value * slope, two * slope * (two * value * value - slope)};
}

/// u^n by multiplications, for any sign of u.
template <class Real>
Jet<Real> integer_power_jet(Real u, int n) {
  const Real one(1.0), base = n < 0 ? one / u : u;
  // Derivatives that n makes zero are never formed. The others come from the smallest power among them by products.
  const int smallest = n < 0 ? -n : n < 3 ? 0 : n - 3;
  Real power = one, square = base;
  for (int left = smallest; left > 0; left >>= 1) {
    if ((left & 1) != 0) power = power * square;
    if (left > 1) square = square * square;
  }
  const Real zero(0.0), d(n), dd(n * (n - 1)), ddd(n * (n - 1) * (n - 2));
  if (n == 0) return constant_jet(one);
  if (n == 1) return {u, one, zero, zero};
  if (n == 2) return {u * u, d * u, dd, zero};
  const Real next = power * base, second = next * base;
  if (n < 0) return {power, d * next, dd * second, ddd * second * base};
  return {second * base, d * second, dd * next, ddd * power};
}

/// u^b for a given b. Where u < 0, only for whole b. Starts from the power that a derivative has, which is in range
/// where that of the value may not be.
template <class Real>
Jet<Real> power_jet(Real u, Real b) {
  const Real zero(0.0), one(1.0), two(2.0), three(3.0),
      whole(6755399441055744.0);  // 1.5 * 2^52: what it adds, it rounds
  const auto above_one = b >= one, above_two = b >= two, above_three = b >= three;
  const Real shift = select(above_three, three, select(above_two, two, select(above_one, one, zero)));
  const Real left = b - shift, half = left * Real(0.5);
  Real power = exp(left * log(abs(u)));
  power = select(left == zero, one, power);
  const auto is_whole = (abs(left) >= Real(4503599627370496.0)) | ((left + whole) - whole == left);
  const auto is_even = (abs(left) >= Real(9007199254740992.0)) | ((half + whole) - whole == half);
  power = select(u < zero, select(is_whole, select(is_even, power, -power), Real(0.0) / zero), power);

  // power = u^(b - shift): by products down to the value, by quotients up to the third derivative.
  const auto up = [&](Real p) { return select(u == zero, infinity<Real>(), p / u); };
  const auto times = [&](Real factor, Real p) { return select(factor == zero, zero, factor * p); };
  const Real second = select(above_three, power * u, power);
  const Real first = select(above_two, second * u, power);
  const Real value = select(above_one, first * u, power);
  const Real p1 = select(above_one, first, up(value));
  const Real p2 = select(above_two, second, up(p1));
  const Real p3 = select(above_three, power, up(p2));
  const Real dd = b * (b - one);
  return {value, times(b, p1), times(dd, p2), times(dd * (b - two), p3)};
}

}  // namespace haggle
