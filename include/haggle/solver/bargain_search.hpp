// SPDX-License-Identifier: MIT
// The robust path: the global maximum of a bargain's objective along all equilibria, outside options, jumps and corners
// included. Slower than bargain_newton.hpp by an order of magnitude, and assumes nothing but the curve.
#pragma once
#include <array>

#include "haggle/solver/objective.hpp"

namespace haggle::power_law {

/// The search looks at shares between 1e-16 and 1-1e-16; what lies beyond is the corner itself, unless a player has a
/// positive outside option: then that far beyond the share that is worth the option.
inline constexpr double share_reach = 36.0;
/// Between two looks neither logit moves by more than about this where it matters (wider steps far out, where all is
/// flat).
inline constexpr double look_step = 0.5;
/// Windows narrower than this part of a step can be missed.
inline constexpr double finest_look = 1e-4;
inline constexpr int most_looks = 2000;
inline constexpr int most_refinements = 160;

/// Where the best share is.
template <class Real>
struct Found {
  Real y, v;  ///< meaningless at a corner
  Real value;
  mask_t<Real> found;
  mask_t<Real> all_to_generalist, all_to_specialist;  ///< δ = 1, δ = 0
  mask_t<Real> flat;     ///< the objective is the same, within rounding, wherever it was looked at
  mask_t<Real> settled;  ///< the last bracket closed
};

template <class Real, Solution S>
class BargainSearch {
 public:
  using Mask = mask_t<Real>;

  BargainSearch(const EquilibriumCurve<Real>& equilibria, const Objective<Real, S>& aim)
      : curve(equilibria), objective(aim) {}

  /// Lanes outside `wanted` come back not found. `landmarks`: places that must be looked at, infinite: none.
  Found<Real> operator()(Mask wanted, const std::array<Real, 2>& landmarks) const {
    const Real zero(0.0), none = -infinity<Real>();
    const Real middle = select(curve.two_peaked, Real(0.5) * (curve.fold_low + curve.fold_high), infinity<Real>());
    const Cell empty{zero, zero, zero, zero, wanted, zero, zero, none};
    std::array<Cell, 2> best{empty, empty};
    const Mask never = zero > zero;
    Found<Real> result{zero, zero, none, never, never, never, never, never};
    Real least = infinity<Real>();

    const Real to_full = reach(objective.g.specialist_outside), to_none = reach(objective.g.generalist_outside);
    Look last = look(curve.left_end(to_full), to_full);
    keep_end(best, wanted & (!(last.slope > zero)), last);
    Mask active = wanted;
    Real fence = infinity<Real>();  // the nearest place known to be of another regime
    for (int i = 0; i < most_looks && any(active); ++i) {
      const Real y = last.point.y, v = last.point.v;
      const Real v_scale = max(Real(1.0) / (Real(1.0) + v * v * Real(1.0 / 36.0)), Real(0.125));
      const Real y_scale = Real(1.0) / (Real(1.0) + y * y * Real(1.0 / 16.0));
      const Real v_slope = select(last.point.exists, abs(last.point.v_slope), zero);
      const Real step = Real(look_step) / fma(v_slope, v_scale, y_scale);
      const Mask close = fence - y <= max(Real(finest_look) * step, Real(1e-7) * (Real(1.0) + abs(y)));
      Real next = select(close, fence, min(y + step, Real(0.5) * (y + fence)));
      next = max(next, y + Real(1e-13) * (Real(1.0) + abs(y)));
      next = select((y < middle) & (next > middle), middle, next);
      for (const Real& mark : landmarks) next = select((y < mark) & (next > mark), mark, next);
      const Look now = look(next, v + select(last.point.exists, last.point.v_slope, zero) * (next - y));
      // A change of regime is closed in on first, lest a narrow window between two changes be stepped over; so is a
      // window that neither end shows.
      const Mask changed = (now.regime != last.regime) | hides_window(last, now, next - y);
      const Mask retry = active & changed & (!close);
      fence = select(retry, next, select(changed | close, infinity<Real>(), fence));
      const Mask accept = active & (!retry);
      const Mask peak = last.admissible & now.admissible & (last.slope > zero) & (!(now.slope > zero));
      const Mask right_edge = last.admissible & (!now.admissible) & (last.slope >= zero);
      const Mask left_edge = (!last.admissible) & now.admissible & (now.slope <= zero);
      const Mask from_now = left_edge | (peak & (now.value > last.value));
      keep(best, accept & (peak | right_edge | left_edge),
           Cell{y, next, select(left_edge, none, last.slope), select(right_edge, none, now.slope), left_edge,
                select(from_now, next, y), select(from_now, now.point.v, v), select(from_now, now.value, last.value)});
      const Mask past = (now.point.v < -to_none) | (next > Real(1e10));
      last = take(accept, now, last);
      least = select(accept & now.admissible, min(least, now.value), least);
      active = active & (!(accept & past));
    }
    result.settled = wanted & (!active);
    keep_end(best, result.settled & (!(last.slope < zero)), last);
    for (const Cell& cell : best) merge(result, refine(cell, wanted & (cell.value > none)));
    // Next to a corner the slope can vanish in rounding, so corners are compared by value, and a tie goes to the
    // corner.
    const Judgement<Real> idle = objective(curve.idle()), alone = objective(curve.alone());
    const auto corner = [&](const Judgement<Real>& j) {
      const Mask wins = wanted & j.admissible & ((!result.found) | (j.value >= result.value - Real(tie) * j.size));
      result.value = select(wins, j.value, result.value);
      result.found = result.found | wins;
      result.settled = result.settled | wins;
      return wins;
    };
    result.all_to_specialist = corner(idle);
    result.all_to_generalist = corner(alone);
    result.all_to_specialist = result.all_to_specialist & (!result.all_to_generalist);
    result.flat = result.found & (result.value - least <= Real(1e-12) * abs(result.value));
    return result;
  }

 private:
  /// One place looked at.
  struct Look {
    CurvePoint<Real> point;
    Real value, slope;
    Real clearance, clearance_slope;  ///< the generalist's
    Mask admissible;
    Real regime;  ///< tells apart: exists or not, held or not, admissible or not
  };
  /// A bracket that holds a local maximum: slopes of opposite sign, or an edge of what is admissible.
  struct Cell {
    Real low, high, low_slope, high_slope;
    Mask edge_on_left;
    Real y, v, value;  ///< its better admissible end
  };

  static Real reach(Real outside) {
    const Real one(1.0);
    return Real(share_reach) - log(select(outside > Real(0.0), min(outside, one), one));
  }

  Look look(Real y, Real v_guess) const {
    Look l;
    l.point = curve.at(y, v_guess);
    const Judgement<Real> j = objective(l.point);
    l.value = j.value;
    l.slope = j.slope;
    l.clearance = j.clearance;
    l.clearance_slope = j.clearance_slope;
    l.admissible = j.admissible;
    if (any(l.admissible & curve.two_peaked)) l.admissible = l.admissible & curve.is_global(l.point);
    const Real zero(0.0);
    l.regime = select(l.point.exists, Real(1.0), zero) + select(l.point.held, Real(2.0), zero) +
               select(l.admissible, Real(4.0), zero);
    return l;
  }

  /// What decides the regime is on the same side of zero at both ends, but from both goes towards it, and the tangents
  /// meet on the other side, or nearly.
  static Mask dips(Real a, Real a_slope, Real b, Real b_slope, Real width) {
    const Real zero(0.0), one(1.0);
    const Real side = select(a > zero, one, -one);
    a = side * a, b = side * b, a_slope = side * a_slope, b_slope = side * b_slope;
    const Mask bent = (a > zero) & (b > zero) & (a_slope < zero) & (b_slope > zero);
    const Real to_meeting = (b - a - b_slope * width) / (a_slope - b_slope);
    return bent & (a + a_slope * to_meeting < Real(0.25) * min(a, b));
  }

  static Mask hides_window(const Look& a, const Look& b, Real width) {
    return (a.point.exists & b.point.exists) &
           (dips(a.point.clearance, a.point.clearance_slope, b.point.clearance, b.point.clearance_slope, width) |
            dips(a.clearance, a.clearance_slope, b.clearance, b.clearance_slope, width));
  }

  static Look take(Mask mask, const Look& a, const Look& b) {
    return {EquilibriumCurve<Real>::choose(mask, a.point, b.point),
            select(mask, a.value, b.value),
            select(mask, a.slope, b.slope),
            select(mask, a.clearance, b.clearance),
            select(mask, a.clearance_slope, b.clearance_slope),
            select_mask(mask, a.admissible, b.admissible),
            select(mask, a.regime, b.regime)};
  }

  static Cell pick(Mask mask, const Cell& a, const Cell& b) {
    return {select(mask, a.low, b.low),
            select(mask, a.high, b.high),
            select(mask, a.low_slope, b.low_slope),
            select(mask, a.high_slope, b.high_slope),
            select_mask(mask, a.edge_on_left, b.edge_on_left),
            select(mask, a.y, b.y),
            select(mask, a.v, b.v),
            select(mask, a.value, b.value)};
  }

  /// Keeps the two most promising cells, by the better of their ends.
  static void keep(std::array<Cell, 2>& best, Mask mask, const Cell& cell) {
    if (!any(mask)) return;
    const Mask first = mask & (cell.value > best[0].value);
    const Mask second = mask & (!first) & (cell.value > best[1].value);
    best[1] = pick(first, best[0], pick(second, cell, best[1]));
    best[0] = pick(first, cell, best[0]);
  }

  /// The walk's ends stand for all that lies beyond: where a corner itself is not admissible, since it leaves a player
  /// nothing and the player has something else, the best share can be nearer to it than the walk goes.
  void keep_end(std::array<Cell, 2>& best, Mask mask, const Look& end) const {
    const Real zero(0.0);
    keep(best, mask & end.admissible,
         Cell{end.point.y, end.point.y, zero, zero, mask, end.point.y, end.point.v, end.value});
  }

  /// Closes a bracket on the sign of the slope: a secant step where both ends are smooth, else bisection.
  Found<Real> refine(const Cell& cell, Mask wanted) const {
    const Real zero(0.0), none = -infinity<Real>();
    Real low = cell.low, high = cell.high, low_slope = cell.low_slope, high_slope = cell.high_slope;
    const Real too_narrow = Real(4e-15) * (Real(1.0) + max(abs(low), abs(high)));
    Mask active = wanted & (high - low > too_narrow);
    Real side = zero;
    Found<Real> found{cell.y, cell.v, cell.value, wanted, zero > zero, zero > zero, zero > zero, wanted};
    for (int i = 0; i < most_refinements && any(active); ++i) {
      const Real narrow = Real(1e-15) * (Real(1.0) + max(abs(low), abs(high)));
      const Real middle = Real(0.5) * (low + high);
      const Mask smooth = (low_slope > zero) & (high_slope < zero) & (high_slope > none);
      Real y = select(smooth, (low * high_slope - high * low_slope) / (high_slope - low_slope), middle);
      y = select((y > low) & (y < high), y, middle);
      if (i % 3 == 2) y = middle;
      y = min(max(y, low + narrow), high - narrow);
      const Look now = look(y, found.v);
      // The last admissible place is an end of the bracket: the one it closes from, or either of a smooth peak's.
      const Mask good = active & now.admissible;
      found.y = select(good, y, found.y);
      found.v = select(good, now.point.v, found.v);
      found.value = select(good, now.value, found.value);
      const Mask right = active & select_mask(now.admissible, now.slope > zero, cell.edge_on_left);
      const Mask left = active & (!right);
      const Real slope = select(now.admissible, now.slope, none);
      // Illinois: an end that stays twice running counts half, so that both ends close in.
      high_slope = select(right & smooth & (side > zero), Real(0.5) * high_slope, high_slope);
      low_slope = select(left & smooth & (side < zero), Real(0.5) * low_slope, low_slope);
      low_slope = select(right, slope, low_slope);
      high_slope = select(left, slope, high_slope);
      low = select(right, y, low);
      high = select(left, y, high);
      side = select(right, Real(1.0), select(left, Real(-1.0), side));
      active = active & (high - low > Real(4.0) * narrow);
    }
    found.settled = wanted & (!active);
    return found;
  }

  static void merge(Found<Real>& best, const Found<Real>& other) {
    const Mask take = other.found & ((!best.found) | (other.value > best.value));
    best.y = select(take, other.y, best.y);
    best.v = select(take, other.v, best.v);
    best.value = select(take, other.value, best.value);
    best.found = best.found | take;
    best.settled = select_mask(take, best.settled & other.settled, best.settled);
  }

  const EquilibriumCurve<Real>& curve;
  const Objective<Real, S>& objective;
};

}  // namespace haggle::power_law
