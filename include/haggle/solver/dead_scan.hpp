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

  explicit DeadScan(const Play<Real>& game) : table_(game) {
    const Real one(1.0), zero(0.0), huge(is_swift_v<Real> ? 1e30 : 1e150), its_marginal = table_.side.cost(one).slope;
    fits_ = table_.fits;
    for (std::size_t g = 0; g < points; ++g) {
      const Real alpha = table_.alpha[g], slope = table_.marginal[g], grows = alpha * slope / table_.revenue[g];
      const Real turns = alpha * table_.curvature[g] / slope;
      steep_[g] = exp(fma(table_.its_power, table_.ln_alpha[g], -log(slope / its_marginal)));
      worked_[g] = alpha * slope / (table_.its_power + one);
      bends_[g] = table_.its_power - turns + grows;
      bulges_[g] = max(-grows * (turns + one), zero);
      built_[g] = table_.cost_of(alpha);
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
        const Real own = table_.revenue[g] * (one - given) - d.building * built_[g];
        dead = dead & ((own < table_.due) | (given * fma(-d.part, worked_[g], table_.revenue[g]) < enough));
      }
    }
    return dead;
  }
  /// Whatever the share, the generalist lacks its dues at all performances of the table: s = x/α says which share leads
  /// to an α. Within a cell of ln α and y = logit s neither has more than at the best of its corners, but for what a
  /// second order adds.
  Mask operator()() const {
    const Real zero(0.0), one(1.0), second(1.5 / 8), enough = max(table_.its_due, zero), none = -infinity<Real>();
    Mask dead = fits_ & table_.starts_dead();
    std::array<Real, points> its, own, its_before, own_before;
    its_before.fill(none), own_before.fill(none);
    double last = 32;
    // From where all is the specialist's to where it adds nothing; far out both only tend to that.
    while (last > -31 && any(dead)) {
      const double h = last > 7 ? 1 : 0.25, y = last - h;
      const Division d = divided(y);
      const Real turns = (table_.power + one) * fma(d.part, Real(h), table_.step), builds = turns * turns * second;
      const Real kept_cost = d.building * max(one - builds, zero), by_its = table_.its_power * (one - d.part) * Real(h);
      for (std::size_t g = points; g-- > 0;) {
        const Real given = steep_[g] * d.adding, bent = fma(bends_[g], table_.step, by_its);
        const Real bulge = bulges_[g] * table_.step * table_.step * second;
        own[g] = table_.revenue[g] * fma(given, fma(bent * bent, second, -one), one + bulge) - kept_cost * built_[g];
        its[g] = given * fma(-d.part, worked_[g], Real(1.05) * table_.revenue[g]);
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
  /// With s = x/α, marginal cost over marginal revenue at s = 1; α r'(α)/(K+1); what α alone costs the generalist.
  std::array<Real, points> steep_, worked_, built_;
  std::array<Real, points> bends_;   ///< K + E + the elasticity of revenue
  std::array<Real, points> bulges_;  ///< -d²r/d(ln α)² where that is positive, in parts of r
};

}  // namespace haggle::fine_tuning
