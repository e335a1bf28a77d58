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

/// Below 1e-90 higher derivatives may overflow or vanish: then their elasticities are those at 1e-90.
inline Elastic elastic_at(const Function<double>& f, double x, double ln_x) {
  constexpr double tiny = 1e-90, infinite = std::numeric_limits<double>::infinity();
  const auto bend_of = [](double at, const Jet<double>& j) { return j.slope != 0 ? at * j.curvature / j.slope : 0; };
  const auto turn_of = [](double at, const Jet<double>& j) {
    return j.curvature != 0 ? at * j.third / j.curvature : 0;
  };
  const Jet<double> j = f(x, ln_x);
  if (!(x < tiny) || (std::abs(j.third) < infinite && std::abs(j.curvature) > 0))
    return {j.value, j.slope, bend_of(x, j), turn_of(x, j)};
  const Jet<double> above = f(tiny);
  const bool bends = std::abs(j.curvature) < infinite && std::abs(j.curvature) > 0;
  return {j.value, j.slope, bends ? bend_of(x, j) : bend_of(tiny, above), turn_of(tiny, above)};
}
inline Elastic elastic_at(const Function<double>& f, double x) { return elastic_at(f, x, std::log(x)); }

}  // namespace haggle::fine_tuning
