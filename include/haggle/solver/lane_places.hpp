// SPDX-License-Identifier: MIT
// At one share, in one lane: what a table's performances are worth to the specialist, and from which place on, between
// two of them, something is so.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "haggle/core/lane_access.hpp"
#include "haggle/solver/performance_table.hpp"

namespace haggle::fine_tuning {

/// A cubic at t of 0 to 1 by its values and slopes at both ends.
template <class Real>
Real cubic(Real t, Real from, Real to, Real from_slope, Real to_slope) {
  const Real u = Real(1.0) - t, two(2.0);
  return u * u * (from + t * (two * from + from_slope)) + t * t * (to + u * (two * to - to_slope));
}

template <class View>
struct LanePlaces {
  static constexpr std::size_t points = View::points;
  static constexpr double never = static_cast<double>(points);  ///< a place beyond all

  const View& view;
  const typename View::Table& table;
  std::size_t lane;
  double rest;
  bool linear;  ///< a first bit of adaptation costs something

  double base(std::size_t g) const { return lane_of(view.base[g], lane); }
  double its(std::size_t g) const { return lane_of(view.its[g], lane); }
  double base_on(std::size_t g) const { return lane_of(view.base_on[g], lane); }
  double error(std::size_t g) const { return lane_of(view.its_error[g], lane); }
  /// What a bit of α₀ adds to the specialist's utility.
  double pull(std::size_t g) const { return rest * lane_of(table.marginal[g], lane); }

  bool rides(std::size_t g) const { return !(lane_of(view.added[g], lane) > 0); }
  double alpha(std::size_t g) const { return lane_of(table.alpha[g], lane); }

  /// At a place: α₀, what the specialist has, and what that may be off by.
  struct Corner {
    double base, gives, off;
  };
  Corner corner(std::size_t g) const { return {base(g), its(g), error(g)}; }
  /// t on from performance g-1.
  Corner between(std::size_t g, double t) const {
    return {cubic(t, base(g - 1), base(g), base_on(g - 1), base_on(g)),
            cubic(t, its(g - 1), its(g), pull(g - 1) * base_on(g - 1), pull(g) * base_on(g)), error(g)};
  }
  /// The last performance with another beyond it that is not beyond a place.
  static std::size_t point_before(double place) {
    return static_cast<std::size_t>(std::min(std::floor(place), static_cast<double>(points - 2)));
  }
  Corner corner_at(double place) const {
    const std::size_t g = point_before(place);
    return between(g + 1, place - static_cast<double>(g));
  }
  /// The first performance, from g on, where a margin is positive, else the last of all; and what it was before.
  struct Reached {
    std::size_t g;
    double before, here;
  };
  template <class Margin>
  Reached first_corner(std::size_t g, Margin margin) const {
    double before = 0, here = margin(corner(g));
    while (g + 1 < points && !(here > 0)) before = here, here = margin(corner(++g));
    return {g, before, here};
  }
  /// From g on, the first place where a margin is positive.
  template <class Margin>
  double place(std::size_t g, Margin margin) const {
    const Reached reached = first_corner(g, margin);
    if (reached.g == g || !(reached.here > 0)) return static_cast<double>(reached.g);
    return place_in(reached, 0, margin);
  }
  /// The same from any place on.
  template <class Margin>
  double place_from(double place, Margin margin) const {
    const std::size_t g = point_before(place);
    const double from = place - static_cast<double>(g), at_from = margin(between(g + 1, from));
    if (at_from > 0) return place;
    const Reached reached = first_corner(g + 1, margin);
    if (!(reached.here > 0)) return static_cast<double>(reached.g);
    return reached.g > g + 1 ? place_in(reached, 0, margin) : place_in({g + 1, at_from, reached.here}, from, margin);
  }
  template <class Margin>
  double place_in(const Reached& cell, double from, Margin margin) const {
    return static_cast<double>(cell.g - 1) +
           crossing(from, cell.before, cell.here, [&](double t) { return margin(between(cell.g, t)); });
  }
  /// Between `low` and 1, just beyond where a function that is not positive at `low`, but at 1, turns so: by false
  /// position.
  template <class Function>
  static double crossing(double low, double at_low, double at_1, Function function) {
    double high = 1, below = std::min(at_low, 0.0), above = at_1, last = 2;
    int last_side = 0;
    for (int k = 0; k < most_steps && high - low > close; ++k) {
      double t = low + (high - low) * below / (below - above);
      if (std::abs(t - last) < close) t = last_side > 0 ? t - close : t + close;  // is it there?
      if (!(t > low && t < high)) t = 0.5 * (low + high);
      const double value = function(t);
      const int side = value > 0 ? 1 : -1;
      // Illinois: of an end that stays the value is halved.
      if (side > 0)
        high = t, above = value, below *= last_side > 0 ? 0.5 : 1;
      else
        low = t, below = value, above *= last_side < 0 ? 0.5 : 1;
      last = t, last_side = side;
    }
    return high;
  }
  static constexpr int most_steps = 16;
  static constexpr double close = View::is_swift ? 6e-3 : 2e-4;
};

}  // namespace haggle::fine_tuning
