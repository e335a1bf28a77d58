// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose revenue is S-shaped. Where nobody invests, or only just, there may be
// another peak of the generalist's utility or of the specialist's, so that what an equilibrium's conditions say is not
// enough. On a walk along all shares, everything that a share can lead to is looked at (performance_scan.hpp): it
// tells whether the equilibrium followed is the global one, and where it is not, what another may be worth at most.
#pragma once
#include "haggle/solver/performance_scan.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points = 48>
class ShapedBargain {
 public:
  using Mask = mask_t<Real>;
  using Scan = PerformanceScan<Real, Points>;

  explicit ShapedBargain(const Play<Real>& game) : walked(game), near(walked.trace), play_(game), scan_(game) {}

  /// Where `near` is `done` it is nearly at the best share.
  void operator()(const Looks& looks, Mask wanted) {
    open_ = wanted & scan_.fits;
    valid_ = was_valid_ = near.done = open_ & !open_;
    last_v_ = last_b_ = last_z_ = last_b_slope_ = last_z_slope_ = Real(0.0);
    last_own_ = last_own_slope_ = last_its_ = last_its_slope_ = Real(0.0);
    if (!any(open_)) return;
    beaten_ = -infinity<Real>();
    falls_outwards_ = open_;
    std::size_t place = 0;
    walked.template walk<Solution::nash>(
        looks, unset, open_, [&](Real v, bool again) { return begin_at(v, again); },
        [&](TracedAim<Real>& aim, bool again) {
          typename ShareWalk<Real>::Verdict verdict = judge();
          if (!again && any(verdict.again)) return verdict;
          verdict.again = verdict.again & !verdict.again;
          bound(aim);
          if (++place == 1) see_end(aim, Real(1.0));
          if (place == looks.shares.size()) see_end(aim, Real(-1.0));
          return verdict;
        });
    near.begin(walked.best, walked.kept, open_ & walked.finds());
    near.template run<Solution::nash>(unset, 1e-3, 1e-3);
    // What the product may rise by between a share looked at and the next.
    const std::size_t middle = looks.shares.size() / 2;
    const Real margin(0.05 + 0.5 * (looks.shares[middle] - looks.shares[middle - 1])), hair(1e-6);
    const Mask inside = (near.v > walked.best.low - hair) & (near.v < walked.best.high + hair);
    near.done = near.done & inside & falls_outwards_ & (near.value > max(walked.rival, beaten_ + margin));
  }

  ShareWalk<Real> walked;
  SharePolish<Real> near;

 private:
  Real product(Real generalist, Real specialist) const {
    const Real least(least_gain<Real>);
    return fma(play_.weight, log(max(generalist - scan_.due, least)),
               scan_.side.weight * log(max(specialist - scan_.its_due, least)));
  }

  /// Sees where v may lead, and has the trace begin anew at the highest peak where it was not on the best before.
  Mask begin_at(Real v, bool again) {
    const Real zero(0.0), one(1.0), least(Scan::least);
    if (!again) scan_.look(v);
    const Real error = Real(2.0) * scan_.table_error * scan_.share * scan_.revenue.back();
    Real highest = -error, base = one, x = one;
    Mask there = open_ & !open_;
    for (std::size_t g = 0; g + 1 < Scan::points; ++g) {
      const typename Scan::Peak& p = scan_.peak[g];
      const Mask better = p.exists & (p.utility > highest);
      highest = select(better, p.utility, highest), base = select(better, p.base, base);
      x = select(better, fma(p.there, scan_.alpha[g + 1] - scan_.alpha[g], scan_.alpha[g]) - p.base, x);
      there = there | better;
    }
    const Mask anew = open_ & there & !valid_;
    EquilibriumTrace<Real>& t = walked.trace;
    was_valid_ = again ? was_valid_ & valid_ : valid_;
    t.b = select(anew, log(max(base, least)), t.b);
    t.at[0].z = select(anew, log(max(x, least)), t.at[0].z);
    return there;
  }

  /// Whether the place is the equilibrium.
  typename ShareWalk<Real>::Verdict judge() {
    const Real zero(0.0), for_ever = infinity<Real>();
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real alpha = c.performance, x = alpha - t.a0, own = t.generalist + play_.fixed,
               its = c.utility + scan_.side.fixed;
    const Jet<Real> r = scan_.side.revenue(alpha);
    const Real error = scan_.table_error * t.share * r.value;
    valid_ = open_ & (t.worst < Real(good_look)) & (t.second_order < zero) &
             (scan_.its_power * r.slope > x * r.curvature * Real(1.02)) &
             (Real(1.001) * t.share * scan_.revenue[0] < own);
    if constexpr (is_swift_v<Real>) valid_ = valid_ & is_clear(t);
    const Real width = max(Real(1.5) * scan_.step, Real(0.08)), ln_alpha = log(alpha);
    Real answer = for_ever;
    for (std::size_t g = 0; g + 1 < Scan::points; ++g) {
      const typename Scan::Peak& p = scan_.peak[g];
      const Mask close = abs(fma(p.there, scan_.step, scan_.ln_alpha[g]) - ln_alpha) < width;
      valid_ = valid_ & !(p.exists & !close & (p.utility + error > own));
      // The specialist's smaller answer to the same α₀: x rises towards it.
      const Mask smaller = (scan_.base[g] > t.a0) & (scan_.alpha[g] < alpha) & !close & !(answer < for_ever);
      answer = select(smaller, scan_.investment(g), answer);
    }
    const Real other = t.rest * scan_.side.revenue(t.a0 + select(answer < for_ever, answer, zero)).value;
    valid_ = valid_ & ((other < Real(0.999) * its) | !(answer < for_ever));
    EquilibriumTrace<Real>& path = walked.trace;
    path.b_last_tangent = select(was_valid_, path.b_last_tangent, t.b_tangent);
    path.at[0].last_tangent = select(was_valid_, c.last_tangent, c.tangent);
    const Mask joined = valid_ & was_valid_ & goes_on(), again = open_ & was_valid_ & !valid_;
    return {open_, joined, again};
  }

  /// From the place before: neither investments nor utilities change otherwise than their slopes say.
  Mask goes_on() const {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real h = t.v - last_v_, some(0.03), money = Real(0.02) * c.revenue;
    const auto fits = [&](Real from, Real to, Real from_slope, Real to_slope, Real room) {
      const Real half(0.5), off = abs(to - from - half * h * (from_slope + to_slope));
      return off <= fma(Real(0.3) * h, abs(to_slope - from_slope), room);
    };
    return fits(last_b_, t.b + t.b_fix, last_b_slope_, t.b_tangent, some) &
           fits(last_z_, c.z + c.fix, last_z_slope_, c.tangent, some) &
           fits(last_own_, t.generalist, last_own_slope_, t.generalist_slope, t.share * money) &
           fits(last_its_, c.utility, last_its_slope_, c.slope, t.rest * money);
  }

  /// What the share is worth at most where the equilibrium is not known, and remembers the place.
  void bound(TracedAim<Real>& aim) {
    const Real none = -infinity<Real>(), for_ever = -none;
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Mask unclear = open_ & !(valid_ & aim.admissible);
    aim.admissible = aim.admissible & valid_;
    if (any(unclear)) {
      const Real most = scan_.product_at_most(unclear, [&](Real one, Real another) { return product(one, another); });
      beaten_ = max(beaten_, select(unclear, most, none));
      const Mask skips = unclear & ((!valid_) | !(most > none));
      aim.ahead = select(skips, for_ever, aim.ahead), aim.behind = select(skips, for_ever, aim.behind);
    }
    last_v_ = t.v, last_b_ = t.b + t.b_fix, last_z_ = c.z + c.fix, last_b_slope_ = t.b_tangent,
    last_z_slope_ = c.tangent;
    last_own_ = t.generalist, last_own_slope_ = t.generalist_slope, last_its_ = c.utility, last_its_slope_ = c.slope;
  }

  /// At an end of the walk the product must rise inwards. (Beyond an end where no equilibrium was followed all that is
  /// possible is worth less than there: one side's share goes to none, the other's is all but whole.)
  void see_end(const TracedAim<Real>& aim, Real inwards) {
    falls_outwards_ = falls_outwards_ & !(valid_ & aim.admissible & !(inwards * aim.slope > Real(0.0)));
  }

  const Play<Real>& play_;
  Scan scan_;
  Mask open_, valid_, was_valid_;
  Mask falls_outwards_;
  Real last_v_, last_b_, last_z_, last_b_slope_, last_z_slope_, last_own_, last_own_slope_, last_its_,
      last_its_slope_;  ///< at the place before
  Real beaten_;         ///< what the shares are worth at most at which no equilibrium was followed
};

}  // namespace haggle::fine_tuning
