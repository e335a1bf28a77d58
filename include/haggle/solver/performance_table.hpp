// SPDX-License-Identifier: MIT
// Of a game with one specialist whose revenue is S-shaped: where a share can lead. At a share, performance α says all:
// the specialist's condition gives x with φ'(x) = (1-δ) r'(α), and α₀ = α - x. Marginal costs being powers, x is a
// number of α alone times (1-δ)^(1/K), so that one table of performances serves all shares. Whatever the specialist
// answers is among them, and so is the equilibrium.
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
    return select(a > Real(0.0), paid, Real(0.0));
  }
  /// Below these performances the costs of both outgrow all revenue, or it does not even pay somebody's dues.
  Mask start_dead() const {
    const Mask outgrown = (starts_as > Real(1.02) + max(power, its_power)) & (adds[0] < alpha[0]);
    return outgrown | (revenue[0] < max(due, its_due));
  }

  Real due, its_due;        ///< what each must have, fixed cost and outside option
  Real weight, its_weight;  ///< in Nash's product
  Real power, its_power;    ///< of α₀ and x, in marginal costs
  Real ln_marginal;         ///< the generalist's marginal cost is e^ln_marginal a^power
  Real starts_as;           ///< the power of α that revenue starts as
  Real step;                ///< of ln α
  std::array<Real, points> alpha, revenue, marginal;
  std::array<Real, points> adds, adds_cost;  ///< x for all of revenue, and what it costs
  std::array<Real, points> tilt;             ///< d(α₀ - α)/dα for all of revenue
  /// What cubics between a performance and the one before are off by, of revenue and x.
  std::array<Real, points> revenue_error, adds_error;
};

template <class Real, std::size_t Points>
class PerformanceTable : public PerformanceRows<Real, Points> {
 public:
  using Rows = PerformanceRows<Real, Points>;
  using Rows::adds, Rows::adds_cost, Rows::adds_error, Rows::alpha, Rows::due, Rows::its_due, Rows::its_power,
      Rows::its_weight, Rows::least, Rows::ln_marginal, Rows::marginal, Rows::points, Rows::power, Rows::revenue,
      Rows::revenue_error, Rows::starts_as, Rows::step, Rows::tilt, Rows::weight;
  using typename Rows::Mask;

  explicit PerformanceTable(const Play<Real>& game) : play(game), side(game.specialists.front()) {
    const Real zero(0.0), one(1.0), huge(is_swift_v<Real> ? 1e30 : 1e150);
    due = game.fixed + game.outside, its_due = side.fixed + side.outside;
    weight = game.weight, its_weight = side.weight;
    const MarginalPower<Real> own = marginal_power(play.cost), its = marginal_power(side.cost);
    power = own.exponent, its_power = its.exponent;
    ln_marginal = log(play.cost(one).slope);
    const Real turns = side.revenue.convex_until();
    starts_as = starting_power(side.revenue);
    // Of flatter or steeper functions a table of so few performances does not tell enough.
    fits = own.constant & its.constant & (min(power, its_power) > Real(0.35)) & (max(power, its_power) < Real(6.0)) &
           (turns > zero) & (turns < infinity<Real>()) & (starts_as < Real(10.0));
    const Real middle = select(fits, turns, one);
    const Real intervals(points - 1.0), usual = log(middle) - Real(8.0) / select(fits, starts_as, one);
    const Real first = min(first_gain(play.cost, power, usual), first_gain(side.cost, its_power, usual));
    const Real ln_top = log(beyond(play.cost, middle) + beyond(side.cost, middle));
    step = (ln_top - usual) / intervals;
    const Real wider = (ln_top - first) / intervals;
    const mask_t<Real> lower = wider < Real(0.15);
    step = select(lower, wider, step);
    fits = fits & (step < Real(0.25));
    // A power's chord over so long a step is off by an eighth of that squared.
    const Real turned = step * min(starts_as, Real(10.0));
    chord_error = Real(0.15) * turned * turned;
    const Real ln_bottom = select(lower, first, usual), its_marginal = side.cost(one).slope;
    for (std::size_t g = 0; g < points; ++g) {
      ln_alpha[g] = fma(step, Real(static_cast<double>(g)), ln_bottom);
      alpha[g] = exp(ln_alpha[g]);
      const Jet<Real> r = side.revenue(alpha[g], ln_alpha[g]);
      revenue[g] = r.value, marginal[g] = r.slope, curvature[g] = r.curvature;
      adds[g] = exp(log(r.slope / its_marginal) / its_power);
      adds_cost[g] = adds[g] * r.slope / (its_power + one);
      tilt[g] = -adds[g] * r.curvature / (r.slope * its_power);
      fits = fits & (min(min(alpha[g], revenue[g]), min(adds[g], marginal[g])) > Real(least)) &
             (max(max(alpha[g], revenue[g]), max(adds[g], marginal[g])) < huge) & (abs(tilt[g]) < huge);
    }
    // Cubics through values and slopes are off most in the middle.
    const Real half(0.5), eighth(0.125), twice(2.0);
    for (std::size_t g = 1; g < points; ++g) {
      const Real ln_middle = ln_alpha[g] - half * step, middle_alpha = exp(ln_middle);
      const Jet<Real> r = side.revenue(middle_alpha, ln_middle);
      const Real most = exp(log(r.slope / its_marginal) / its_power);
      const auto off = [&](Real exact, Real from, Real to, Real from_slope, Real to_slope) {
        return twice * abs(exact - fma(eighth, from_slope - to_slope, half * (from + to)));
      };
      const Real on = step * alpha[g], on_last = step * alpha[g - 1];
      revenue_error[g] = off(r.value, revenue[g - 1], revenue[g], on_last * marginal[g - 1], on * marginal[g]);
      adds_error[g] = off(most, adds[g - 1], adds[g], -on_last * tilt[g - 1], -on * tilt[g]);
    }
  }

  /// α₀ at which the generalist's marginal cost is that.
  Real base_paid(Real marginal_cost) const { return exp((log(marginal_cost) - ln_marginal) / power); }
  Mask starts_dead() const { return fits & this->start_dead(); }

  const Play<Real>& play;
  const Specialist<Real>& side;
  Mask fits;
  Real chord_error;  ///< of revenue, along a chord between two performances
  std::array<Real, points> ln_alpha, curvature;

 private:
  /// From where on, nearly, who works alone gains by a first bit, ln α: where revenue starts as a lower power of it
  /// than the cost, that is wherever marginal revenue, at `at` still a power, is higher.
  Real first_gain(const Function<Real>& cost, Real of_cost, Real at) const {
    const Real one(1.0), little = exp(at), falls = of_cost + one - starts_as;
    const Real meet = at + log(side.revenue(little).slope / cost(little).slope) / max(falls, Real(1e-3));
    return select((falls > Real(0.0)) & (meet < at + one), meet - Real(4.0), at);
  }
  /// Where all of marginal revenue falls to a marginal cost, beyond `from`: from there on it stays below.
  Real beyond(const Function<Real>& cost, Real from) const {
    const Real lowest = log(from);
    Real t = lowest;
    for (int k = 0; k < 12; ++k) {
      const Real x = exp(t);
      const Jet<Real> r = side.revenue(x, t), f = cost(x, t);
      const Real falls = x * (f.curvature / f.slope - r.curvature / r.slope);
      t = max(t + ShareWalk<Real>::limited(log(r.slope / f.slope) / falls, 2.0), lowest);
    }
    return exp(t + Real(0.01));
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
