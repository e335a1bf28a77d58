// SPDX-License-Identifier: MIT
// A function at a point by its elasticities, which stay moderate where derivatives overflow.
#pragma once
#include <cmath>
#include <limits>

#include "haggle/model/families.hpp"

namespace haggle::fine_tuning {

/// Stands for "more than nothing": functions are not asked for arguments below.
inline constexpr double smallest_argument = 1e-300;

struct Elastic {
  double value, slope;
  double bend = 0;  ///< x f''/f'
  double turn = 0;  ///< x f'''/f''

  /// At (1+h) times the argument x, |h| small.
  Elastic moved(double x, double h) const {
    const double by = h * x;
    return {value + by * slope * (1 + 0.5 * h * bend * (1 + h * turn / 3)),
            slope * (1 + h * bend * (1 + 0.5 * h * turn)), bend * (1 + h * (1 + turn - bend)), turn};
  }
};

/// Where higher derivatives overflow or vanish, below 1e-90, elasticities are those at 1e-90.
inline Elastic elastic_at(const Function<double>& f, double x) {
  constexpr double tiny = 1e-90, infinite = std::numeric_limits<double>::infinity();
  const Jet<double> at = f(x);
  const bool whole = !(x < tiny) || (std::abs(at.third) < infinite && std::abs(at.curvature) > 0);
  const double y = whole ? x : tiny;
  const Jet<double> j = whole ? at : f(y);
  Elastic e{at.value, at.slope};
  if (j.slope != 0) e.bend = y * j.curvature / j.slope;
  if (j.curvature != 0) e.turn = y * j.third / j.curvature;
  return e;
}

}  // namespace haggle::fine_tuning
