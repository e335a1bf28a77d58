// SPDX-License-Identifier: MIT
// Between two shares, cells of performances: where the generalist would not have something better, what both have there
// bounds Nash's product. Of shares utilities are cubics by their values and slopes at both ends; so they are of
// performances, from one of the table to the next, and what those are off by was measured.
#pragma once
#include "haggle/solver/share_pair.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class RivalCells : private SharePair<Real, Points> {
  using Pair = SharePair<Real, Points>;
  using Pair::begins, Pair::error_of, Pair::has_kink, Pair::has_kink_at, Pair::is_dominated;
  using Pair::first_tie_, Pair::first_top_, Pair::h_, Pair::high_, Pair::last_tie_, Pair::last_top_, Pair::linear_,
      Pair::low_, Pair::rounding, Pair::table_;

 public:
  using Pair::any_deal;
  using Pair::Pair;
  using typename Pair::Mask, typename Pair::Table, typename Pair::View;

  /// Places in the table between which the product is known, as far as the specialist adds something, or rides free.
  struct Known {
    Real from, to;
    Mask rides = Real(1.0) < Real(0.0);
  };
  /// The same, but for ties.
  void know_beyond_ties(const Known& of, Mask where, Known& known) const {
    known.from = select(where, max(of.from, last_tie_), known.from), known.to = select(where, of.to, known.to);
    known.rides = select_mask(where, of.rides, known.rides);
  }

  /// What the generalist could have at all shares between, for sure: of performances that the specialist answers with
  /// the best, where its utility peaks or they begin or end.
  void choose() {
    const Real zero(0.0), one(1.0);
    Mask was_sure = zero > one, was_rising = was_sure;
    for (std::size_t g = 0; g < Points; ++g) {
      const Real hair = Real(hair_part) * table_.revenue[g], at(static_cast<double>(g));
      const Mask rising = (low_.base_on[g] > zero) & (high_.base_on[g] > zero);
      const Mask up = rising & (low_.base[g] > zero) & (high_.base[g] > zero);
      const Mask sure = up & ((at <= first_top_) | (at >= last_tie_)) &
                        (low_.its[g] > table_.its_due + low_.rest * hair) &
                        (high_.its[g] > table_.its_due + high_.rest * hair);
      const Mask first = sure & !was_sure & !has_kink_at(g);
      if (any(first)) offer(first, place(g), g);
      if (g > 0) {
        const Mask last = was_sure & !sure & !has_kink_at(g - 1);
        if (any(last)) offer(last, place(g - 1), g - 1);
        const Mask smooth = !has_kink(g);
        const Real rises = low_.own_on[g - 1] + high_.own_on[g - 1], falls = low_.own_on[g] + high_.own_on[g];
        const Mask peaks = was_sure & sure & smooth & (rises > zero) & (falls < zero);
        if (any(peaks)) offer(peaks, place(g, select(peaks, rises / (rises - falls), zero)), g);
        const Real t = last_tie_ - Real(static_cast<double>(g - 1));
        const Mask from_tie = was_rising & up & smooth & (t > zero) & (t < one);
        if (any(from_tie)) {
          const Place p = place(g, min(max(t, zero), one));
          offer(from_tie & p.up & (p.low.its > table_.its_due) & (p.high.its > table_.its_due), p, g);
        }
      }
      was_sure = sure, was_rising = rising;
    }
  }
  /// Likewise, where it is known.
  void choose(Mask where, Real utility) {
    best_.low = best_.high = select(where, utility, best_.low), best_.from = best_.to = Real(0.0);
    chosen_ = where;
  }

  /// Where a product between the shares may be no less than `value`.
  Mask may_reach(Real value, Mask wanted, const Known& known) {
    const Real zero(0.0);
    value_ = value, known_ = within_kinks(known);
    // What is below the table.
    const Real own = high_.share * table_.revenue[0] - table_.due, its = low_.rest * table_.revenue[0] - table_.its_due;
    const Mask chosen = (!chosen_) | (own + table_.due > min(best_.low, best_.high));
    Mask may =
        wanted & chosen & !table_.start_dead() & (own > zero) & (its > zero) & !(product_of(table_, own, its) < value);
    const Real enough = worthwhile_revenue();
    std::size_t first = 0;
    while (first + 1 < Points && !any(wanted & (table_.revenue[first + 1] > enough))) ++first;
    Mask was_rising = wanted & !wanted;
    for (std::size_t g = first; g < Points; ++g) {
      const Mask rising = (low_.base_on[g] > zero) | (high_.base_on[g] > zero);
      if (g > first) {
        Mask open = wanted & (!may) & (was_rising | rising) & (high_.base[g] > zero) & (table_.revenue[g] > enough);
        if (any(open)) open = open & !is_dominated(g, value, open);
        const Mask kinked = open & has_kink(g);
        if (any(kinked)) may = may | may_reach_kinked(g, 0, 1, kinked, most_halvings), open = open & !kinked;
        if (any(open))
          may =
              may | may_reach({g, 0, 1, bulge(g), error_of(g), begins(g)}, place(g - 1), place(g), open, most_halvings);
      }
      was_rising = rising;
    }
    return may;
  }

 private:
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
  struct Part {
    std::size_t cell;
    double from, to;
    Real bulge;  ///< by how much the generalist's utility may lie above its chord
    typename Pair::Error error;
    Mask begins;  ///< the generalist's investment, in its cell
  };
  struct Best {
    Real low{}, high{}, from{}, to{}, sum = -infinity<Real>();
  };

  /// Of less, though it were both players' whole gain, the product is below the value at all shares between.
  Real worthwhile_revenue() const {
    const Real zero(0.0), own = table_.weight, its = table_.its_weight;
    const Real parts = fma(own, log(high_.share), its * log(low_.rest));
    const Real enough = exp(max((value_ - parts) / (own + its), Real(is_swift_v<Real> ? -85.0 : -700.0)));
    return select(min(table_.due, table_.its_due) < zero, zero, Real(0.999) * enough);
  }
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
  void offer(Mask where, const Place& p, std::size_t g) {
    const Real error = error_of(g).own, low = p.low.own - error, high = p.high.own - error;
    const Mask better = where & (low + high > best_.sum);
    const auto take = [&](Real& to, Real value) { to = select(better, value, to); };
    take(best_.sum, low + high), take(best_.low, low), take(best_.high, high);
    take(best_.from, p.low.own_slope), take(best_.to, p.high.own_slope);
    chosen_ = chosen_ | better;
  }

  Real bulge(std::size_t g) const {
    const Real zero(0.0), two(2.0), three(3.0), quarter(0.25);
    // A cubic lies above a chord by an eighth of what it bends by at most, which it does at an end.
    const auto above = [&](const View& s) {
      const Real from = s.own_on[g - 1], to = s.own_on[g], rise = s.own[g] - s.own[g - 1];
      return quarter * max(fma(two, from, to) - three * rise, three * rise - fma(two, to, from));
    };
    return max(max(above(low_), above(high_)), zero);
  }
  Mask may_reach(const Part& part, const Place& a, const Place& b, Mask wanted, int halvings) {
    const Real zero(0.0), from(static_cast<double>(part.cell - 1) + part.from),
        to(static_cast<double>(part.cell - 1) + part.to);
    const Mask answers = (to > first_tie_) | (from < last_top_ + Real(1.0));
    // Where the generalist begins to invest its cost is no cubic.
    const Real own_more = part.bulge + part.error.own + select(part.begins, max(b.low.paid, b.high.paid), zero);
    Mask open = wanted & answers & !((from >= known_.from) & (to <= known_.to)) &
                ((!chosen_) | (max(a.excess, b.excess) + own_more > zero));
    if (!any(open)) return open;
    open = open & !(most_of(a, b, own_more, part.error.its) < value_);
    if (!any(open) || halvings == 0) return open;
    const double middle = 0.5 * (part.from + part.to);
    const Place c = place(part.cell, Real(middle));
    const Real bulge = Real(0.25) * part.bulge;
    const Mask first =
        may_reach({part.cell, part.from, middle, bulge, part.error, part.begins}, a, c, open, halvings - 1);
    return first |
           may_reach({part.cell, middle, part.to, bulge, part.error, part.begins}, c, b, open & !first, halvings - 1);
  }

  /// The same where the specialist begins or ceases to add something: from t `from` to `to` in cell g, with the most
  /// that it can add the generalist pays least, with the least the specialist does.
  Mask may_reach_kinked(std::size_t g, double from, double to, Mask wanted, int halvings) {
    const Real zero(0.0), third(1.0 / 3), before(static_cast<double>(g - 1)), t(from), u(to), width(to - from);
    const Mask answers = (before + u > first_tie_) | (before + t < last_top_ + Real(1.0));
    Mask open = wanted & answers & !((before + t >= known_.from) & (before + u <= known_.to));
    if (!any(open)) return open;
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
    open = open & (base_most > zero);
    const Real paid = table_.cost_of(base), its_paid = select(adds_least.x > zero, table_.its_cost(adds_least), zero);
    const auto gains = [&](const View& s) {
      const Real earns = h_ * s.share * s.rest * revenue;
      return Gains{fma(s.share, revenue, -paid), fma(s.rest, revenue, -its_paid), earns, -earns, paid};
    };
    const Place p = completed(gains(low_), gains(high_), base > zero);
    const Real bent = h_ * h_ * h_ * h_ * Real(1.0 / 384) * high_.share * low_.rest * revenue;
    open = open & ((!chosen_) | (p.excess + bent > zero));
    if (any(open)) open = open & !(most_of(p, p, bent, bent) < value_);
    if (!any(open) || halvings == 0) return open;
    const double middle = 0.5 * (from + to);
    const Mask below = may_reach_kinked(g, from, middle, open, halvings - 1);
    return below | may_reach_kinked(g, middle, to, open & !below, halvings - 1);
  }
  /// What is known ends where the specialist begins or ceases to add something: another peak may be beyond.
  Known within_kinks(const Known& of) const {
    if (!linear_) return of;
    const Real hair(0.05);
    Known known = of;
    const Real first_begins = min(low_.begins, high_.begins), last_begins = max(low_.begins, high_.begins),
               first_ceases = min(low_.ceases, high_.ceases), last_ceases = max(low_.ceases, high_.ceases);
    const Mask below = of.rides & (Real(0.5) * (of.from + of.to) < first_begins);
    known.from = select(of.rides, select(below, of.from, max(of.from, last_ceases + hair)),
                             max(of.from, select(last_begins > Real(0.0), last_begins + hair, last_begins)));
    known.to = select(of.rides, select(below, min(of.to, first_begins - hair), of.to),
                           min(of.to, first_ceases - hair));
    return known;
  }

  /// The product's logarithm between two performances and two shares, or more.
  Real most_of(const Place& a, const Place& b, Real own_more, Real its_more) const {
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
    if (all(mixed < value_)) return mixed;
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
    const Mask crossed = a * b < zero;
    const Real peak = -fma(table_.weight * a, its_from, table_.its_weight * b * own_from) / (a * b);
    const Real t = select(crossed, min(max(peak, zero), one), select((a > zero) | (b > zero), one, zero));
    return product_of(table_, fma(t, a, own_from), fma(t, b, its_from));
  }

  static constexpr int most_halvings = 8;    ///< of a part of a cell
  static constexpr double hair_part = 3e-5;  ///< of revenue, to be sure of an answer

  Real value_;
  Known known_;
  Best best_;
  Mask chosen_ = Real(1.0) < Real(0.0);
};

}  // namespace haggle::fine_tuning
