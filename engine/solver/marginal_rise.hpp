// SPDX-License-Identifier: MIT
// How steeply the generalist's marginal revenue rises with its investment, over a whole range of it.
#pragma once
#include "solver/reply.hpp"

namespace haggle::fine_tuning {

/// All values between two.
struct Interval {
  double low, high;
};

/// The range of the elasticity in α₀ of r'(α) α', which a specialist brings, between two of its replies, to `base` and
/// to a higher `until`, with no jump and no beginning or end of its investment between them. -∞ to ∞: not known.
/// Functions must be of a named family, revenue convex up to the higher reply's performance, unless it rides free.
Interval marginal_rise(const Replier& replier, const Reply& at_base, const Reply& at_until, double base, double until);

/// Where revenue is concave, the range between two replies of κ/b, κ over the elasticity of marginal revenue: φ'/φ'' at
/// x, over α. The left one is a contribution, the right one may have ceased to be one.
Interval held_back(const Replier& replier, const Reply& left, const Reply& right);

}  // namespace haggle::fine_tuning
