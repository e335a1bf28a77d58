// SPDX-License-Identifier: MIT
// The benchmarks' game in extended precision: what both players get at each share, and how that changes with it.
#pragma once
#include <array>

#include "games.hpp"

namespace haggle::bench {

using Long = long double;

/// An equilibrium of the two investments. Slopes are those of the logarithms in y = logit(δ).
struct Point {
  Long y = 0;  ///< infinite at a corner
  Long generalist = 0, specialist = 0, performance = 0;
  Long generalist_slope = 0, specialist_slope = 0, performance_slope = 0;
  Long z = 0, z_slope = 0;  ///< logit(s), dz/dy
};

/// Outside options 0, R = 1, exponents for which each share has one equilibrium (as all over the box).
///
/// With s the specialist's part of the final performance, both investments are optimal where
/// ln δ − m ln(1−δ) + ln K = ln F(s), F(s) = s^−p (1−s)^{k₀−1} (1 + q s).
class ScalarForm {
 public:
  explicit ScalarForm(const Game& game);

  /// A point nearby, `near`, saves most of the work.
  Point at(Long y, const Point& near = {}) const;

  /// All revenue to the specialist (δ = 0, no base), and all to the generalist (δ = 1, no adaptation).
  std::array<Point, 2> corners() const;

 private:
  Long e, k0, k1, c0, c1, q, m, p, log_k;
};

}  // namespace haggle::bench
