// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/core/real.hpp"

namespace haggle {

/// Newton's error after a step d is about d² f''/(2f'), and |f''/f'| <= 1 in logits: a last step of 1e-8 leaves 1e-16.
inline constexpr double newton_last_step = 1e-8;

/// The root of a function that falls on [low, high], by Newton's method kept inside the bracket. `f(x, value, slope)`
/// sets the last two; an end of the bracket comes back where the function keeps its sign.
template <class Real, class Function>
Real falling_root_of(Real low, Real high, Real start, Function f) {
  Real y = min(max(start, low), high);
  mask_t<Real> active = low <= high;
  for (int i = 0; i < 200 && any(active); ++i) {
    Real value, slope;
    f(y, value, slope);
    low = select(value > Real(0.0), y, low);
    high = select(value > Real(0.0), high, y);
    const Real newton = y - value / slope;
    const mask_t<Real> inside = (newton >= low) & (newton <= high) & (slope < Real(0.0));
    const Real next = select(inside, newton, Real(0.5) * (low + high));
    const Real step = abs(next - y);
    y = select(active, next, y);
    active = active & (step > Real(newton_last_step));
  }
  return y;
}

}  // namespace haggle
