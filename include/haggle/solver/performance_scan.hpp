// SPDX-License-Identifier: MIT
// Of a game with one specialist whose revenue is S-shaped: where a share can lead. At a share, performance α says all:
// the specialist's condition gives x with φ'(x) = (1-δ) r'(α), and α₀ = α - x. Marginal costs being powers, x is a
// number of α alone times (1-δ)^(1/K), so that one table of performances serves all shares. Whatever the specialist
// answers is among them, and so is the equilibrium.
#pragma once

#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points = 48>
class PerformanceScan {
 public:
  using Mask = mask_t<Real>;
  static constexpr std::size_t points = Points;
  static constexpr double least = is_swift_v<Real> ? 1e-30 : 1e-60;  ///< what is positive is no less

  explicit PerformanceScan(const Play<Real>& game)
      : play(game), side(game.specialists.front()), due(game.fixed + game.outside), its_due(side.fixed + side.outside) {
    const Real zero(0.0), one(1.0), huge(is_swift_v<Real> ? 1e30 : 1e150);
    const MarginalPower<Real> own = marginal_power(play.cost), its = marginal_power(side.cost);
    power_ = own.exponent, its_power = its.exponent;
    ln_marginal_ = log(play.cost(one).slope);
    const Real turns = side.revenue.convex_until();
    starts_as_ = starting_power(side.revenue);
    // Of flatter or steeper functions a table of so few performances does not tell enough.
    fits = own.constant & its.constant & (min(power_, its_power) > Real(0.35)) & (max(power_, its_power) < Real(6.0)) &
           (turns > zero) & (turns < infinity<Real>()) & (starts_as_ < Real(10.0));
    const Real middle = select(fits, turns, one);
    const Real intervals(points - 1.0), usual = log(middle) - Real(8.0) / select(fits, starts_as_, one);
    const Real first = min(first_gain(play.cost, power_, usual), first_gain(side.cost, its_power, usual));
    const Real ln_top = log(beyond(play.cost, middle) + beyond(side.cost, middle));
    step = (ln_top - usual) / intervals;
    const Real wider = (ln_top - first) / intervals;
    const mask_t<Real> lower = wider < Real(0.15);
    step = select(lower, wider, step);
    fits = fits & (step < Real(0.25));
    // A power's chord over so long a step is off by an eighth of that squared. No less, though a finer table would be:
    // by as much places change between two shares that are looked at, and windows of deals there are seen by it.
    const Real turned = step * min(starts_as_, Real(10.0));
    table_error = max(Real(1e-2), Real(0.15) * turned * turned);
    const Real ln_bottom = select(lower, first, usual), its_marginal = side.cost(one).slope;
    for (std::size_t g = 0; g < points; ++g) {
      ln_alpha[g] = fma(step, Real(static_cast<double>(g)), ln_bottom);
      alpha[g] = exp(ln_alpha[g]);
      const Jet<Real> r = side.revenue(alpha[g], ln_alpha[g]);
      const Real ln_pull = log(r.slope / its_marginal), over = one / r.slope, grows = alpha[g] * r.slope / r.value;
      revenue[g] = r.value, slope_[g] = r.slope;
      most_[g] = exp(ln_pull / its_power);
      paid_[g] = most_[g] * r.slope / (its_power + one);
      tilt_[g] = -most_[g] * r.curvature * over / its_power;
      steep_[g] = exp(fma(its_power, ln_alpha[g], -ln_pull));
      worked_[g] = alpha[g] * r.slope / (its_power + one);
      bends_[g] = its_power - alpha[g] * r.curvature * over + grows;
      bulges_[g] = max(-grows * fma(alpha[g] * r.curvature, over, one), Real(0.0));
      built_[g] = cost_of(alpha[g]);
      fits = fits & (min(min(alpha[g], revenue[g]), min(most_[g], slope_[g])) > Real(least)) &
             (max(max(max(alpha[g], revenue[g]), max(most_[g], slope_[g])), max(steep_[g], built_[g])) < huge) &
             (abs(tilt_[g]) < huge) & (abs(bends_[g]) < Real(100.0));
    }
  }

  /// At a share: α₀ and what both have, gross of fixed costs, at each performance, and where the generalist's utility
  /// has peaks.
  void look(Real v) {
    const Real zero(0.0), one(1.0), e = exp(-abs(v)), over_sum = one / (one + e), near = e * over_sum;
    const Mask high = v > zero;
    share = select(high, over_sum, near), rest = select(high, near, over_sum);
    part = exp(log(rest) / its_power);
    std::array<Real, points> paid;
    for (std::size_t g = 0; g < points; ++g) {
      base[g] = fma(-most_[g], part, alpha[g]);
      paid[g] = cost_of(base[g]);
      generalist[g] = fma(share, revenue[g], -paid[g]);
      specialist[g] = rest * fma(-paid_[g], part, revenue[g]);
    }
    // A reply is a maximum where α₀ rises with α; there the generalist's utility rises where δ r' > φ_0' dα₀/dα, and of
    // a power (K+1) φ is α₀ φ'.
    Mask was_reply = zero > zero, rose = was_reply;
    for (std::size_t g = 0; g < points; ++g) {
      const Real turn = fma(part, tilt_[g], one);
      const Mask is_reply = (turn > zero) & (base[g] > zero),
                 rises = share * slope_[g] * base[g] > (power_ + one) * paid[g] * turn;
      if (g > 0) {
        Peak& p = peak[g - 1];
        // Or it falls and rises between the two.
        const Mask dips = rises & (generalist[g] < generalist[g - 1]);
        const Mask peaks = is_reply & ((!rises) | dips) & (rose | !was_reply);
        p = {zero, base[g], max(generalist[g - 1], generalist[g]), peaks};
        if (any(p.exists)) {
          // Between the two revenue is taken to be a line in α₀.
          const Real from = base[g - 1], by_base = base[g] - from, gain = share * (revenue[g] - revenue[g - 1]);
          const Real per_base = max(gain / by_base, Real(least));
          const Real chord = exp((log(per_base) - ln_marginal_) / power_);
          const Mask inside = (by_base > zero) & (chord > max(from, zero)) & (chord < base[g]);
          p.base = select(inside, chord, base[g]), p.there = select(inside, (chord - from) / by_base, one);
          const Real there = fma(p.there, gain, share * revenue[g - 1]) - chord * per_base / (power_ + one);
          p.utility = select(inside, max(there, p.utility), p.utility);
        }
      }
      was_reply = is_reply, rose = rises;
    }
  }
  Real investment(std::size_t g) const { return most_[g] * part; }

  /// Whatever the share, the generalist lacks its dues at all performances of the table: s = x/α says which share leads
  /// to an α. Within a cell of ln α and y = logit s neither has more than at the best of its corners, but for what a
  /// second order adds. `closely`: with smaller cells.
  Mask is_dead(bool closely) const {
    const Real zero(0.0), one(1.0), second(1.5 / 8), enough = max(its_due, zero), none = -infinity<Real>();
    Mask dead = starts_dead();
    std::array<Real, points> its, own, its_before, own_before;
    its_before.fill(none), own_before.fill(none);
    double last = 32;
    // From where all is the specialist's to where it adds nothing; far out both only tend to that.
    while (last > -31 && any(dead)) {
      const double h = last > 7 ? 1 : closely ? 0.0625 : 0.25, y = last - h;
      const Division d = divided(y);
      const Real turns = (power_ + one) * fma(d.part, Real(h), step), builds = turns * turns * second;
      const Real kept_cost = d.building * max(one - builds, zero), by_its = its_power * (one - d.part) * Real(h);
      for (std::size_t g = points; g-- > 0;) {
        const Real given = steep_[g] * d.adding, bent = fma(bends_[g], step, by_its);
        const Real bulge = bulges_[g] * step * step * second;
        own[g] = revenue[g] * fma(given, fma(bent * bent, second, -one), one + bulge) - kept_cost * built_[g];
        its[g] = given * fma(-d.part, worked_[g], Real(1.05) * revenue[g]);
        if (g + 1 == points) continue;
        const Real most_its = max(max(its[g], its[g + 1]), max(its_before[g], its_before[g + 1]));
        const Real most_own = max(max(own[g], own[g + 1]), max(own_before[g], own_before[g + 1]));
        dead = dead & ((most_its < enough) | (most_own < due));
      }
      its_before = its, own_before = own, last = y;
    }
    return dead;
  }

  /// The product at the share last looked at, or more: where the generalist has most among what the specialist does not
  /// like less than riding free. -∞ where nobody gains.
  template <class Product>
  Real product_at_most(Mask wanted, Product product) const {
    const Real none = -infinity<Real>(), tie = Real(2.0) * table_error * share * revenue[points - 1];
    Real most = none, best = none, own_before = none, its_before = none;
    Mask accepted_before = wanted & !wanted;
    sample(wanted, [&](Real own, Real, Mask accepted, bool) { most = max(most, select(accepted, own, none)); });
    sample(wanted, [&](Real own, Real its, Mask accepted, bool begins) {
      if (begins) own_before = its_before = none, accepted_before = wanted & !wanted;
      // Where acceptance or a gain begins or ends between two samples, anything may be that both ends' best allow.
      const Real high = max(own, own_before), its_high = max(its, its_before);
      const Mask chosen = (accepted | accepted_before) & (high > most - tie) & (high > due) & (its_high > its_due);
      if (any(chosen)) best = max(best, select(chosen, product(high, its_high), none));
      own_before = own, its_before = its, accepted_before = accepted;
    });
    // What is below the table.
    const Real own = share * revenue[0], its = rest * revenue[0];
    const Mask below = wanted & !starts_dead() & (own > due) & (its > its_due);
    return any(below) ? max(best, select(below, product(own, its), none)) : best;
  }

  /// A peak of the generalist's utility between two performances: how far on, α₀ and its utility there.
  struct Peak {
    Real there, base, utility;
    Mask exists;
  };

  const Play<Real>& play;
  const Specialist<Real>& side;
  Real due, its_due;  ///< what each must have, fixed cost and outside option
  Mask fits;
  Real its_power;    ///< of x, in the specialist's marginal cost
  Real step;         ///< of ln α, in the table
  Real table_error;  ///< of revenue, in utilities between two performances
  std::array<Real, points> ln_alpha, alpha, revenue;
  Real share, rest, part;  ///< last looked at; and of x what is left
  std::array<Real, points> base, generalist, specialist;
  std::array<Peak, points - 1> peak;

 private:
  /// s = 1/(1+e^-y), what marginal cost at s is of that at 1, and what (1-s)α costs of what α does.
  struct Division {
    Real part, adding, building;
  };
  Division divided(double y) const {
    const Real zero(0.0), one(1.0);
    if (y < -30) return {zero, zero, one};
    if (y > 30) return {one, one, zero};
    const Real over_s = one + exp(Real(-y)), ln_s = -log(over_s);
    return {one / over_s, exp(its_power * ln_s), exp((power_ + one) * (ln_s - Real(y)))};
  }

  static constexpr int samples = 5;  ///< between two performances

  /// Below the table's performances the costs of both outgrow all revenue, or it does not even pay somebody's dues.
  Mask starts_dead() const {
    const Mask outgrown = (starts_as_ > Real(1.02) + max(power_, its_power)) & (most_[0] < alpha[0]);
    return fits & (outgrown | (revenue[0] < max(due, its_due)));
  }

  /// Gives `see(own, its, accepted, begins)` what both have at performances along the answers that may be, and whether
  /// one does not go on from the one before. Of the generalist's utility as much more as lines between performances may
  /// be off by.
  template <class See>
  void sample(Mask wanted, See see) const {
    const Real zero(0.0), one(1.0);
    bool begins = true;
    for (std::size_t g = 0; g + 1 < points; ++g) {
      const Real by_base = base[g + 1] - base[g], by_its = specialist[g + 1] - specialist[g];
      const Real error = table_error * share * revenue[g + 1];
      const Real most = max(peak[g].utility, max(generalist[g], generalist[g + 1])) + error;
      const Mask open = wanted & (by_base > zero) & (base[g + 1] > zero) & (most > due) &
                        (max(specialist[g], specialist[g + 1]) > its_due);
      if (!any(open)) {
        begins = true;
        continue;
      }
      const Real first = max(-base[g] / by_base, zero);
      for (int k = 0; k <= samples; ++k) {
        const Real there = fma(one - first, Real(static_cast<double>(k) / samples), first);
        const Real a = fma(there, by_base, base[g]);
        const Real own = fma(share, fma(there, revenue[g + 1] - revenue[g], revenue[g]), error - cost_of(a));
        const Real its = fma(there, by_its, specialist[g]);
        const Real free = rest * side.revenue(max(a, Real(least))).value;
        const Mask accepted = open & (its >= max(its_due, Real(0.999) * free));
        see(own, its, accepted, begins);
        begins = false;
      }
    }
  }

  Real cost_of(Real a) const {
    const Real one(1.0), exponent = power_ + one;
    const Real paid = exp(fma(exponent, log(max(a, Real(least))), ln_marginal_)) / exponent;
    return select(a > Real(0.0), paid, Real(0.0));
  }
  /// From where on, nearly, who works alone gains by a first bit, ln α: where revenue starts as a lower power of it
  /// than the cost, that is wherever marginal revenue, at `at` still a power, is higher.
  Real first_gain(const Function<Real>& cost, Real power, Real at) const {
    const Real one(1.0), little = exp(at), falls = power + one - starts_as_;
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

  Real power_, ln_marginal_;               ///< the generalist's marginal cost is e^ln_marginal_ a^power_
  Real starts_as_;                         ///< the power of α that revenue starts as
  std::array<Real, points> most_;          ///< x for all of revenue,
  std::array<Real, points> paid_;          ///< and what it costs
  std::array<Real, points> slope_, tilt_;  ///< r'(α); d(α₀ - α)/dα for all of revenue
  /// With s = x/α, marginal cost over marginal revenue at s = 1; α r'(α)/(K+1); what α alone costs the generalist.
  std::array<Real, points> steep_, worked_, built_;
  std::array<Real, points> bends_;   ///< K + E + the elasticity of revenue
  std::array<Real, points> bulges_;  ///< -d²r/d(ln α)² where that is positive, in parts of r
};

}  // namespace haggle::fine_tuning
