// SPDX-License-Identifier: MIT
// What the specialist answers at one share, in one lane: which of a table's performances it would have.
#pragma once
#include <algorithm>
#include <utility>

#include "haggle/core/lane_access.hpp"
#include "haggle/solver/performance_table.hpp"

namespace haggle::fine_tuning {

/// A cubic at t of 0 to 1 by its values and slopes at both ends.
template <class Real>
Real cubic(Real t, Real from, Real to, Real from_slope, Real to_slope) {
  const Real u = Real(1.0) - t, two(2.0);
  return u * u * (from + t * (two * from + from_slope)) + t * t * (to + u * (two * to - to_slope));
}

/// Places in the table, of a share: see ShareView.
struct Answers {
  double sure_top, top, free, clear, first, tie, tie_gives;
};

template <class View>
struct LaneAnswers {
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

  bool none_adds() const {
    std::size_t g = 0;
    while (g < points && rides(g)) ++g;
    return g == points;
  }
  /// Between which places the specialist adds something.
  std::pair<double, double> kinks() const {
    if (!linear) return {-1, never};
    if (none_adds()) return {never, -1};
    std::size_t first = 0, last = points;
    while (rides(first)) ++first;
    while (rides(last - 1)) --last;  // beyond the last that adds
    return {first > 0 ? kink(first) : -1, last < points ? kink(last) : never};
  }

  /// The last of the smaller answers, or of all where there is but one to each α₀.
  std::size_t fold() const {
    std::size_t g = 0;
    while (g + 1 < points && !(base(g) > 0 && base(g + 1) < base(g))) ++g;
    // If marginal cost rises more steeply than adaptation, α₀ falls from the first bit on, be it by little.
    const bool sharp = linear && lane_of(table.its_power, lane) >= 1;
    if (!sharp || g + 1 < points) return g;
    g = 0;
    while (g + 1 < points && !(rides(g) && !rides(g + 1))) ++g;
    return g;
  }
  /// Beyond g, the next from which α₀ falls, or the last of all; and from where on it rises again.
  std::size_t falls_from(std::size_t g) const {
    while (g + 1 < points && !(base(g + 1) < base(g))) ++g;
    return g;
  }
  std::size_t rises_from(std::size_t g) const {
    while (g + 1 < points && base(g + 1) <= base(g)) ++g;
    return g;
  }

  Answers answers(double dues) const {
    const double due = std::max(dues, 0.0);
    const std::size_t last = fold();
    const bool folds = last + 1 < points;
    std::size_t g = folds ? rises_from(last + 1) : 0;
    // Where first bits cost something the specialist may have a third answer, to add but a little.
    std::size_t top = last, sure_top = last;
    const std::size_t little = g;
    if (const std::size_t next = falls_from(g); linear && folds && next + 1 < points) {
      top = next, g = rises_from(next + 1);
      while (sure_top > 0 && base(sure_top) >= base(little)) --sure_top;
      if (falls_from(g) + 1 < points) return {-1, -1, 0, never, 0, never, infinity<double>()};
    }
    Answers found{};
    const auto gives_its_dues = [&](const Corner& here) { return here.gives - due; };
    if (!folds) {
      const double free = place(g, gives_its_dues);
      return {-1, -1, free, free, free, free, due};
    }
    const std::size_t free = first_corner(g, gives_its_dues).g;
    found.free = static_cast<double>(free > g ? free - 1 : g);
    std::size_t start = 0;
    while (start < last && !(base(start + 1) > 0)) ++start;
    // The last smaller answer is no further beyond the table's than this.
    const auto ends_before = [&](std::size_t k) { return rides(k) ? alpha(k + 1) : 2 * base(k) - base(k + 1); };
    const double alone = std::max(ends_before(last), ends_before(top)), most_base = std::max(base(last), base(top));
    std::size_t at = start;
    // From where on it may add a little its utility rises with α₀ at most as where that is most.
    const auto most_with_a_little = [&](double b) {
      std::size_t k = last;
      while (k > start && base(k - 1) > base(little)) --k;
      return its(k) + (b - base(little)) * std::max(pull(top), pull(top + 1));
    };
    // What the smaller answer gives is convex in α₀: it lies below chords and above tangents.
    const auto smaller_gives = [&](double b, bool at_most) {
      const auto tangent = [&](std::size_t k) { return its(k) + pull(k) * (b - base(k)); };
      if (top > last && at_most && b > base(little)) return most_with_a_little(b);
      if (b >= base(last) && at_most && rides(last)) {
        const double chord = rest * (lane_of(table.revenue[last + 1], lane) - lane_of(table.revenue[last], lane));
        return its(last) + chord * (b - base(last)) / (alpha(last + 1) - alpha(last));
      }
      if (b >= base(last)) return at_most ? tangent(last) + (b - base(last)) * pull(last) : tangent(last);
      if (b <= base(start)) return at_most ? its(start) * std::max(b / base(start), 0.0) : 0.0;
      while (at > start && base(at) > b) --at;
      while (at + 1 < last && base(at + 1) < b) ++at;
      if (!at_most) return std::max(tangent(at), tangent(at + 1));
      if (rides(at) && !rides(at + 1)) return its(at) + pull(at + 1) * (b - base(at));
      const double along = (b - base(at)) / (base(at + 1) - base(at));
      return its(at) + along * (its(at + 1) - its(at));
    };
    // Each has what the one before has, and more.
    found.first = place(g, [&](const Corner& here) {
      const double gives = here.gives + here.off;
      if (!(gives > due)) return gives - due;
      return std::min(gives - due, std::max(gives - smaller_gives(here.base, false), here.base - most_base));
    });
    found.tie = place_from(found.first, [&](const Corner& here) {
      const double gives = here.gives - here.off;
      if (!(gives > due)) return gives - due;
      return std::min(gives - due, std::max(gives - smaller_gives(here.base, true), here.base - alone));
    });
    const auto is_clear = [&](const Corner& here) { return std::min(here.gives - here.off - due, here.base - alone); };
    found.clear = static_cast<double>(first_corner(point_before(found.tie), is_clear).g);
    const Corner tie = corner_at(found.tie);
    found.tie_gives = tie.base < alone && smaller_gives(tie.base, true) > due ? tie.gives + tie.off : due;
    found.top = static_cast<double>(top), found.sure_top = static_cast<double>(sure_top);
    found.first = std::min(found.first, found.tie);
    return found;
  }
  /// Where, between performance g-1 and g, the specialist begins or ceases to add something.
  double kink(std::size_t g) const {
    const auto slope = [&](std::size_t k) {
      return -pull(k) * lane_of(table.bend[k], lane) * lane_of(table.its_power, lane) * alpha(k) *
             lane_of(table.step, lane);
    };
    const double first_cost = lane_of(table.its_first_cost, lane), sign = rides(g - 1) ? 1 : -1;
    const auto left = [&](double pulled) { return sign * (pulled - first_cost); };
    const double t = crossing(0, left(pull(g - 1)), left(pull(g)),
                              [&](double at) { return left(cubic(at, pull(g - 1), pull(g), slope(g - 1), slope(g))); });
    return static_cast<double>(g - 1) + t;
  }

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
