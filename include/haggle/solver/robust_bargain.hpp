// SPDX-License-Identifier: MIT
// Any power-law game, any solution, by global search: what bargain_newton.hpp does not certify comes here.
#pragma once
#include "haggle/solver/bargain_search.hpp"
#include "haggle/solver/money_unit.hpp"
#include "haggle/solver/solved.hpp"

namespace haggle::power_law {

template <class Real>
class RobustBargain {
 public:
  using Mask = mask_t<Real>;

  RobustBargain(const Game<Real>& game, const Reduction<Real>& reduction)
      : original(game), r(reduction), unit(game, r), g(in_units_of(unit, game)), curve(g, r, unit.ln) {}

  template <Solution S>
  Solved<Real> solve() const {
    const Real zero(0.0);
    if constexpr (S == Solution::fixed) {
      const Mask inside = (g.fixed_share > zero) & (g.fixed_share < Real(1.0));
      const Real v =
          log(select(inside, g.fixed_share, Real(0.5)) / (Real(1.0) - select(inside, g.fixed_share, Real(0.5))));
      const CurvePoint<Real> at = curve.at_share(v);
      const Mask every = zero <= zero;
      Found<Real> found{at.y, v, zero, every, g.fixed_share >= Real(1.0), g.fixed_share <= zero, !every, every};
      Solved<Real> solved = report(found, at);
      solved.share = g.fixed_share;
      const auto loses = [](Real utility, Real outside) {  // by more than rounding: an indifferent player takes part
        return utility < outside - Real(1e-14) * (abs(utility) + abs(outside));
      };
      const Mask refused = loses(solved.generalist_utility, max(original.generalist_outside, Real(0.0))) |
                           loses(solved.specialist_utility, original.specialist_outside);
      return or_no_deal(solved, refused);
    } else {
      const Found<Real> found = bargain<S>();
      return or_no_deal(report(found, curve.at(found.y, found.v)), !found.found);
    }
  }

 private:
  /// Utilities along which to search: weights, offsets, and whose gain counts.
  struct Terms {
    Real generalist_weight, specialist_weight, generalist_offset, specialist_offset;
    Mask must_gain;
  };

  template <Solution S>
  Found<Real> search(Mask wanted, const Terms& terms, const std::array<Real, 2>& landmarks) const {
    const Objective<Real, S> objective{g,
                                       terms.generalist_weight,
                                       terms.specialist_weight,
                                       terms.generalist_offset,
                                       terms.specialist_offset,
                                       max(curve.idle().ln_performance, curve.alone().ln_performance),
                                       terms.must_gain};
    return BargainSearch<Real, S>(curve, objective)(wanted, landmarks);
  }

  template <Solution S>
  Found<Real> bargain() const {
    const Real zero(0.0), half(0.5), one(1.0), none = infinity<Real>();
    const Mask every = zero <= zero, never = zero < zero;
    constexpr bool needs_gain = S == Solution::nash || S == Solution::egalitarian ||
                                S == Solution::powerful_specialist || S == Solution::kalai_smorodinsky;

    Terms terms{g.weight, one - g.weight, zero, zero, needs_gain ? every : never};
    std::array<Real, 2> landmarks{none, none};
    if constexpr (S == Solution::kalai_smorodinsky) {
      const auto best_g = search<Solution::powerful_generalist>(every, Terms{one, zero, zero, zero, never}, landmarks);
      landmarks[0] = select(interior(best_g), best_g.y, none);
      const auto best_d = search<Solution::powerful_specialist>(every, Terms{zero, one, zero, zero, every}, landmarks);
      landmarks[1] = select(interior(best_d), best_d.y, none);
      weigh_by_ideals(terms, best_g.value, best_d.value);
    }
    if constexpr (S == Solution::egalitarian) offset_by_outside_options(terms);
    if constexpr (S == Solution::powerful_specialist) terms.specialist_weight = one;
    Found<Real> found = search<S>(every, terms, landmarks);
    // Where the specialist gains at no share, or all shares give the same performance, or the same to the only player
    // with weight, every deal is a tie, and ties go to the larger surplus.
    constexpr bool can_be_flat = S == Solution::max_performance || S == Solution::utilitarian;
    const Mask tied = can_be_flat ? found.flat : needs_gain ? !found.found : never;
    if (any(tied)) {
      const Terms equal{half, half, zero, zero, never};
      found = choose(tied, search<Solution::utilitarian>(tied, equal, landmarks), found);
    }
    return found;
  }

  /// (U_j - d_j) / w_j is U_j / w_j - d_j / w_j. Where both outside options are huge and negative that would be all
  /// rounding; shares are ordered the same without the common part of the constants.
  void offset_by_outside_options(Terms& terms) const {
    const Real zero(0.0), none = infinity<Real>();
    const auto constant = [&](Real weight, Real outside) { return select(weight > zero, -outside / weight, none); };
    const Real of_g = constant(terms.generalist_weight, g.generalist_outside);
    const Real of_d = constant(terms.specialist_weight, g.specialist_outside);
    const Real common = max(min(of_g, of_d), zero);
    terms.generalist_offset = of_g - common;
    terms.specialist_offset = of_d - common;
  }

  /// (U_j - d_j) / (w_j (I_j - d_j)) is (U_j - I_j) / (w_j (I_j - d_j)) + 1/w_j: small differences stay small.
  void weigh_by_ideals(Terms& terms, Real ideal_g, Real ideal_d) const {
    const Real zero(0.0), one(1.0), none = infinity<Real>();
    const auto inverse = [&](Real weight) { return select(weight > zero, one / weight, none); };
    const Real of_g = inverse(terms.generalist_weight), of_d = inverse(terms.specialist_weight);
    const Real common = min(of_g, of_d);
    terms.generalist_weight = terms.generalist_weight * max(ideal_g - g.generalist_outside, zero);
    terms.specialist_weight = terms.specialist_weight * max(ideal_d - g.specialist_outside, zero);
    const auto ideal = [&](Real weight, Real value) { return select(weight > zero, value / weight, zero); };
    terms.generalist_offset = (of_g - common) - ideal(terms.generalist_weight, ideal_g);
    terms.specialist_offset = (of_d - common) - ideal(terms.specialist_weight, ideal_d);
  }

  static Mask interior(const Found<Real>& f) { return f.found & (!f.all_to_generalist) & (!f.all_to_specialist); }

  static Found<Real> choose(Mask mask, const Found<Real>& a, const Found<Real>& b) {
    return {select(mask, a.y, b.y),
            select(mask, a.v, b.v),
            select(mask, a.value, b.value),
            select_mask(mask, a.found, b.found),
            select_mask(mask, a.all_to_generalist, b.all_to_generalist),
            select_mask(mask, a.all_to_specialist, b.all_to_specialist),
            select_mask(mask, a.flat, b.flat),
            select_mask(mask, a.settled, b.settled)};
  }

  /// The equilibrium in the units of the game, corners in closed form.
  Solved<Real> report(const Found<Real>& found, const CurvePoint<Real>& at) const {
    const Real zero(0.0), one(1.0);
    const Mask corner = found.all_to_generalist | found.all_to_specialist;
    const CurvePoint<Real> best =
        EquilibriumCurve<Real>::choose(found.all_to_generalist, curve.alone(),
                                       EquilibriumCurve<Real>::choose(found.all_to_specialist, curve.idle(), at));
    const Real revenue = exp(best.ln_revenue + unit.ln);
    const Logistic<Real> sv(found.v), sy(found.y);
    Solved<Real> s;
    s.share = select(found.all_to_generalist, one, select(found.all_to_specialist, zero, sv.s));
    s.performance = exp(best.ln_performance);
    s.base_performance =
        select(found.all_to_generalist, s.performance, select(found.all_to_specialist, zero, s.performance * sy.t));
    s.revenue = revenue;
    s.generalist_utility = revenue * best.generalist;
    s.specialist_utility = select(best.held, original.specialist_outside, revenue * best.specialist);
    s.residual = select(corner | at.held, zero, abs(curve.pull_of(found.v) + r.ln_k - curve.ln_f(found.y)));
    s.generalist_regime =
        select(s.base_performance > zero, code<Real>(GeneralistRegime::invests), code<Real>(GeneralistRegime::idle));
    s.specialist_regime = select(found.all_to_generalist, code<Real>(SpecialistRegime::free_rider),
                                 code<Real>(SpecialistRegime::contributor));
    s.status = select(found.settled, code<Real>(Status::solved), code<Real>(Status::not_converged));
    return s;
  }

  /// Without a deal both have their outside options.
  Solved<Real> or_no_deal(Solved<Real> s, Mask none) const {
    const Real zero(0.0);
    s.status = select(none, code<Real>(Status::no_deal), s.status);
    s.share = select(none, not_a_number<Real>(), s.share);
    s.base_performance = select(none, zero, s.base_performance);
    s.performance = select(none, zero, s.performance);
    s.revenue = select(none, zero, s.revenue);
    s.generalist_utility = select(none, original.generalist_outside, s.generalist_utility);
    s.specialist_utility = select(none, original.specialist_outside, s.specialist_utility);
    s.generalist_regime = select(none, code<Real>(GeneralistRegime::abstains), s.generalist_regime);
    s.specialist_regime = select(none, code<Real>(SpecialistRegime::abstainer), s.specialist_regime);
    s.residual = select(none, zero, s.residual);
    return s;
  }

  const Game<Real>& original;
  const Reduction<Real>& r;
  const MoneyUnit<Real> unit;
  const Game<Real> g;
  EquilibriumCurve<Real> curve;
};

}  // namespace haggle::power_law
