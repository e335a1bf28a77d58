// SPDX-License-Identifier: MIT
// The Nash bargain of a game in which no share makes a deal at the performances of a table. Far below them revenue is a
// power of performance, α^h. If h is below the exponent k of somebody's cost, a little investment pays at any share,
// be it next to nothing: where h is close to k, performances are like 1e-50. Conditions are linear in logarithms there,
// so that all equilibria are known at once.
//
// With s = x/α and e = (h-1)/(k₁-1), α rises by T = 1/(1-es) with α₀. The generalist's marginal cost meets δ r' T once
// if both exponents are above h. If one is not, it does so first at a peak of the generalist's utility, near where its
// owner adds nothing, and then where that is least; from there to the table it rises to what it is there.
#pragma once
#include "haggle/solver/performance_table.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class FaintBargain {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceTable<Real, Points>;

  explicit FaintBargain(const Table& table)
      : walked(table.play, table.first_cost, table.its_first_cost),
        near(walked.trace),
        table_(table),
        rises_(table.starts_as - Real(1.0)),
        idles_(table.first_cost > Real(0.0)),
        rides_(table.its_first_cost > Real(0.0)),
        by_base_(rises_ / table.power),
        by_added_(rises_ / table.its_power) {}

  /// Below the table somebody invests at any share, and nobody who has to pay for a first bit.
  Mask may_be() const {
    const Real zero(0.0), one(1.0), clearly(1.1), first = table_.ln_alpha[0];
    const Mask gentle = (!idles_) & (by_base_ < one), its_gentle = (!rides_) & (by_added_ < one);
    // Where the specialist works for all of revenue, what α₀ would bring, in parts of it: with αˢ for what is there
    // alone, (r(α) - r(αˢ)) / α₀ is most at αˢ or where the table begins.
    const Real stiff = max(one - by_added_, Real(1e-6)), up = alone(its_pull(zero), by_added_) - first;
    const Real at_first = table_.revenue[0] / (table_.alpha[0] * max(one - exp(up * stiff), Real(1e-6)));
    const Real brings = max(table_.marginal[0] * exp(up * rises_) / stiff, at_first);
    const Mask stays_idle = (!idles_) | (its_gentle & (up < zero) & (clearly * brings < table_.first_cost));
    // Marginal revenue is less than where the table begins.
    const Mask stays_riding = (!rides_) | (gentle & (clearly * table_.marginal[0] < table_.its_first_cost));
    return table_.fits & (table_.due == zero) & (table_.its_due == zero) & (gentle | its_gentle) & stays_idle &
           stays_riding;
  }

  /// Where `near` is `done` it is nearly at the best share of such equilibria, there being no others at any share.
  void operator()(const Looks& looks, Mask wanted) {
    const Real none = -infinity<Real>();
    const Mask never = wanted & !wanted;
    near.done = never;
    Mask single = wanted & may_be(), falls = never;
    if (!any(single)) return;
    Seen before{}, last{};
    last.value = none;
    for (std::size_t j = 0; j < looks.shares.size(); ++j) {
      const Seen here = see(Real(looks.shares[j]));
      const Mask rises = here.value > last.value, turns = (!falls) & !rises;
      single = single & here.seen & !(falls & rises);
      if (j > 0) single = single & (abs(here.part - last.part) < Real(0.25));
      if (j == 1) single = single & rises;
      low_.take(before, turns), high_.take(here, turns);
      falls = falls | turns;
      before = last, last = here;
    }
    find_between(single & falls);
  }

  ShareWalk<Real> walked;
  SharePolish<Real> near;

 private:
  /// At a share, logarithms of investments and performance, x/α, and Nash's product, its logarithm.
  struct Seen {
    Real v, base, added, performance, part, value;
    Mask seen;

    void take(const Seen& from, Mask where) {
      for (Real Seen::*number : {&Seen::v, &Seen::base, &Seen::added, &Seen::performance, &Seen::part, &Seen::value})
        this->*number = select(where, from.*number, this->*number);
      seen = select_mask(where, from.seen, seen);
    }
  };

  /// ln α₀ and ln x where performance is the table's first, by ln δ and ln(1-δ).
  Real own_pull(Real ln_share) const {
    return (ln_share + log(table_.marginal[0]) - table_.ln_marginal) / table_.power;
  }
  Real its_pull(Real ln_rest) const {
    return (ln_rest + log(table_.marginal[0]) - table_.its_ln_marginal) / table_.its_power;
  }
  /// ln of performance where nobody else invests.
  Real alone(Real pull, Real by) const {
    return table_.ln_alpha[0] + (pull - table_.ln_alpha[0]) / max(Real(1.0) - by, Real(1e-6));
  }

  Seen see(Real v) const {
    const Real zero(0.0), one(1.0), none = -infinity<Real>();
    const Real e = log(one + exp(-abs(v))), ln_share = select(v > zero, zero, v) - e, ln_rest = ln_share - v;
    const Real own_most = own_pull(ln_share), its_most = its_pull(ln_rest), first = table_.ln_alpha[0];
    const Real own_least = select((!idles_) & (by_base_ < one), alone(own_most, by_base_), none),
               its_least = select((!rides_) & (by_added_ < one), alone(its_most, by_added_), none);
    Seen at{};
    at.v = v, at.performance = max(own_least, its_least), at.part = select(idles_, one, zero);
    Real off = zero;
    // From below, where a sum of powers lies above its tangents: so Newton's steps come to the first crossing.
    for (int k = 0; k < 10; ++k) {
      const Real up = at.performance - first, left = max(fma(-by_added_, at.part, one), Real(1e-6));
      at.base = select(idles_, none, fma(by_base_, up, own_most - log(left) / table_.power));
      at.added = select(rides_, none, fma(by_added_, up, its_most));
      const Real larger = max(at.base, at.added), sum = larger + log(exp(at.base - larger) + exp(at.added - larger));
      at.part = exp(at.added - sum), off = sum - at.performance;
      const Real falls = one - fma(by_added_, at.part, by_base_ * (one - at.part));
      at.performance = at.performance + off / max(falls, Real(1e-6));
    }
    const Real left = fma(-by_added_, at.part, one), h = table_.starts_as;
    const Real kept = one - h * (one - at.part) / (left * (table_.power + one)),
               its_kept = one - h * at.part / (table_.its_power + one);  // parts of their shares of revenue
    const Real revenue = log(table_.revenue[0]) + h * (at.performance - first);
    const Real least(1e-6);
    at.value =
        fma(table_.weight, ln_share + log(max(kept, least)),
            fma(table_.its_weight, ln_rest + log(max(its_kept, least)), revenue * (table_.weight + table_.its_weight)));
    at.seen = (abs(off) < Real(1e-3)) & (left > Real(1e-4)) & (min(kept, its_kept) > least);
    return at;
  }

  /// The bargain, if numbers tell it from nothing, from what is nearly the equilibrium at two shares around it.
  void find_between(Mask wanted) {
    const Real least(-200.0), nothing(-250.0), h = high_.v - low_.v, over = Real(1.0) / h;
    for (const Seen* s : {&low_, &high_}) {
      const Mask told = (select(idles_, Real(0.0), s->base) > least) & (select(rides_, Real(0.0), s->added) > least) &
                        (s->performance * table_.starts_as > Real(-400.0)) & (s->value > Real(-400.0));
      wanted = wanted & told & (s->performance < table_.ln_alpha[0]);
    }
    if (!any(wanted)) return;
    EquilibriumTrace<Real>& t = walked.trace;
    Places<Real> kept;
    std::array<TracedAim<Real>, 2> aims;
    for (const Seen* s : {&low_, &high_}) {
      const bool last = s == &high_;
      t.b = select(wanted, select(idles_, nothing, s->base), t.b);
      t.at[0].z = select(wanted, select(rides_, nothing, s->added), t.at[0].z);
      t.at[0].rides = select_mask(wanted, rides_, t.at[0].rides);
      walked.settle(s->v, wanted, Real(0.01), 6);
      t.b = select(wanted & idles_, nothing, t.b);  // which was put back to what is next to nothing elsewhere
      t.look(s->v);
      wanted = wanted & (t.worst < Real(0.01)) & (t.second_order < Real(0.0));
      const auto keep = [&](Place<Real>& p, Real at, Real fix, Real tangent) {
        p = {at + fix, tangent, last ? (tangent - p.tangent) * over : Real(0.0)};
      };
      keep(kept.base, t.b, t.b_fix, t.b_tangent);
      keep(kept.contributions[0], t.at[0].z, t.at[0].fix, t.at[0].tangent);
      aims[last] = aim_at<Solution::nash>(t, unset);
    }
    const TracedAim<Real>&a = aims[0], &b = aims[1];
    wanted = wanted & a.admissible & b.admissible & (a.slope > Real(0.0)) & (b.slope < Real(0.0));
    const Bracket<Real> bracket{
        low_.v, high_.v, a.slope, b.slope, (b.value - a.value) * over, max(a.value, b.value), max(a.value, b.value)};
    near.begin(bracket, kept, wanted);
    near.template run<Solution::nash>(unset, 1e-5, 1e-6);
    near.done = near.done & (near.v > low_.v) & (near.v < high_.v);
  }

  const Table& table_;
  Real rises_;               ///< h - 1
  Mask idles_, rides_;       ///< below the table: a first bit costs something
  Real by_base_, by_added_;  ///< dln/dln α of what each would invest at a performance
  Seen low_{}, high_{};      ///< around the best
};

}  // namespace haggle::fine_tuning
