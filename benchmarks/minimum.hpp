// SPDX-License-Identifier: MIT
// Where a function of one variable is least, by Brent's method of Boost.Math and what has to be put around it where
// there are several peaks.
#pragma once
#include <algorithm>
#include <array>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace haggle::bench {

enum class Search {
  one_peak,    ///< Brent's method over the whole range: one peak, whichever it meets
  every_peak,  ///< a scan of 32 points and Brent's method beside the best one: for functions with several peaks
};

/// A place and the value there.
using Least = std::pair<double, double>;

template <class F>
Least brent(F f, double low, double high) {
  constexpr int bits = 26;  // as boost_peer.cpp
  std::uintmax_t steps = 100;
  return boost::math::tools::brent_find_minima(f, low, high, bits, steps);
}

/// Where a function with this derivative is highest: beside every peak of 32 points, there the derivative's root, if it
/// has one sign at each end. A minimiser knows a place to half of the digits only, and whoever builds on it suffers.
template <class F, class Slope>
double peak(F f, Slope slope, double low, double high) {
  constexpr int points = 32;
  const double step = (high - low) / (points - 1);
  std::array<double, points> seen;
  for (int i = 0; i < points; ++i) seen[i] = f(low + i * step);
  double best = low, most = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < points; ++i) {
    const int before = std::max(i - 1, 0), after = std::min(i + 1, points - 1);
    if (seen[i] < seen[before] || seen[i] < seen[after]) continue;
    const double from = low + before * step, to = low + after * step, rise = slope(from), fall = slope(to);
    double at = 0;
    if (rise > 0 && fall < 0) {
      constexpr int bits = 50;
      std::uintmax_t steps = 100;
      const auto [a, b] = boost::math::tools::toms748_solve(slope, from, to, rise, fall,
                                                            boost::math::tools::eps_tolerance<double>(bits), steps);
      at = 0.5 * (a + b);
    } else {
      at = brent([&](double t) { return -f(t); }, from, to).first;
    }
    if (const double value = f(at); value > most) best = at, most = value;
  }
  return best;
}

template <class F>
Least minimum(F f, double low, double high, Search search) {
  if (search == Search::every_peak) {
    constexpr int points = 32;
    const double step = (high - low) / (points - 1);
    int best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i < points; ++i)
      if (const double value = f(low + i * step); value < least) best = i, least = value;
    const double middle = low + best * step;
    low = std::max(low, middle - step), high = std::min(high, middle + step);
  }
  return brent(f, low, high);
}

}  // namespace haggle::bench
