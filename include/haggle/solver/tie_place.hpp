// SPDX-License-Identifier: MIT
// Where at a share the generalist invests until its one specialist, whose revenue is S-shaped, would as soon work as do
// little or nothing: both answers are maxima of its utility, and worth the same.
#pragma once
#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

/// What a specialist's investment costs it: the first bit, and beyond that marginal costs e^ln_at_one x^exponent.
template <class Real>
struct Labour {
  Labour(const Function<Real>& cost, Real first) : first_cost(first) {
    const MarginalPower<Real> power = marginal_power(cost, first);
    exponent = power.exponent, ln_at_one = power.ln_at_one;
  }
  Real first_cost, exponent, ln_at_one;
};

template <class Real>
struct TiePlace {
  using Mask = mask_t<Real>;

  Real b{}, z{}, y{};                    ///< logarithms of α₀ and of both answers, of x and of the smaller one
  Real b_slope{}, z_slope{}, y_slope{};  ///< by v = logit δ
  Real own{}, its{}, own_slope{}, its_slope{};  ///< utilities, gross of what is fixed
  Real performance{}, revenue{};
  Mask found{};
  Mask pays{};  ///< the generalist would rather invest less: nothing but its specialist's work holds it there

  /// From `b`, `z` and `y` near it on. `good`: the last step.
  void find(const Play<Real>& play, const Labour<Real>& labour, Real v, Mask wanted, double good, int most_steps) {
    const Real zero(0.0), one(1.0), e = exp(-abs(v)), near = one / (one + e), far = e * near;
    share = select(v > zero, near, far), rest = select(v > zero, far, near);
    found = pays = one < zero;
    Mask active = wanted;
    for (int k = 0; k < most_steps && any(active); ++k) {
      look(play, labour);
      const Real lacks =
          fma(rest, smaller.revenue.value - larger.revenue.value, larger.cost.value - smaller.cost.value);
      const Real b_step = limited(lacks / (rest * a0 * (larger.revenue.slope - smaller.revenue.slope)));
      const auto step = [&](const Answer& at) { return limited(-fma(at.by_b, b_step, at.miss) / at.by_own); };
      const Real z_step = step(larger), y_step = select(rides, zero, step(smaller));
      b = select(active, b + b_step, b), z = select(active, z + z_step, z), y = select(active, y + y_step, y);
      const Mask there = active & (max(max(abs(b_step), abs(z_step)), abs(y_step)) < Real(good));
      found = found | there, active = active & !there;
    }
    look(play, labour);
    move(play, labour.first_cost);
  }

  Real share{}, rest{};

 private:
  /// Of the specialist, at α₀: its condition, by its logarithm and that of α₀.
  struct Answer {
    Real x, pull;
    Jet<Real> revenue, cost;
    Real miss, by_own, by_b;
  };

  void look(const Play<Real>& play, const Labour<Real>& labour) {
    const Real zero(0.0), tiny(1e-300);
    const Specialist<Real>& side = play.specialists.front();
    a0 = exp(b);
    const Jet<Real> alone = side.revenue(a0);
    const Real first = rest * alone.slope - labour.first_cost;
    rides = !(first > zero);
    // Marginal revenue rises with the smaller answer, so that it is no less than this.
    y = max(y, select(rides, y, (log(max(first, tiny)) - labour.ln_at_one) / labour.exponent));
    const auto answer = [&](Real ln_x) {
      Answer at;
      at.x = exp(ln_x);
      at.revenue = side.revenue(a0 + at.x), at.cost = side.cost(at.x, ln_x);
      at.pull = rest * at.revenue.slope;
      const Real left = max(at.pull - labour.first_cost, tiny), paid = max(at.cost.slope - labour.first_cost, tiny);
      const Real bent = rest * at.revenue.curvature / left;
      at.miss = log(left / paid), at.by_b = a0 * bent, at.by_own = at.x * (bent - at.cost.curvature / paid);
      return at;
    };
    larger = answer(z), smaller = answer(y);
    if (!any(rides)) return;
    const auto nothing = [&](Real& of, Real value) { of = select(rides, value, of); };
    nothing(smaller.x, zero), nothing(smaller.cost.value, zero), nothing(smaller.pull, rest * alone.slope);
    nothing(smaller.revenue.value, alone.value), nothing(smaller.revenue.slope, alone.slope);
  }

  /// Utilities, and what all that does as the share moves.
  void move(const Play<Real>& play, Real first_cost) {
    const Real zero(0.0);
    const Jet<Real> cost = play.cost(a0, b), &r = larger.revenue;
    const Real steeper = larger.revenue.slope - smaller.revenue.slope, h = share * rest;
    b_slope = share * (larger.revenue.value - smaller.revenue.value) / (steeper * a0);
    const auto moves = [&](const Answer& at) {
      const Real by_v = -share * at.pull / (at.pull - first_cost);
      return -fma(at.by_b, b_slope, by_v) / at.by_own;
    };
    z_slope = moves(larger), y_slope = select(rides, zero, moves(smaller));
    own = fma(share, r.value, -cost.value), its = fma(rest, r.value, -larger.cost.value);
    own_slope = fma(h, r.value, share * r.slope * fma(larger.x, z_slope, a0 * b_slope)) - cost.slope * a0 * b_slope;
    its_slope = fma(larger.pull * a0, b_slope, -h * r.value);
    performance = a0 + larger.x, revenue = r.value;
    const Real passed = a0 - larger.x * larger.by_b / larger.by_own;  // dα/db
    pays = found & (share * r.slope * passed < cost.slope * a0);
    found = found & (steeper > zero) & (larger.by_own < zero) & (rides | (smaller.by_own < zero)) &
            (larger.x > Real(1.01) * smaller.x) & (larger.pull > first_cost);
    pays = pays & found;
  }
  static Real limited(Real step) { return max(min(step, Real(1.0)), Real(-1.0)); }

  Real a0{};
  Answer larger{}, smaller{};
  Mask rides{};  ///< the smaller answer is nothing
};

}  // namespace haggle::fine_tuning
