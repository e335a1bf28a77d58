// SPDX-License-Identifier: MIT
// Which shares a walk looks at, and what can be between two neighbouring ones.
#pragma once
#include <cmath>
#include <span>

#include "haggle/solver/traced_aim.hpp"

namespace haggle::fine_tuning {

/// Shares to look at, as logits; closer together for the games that are not settled so.
inline constexpr std::array looked_at{-9.0, -5.5, -4.0, -2.9, -2.0, -1.2, -0.4, 0.4, 1.2, 2.0, 2.9, 4.0, 5.5, 9.0};
inline constexpr std::array looked_at_closely{-12.0, -10.0, -8.5,  -7.25, -6.25, -5.5, -4.9, -4.3, -3.8,  -3.3,
                                              -2.85, -2.45, -2.05, -1.7,  -1.35, -1.0, -0.7, -0.4, -0.12, 0.12,
                                              0.4,   0.7,   1.0,   1.35,  1.7,   2.05, 2.45, 2.85, 3.3,   3.8,
                                              4.3,   4.9,   5.5,   6.25,  7.25,  8.5,  10.0, 12.0};
/// Those, and the one in the middle between any two of them.
inline constexpr auto looked_at_very_closely = [] {
  std::array<double, 2 * looked_at_closely.size() - 1> all{};
  for (std::size_t j = 0; j < all.size(); ++j)
    all[j] = 0.5 * (looked_at_closely[j / 2] + looked_at_closely[(j + 1) / 2]);
  return all;
}();
/// From where on an end is as good as the end of all shares, to rounding.
inline constexpr double far_end = 30;
inline constexpr std::array looked_at_far{-30.0, -20.0, -13.5, -10.0, -8.0, -6.4, -5.1, -4.2, -3.4, -2.7,
                                          -2.1,  -1.55, -1.0,  -0.5,  0.0,  0.5,  1.0,  1.55, 2.1,  2.7,
                                          3.4,   4.2,   5.1,   6.4,   8.0,  10.0, 13.5, 20.0, 30.0};
/// Shares to look at, one after the other, and how far the tangents' last turn carries the next step.
struct Looks {
  std::span<const double> shares;
  std::array<double, looked_at_very_closely.size()>
      turns{};  ///< [j]: by step j+1 with all investments, relative to what tangents turned by step j

  /// Second derivatives of investments, by v, go with δ(1-δ): exactly so where the other side's investment is next to
  /// nothing, since marginal revenue is then proportional to δ or to 1-δ.
  explicit Looks(std::span<const double> logits);
};

/// `EquilibriumTrace::worst` that is good enough on the way, and what it can make of an aim's value.
inline constexpr double good_look = 0.1, look_error = 5e-3;

/// More of a turn between two places, and anything could be between them.
inline constexpr double most_bend = 0.6;

/// A player that by its tangent has nothing to gain over so many logits beyond the ends is taken to have none there.
inline constexpr double beyond = 3;

/// A place on the trace and how the equilibrium moves from it.
template <class Real>
struct Place {
  Real at, tangent, bend;

  Real after(Real h) const { return fma(h, fma(Real(0.5) * h, bend, tangent), at); }
};
template <class Real>
struct Places {
  Place<Real> base;
  std::array<Place<Real>, most_specialists> contributions;
};

/// Between two shares.
template <class Real>
struct Bracket {
  Real low, high, low_slope, high_slope;
  Real mean_slope;  ///< from end to end
  Real value;       ///< the better end's
  Real most;        ///< more than any share between them is worth
};

/// What the best between two neighbouring places can be.
template <class Real>
struct CellBound {
  mask_t<Real> peak;     ///< there is one between them, which a search will find
  mask_t<Real> matters;  ///< what is between them may be better than they are
  mask_t<Real> neither;  ///< some player has nothing to gain at either of them,
  mask_t<Real> hidden;   ///< but all may have between them
  Real better;           ///< the better one's value
  Real most;             ///< more than any value between them

  /// h apart. `resolved`: all is smooth between them and nearly straight. `one_branch`: they are of one branch of
  /// equilibria, which otherwise changes between them. `begins`: there is a kink between, from where on the generalist
  /// invests. `error`: what their values may be off by.
  CellBound(const TracedAim<Real>& a, const TracedAim<Real>& b, Real h, mask_t<Real> resolved, mask_t<Real> one_branch,
            mask_t<Real> begins, Real error = Real(look_error)) {
    using Mask = mask_t<Real>;
    const Real zero(0.0), none = -infinity<Real>(), over = Real(1.0) / h;
    neither = !(a.admissible | b.admissible);
    const Mask both = a.admissible & b.admissible & one_branch;
    const Real left = select(a.admissible, a.value, none), right = select(b.admissible, b.value, none);
    better = max(left, right);
    // A concave stretch lies below its tangents. Where values and slopes don't fit a smooth rise or fall, anything
    // below the steeper tangents could be between.
    const Real from_left = select(a.admissible, fma(max(a.slope, zero), h, left), none);
    const Real from_right = select(b.admissible, fma(max(-b.slope, zero), h, right), none);
    const Real open = max(from_left, from_right);
    const Real crest = a.value + a.slope * (b.value - a.value - b.slope * h) / (a.slope - b.slope);
    const Real rise = (b.value - a.value) * over, steepest = Real(3.0) * abs(rise) + Real(1e-4);
    const Mask valley = (a.slope < zero) & (b.slope > zero);
    const Mask gentle =
        (abs(a.slope) <= steepest) & (abs(b.slope) <= steepest) & (a.slope * rise >= zero) & (b.slope * rise >= zero);
    const Mask concave = (a.slope >= rise) & (rise >= b.slope);
    const Mask convex = (a.slope <= rise) & (rise <= b.slope);
    const Mask straight = resolved & !begins;
    const Mask smooth = both & (gentle | concave | convex) & (!valley) & straight;
    const Mask turns = (a.slope > zero) & (!(b.slope > zero)) & !neither;
    // Of a kink upwards each side lies below the tangent at its own end.
    most = select(both & !begins, select(turns & concave, max(crest, better), select(smooth, better, open)), open);
    most = most + Real(0.25) * (most - better) + error;
    // A tangent says nothing of what turns from convex to concave on the way, let alone beyond a kink: both ends must
    // deny a gain, or one clearly.
    const Mask ahead = a.ahead >= h, behind = b.behind >= h, clearly = max(a.ahead, b.behind) >= Real(3.0) * h;
    const Mask blocked = neither & !begins & ((ahead & behind) | (one_branch & clearly));
    hidden = neither & !blocked;
    // What one end says of its own side says nothing of the kink's other side.
    const Mask unbounded = neither | (one_branch & !(resolved | begins)) | (begins & !(a.admissible & b.admissible));
    most = select(blocked, none, select(unbounded, infinity<Real>(), most));
    peak = turns & straight & one_branch;
    matters = (turns & one_branch) | !(smooth | blocked);
  }
};

}  // namespace haggle::fine_tuning
