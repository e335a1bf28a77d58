// SPDX-License-Identifier: MIT
// What a bargain maximises along the shares: its value, its slope, and what rounding may make of it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/share_search.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double least_rounding = 1e-15;
constexpr double jump_room = 4;         ///< by how much more a specialist's gain may be than its ends have it
constexpr double relative_tie = 1e-11;  ///< of a measure, in its own parts: what is lost to a tie if rounding is not it

}  // namespace

Aim::Rated Aim::operator()(const ShareLook& l) const {
  Rated r = measured(l);
  const double magnitude = kind == Kind::product ? 1 : std::abs(r.value);
  const double least = kind == Kind::product ? r.tie : least_rounding * r.size;
  r.tie = std::max(least, std::min(rounding * r.size, relative_tie * magnitude));
  return r;
}

Aim::Rated Aim::measured(const ShareLook& l) const {
  Rated r{0, 0, 0, 0, l.deal};
  if (kind == Kind::clearance) return {l.clearance, l.clearance_slope, l.money, 0, l.clearance > -infinite};
  if (!l.deal) return r;
  switch (kind) {
    case Kind::gains:
      for (std::size_t j = 0; j < weight.size(); ++j) {
        r.value += weight[j] * l.gain[j];
        r.slope += weight[j] * l.slope[j];
        r.size += weight[j] * l.size[j];
      }
      break;
    case Kind::product:
      for (std::size_t j = 0; j < weight.size(); ++j) {
        if (!(weight[j] > 0)) continue;
        const double gain = l.gain[j] > least_rounding * l.size[j] ? l.gain[j] : 0;
        r.value += weight[j] * std::log(gain);
        r.slope += weight[j] * l.slope[j] / gain;
        // Rounding can make no more of a gain than itself: what it could add to a gain of next to nothing is bounded.
        r.size += weight[j] * (1 + std::log1p(rounding * l.size[j] / gain) / rounding);
        r.tie += weight[j] * (least_rounding + std::log1p(least_rounding * l.size[j] / gain));
      }
      if (!(r.value > -infinite)) r.value = -infinite, r.slope = 0, r.size = r.tie = 0;
      break;
    case Kind::least:
      r.value = infinite;
      for (std::size_t j = 0; j < weight.size(); ++j) {
        if (!(weight[j] > 0) || !(weight[j] * l.gain[j] < r.value)) continue;
        r.value = weight[j] * l.gain[j];
        r.slope = weight[j] * l.slope[j];
        r.size = weight[j] * l.size[j];
        r.binding = j;
      }
      if (r.value == infinite) r.value = 0;
      break;
    case Kind::performance:
      r.value = r.size = l.performance;
      r.slope = l.performance_slope;
      break;
    case Kind::share:
      r.value = l.y;
      r.slope = 1;
      r.size = std::min(std::abs(l.y), 1.0);
      break;
    case Kind::clearance:
      break;
  }
  if (before != nullptr) {
    const Rated first = (*before)(l);
    r.admissible = first.admissible && first.value >= least_before;
  }
  return r;
}

double Aim::most_product(const ShareLook& l, const ShareLook& r) const {
  const double h = r.y - l.y;
  double most = 0;
  for (std::size_t j = 0; j < weight.size(); ++j) {
    if (!(weight[j] > 0)) continue;
    double gain = std::max(l.gain[j] + h * std::max(l.slope[j], 0.0), r.gain[j] + h * std::max(-r.slope[j], 0.0));
    if (j > 0) gain *= jump_room;  // the generalist's has no jumps along the shares
    most += weight[j] * std::log(gain + 0.2 * h * (std::abs(l.slope[j]) + std::abs(r.slope[j])));
  }
  return most;
}

}  // namespace haggle::fine_tuning
