// SPDX-License-Identifier: MIT
// Of a game with one specialist whose revenue is S-shaped: where a share can lead. At a share, performance α says all:
// the specialist's condition gives x with φ'(x) = (1-δ) r'(α), or none where the first bit costs more, and α₀ = α - x.
// Marginal costs being powers, and what a first bit costs, one table of performances serves all shares; where that is
// nothing, x is a number of α alone times (1-δ)^(1/K). Whatever the specialist answers is among them, and so is the
// equilibrium.
#pragma once
#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

/// What tells of a share where it can lead, of the game in each lane: Reals alone, so that lanes may be copied.
template <class Real, std::size_t Points>
struct PerformanceRows {
  using Mask = mask_t<Real>;
  static constexpr std::size_t points = Points;
  static constexpr double least = is_swift_v<Real> ? 1e-30 : 1e-60;  ///< what is positive is no less

  /// The generalist's, of α₀.
  Real cost_of(Real a) const {
    const Real one(1.0), exponent = power + one;
    const Real paid = exp(fma(exponent, log(max(a, Real(least))), ln_marginal)) / exponent;
    return select(a > Real(0.0), fma(first_cost, a, paid), Real(0.0));
  }
  /// Its marginal cost there, where it invests.
  Real marginal_cost(Real a, Real paid) const {
    return select(a > Real(0.0), (power + Real(1.0)) * paid / max(a, Real(least)) - power * first_cost, Real(0.0));
  }
  /// Below these performances the costs of both outgrow all revenue: whoever works has less than nothing. There revenue
  /// and marginal revenue rise as steeper powers of performance than here.
  Mask is_outgrown_below() const {
    const Real one(1.0), clearly(1e-3);
    const Real grows = alpha[0] * marginal[0] / revenue[0] - one - clearly,
               turns = -alpha[0] * bend[0] * its_power - clearly;
    // What the generalist's condition leaves of its share of revenue is less than none, if replies are stable: those
    // are no more than K/(dln r'/dln α) of performance.
    const Mask outgrown_it = (min(grows, turns) > its_power) & (adds[0] < alpha[0]);
    const Mask outgrown =
        outgrown_it & ((grows > power) | (turns * revenue[0] < (turns - its_power) * first_cost * alpha[0]));
    // Or the specialist adds nothing at all, and the generalist's costs are more than revenue.
    const Mask alone = (marginal[0] < its_first_cost) & (revenue[0] < first_cost * alpha[0]);
    const Mask outgrown_alone = (marginal[0] < its_first_cost) & (grows > power) & (revenue[0] < cost_of(alpha[0]));
    return outgrown | alone | outgrown_alone;
  }
  /// Or revenue there does not even pay somebody's dues.
  Mask start_dead() const { return is_outgrown_below() | (revenue[0] < max(max(due, its_due), Real(0.0))); }
  /// The specialist's first bit costs something in some lane.
  bool is_linear() const { return any(its_first_cost > Real(0.0)); }
  /// What it adds, if a first bit costs something, where its part of marginal revenue is `pull`.
  struct Adds {
    Real x;
    Real left;  ///< of the pull, for all but a first bit
  };
  Adds added(Real pull) const {
    const Real left = pull - its_first_cost, zero(0.0);
    const Real x = exp((log(max(left, Real(least))) - its_ln_marginal) / its_power);
    return {select(left > zero, x, zero), left};
  }
  /// What that costs it.
  Real its_cost(const Adds& a) const { return a.x * (its_first_cost + a.left / (its_power + Real(1.0))); }

  Real due, its_due;                  ///< what each must have, fixed cost and outside option
  Real weight, its_weight;            ///< in Nash's product
  Real first_cost, its_first_cost;    ///< marginal costs of first bits of α₀ and x
  Real power, its_power;              ///< of α₀ and x, in marginal costs beyond those
  Real ln_marginal, its_ln_marginal;  ///< which are e^ln_marginal a^power
  Real starts_as;                     ///< the power of α that revenue starts as
  Real step;                          ///< of ln α
  std::array<Real, points> alpha, revenue, marginal;
  std::array<Real, points> adds, adds_cost;  ///< x for all of revenue if first bits cost nothing, and what it costs
  std::array<Real, points> bend;             ///< -dln r'/dα, by K
  /// What cubics between a performance and the one before are off by, of revenue and x.
  std::array<Real, points> revenue_error, adds_error;
  std::array<Real, points> middle_marginal;  ///< between a performance and the one before
};

/// What first bits of investment cost.
template <class Real>
struct FirstCosts {
  Real generalist, specialist;
};
template <class Real>
FirstCosts<Real> first_costs(const Play<Real>& game) {
  return {first_marginal_cost(game.cost), first_marginal_cost(game.specialists.front().cost)};
}

template <class Real, std::size_t Points>
class PerformanceTable : public PerformanceRows<Real, Points> {
 public:
  using Rows = PerformanceRows<Real, Points>;
  using Rows::adds, Rows::adds_cost, Rows::adds_error, Rows::alpha, Rows::bend, Rows::due, Rows::first_cost,
      Rows::its_due, Rows::its_first_cost, Rows::its_ln_marginal, Rows::its_power, Rows::its_weight, Rows::least,
      Rows::ln_marginal, Rows::marginal, Rows::middle_marginal, Rows::points, Rows::power, Rows::revenue,
      Rows::revenue_error, Rows::starts_as, Rows::step, Rows::weight;
  using typename Rows::Mask;

  explicit PerformanceTable(const Play<Real>& game) : PerformanceTable(game, first_costs(game)) {}
  PerformanceTable(const Play<Real>& game, const FirstCosts<Real>& first_bits)
      : play(game), side(game.specialists.front()) {
    const Real zero(0.0), one(1.0), huge(is_swift_v<Real> ? 1e18 : 1e150);
    due = game.fixed + game.outside, its_due = side.fixed + side.outside;
    weight = game.weight, its_weight = side.weight;
    first_cost = first_bits.generalist, its_first_cost = first_bits.specialist;
    const MarginalPower<Real> own = marginal_power(play.cost, first_cost),
                              its = marginal_power(side.cost, its_first_cost);
    power = own.exponent, its_power = its.exponent;
    ln_marginal = own.ln_at_one, its_ln_marginal = its.ln_at_one;
    const Real turns = side.revenue.convex_until();
    starts_as = starting_power(side.revenue);
    // Of flatter or steeper functions a table of so few performances does not tell enough.
    fits = own.constant & its.constant & (min(power, its_power) > Real(0.35)) & (max(power, its_power) < Real(6.0)) &
           (turns > zero) & (turns < infinity<Real>()) & (starts_as < Real(10.0));
    const Real middle = select(fits, turns, one);
    const Real intervals(points - 1.0), usual = log(middle) - Real(8.0) / select(fits, starts_as, one);
    const Real first =
        min(first_gain(play.cost, power, first_cost, usual), first_gain(side.cost, its_power, its_first_cost, usual));
    const Real ln_top = log(beyond(play.cost, middle) + beyond(side.cost, middle));
    step = (ln_top - usual) / intervals;
    const Real wider = (ln_top - first) / intervals;
    const mask_t<Real> lower = wider < Real(0.15);
    step = select(lower, wider, step);
    fits = fits & (step < Real(0.25));
    // A power's chord over so long a step is off by an eighth of that squared.
    const Real turned = step * min(starts_as, Real(10.0));
    chord_error = Real(0.15) * turned * turned;
    const Real ln_bottom = select(lower, first, usual);
    const auto all_for = [&](Real slope) { return exp((log(slope) - its_ln_marginal) / its_power); };
    for (std::size_t g = 0; g < points; ++g) {
      ln_alpha[g] = fma(step, Real(static_cast<double>(g)), ln_bottom);
      alpha[g] = exp(ln_alpha[g]);
      const Jet<Real> r = side.revenue(alpha[g], ln_alpha[g]);
      revenue[g] = r.value, marginal[g] = r.slope, curvature[g] = r.curvature;
      adds[g] = all_for(r.slope);
      adds_cost[g] = adds[g] * r.slope / (its_power + one);
      bend[g] = -r.curvature / (r.slope * its_power);
      fits = fits & (min(min(alpha[g], revenue[g]), min(adds[g], marginal[g])) > Real(least)) &
             (max(max(alpha[g], revenue[g]), max(adds[g], marginal[g])) < huge) & (abs(adds[g] * bend[g]) < huge);
    }
    revenue_error[0] = adds_error[0] = zero, middle_marginal[0] = marginal[0];
    // Cubics through values and slopes are off most in the middle.
    const Real half(0.5), eighth(0.125), twice(2.0);
    for (std::size_t g = 1; g < points; ++g) {
      const Real ln_middle = ln_alpha[g] - half * step, middle_alpha = exp(ln_middle);
      const Jet<Real> r = side.revenue(middle_alpha, ln_middle);
      const Real most = all_for(r.slope);
      middle_marginal[g] = r.slope;
      const auto off = [&](Real exact, Real from, Real to, Real from_slope, Real to_slope) {
        return twice * abs(exact - fma(eighth, from_slope - to_slope, half * (from + to)));
      };
      const Real on = step * alpha[g], on_last = step * alpha[g - 1];
      revenue_error[g] = off(r.value, revenue[g - 1], revenue[g], on_last * marginal[g - 1], on * marginal[g]);
      adds_error[g] = off(most, adds[g - 1], adds[g], -on_last * adds[g - 1] * bend[g - 1], -on * adds[g] * bend[g]);
    }
  }

  /// α₀ at which the generalist's marginal cost is that: 0 where the first bit's is no less.
  Real base_paid(Real cost) const {
    const Real left = cost - first_cost, zero(0.0);
    return select(left > zero, exp((log(max(left, Real(least))) - ln_marginal) / power), zero);
  }
  Mask starts_dead() const { return fits & this->start_dead(); }

  const Play<Real>& play;
  const Specialist<Real>& side;
  Mask fits;
  Real chord_error;  ///< of revenue, along a chord between two performances
  std::array<Real, points> ln_alpha, curvature;

 private:
  /// From where on, nearly, who works alone gains by a first bit, ln α: where revenue starts as a lower power of it
  /// than the cost, that is wherever marginal revenue, at `at` still a power, is higher.
  /// A first bit that costs something gains nothing at all below.
  Real first_gain(const Function<Real>& cost, Real of_cost, Real first_bit, Real at) const {
    const Real one(1.0), little = exp(at), falls = of_cost + one - starts_as, slope = side.revenue(little).slope;
    const Real meet = at + log(slope / (cost(little).slope - first_bit)) / max(falls, Real(1e-3));
    return select((falls > Real(0.0)) & (meet < at + one) & (slope > first_bit), meet - Real(4.0), at);
  }
  /// Where all of marginal revenue falls to a marginal cost, beyond `from`: from there on it stays below. Infinite if
  /// that was not found.
  Real beyond(const Function<Real>& cost, Real from) const {
    const Real lowest = log(from);
    Real t = lowest;
    for (int k = 0; k < 12; ++k) {
      const Real x = exp(t);
      const Jet<Real> r = side.revenue(x, t), f = cost(x, t);
      // Where all turns it is a rounding, of either sign, if a first bit is most of what is paid.
      const Real falls = max(x * (f.curvature / f.slope - r.curvature / r.slope), Real(1e-3));
      t = max(t + ShareWalk<Real>::limited(log(r.slope / f.slope) / falls, 2.0), lowest);
    }
    const Real ln_top = t + Real(0.01), top = exp(ln_top);
    return select(side.revenue(top, ln_top).slope <= cost(top, ln_top).slope, top, infinity<Real>());
  }
};

/// Nash's product of what both gain, its logarithm; -∞ where one gains nothing.
template <class Real, std::size_t Points>
Real product_of(const PerformanceRows<Real, Points>& table, Real own, Real its) {
  const Real zero(0.0), least(least_gain<Real>);
  const Real product = fma(table.weight, log(max(own, least)), table.its_weight * log(max(its, least)));
  return select((own > zero) & (its > zero), product, -infinity<Real>());
}

}  // namespace haggle::fine_tuning
