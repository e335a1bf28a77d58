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
  double top, free, clear, first, tie, tie_gives;
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
  /// Beyond g, so that there are more than two answers to some α₀.
  bool folds_again(std::size_t g) const {
    while (g + 1 < points && !(base(g + 1) < base(g))) ++g;
    return g + 1 < points;
  }

  Answers answers(double dues) const {
    const double due = std::max(dues, 0.0);
    const std::size_t last = fold();
    const bool folds = last + 1 < points;
    std::size_t g = folds ? last + 1 : 0;
    while (folds && g + 1 < points && base(g + 1) <= base(g)) ++g;
    if (linear && folds && folds_again(g)) return {-1, 0, never, 0, never, infinity<double>()};
    Answers found{};
    found.free = place(g, [&](double, double gives, double) { return gives > due; });
    if (!folds) return {-1, found.free, found.free, found.free, found.free, due};
    std::size_t start = 0;
    while (start < last && !(base(start + 1) > 0)) ++start;
    // The last smaller answer is no further beyond the table's than this.
    const double alone = rides(last) ? alpha(last + 1) : 2 * base(last) - base(last + 1);
    std::size_t at = start;
    // What the smaller answer gives is convex in α₀: it lies below chords and above tangents.
    const auto smaller_gives = [&](double b, bool at_most) {
      const auto tangent = [&](std::size_t k) { return its(k) + pull(k) * (b - base(k)); };
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
    found.first = place(g, [&](double b, double gives, double off) {
      return gives + off > due && (b >= base(last) || gives + off > smaller_gives(b, false));
    });
    found.clear = place(g, [&](double b, double gives, double off) { return gives - off > due && b >= alone; });
    found.tie_gives = infinity<double>();
    found.tie = place(g, [&](double b, double gives, double off) {
      const double most = smaller_gives(b, true), other = b < alone ? std::max(most, due) : due;
      if (!(gives - off > other)) return false;
      found.tie_gives = most > due ? gives + off : due;
      return true;
    });
    found.top = static_cast<double>(last);
    found.first = std::min(found.first, found.tie);
    return found;
  }
  /// Where, between performance g-1 and g, the specialist begins or ceases to add something.
  double kink(std::size_t g) const {
    const auto slope = [&](std::size_t k) {
      return -pull(k) * lane_of(table.bend[k], lane) * lane_of(table.its_power, lane) * alpha(k) *
             lane_of(table.step, lane);
    };
    const double first_cost = lane_of(table.its_first_cost, lane);
    const bool begins = rides(g - 1);
    double low = 0, high = 1;
    for (int k = 0; k < halvings; ++k) {
      const double t = 0.5 * (low + high);
      ((cubic(t, pull(g - 1), pull(g), slope(g - 1), slope(g)) > first_cost) == begins ? high : low) = t;
    }
    return static_cast<double>(g - 1) + 0.5 * (low + high);
  }
  static constexpr int halvings = View::is_swift ? 10 : 14;
  /// From g on, the first that is wanted: wanted(α₀, what the specialist has, what that may be off by).
  template <class Wanted>
  double place(std::size_t g, Wanted wanted) const {
    const std::size_t lowest = g;
    while (g + 1 < points && !wanted(base(g), its(g), error(g))) ++g;
    if (g == lowest) return static_cast<double>(g);
    double low = 0, high = 1;
    for (int k = 0; k < halvings; ++k) {
      const double t = 0.5 * (low + high);
      const double b = cubic(t, base(g - 1), base(g), base_on(g - 1), base_on(g));
      const double gives = cubic(t, its(g - 1), its(g), pull(g - 1) * base_on(g - 1), pull(g) * base_on(g));
      (wanted(b, gives, error(g)) ? high : low) = t;
    }
    return static_cast<double>(g - 1) + high;
  }
};

}  // namespace haggle::fine_tuning
