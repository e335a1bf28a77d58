// SPDX-License-Identifier: MIT
// Between which investments stage 1 is played: where specialists enter, and beyond what nothing pays.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double highest_t = 690;  ///< of ln α₀
constexpr double flat = 1e-6;  ///< a utility that changes less, relative, over an e-fold of α₀ has rounding's roots

}  // namespace

/// An investment from which on costs exceed all that the generalist could have: every revenue whole, of specialists
/// that have theirs whole, too; or, where shares are fixed, its own part of what they make of theirs.
double StageOne::find_reach(std::span<const Share> fixed) {
  for (std::size_t i = 0; i < repliers_.size(); ++i) repliers_[i].at_share(fixed.empty() ? 1 : fixed[i].specialist);
  double t = 0, step = 1;
  bool falling = false;
  for (int i = 0; i < 2000; ++i) {
    const double a = std::exp(t);
    const Elastic cost = elastic_at(game_->cost, a);
    double revenue = 0, marginal = 0;
    bool settled = true;
    for (std::size_t k = 0; k < repliers_.size(); ++k) {
      const Replier& replier = repliers_[k];
      const double part = fixed.empty() ? 1 : fixed[k].generalist;
      if (part == 0) continue;
      const Reply reply = replier(a);
      revenue += part * reply.revenue;
      // Who contributes less further on holds less of it back.
      marginal += part * reply.slope * std::max(1.0, reply.by_base);
      const bool concave = !(a < replier.convex_until());
      if (!concave && !replier.is_opaque() && replier.convex_until() == infinite)
        settled = settled && 1 + reply.bend < 1 + cost.bend && (reply.investment == 0 || reply.bend < reply.cost_bend);
      else if (!concave && !replier.is_opaque())
        settled = false;
    }
    const bool beyond = revenue < cost.value;
    if (beyond && settled && marginal < cost.slope) {
      if (falling || revenue > 1e-3 * cost.value || t < -600) return a;
      t -= step;  // far beyond: nearer will do
      if (revenue > 1e-3 * cost.value) falling = true;
    } else {
      falling = true;
      t += step;
    }
    step = std::min(step * 1.5, 20.0);
    if (falling && beyond) step = std::min(step, 2.0);
    if (t > highest_t) return infinite;
  }
  return infinite;
}

/// The smallest α₀ at which specialist i takes part; infinite: none within reach.
double StageOne::threshold(std::size_t i, double before) {
  const Specialist<double>& s = game_->specialists[i];
  const Replier& replier = repliers_[i];
  const double target = s.outside + s.fixed;
  if (target <= 0) return 0;
  const auto reaches = [&](const Reply& r) {
    return r.utility >= target - 4e-16 * (std::abs(s.outside) + s.fixed + replier.rest() * r.revenue);
  };
  const Reply alone = replier(0);
  if (reaches(alone)) return 0;
  if (replier.rest() == 0) return infinite;
  if (!reaches(replier(reach_))) return infinite;
  double low = std::log(smallest_argument), high = std::log(reach_);
  const auto first_that_reaches = [&](double enough) {
    double lacks = std::log(smallest_argument);
    for (double t = 0.5 * (lacks + enough); t > lacks && t < enough; t = 0.5 * (lacks + enough), ++work_)
      (reaches(replier(std::exp(t))) ? enough : lacks) = t;
    return std::exp(enough);
  };
  double t = before > 0 && before < reach_ ? std::log(before) : 0.5 * (high + std::max(low, high - 6));
  double guess = alone.investment;
  for (int step = 0; step < 400 && high - low > 1e-16 * std::max(1.0, std::abs(t)); ++step) {
    const double a = std::exp(t);
    const Reply r = replier(a, guess);
    guess = r.investment;
    ++work_;
    const double gap = r.utility - target, slope = replier.rest() * r.slope;
    (gap >= 0 ? high : low) = t;
    // By ln V where V grows like a power of α₀, else by V.
    double next = 0.5 * (low + high);
    if (slope > 0 && step % 8 != 7) {
      const double by_value = a - gap / slope;
      const double guess_t = alone.utility > 0.3 * target && by_value > 0
                                 ? std::log(by_value)
                                 : t - std::log(r.utility / target) * r.utility / (a * slope);
      if (guess_t >= low && guess_t <= high) next = guess_t;
    }
    const bool last = std::abs(next - t) <= 2e-16 * std::max(1.0, std::abs(t));
    if (last && a * slope < flat * (target + std::abs(s.outside))) return first_that_reaches(high);
    t = next;
    if (last) break;
  }
  return std::exp(t);
}

}  // namespace haggle::fine_tuning
