// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/core/real.hpp"

namespace haggle {

/// ln s, ln (1-s), s and 1-s from y = ln(s/(1-s)), without cancellation at either end.
template <class Real>
struct Logistic {
  Real ln_s, ln_t, s, t;
  explicit Logistic(Real y) {
    const Real zero(0.0), one(1.0);
    const Real small = exp(-abs(y));
    const Real sum = one + small, over = one / sum;
    const Real tail = log(sum) - ((sum - one) - small) * over;  // ln(1 + small), the sum's rounding put right
    ln_s = min(y, zero) - tail;
    ln_t = min(-y, zero) - tail;
    s = select(y > zero, over, small * over);
    t = select(y > zero, small * over, over);
  }
};

}  // namespace haggle
