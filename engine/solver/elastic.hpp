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
inline Elastic elastic_of(const Jet<double>& at_x, const Function<double>& f, double x) {
  constexpr double tiny = 1e-90, infinite = std::numeric_limits<double>::infinity();
  const auto bend_of = [](double at, const Jet<double>& j) { return j.slope != 0 ? at * j.curvature / j.slope : 0; };
  const auto turn_of = [](double at, const Jet<double>& j) {
    return j.curvature != 0 ? at * j.third / j.curvature : 0;
  };
  const bool bends = std::abs(at_x.curvature) < infinite && std::abs(at_x.curvature) > 0;
  if (!(x < tiny) || (bends && std::abs(at_x.third) < infinite))
    return {at_x.value, at_x.slope, bend_of(x, at_x), turn_of(x, at_x)};
  const Jet<double> above = f(tiny);
  return {at_x.value, at_x.slope, bends ? bend_of(x, at_x) : bend_of(tiny, above), turn_of(tiny, above)};
}
inline Elastic elastic_at(const Function<double>& f, double x) { return elastic_of(f(x), f, x); }
inline Elastic elastic_at(const Function<double>& f, double x, double ln_x) { return elastic_of(f(x, ln_x), f, x); }

}  // namespace haggle::fine_tuning
