// SPDX-License-Identifier: MIT
// What both may have between two shares, whatever the generalist would choose and the specialist answer: at a
// performance each has no more than at the better share for it, with the other's investment where that is larger.
#pragma once
#include "haggle/solver/share_view.hpp"

namespace haggle::fine_tuning {

/// Of less revenue, though it were both players' whole gain, the product is below the value at all shares between.
template <class Real, std::size_t Points>
Real worthwhile_revenue(const PerformanceRows<Real, Points>& table, const ShareView<Real, Points>& low,
                        const ShareView<Real, Points>& high, Real value) {
  const Real zero(0.0), own = table.weight, its = table.its_weight;
  const Real parts = fma(own, log(high.share), its * log(low.rest));
  const Real enough = exp(max((value - parts) / (own + its), Real(is_swift_v<Real> ? -85.0 : -700.0)));
  return select(min(table.due, table.its_due) < zero, zero, Real(0.999) * enough);
}

template <class Real, std::size_t Points>
class JointBound {
 public:
  using Mask = mask_t<Real>;
  using Rows = PerformanceRows<Real, Points>;
  using View = ShareView<Real, Points>;

  JointBound(const Rows& table, const View& low, const View& high) : table_(table), low_(low), high_(high) {}

  /// Where, at some performance, the product may be no less than `value`; what is below the table may be known.
  Mask may_reach(Real value, Mask wanted, Mask below_is_known) const {
    const Real most_own = high_.share * table_.revenue[0], most_its = low_.rest * table_.revenue[0];
    Mask may = wanted & !(table_.start_dead() | below_is_known) & is_worth(most_own, most_its, value);
    const Real enough = worthwhile_revenue(table_, low_, high_, value);
    for (std::size_t g = 1; g < Points; ++g) {
      const Mask open =
          wanted & (!may) & (table_.revenue[g] > enough) & (max(high_.base[g - 1], high_.base[g]) > Real(0.0));
      if (any(open)) may = may | (open & is_worth(own(g), its(g), value));
    }
    return may;
  }

 private:
  Mask is_worth(Real own, Real its, Real value) const {
    const Real gain = own - table_.due, its_gain = its - table_.its_due;
    return (min(gain, its_gain) > Real(0.0)) & !(product_of(table_, gain, its_gain) < value);
  }
  /// Between performance g and the one before. At a higher share the specialist adds less, and the generalist pays
  /// more.
  Real own(std::size_t g) const {
    const Real zero(0.0), all = high_.share * table_.revenue[g];
    const Real paid = fma(low_.share, table_.revenue[g], -low_.own[g]),
               error =
                   fma(high_.share, revenue_error(g), table_.marginal_cost(low_.base[g], paid) * low_.adds_error[g]);
    const Mask begins = (min(low_.base[g - 1], low_.base[g]) <= zero) & (max(low_.base[g - 1], low_.base[g]) > zero);
    const Real most =
        select(begins, all,
               min(fma(high_.share - low_.share, table_.revenue[g], most_of(low_.own, low_.own_on, g) + error), all));
    const Mask kinked = is_kinked(low_, g);
    return any(kinked) ? select(kinked, min(all, all - table_.cost_of(least_base(g))), most) : most;
  }
  Real its(std::size_t g) const {
    const Real all = low_.rest * table_.revenue[g];
    const Real error = low_.rest * fma(table_.marginal[g], high_.adds_error[g], revenue_error(g));
    return select(
        is_kinked(high_, g), all,
        min(fma(low_.rest - high_.rest, table_.revenue[g], most_of(high_.its, high_.its_on, g) + error), all));
  }
  /// α₀ between performance g and the one before, if no three points of a parabola are what marginal revenue leaves the
  /// specialist beyond a first bit's cost: more than the highest by no more than a quarter of what they differ by.
  Real least_base(std::size_t g) const {
    const Real a = low_.left[g - 1], b = low_.left[g], c = low_.middle_left[g];
    const Real most = max(a, max(b, c)), least = min(a, min(b, c));
    return table_.alpha[g - 1] - table_.added(fma(Real(0.3), most - least, most) + table_.its_first_cost).x;
  }
  Real revenue_error(std::size_t g) const {
    return fma(Real(View::rounding), table_.revenue[g], table_.revenue_error[g]);
  }
  /// Of a cubic, Bézier's.
  static Real most_of(const std::array<Real, Points>& at, const std::array<Real, Points>& on, std::size_t g) {
    const Real third(1.0 / 3);
    return max(max(at[g - 1], fma(third, on[g - 1], at[g - 1])), max(at[g], fma(-third, on[g], at[g])));
  }
  /// The specialist may begin or cease to add something.
  Mask is_kinked(const View& s, std::size_t g) const {
    if (!s.linear) return s.v != s.v;
    const Real a = s.left[g - 1], b = s.left[g], c = s.middle_left[g];
    return !View::is_even(table_, min(a, min(b, c)), max(a, max(b, c)));
  }

  const Rows& table_;
  const View &low_, &high_;
};

}  // namespace haggle::fine_tuning
