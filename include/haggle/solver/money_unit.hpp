// SPDX-License-Identifier: MIT
// A unit of money in which a game's numbers are neither huge nor tiny.
#pragma once
#include <array>
#include <cmath>

#include "haggle/solver/equilibrium_curve.hpp"

namespace haggle::power_law {

/// A power of two near the largest revenue. In it a bargain's numbers neither overflow nor underflow, whatever the
/// game's own money.
template <class Real>
struct MoneyUnit {
  Real ln;
  std::array<int, lanes_v<Real>> exponent;

  MoneyUnit(const Game<Real>& g, const Reduction<Real>& r) {
    const EquilibriumCurve<Real> curve(g, r, Real(0.0));
    Real largest = max(curve.idle().ln_revenue, curve.alone().ln_revenue);
    // Where investing returns almost what it costs, two can be worth far more than either alone.
    const mask_t<Real> together = min(r.k0, r.k1) - r.epsilon < Real(0.2);
    if (any(together))
      for (const double y : {-16.0, -8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0})
        largest = select(together, max(largest, curve.unheld(Real(y), Real(0.0)).ln_revenue), largest);
    const double ln_two = 0.69314718055994530942, furthest = 1e6;
    std::array<double, lanes_v<Real>> logarithm;
    RealTraits<Real>::store(largest, logarithm.data());
    for (std::size_t i = 0; i < logarithm.size(); ++i) {
      const double rounded = std::round(logarithm[i] / ln_two);
      exponent[i] = static_cast<int>(std::fmin(std::fmax(rounded, -furthest), furthest));
      logarithm[i] = exponent[i] * ln_two;
    }
    ln = RealTraits<Real>::load(logarithm.data());
  }

  Real operator()(Real money) const {
    std::array<double, lanes_v<Real>> amount;
    RealTraits<Real>::store(money, amount.data());
    for (std::size_t i = 0; i < amount.size(); ++i) amount[i] = std::ldexp(amount[i], -exponent[i]);
    const Real most(1e300);  // as good as infinite, and still a number
    return max(min(RealTraits<Real>::load(amount.data()), most), -most);
  }
};

template <class Real>
Game<Real> in_units_of(const MoneyUnit<Real>& unit, Game<Real> game) {
  game.generalist_outside = unit(game.generalist_outside);
  game.specialist_outside = unit(game.specialist_outside);
  return game;
}

}  // namespace haggle::power_law
