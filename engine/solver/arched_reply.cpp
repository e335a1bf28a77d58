// SPDX-License-Identifier: MIT
// Where revenue is convex and adaptation costs a power: along the curve of stationary points (convex_reply.cpp) x'
// rises with performance up to a crest and then falls, which two edges at most make a stretch of.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/reply.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

/// Adds the stretches that are local maxima where x' only rises and then falls. Numbers tell revenue and x from some ln
/// α on only: below it x' is that of powers, and passes 1 nowhere that matters.
void Replier::find_stable_of_arch(const CurvePoint& start, const CurvePoint& end) {
  const Elastic r = elastic_at(s_->revenue, little_performance);
  const double of_value = (lowest + 30 - std::log(r.value)) / (r.bend + 1);
  const double of_investment = (power_ * (lowest + 1) + std::log(marginal_ / (rest_ * r.slope))) / r.bend;
  const double tells_from = std::log(little_performance) + std::max(of_value, of_investment);
  CurvePoint from = start;
  if (tells_from > start.v && tells_from < end.v) {
    from = curve_at(tells_from, lowest);
    if (from.rise < 1) add_stable(start, from);
  }
  if (crest_ > from.v && crest_ < end.v) {
    const CurvePoint top = curve_at(crest_, lowest);
    add_stable_part(from, top);
    from = top;
  }
  if (from.v < end.v) add_stable_part(from, end);
}

/// Where x' ceases to rise with performance: halving and the secant's. NaN: numbers do not tell.
double Replier::crest() const {
  const auto level = [](const CurvePoint& p) {
    return p.steepens == -infinite ? -1 : p.steepens / (1 + std::abs(p.steepens));
  };
  double low = std::log(little_performance), high = std::min(std::log(convex_until_), highest);
  double at_low = level(curve_at(low, lowest)), at_high = level(curve_at(high, lowest));
  if (std::isnan(at_low + at_high)) return at_low + at_high;
  if (!(at_low > 0)) return low;
  for (int i = 0, side = 0; i < 100 && high - low > 1e-9; ++i) {
    double v = i % 4 == 3 ? 0.5 * (low + high) : low + (high - low) * at_low / (at_low - at_high);
    if (!(v > low && v < high)) v = 0.5 * (low + high);
    const double at = level(curve_at(v, lowest));
    if (std::isnan(at)) return at;
    if (at > 0) {
      if (side > 0) at_high *= 0.5;
      low = v, at_low = at, side = 1;
    } else {
      if (side < 0) at_low *= 0.5;
      high = v, at_high = at, side = -1;
    }
  }
  return low;
}

}  // namespace haggle::fine_tuning
