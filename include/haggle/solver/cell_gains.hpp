// SPDX-License-Identifier: MIT
// What both have at performances between two shares, and what that makes of Nash's product. Of shares utilities are
// cubics by their values and slopes at both ends; so they are of performances, from one of the table to the next, where
// the specialist neither begins nor ceases to add something.
#pragma once
#include "haggle/solver/share_pair.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class CellGains : protected SharePair<Real, Points> {
  using Pair = SharePair<Real, Points>;

 public:
  using Pair::know_ties;
  using Pair::Pair;
  using typename Pair::Mask, typename Pair::Table, typename Pair::View;

 protected:
  using Pair::h_, Pair::high_, Pair::linear_, Pair::low_, Pair::rounding, Pair::table_;

  /// Utilities at a share and their slopes by its logit, times how far apart the shares are.
  struct Gains {
    Real own, its, own_slope, its_slope;
    Real paid;  ///< by the generalist
  };
  /// At one performance, at both shares.
  struct Place {
    Gains low, high;
    Mask up;      ///< the generalist invests something
    Real excess;  ///< its utility over the best, at four shares of a cubic's
  };
  /// More than what both have in a part of a cell.
  struct Most {
    Place place;
    Real error;   ///< of both utilities, between the shares
    Mask exists;  ///< some of its performances can be
  };
  struct Best {
    Real low{}, high{}, from{}, to{}, sum = -infinity<Real>();
  };

  Place place(std::size_t g) const {
    const auto gains = [&](const View& s) {
      return Gains{s.own[g], s.its[g], h_ * s.own_by_v[g],
                   its_slope(s, table_.revenue[g], held_back(s, table_.revenue[g], s.its[g], s.added[g])),
                   fma(s.share, table_.revenue[g], -s.own[g])};
    };
    return completed(gains(low_), gains(high_), (low_.base[g] > Real(0.0)) & (high_.base[g] > Real(0.0)));
  }
  /// t on from performance g-1.
  Place place(std::size_t g, Real t) const {
    const Real one(1.0), on = table_.step * table_.alpha[g], on_before = table_.step * table_.alpha[g - 1];
    const Real alpha = cubic(t, table_.alpha[g - 1], table_.alpha[g], on_before, on);
    const Real revenue =
        cubic(t, table_.revenue[g - 1], table_.revenue[g], on_before * table_.marginal[g - 1], on * table_.marginal[g]);
    Mask up = one > Real(0.0);
    const auto gains = [&](const View& s) {
      const Real base = cubic(t, s.base[g - 1], s.base[g], s.base_on[g - 1], s.base_on[g]);
      const Real paid = table_.cost_of(base), its = cubic(t, s.its[g - 1], s.its[g], s.its_on[g - 1], s.its_on[g]);
      const Held held = held_back(s, revenue, its, alpha - base);
      const Real marginal = table_.marginal_cost(base, paid);
      const Real slope = h_ * s.share * fma(s.rest, revenue, -marginal * held.x / table_.its_power);
      up = up & (base > Real(0.0));
      return Gains{fma(s.share, revenue, -paid), its, slope, its_slope(s, revenue, held), paid};
    };
    const Gains low = gains(low_), high = gains(high_);
    return completed(low, high, up);
  }
  Place completed(const Gains& low, const Gains& high, Mask up) const {
    const Real third(1.0 / 3), first = low.own - best_.low, last = high.own - best_.high;
    const Real after = fma(third, low.own_slope - best_.from, first),
               before = fma(-third, high.own_slope - best_.to, last);
    return {low, high, up, max(max(first, last), max(after, before))};
  }
  /// By ln(1-δ), times K: x, and what of its utility the specialist so loses: as much as x, and φ'(x) x, where first
  /// bits cost nothing.
  struct Held {
    Real x, its;
  };
  Held held_back(const View& s, Real revenue, Real its, Real x) const {
    const Real zero(0.0), paid = fma(s.rest, revenue, -its), one(1.0);
    const Real its_power = table_.its_power + one;
    Held held{x, paid * its_power};
    if (linear_) {
      const Real first_bits = table_.its_first_cost * x, others = max((paid - first_bits) * its_power, zero);
      const Real steeper = one + first_bits / max(others, Real(Table::least));
      const Mask costs = table_.its_first_cost > zero, adds = others > zero;
      held.x = select(costs, select(adds, x * steeper, zero), held.x);
      held.its = select(costs, select(adds, (first_bits + others) * steeper, zero), held.its);
    }
    return held;
  }
  Real its_slope(const View& s, Real revenue, const Held& held) const {
    return -h_ * s.share * fma(s.rest, revenue, -held.its / table_.its_power);
  }
  /// What a cubic between the shares is off by, of either's part of revenue.
  Real curved(Real revenue) const { return h_ * h_ * h_ * h_ * Real(1.0 / 384) * high_.share * low_.rest * revenue; }
  /// From t `from` to `to` in cell g, wherever in it the specialist begins or ceases to add something: with the most
  /// that it can add the generalist pays least, with the least the specialist does.
  Most most_between(std::size_t g, Real t, Real u) const {
    const Real zero(0.0), third(1.0 / 3), width = u - t;
    const Real on = table_.step * table_.alpha[g], on_before = table_.step * table_.alpha[g - 1];
    const auto alpha = [&](Real at) { return cubic(at, table_.alpha[g - 1], table_.alpha[g], on_before, on); };
    const Real revenue = cubic(u, table_.revenue[g - 1], table_.revenue[g], on_before * table_.marginal[g - 1],
                               on * table_.marginal[g]) +
                         fma(Real(rounding), table_.revenue[g], table_.revenue_error[g]);
    // Marginal revenue between them, by Bézier's points of its cubic.
    const Real slope = -on * table_.bend[g] * table_.its_power * table_.marginal[g],
               slope_before = -on_before * table_.bend[g - 1] * table_.its_power * table_.marginal[g - 1];
    const auto pull = [&](Real at) {
      return cubic(at, table_.marginal[g - 1], table_.marginal[g], slope_before, slope);
    };
    const auto turn = [&](Real at) {
      const Real v = Real(1.0) - at, inner = Real(6.0) * (table_.marginal[g] - table_.marginal[g - 1]);
      return v * (v - Real(2.0) * at) * slope_before + at * v * inner + at * (at - Real(2.0) * v) * slope;
    };
    const Real first = pull(t), last = pull(u), after = fma(third * width, turn(t), first),
               ahead = fma(-third * width, turn(u), last);
    const Real off = Real(2.0) * abs(table_.middle_marginal[g] - pull(Real(0.5))) + Real(rounding) * first;
    const Real most = max(max(first, last), max(after, ahead)) + off,
               least = min(min(first, last), min(after, ahead)) - off;
    const auto adds_most = table_.added(low_.rest * most), adds_least = table_.added(high_.rest * least);
    const Real base_most = alpha(u) - adds_least.x, base = max(alpha(t) - adds_most.x, zero);
    const Real paid = table_.cost_of(base), its_paid = select(adds_least.x > zero, table_.its_cost(adds_least), zero);
    const auto gains = [&](const View& s) {
      const Real earns = h_ * s.share * s.rest * revenue;
      return Gains{fma(s.share, revenue, -paid), fma(s.rest, revenue, -its_paid), earns, -earns, paid};
    };
    return {completed(gains(low_), gains(high_), base > zero), curved(revenue), base_most > zero};
  }

  /// The product's logarithm between two performances and two shares, or more; nearly as small as that can be said only
  /// where it is not below `enough`.
  Real most_of(const Place& a, const Place& b, Real own_more, Real its_more, Real enough) const {
    const Real third(1.0 / 3), zero(0.0);
    // How far a cubic by shares may lie above its chord.
    const auto above = [&](Real from, Real to, Real from_slope, Real to_slope) {
      return third * max(max(from_slope - (to - from), (to - from) - to_slope), zero);
    };
    const Real own_add = own_more - table_.due +
                         max(above(a.low.own, a.high.own, a.low.own_slope, a.high.own_slope),
                             above(b.low.own, b.high.own, b.low.own_slope, b.high.own_slope));
    const Real its_add = its_more - table_.its_due +
                         max(above(a.low.its, a.high.its, a.low.its_slope, a.high.its_slope),
                             above(b.low.its, b.high.its, b.low.its_slope, b.high.its_slope));
    const Real mixed = along(max(a.low.own, b.low.own) + own_add, max(a.high.own, b.high.own) + own_add,
                             max(a.low.its, b.low.its) + its_add, max(a.high.its, b.high.its) + its_add);
    if (all(mixed < enough)) return mixed;
    // Or along performances at both shares: between shares a logarithm lies above its chord by little.
    const Real at_low = along(a.low.own + own_add, b.low.own + own_add, a.low.its + its_add, b.low.its + its_add);
    const Real at_high = along(a.high.own + own_add, b.high.own + own_add, a.high.its + its_add, b.high.its + its_add);
    const auto change = [&](Real a_low, Real a_high, Real b_low, Real b_high, Real add) {
      const Real least = min(min(a_low, a_high), min(b_low, b_high)) + add, two(2.0);
      const Real part = max(abs(a_high - a_low), abs(b_high - b_low)) / max(least, Real(Table::least));
      return select(least > zero, min(part, two), two);
    };
    const Real own_change = change(a.low.own, a.high.own, b.low.own, b.high.own, own_add);
    const Real its_change = change(a.low.its, a.high.its, b.low.its, b.high.its, its_add);
    const Real bent =
        Real(0.125) * fma(table_.weight * own_change, own_change, table_.its_weight * its_change * its_change);
    return select(max(own_change, its_change) < Real(1.0), min(mixed, max(at_low, at_high) + bent), mixed);
  }
  /// Along lines from end to end.
  Real along(Real own_from, Real own_to, Real its_from, Real its_to) const {
    const Real zero(0.0), one(1.0), a = own_to - own_from, b = its_to - its_from;
    const Mask crossed = ((a > zero) & (b < zero)) | ((a < zero) & (b > zero));
    const Real peak = -fma(table_.weight, its_from / b, table_.its_weight * own_from / a);
    const Real t = select(crossed, min(max(peak, zero), one), select((a > zero) | (b > zero), one, zero));
    return product_of(table_, fma(t, a, own_from), fma(t, b, its_from));
  }

  Best best_;  ///< that the generalist could have for sure
};

}  // namespace haggle::fine_tuning
