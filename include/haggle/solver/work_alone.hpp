// SPDX-License-Identifier: MIT
// What an investment is worth that nobody else adds to.
#pragma once
#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

/// max Σ r(x) - φ(x) over the specialists in [first, last), from a guess of ln x: concave revenues, a convex cost.
template <class Real>
struct WorkAlone {
  Real value = Real(0.0);
  mask_t<Real> found = Real(1.0) < Real(0.0);

  WorkAlone(const Play<Real>& play, std::size_t first, std::size_t last, const Function<Real>& cost, Real guess) {
    const Real cap(3.0), close(1e-8);  // the value's error is its square
    Real z = guess;
    for (int k = 0; k < 12 && !all(found); ++k) {
      const Real x = exp(z);
      Real revenue(0.0), marginal(0.0), turn(0.0);
      for (std::size_t i = first; i < last; ++i) {
        const Jet<Real> r = play.specialists[i].revenue(x);
        revenue = revenue + r.value, marginal = marginal + r.slope, turn = turn - x * r.curvature;
      }
      const Jet<Real> f = cost(x);
      const Real miss = log(marginal / f.slope), step = miss / (turn / marginal + x * f.curvature / f.slope);
      value = revenue - f.value;  // the same again where it is found
      found = abs(miss) < close;
      z = select(found, z, z + max(min(step, cap), -cap));
    }
  }
};

}  // namespace haggle::fine_tuning
