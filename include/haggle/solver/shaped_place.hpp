// SPDX-License-Identifier: MIT
// What a place is that a walk along the shares of a game with one specialist has come to, whose revenue is S-shaped.
#pragma once
#include "haggle/solver/branch_walk.hpp"
#include "haggle/solver/is_choice.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class ShapedPlace {
 public:
  using Mask = mask_t<Real>;

  ShapedPlace(const Play<Real>& game, const FirstCosts<Real>& first)
      : walked(game, first.generalist, first.specialist), table_(game, first) {}

  BranchWalk<Real> walked;

 protected:
  using Known = typename RivalCells<Real, Points>::Known;

  Known around(Real place, Mask where) const {
    const Real none(0.0), width = close_by() / table_.step;
    return {select(where, place - width, none), select(where, place + width, none), walked.trace.at[0].rides};
  }
  Real place_of(Real ln_alpha) const { return (ln_alpha - table_.ln_alpha[0]) / table_.step; }
  /// Peaks so near, by ln α, are the one followed.
  Real close_by() const { return max(Real(1.5) * table_.step, Real(0.08)); }

  /// Free where a first bit of adaptation costs more than it brings, and only there.
  Mask rides_or_adds() const {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real slope = table_.side.revenue(c.performance).slope;
    return !differ(c.rides, t.rest * slope <= table_.its_first_cost);
  }

  /// Whether both do at the place what is best for them, next to it.
  Mask is_equilibrium() const {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Jet<Real> r = table_.side.revenue(c.performance);
    const Real x = c.performance - t.a0, pull = r.slope - table_.its_first_cost / t.rest;
    return (t.worst < Real(good_look)) & (t.second_order < Real(0.0)) &
           (c.rides | (table_.its_power * pull > x * r.curvature * Real(1.02))) & rides_or_adds();
  }

  /// α₀ where Newton's correction leads, to which utilities are right.
  Real corrected_base() const { return walked.trace.a0 * exp(walked.trace.b_fix); }
  /// And the specialist has no other answer to the generalist's investment, or riding free for one, which gives it
  /// less.
  Mask is_sure_answer() const {
    const Real zero(0.0);
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Jet<Real> alone = table_.side.revenue(corrected_base());
    const Real has = c.utility + table_.side.fixed, pull = t.rest * alone.slope;
    const Mask concave = alone.curvature <= zero;
    // Marginal revenue that rises ever more slowly, and begins above what a first bit costs, rises less steeply from
    // there than a marginal cost that is convex.
    const Mask single = (alone.third <= zero) & (table_.its_power >= Real(1.0)) & (pull >= table_.its_first_cost);
    const Mask rides_less = (pull < table_.its_first_cost) & (has > Real(1.001) * t.rest * alone.value);
    const Mask is_better = single | rides_less | (t.idle & (has > zero));
    return concave | ((!c.rides) & is_better);
  }

  PerformanceTable<Real, Points> table_;
};

}  // namespace haggle::fine_tuning
