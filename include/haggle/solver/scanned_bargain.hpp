// SPDX-License-Identifier: MIT
// The second path: bargains with zero outside options that have several local maxima or end at a corner.
#pragma once
#include "haggle/solver/certified_bargain.hpp"
#include "haggle/solver/stationary_scan.hpp"
#include "haggle/solver/surplus_curve.hpp"

namespace haggle::power_law {

/// The best of what has been offered, by an objective's value. Ties go to the larger surplus, then the larger share.
template <class Real>
struct Best {
  Solved<Real> solved;
  Real value;
  mask_t<Real> found;

  explicit Best(const Solved<Real>& any_outcome)
      : solved(any_outcome), value(-infinity<Real>()), found(any_outcome.share != any_outcome.share) {}

  void offer(const Solved<Real>& other, Real other_value, mask_t<Real> here) {
    const Real surplus = solved.generalist_utility + solved.specialist_utility;
    const Real other_surplus = other.generalist_utility + other.specialist_utility;
    const mask_t<Real> better = (other_value > value) | ((other_value == value) & (other_surplus > surplus)) |
                                ((other_value == value) & (other_surplus == surplus) & (other.share > solved.share));
    const mask_t<Real> take = here & ((!found) | better);
    solved = choose(take, other, solved);
    value = select(take, other_value, value);
    found = found | take;
  }
};

/// All local maxima of one objective along the equilibria, as outcomes.
template <class Real>
struct Maxima {
  std::array<Solved<Real>, 2> inside;
  std::array<mask_t<Real>, 2> here;
  mask_t<Real> at_full_share, at_no_share, complete;
};

template <class Real, class Stationary>
Maxima<Real> maxima_of(const Reduction<Real>& r, const Stationary& stationary, mask_t<Real> wanted) {
  const Peaks<Real> peaks = NetScan<Stationary>(stationary)(wanted);
  Maxima<Real> m{{outcome_at(r, stationary, peaks.inside[0].y), outcome_at(r, stationary, peaks.inside[1].y)},
                 {peaks.inside[0].converged, peaks.inside[1].converged},
                 peaks.at_full_share,
                 peaks.at_no_share,
                 peaks.complete};
  for (int k = 0; k < 2; ++k)
    m.complete = m.complete & ((!m.here[k]) | (m.inside[k].residual <= Real(certified_residual)));
  return m;
}

template <Solution S, class Real>
Certified<Real> scanned_bargain(const Game<Real>& g, const Reduction<Real>& r, mask_t<Real> wanted) {
  const Real zero(0.0), one(1.0);
  const Real to_generalist = g.weight, to_specialist = one - g.weight;
  const mask_t<Real> every = zero <= zero;
  mask_t<Real> simple = wanted & (g.generalist_outside == zero) & (g.specialist_outside == zero) & r.single_peaked();
  const Solved<Real> idle = idle_outcome(r), alone = alone_outcome(r);
  Best<Real> best(idle);

  const auto offer_all = [&](const Maxima<Real>& m, auto value) {
    for (int k = 0; k < 2; ++k) best.offer(m.inside[k], value(m.inside[k]), m.here[k]);
    best.offer(idle, value(idle), m.at_no_share);
    best.offer(alone, value(alone), m.at_full_share);
    simple = simple & m.complete;
  };
  const auto powerful = [&](double generalist) {
    const auto curve = nash_curve(r, Real(generalist), Real(1.0 - generalist));
    return maxima_of(r, StationaryShare<Real, 5>{r, curve}, simple);
  };
  // max min of two functions: at a maximum of either, or where they meet.
  const auto level = [&](Real generalist_unit, Real specialist_unit, const Maxima<Real>& of_g,
                         const Maxima<Real>& of_d) {
    const auto value = [&](const Solved<Real>& s) {
      return min(s.generalist_utility / generalist_unit, s.specialist_utility / specialist_unit);
    };
    const auto curve = ratio_curve(r, generalist_unit / specialist_unit);
    const Maxima<Real> meeting = maxima_of(r, StationaryShare<Real, 3>{r, curve}, simple);
    offer_all(meeting, value);
    offer_all(of_g, value);
    offer_all(of_d, value);
    // They always meet somewhere; next to a corner the scan can't see where.
    simple = simple & (!meeting.at_full_share) & (!meeting.at_no_share);
  };

  if constexpr (S == Solution::nash) {
    const auto curve = nash_curve(r, to_generalist, to_specialist);
    offer_all(maxima_of(r, StationaryShare<Real, 5>{r, curve}, simple), [&](const Solved<Real>& s) {
      const auto term = [&](Real weight, Real utility) { return select(weight > zero, weight * log(utility), zero); };
      return term(to_generalist, s.generalist_utility) + term(to_specialist, s.specialist_utility);
    });
  } else if constexpr (S == Solution::powerful_generalist) {
    offer_all(powerful(1.0), [](const Solved<Real>& s) { return s.generalist_utility; });
  } else if constexpr (S == Solution::powerful_specialist) {
    offer_all(powerful(0.0), [](const Solved<Real>& s) { return s.specialist_utility; });
  } else if constexpr (S == Solution::max_performance) {
    const auto curve = performance_curve(r);
    offer_all(maxima_of(r, StationaryShare<Real, 3>{r, curve}, simple),
              [](const Solved<Real>& s) { return s.performance; });
  } else if constexpr (S == Solution::utilitarian) {
    offer_all(maxima_of(r, SurplusShare<Real>{r, to_generalist, to_specialist}, simple), [&](const Solved<Real>& s) {
      return to_generalist * s.generalist_utility + to_specialist * s.specialist_utility;
    });
  } else {
    static_assert(S == Solution::egalitarian || S == Solution::kalai_smorodinsky);
    simple = simple & (to_generalist > zero) & (to_specialist > zero);
    const Maxima<Real> of_g = powerful(1.0), of_d = powerful(0.0);
    Real unit_g = to_generalist, unit_d = to_specialist;
    if constexpr (S == Solution::kalai_smorodinsky) {
      Best<Real> ideal_g(idle), ideal_d(idle);
      for (int k = 0; k < 2; ++k) {
        ideal_g.offer(of_g.inside[k], of_g.inside[k].generalist_utility, of_g.here[k]);
        ideal_d.offer(of_d.inside[k], of_d.inside[k].specialist_utility, of_d.here[k]);
      }
      ideal_g.offer(alone, alone.generalist_utility, every);
      ideal_d.offer(idle, idle.specialist_utility, every);
      unit_g = unit_g * ideal_g.value;
      unit_d = unit_d * ideal_d.value;
    }
    level(unit_g, unit_d, of_g, of_d);
  }
  // Of offers that are all -∞ none is the best: the bargain is nearer to a corner than the scan can tell.
  const Real least(1e-290), largest = max(idle.revenue, alone.revenue);
  const mask_t<Real> settled = simple & best.found & (best.value > -infinity<Real>()) & (largest > least);
  return {best.solved, settled};
}

}  // namespace haggle::power_law
