// SPDX-License-Identifier: MIT
// Games with one specialist whose revenue is S-shaped in which no share makes a deal, nor nearly one.
#pragma once
#include "haggle/solver/performance_table.hpp"

namespace haggle::fine_tuning {

template <class Real>
class DeadScan {
 public:
  using Mask = mask_t<Real>;
  static constexpr std::size_t points = 48;

  DeadScan(const Play<Real>& game, const FirstCosts<Real>& first) : table_(game, first) {
    const Real one(1.0), zero(0.0), huge(is_swift_v<Real> ? 1e30 : 1e150);
    fits_ = table_.fits;
    for (std::size_t g = 0; g < points; ++g) {
      const Real alpha = table_.alpha[g], slope = table_.marginal[g], grows = alpha * slope / table_.revenue[g];
      const Real turns = alpha * table_.curvature[g] / slope;
      steep_[g] = exp(fma(table_.its_power, table_.ln_alpha[g], table_.its_ln_marginal - log(slope)));
      worked_[g] = alpha * slope / (table_.its_power + one);
      first_[g] = table_.its_first_cost / slope, first_bend_[g] = grows - turns;
      bends_[g] = table_.its_power - turns + grows;
      bulges_[g] = max(-grows * (turns + one), zero);
      first_built_[g] = table_.first_cost * alpha;
      built_[g] = table_.cost_of(alpha) - first_built_[g];
      fits_ = fits_ & (max(steep_[g], built_[g]) < huge) & (abs(bends_[g]) < Real(100.0));
    }
  }

  /// At none of a few shares does somebody's performance leave both their dues, as nearly always at some of a live
  /// game's.
  Mask is_suspect() const {
    const Real one(1.0), enough = max(table_.its_due, Real(0.0));
    Mask dead = fits_ & table_.starts_dead();
    for (double y = -3; y <= 3 && any(dead); y += 1.5) {
      const Division d = divided(y);
      for (std::size_t g = points; g-- > 0;) {
        const Real given = steep_[g] * d.adding;
        const Real own =
            table_.revenue[g] * (one - given - first_[g]) - d.building * built_[g] - (one - d.part) * first_built_[g];
        const Real its = given * fma(-d.part, worked_[g], table_.revenue[g]) +
                         first_[g] * fma(-d.part * table_.alpha[g], table_.marginal[g], table_.revenue[g]);
        dead = dead & ((own < table_.due) | (its < enough));
      }
    }
    return dead;
  }
  /// Whatever the share, the generalist lacks its dues at all performances of the table: s = x/α says which share leads
  /// to an α. Within a cell of ln α and y = logit s neither has more than at the best of its corners, but for what a
  /// second order adds.
  Mask operator()() const {
    const Real zero(0.0), one(1.0), second(1.5 / 8), enough = max(table_.its_due, zero), none = -infinity<Real>();
    Mask dead = fits_ & table_.starts_dead() & !riding_pays(enough);
    std::array<Real, points> its, own, its_before, own_before;
    its_before.fill(none), own_before.fill(none);
    double last = 32;
    // From where all is the specialist's to where it adds nothing; far out both only tend to that.
    while (last > -31 && any(dead)) {
      const double h = last > 7 ? 1 : 0.25, y = last - h;
      const Division d = divided(y);
      const Real turns = (table_.power + one) * fma(d.part, Real(h), table_.step), builds = turns * turns * second;
      const Real turned = fma(d.part, Real(h), table_.step);
      const Real kept_cost = d.building * max(one - builds, zero),
                 kept_first = (one - d.part) * max(one - turned * turned * second, zero);
      const Real by_its = table_.its_power * (one - d.part) * Real(h);
      for (std::size_t g = points; g-- > 0;) {
        const Real given = steep_[g] * d.adding, bent = fma(bends_[g], table_.step, by_its);
        const Real bulge = bulges_[g] * table_.step * table_.step * second;
        const Real first_bent = first_bend_[g] * table_.step, first = first_[g];
        const Real kept = fma(given, fma(bent * bent, second, -one), one + bulge) +
                          first * fma(first_bent * first_bent, second, -one);
        own[g] = table_.revenue[g] * kept - kept_cost * built_[g] - kept_first * first_built_[g];
        const Real most = Real(1.05) * table_.revenue[g];
        its[g] =
            given * fma(-d.part, worked_[g], most) + first * fma(-d.part * table_.alpha[g], table_.marginal[g], most);
        if (g + 1 == points) continue;
        const Real most_its = max(max(its[g], its[g + 1]), max(its_before[g], its_before[g + 1]));
        const Real most_own = max(max(own[g], own[g + 1]), max(own_before[g], own_before[g + 1]));
        dead = dead & ((most_its < enough) | (most_own < table_.due));
      }
      its_before = its, own_before = own, last = y;
    }
    return dead;
  }

 private:
  /// At some share the generalist can have its dues, and the specialist its own, riding free.
  Mask riding_pays(Real enough) const {
    const Real one(1.0), second(1.5 / 8), turns = (table_.power + one) * table_.step, due = table_.due + enough;
    Mask pays = enough != enough;
    for (std::size_t g = 0; g < points; ++g) {
      const Real bulge = bulges_[g] * table_.step * table_.step * second;
      const Real paid = fma(one - table_.step * table_.step * second, first_built_[g],
                            max(one - turns * turns * second, Real(0.0)) * built_[g]);
      pays = pays | !(fma(one + bulge, table_.revenue[g], -paid) < due);
    }
    return pays & (table_.its_first_cost > Real(0.0));
  }

  /// s = 1/(1+e^-y), what marginal cost at s is of that at 1, and what (1-s)α costs of what α does.
  struct Division {
    Real part, adding, building;
  };
  Division divided(double y) const {
    const Real zero(0.0), one(1.0);
    if (y < -30) return {zero, zero, one};
    if (y > 30) return {one, one, zero};
    const Real over_s = one + exp(Real(-y)), ln_s = -log(over_s);
    return {one / over_s, exp(table_.its_power * ln_s), exp((table_.power + one) * (ln_s - Real(y)))};
  }

  PerformanceTable<Real, points> table_;
  Mask fits_;
  /// With s = x/α, marginal cost over marginal revenue at s = 1; α r'(α)/(K+1); what α alone costs the generalist
  /// beyond first bits.
  std::array<Real, points> steep_, worked_, built_;
  /// Of first bits: marginal cost over marginal revenue and how that times revenue bends; the generalist's cost for α.
  std::array<Real, points> first_, first_bend_, first_built_;
  std::array<Real, points> bends_;   ///< K + E + the elasticity of revenue
  std::array<Real, points> bulges_;  ///< -d²r/d(ln α)² where that is positive, in parts of r
};

}  // namespace haggle::fine_tuning
