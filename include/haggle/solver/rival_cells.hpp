// SPDX-License-Identifier: MIT
// Between two shares, cells of performances: where the generalist would not have something better, what both have there
// bounds Nash's product.
#pragma once
#include "haggle/solver/sure_best.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class RivalCells : private SureBest<Real, Points> {
  using Gains = SureBest<Real, Points>;
  using Gains::begins, Gains::completed, Gains::error_of, Gains::has_kink, Gains::is_dominated, Gains::most_between,
      Gains::most_of, Gains::place;
  using Gains::best_, Gains::chosen_, Gains::first_tie_, Gains::h_, Gains::high_, Gains::last_tie_, Gains::last_top_,
      Gains::linear_, Gains::low_, Gains::table_;
  using typename Gains::Place;

 public:
  using Gains::any_deal, Gains::choose, Gains::know_ties;
  using Gains::Gains;
  using typename Gains::Mask, typename Gains::Table, typename Gains::View;

  /// Places in the table between which the product is known, as far as the specialist adds something, or rides free, or
  /// whatever it does.
  struct Known {
    Real from, to;
    Mask rides = Real(1.0) < Real(0.0), either = Real(1.0) < Real(0.0);

    void take(const Known& other, Mask where) {
      from = select(where, other.from, from), to = select(where, other.to, to);
      rides = select_mask(where, other.rides, rides), either = select_mask(where, other.either, either);
    }
  };
  static Known nothing_known() { return {infinity<Real>(), -infinity<Real>()}; }
  /// The same, but for ties.
  void know_beyond_ties(const Known& of, Mask where, Known& known) const {
    known.take({max(of.from, last_tie_), of.to, of.rides, of.either}, where);
  }

  /// Where a product between the shares may be no less than `value`; what is below the table may be known.
  Mask may_reach(Real value, Mask wanted, const std::array<Known, 2>& known, Mask below_is_known) {
    const Real zero(0.0);
    value_ = value, known_ = {within_kinks(known[0]), within_kinks(known[1])};
    // What is below the table.
    const Real own = high_.share * table_.revenue[0] - table_.due, its = low_.rest * table_.revenue[0] - table_.its_due;
    const Mask chosen = (!chosen_) | (own + table_.due > min(best_.low, best_.high));
    Mask may = wanted & chosen & !(table_.start_dead() | below_is_known) & (own > zero) & (its > zero) &
               !(product_of(table_, own, its) < value);
    const Real enough = worthwhile_revenue(table_, low_, high_, value);
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
          may = may | may_reach({g, 0, 1, bulge(g), error_of(g), begins(g)}, beginning(place(g - 1), begins(g)),
                                beginning(place(g), begins(g)), open, most_halvings);
      }
      was_rising = rising;
    }
    return may;
  }

 private:
  struct Part {
    std::size_t cell;
    double from, to;
    Real bulge;  ///< by how much the generalist's utility may lie above its chord
    typename Gains::Error error;
    Mask begins;  ///< the generalist's investment, in its cell
  };
  Real bulge(std::size_t g) const {
    const Real zero(0.0), two(2.0), three(3.0), quarter(0.25);
    // A cubic lies above a chord by an eighth of what it bends by at most, which it does at an end.
    const auto above = [&](Real from, Real to, Real rise) {
      return quarter * max(fma(two, from, to) - three * rise, three * rise - fma(two, to, from));
    };
    const auto of = [&](const View& s) { return above(s.own_on[g - 1], s.own_on[g], s.own[g] - s.own[g - 1]); };
    const Real all = max(of(low_), of(high_));
    const Mask revenue_alone = begins(g);
    if (!any(revenue_alone)) return max(all, zero);
    const Real on = table_.step * table_.alpha[g], on_before = table_.step * table_.alpha[g - 1];
    const Real of_revenue =
        above(on_before * table_.marginal[g - 1], on * table_.marginal[g], table_.revenue[g] - table_.revenue[g - 1]);
    return max(select(revenue_alone, high_.share * of_revenue, all), zero);
  }
  Mask may_reach(const Part& part, const Place& a, const Place& b, Mask wanted, int halvings) {
    const Real zero(0.0), from(static_cast<double>(part.cell - 1) + part.from),
        to(static_cast<double>(part.cell - 1) + part.to);
    const Mask answers = (to > first_tie_) | (from < last_top_ + Real(1.0));
    // Where the generalist begins to invest its cost is no cubic: it changes one way.
    const Real changes = max(abs(b.low.paid - a.low.paid), abs(b.high.paid - a.high.paid));
    const Real own_more = part.bulge + part.error.own + select(part.begins, changes, zero);
    Mask open = wanted & answers & !is_known(from, to) & ((!chosen_) | (max(a.excess, b.excess) + own_more > zero));
    if (!any(open)) return open;
    open = open & !(most_of(a, b, own_more, part.error.its, value_) < value_);
    if (!any(open) || halvings == 0) return open;
    const double middle = 0.5 * (part.from + part.to);
    const Place c = beginning(place(part.cell, Real(middle)), part.begins);
    const Real bulge = Real(0.25) * part.bulge;
    const Mask first =
        may_reach({part.cell, part.from, middle, bulge, part.error, part.begins}, a, c, open, halvings - 1);
    return first |
           may_reach({part.cell, middle, part.to, bulge, part.error, part.begins}, c, b, open & !first, halvings - 1);
  }

  /// A generalist whose first bit costs something and that invests at the higher share alone begins between them, where
  /// its utility has a kink: as if it paid nothing, it has no less.
  Place beginning(const Place& p, Mask where) const {
    const Real zero(0.0);
    const Mask turns = where & (table_.first_cost > zero) & !(p.low.paid > zero) & (p.high.paid > zero);
    if (!any(turns)) return p;
    auto low = p.low, high = p.high;
    const Real earned = high.own + high.paid, revenue = earned / high_.share;
    high.own = select(turns, earned, high.own);
    low.own_slope = select(turns, h_ * low_.share * low_.rest * revenue, low.own_slope);
    high.own_slope = select(turns, h_ * high_.share * high_.rest * revenue, high.own_slope);
    return completed(low, high, p.up);
  }

  /// The same where the specialist begins or ceases to add something, from t `from` to `to` in cell g.
  Mask may_reach_kinked(std::size_t g, double from, double to, Mask wanted, int halvings) {
    const Real before(static_cast<double>(g - 1)), t(from), u(to);
    const Mask answers = (before + u > first_tie_) | (before + t < last_top_ + Real(1.0));
    Mask open = wanted & answers & !is_known(before + t, before + u);
    if (!any(open)) return open;
    const auto most = most_between(g, t, u);
    open = open & most.exists & ((!chosen_) | (most.place.excess + most.error > Real(0.0)));
    if (any(open)) open = open & !(most_of(most.place, most.place, most.error, most.error, value_) < value_);
    if (!any(open) || halvings == 0) return open;
    const double middle = 0.5 * (from + to);
    const Mask below = may_reach_kinked(g, from, middle, open, halvings - 1);
    return below | may_reach_kinked(g, middle, to, open & !below, halvings - 1);
  }
  Mask is_known(Real from, Real to) const {
    return ((from >= known_[0].from) & (to <= known_[0].to)) | ((from >= known_[1].from) & (to <= known_[1].to));
  }
  /// What is known ends where the specialist begins or ceases to add something: another peak may be beyond.
  Known within_kinks(const Known& of) const {
    if (!linear_) return of;
    const Real hair(0.05);
    Known known = of;
    const Real first_begins = min(low_.begins, high_.begins), last_begins = max(low_.begins, high_.begins),
               first_ceases = min(low_.ceases, high_.ceases), last_ceases = max(low_.ceases, high_.ceases);
    const Mask below = of.rides & (Real(0.5) * (of.from + of.to) < first_begins);
    const Real from = select(of.rides, select(below, of.from, max(of.from, last_ceases + hair)),
                             max(of.from, select(last_begins > Real(0.0), last_begins + hair, last_begins)));
    const Real to =
        select(of.rides, select(below, min(of.to, first_begins - hair), of.to), min(of.to, first_ceases - hair));
    known.from = select(of.either, of.from, from), known.to = select(of.either, of.to, to);
    return known;
  }

  static constexpr int most_halvings = 8;  ///< of a part of a cell

  Real value_;
  std::array<Known, 2> known_;
};

}  // namespace haggle::fine_tuning
