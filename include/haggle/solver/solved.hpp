// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "haggle/core/real.hpp"
#include "haggle/core/status.hpp"
#include "haggle/model/power_law.hpp"

namespace haggle::power_law {

/// What a solver reports of a game, one a lane; codes are whole doubles here. NaN where there is no number.
///
/// `residual` is |ln(marginal revenue of the generalist's effort / its marginal cost)| at the reported point, the
/// specialist's condition and the bargain's holding by construction: to first order the relative error of the marginal
/// cost that would make the point an exact equilibrium. 0 at corners and where the specialist is held at its outside
/// option.
template <class Real>
struct Solved {
  Real status, share, base_performance, performance, generalist_utility, specialist_utility, revenue;
  Real generalist_regime, specialist_regime, residual;
};

template <class Real>
Real code(auto enumerator) {
  return Real(static_cast<double>(static_cast<int>(enumerator)));
}

/// Nothing has overflowed.
template <class Real>
mask_t<Real> is_finite(const Solved<Real>& s) {
  const Real sum = s.performance + s.revenue + s.generalist_utility + s.specialist_utility + s.residual;
  return sum - sum == Real(0.0);
}

/// A number is beyond what a double holds, about 1e308.
template <class Real>
mask_t<Real> overflows(const Solved<Real>& s) {
  const Real most = infinity<Real>();
  return (s.performance == most) | (s.revenue == most);
}

template <class Real>
Real not_a_number() {
  return Real(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace haggle::power_law
