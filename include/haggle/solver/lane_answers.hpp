// SPDX-License-Identifier: MIT
// What the specialist answers at one share, in one lane: which of a table's performances it would have.
#pragma once
#include <algorithm>
#include <utility>

#include "haggle/solver/lane_places.hpp"

namespace haggle::fine_tuning {

/// Places in the table, of a share: see ShareView.
struct Answers {
  double sure_top, top, free, clear, first, tie, tie_gives;
};

template <class View>
struct LaneAnswers : LanePlaces<View> {
  using Places = LanePlaces<View>;
  using Places::alpha, Places::base, Places::corner_at, Places::crossing, Places::first_corner, Places::its,
      Places::lane, Places::linear, Places::place, Places::place_from, Places::point_before, Places::pull, Places::rest,
      Places::rides, Places::table;
  using Places::never, Places::points;
  using typename Places::Corner;

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
};

}  // namespace haggle::fine_tuning
