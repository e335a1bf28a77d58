// SPDX-License-Identifier: MIT
// Where the generalist invests nothing at small shares, and then all at once: the curve of contributing followed from
// its other end. If the specialist's marginal cost rises from its first bit on as a power of x less than 1, its
// contribution goes smoothly to none where riding free begins, and before there is a peak at which both invest, down
// to the share at which the curve folds. From some share on it may be better than none.
#pragma once
#include "haggle/solver/curve_peaks.hpp"
#include "haggle/solver/peak_tie.hpp"

namespace haggle::fine_tuning {

template <class Real>
class LateBranch {
 public:
  using Mask = mask_t<Real>;

  LateBranch(CurvePeaks<Real>& found, Branches<Real>& curves) : peaks(found), branches(curves) {}

  /// Riding free begins at v, with ln α₀ = b; `power`: of x in the specialist's marginal cost, in the limit.
  void follow(Mask wanted, Real power, Real v, Real b, double finer) {
    const Real zero(0.0), none = infinity<Real>();
    leads = zero > zero;
    from = none;
    error = Real(2e-3);
    wanted = wanted & peaks.sure;
    if (!any(wanted)) return;
    begin(wanted, power, v, b);
    Mask active = wanted, leading = wanted, entered = leads, tied = leads;
    Spot tie_spot = branches.spot;
    const Real first_riding = last_.generalist;
    Real room = zero, furthest = last_.v;
    const Real towards = select(branches.spot.y_turn > zero, Real(1.0), Real(-1.0));
    CurvePlace<Real> upper = last_, tie_upper = last_;
    TracedAim<Real> upper_aim = peaks.aim_at(last_);
    for (int k = 0; k < 40 && peaks.is_needed(active); ++k) {
      const Spot at = branches.spot;
      const Real most_y = fma(Real(0.3), abs(at.y), Real(1.2));
      const Real cap = Real(finer) / max(abs(at.w_turn), abs(at.y_turn) / most_y);
      const Real along = towards * select(entered, min(cap, Real(0.6 * finer) / abs(at.v_turn)), cap);
      const CurvePlace<Real> p = branches.contributing(along, active, 8);
      const Mask good = branches.found;
      branches.spot = Spot::chosen(active & good, branches.spot, at);
      // Before that, v may rise along the curve: of valleys between contributing and riding free. If it does so to the
      // curve's end, or to where all revenue is less than what riding free leaves, there is no peak on it that matters.
      const Mask outside = active & good & !entered & ((p.v >= v) | (p.v >= furthest));
      const Mask counts = active & good & !outside;
      const Mask valleys_end = outside & ((branches.spot.y > Real(9.0)) | (p.revenue < first_riding));
      const Mask returns = ((outside & (p.v < furthest)) | counts) & (furthest > v + Real(0.03));
      peaks.sure = peaks.sure & ((!active) | good) & !returns;
      furthest = max(furthest, select(outside, p.v, furthest));
      const CurvePlace<Real> none_invested = branches.idle(p.v, counts, 8);
      const Mask first = counts & !entered, folds = counts & entered & !(p.v < upper.v);
      const Mask ends = folds | (counts & (branches.spot.y > Real(9.0)));
      const Real lead = p.generalist - none_invested.generalist;
      const Real turn = p.generalist_slope - none_invested.generalist_slope;
      const Mask ahead = counts & !folds & (lead >= zero), behind = counts & !folds & !ahead;
      const Mask would_be = (turn < zero) & (lead - turn * abs(upper.v - p.v) >= zero);
      peaks.sure = peaks.sure & ((!counts) | branches.found) & !(ends & leading) & !(ahead & !leading) &
                   !(behind & !(leading | first) & would_be) &
                   !(behind & peaks.takes_part(p) & !peaks.takes_part(none_invested));
      const TracedAim<Real> aim = peaks.aim_at(p);
      const Mask between = ahead & leading & !first & peaks.sure;
      peaks.compare(peaks.contributing, p, aim, upper, upper_aim, between);
      const Mask ties = behind & leading & !first;
      tie_spot = Spot::chosen(ties, at, tie_spot);
      room = select(ties, along, room);
      tie_upper = choose(ties, upper, tie_upper);
      tie_aim_ = peaks.chosen(ties, upper_aim, tie_aim_);
      tied = tied | ties;
      leading = leading & !behind;
      edge = choose(first, p, edge);
      entered = entered | counts;
      upper = choose(counts, p, upper);
      upper_aim = peaks.chosen(counts, aim, upper_aim);
      active = active & !ends & !valleys_end;
    }
    peaks.sure = peaks.sure & !active;
    if (peaks.is_needed(tied)) settle(tied & peaks.sure, tie_spot, room, tie_upper);
  }

  CurvePeaks<Real>& peaks;
  Branches<Real>& branches;
  Mask leads;               ///< both investing is better than none before riding free begins,
  Real from, error;         ///< from this share on, and what it may be off by
  CurvePlace<Real> edge{};  ///< contributing, next to where riding free begins

 private:
  using Spot = typename Branches<Real>::Spot;

  /// To where so little is contributed that T is nearly 1 and marginal cost nearly the first bit's.
  void begin(Mask wanted, Real power, Real v, Real b) {
    const Real one(1.0), alpha = exp(b), little(7.0);
    const Jet<Real> r = peaks.side.revenue(alpha), f = peaks.side.cost(alpha);
    const Real more = f.slope - branches.first_cost, bend = -alpha * r.curvature / r.slope;
    const Real held = (log(bend * branches.first_cost / (power * more)) + little) / (one - power);
    const Real paid = (log(more / branches.first_cost) + little) / power;
    const Real far = max(max(held, paid), Real(6.0));
    branches.z = b;
    branches.spot = {b, -far, Real(0.0), Real(0.0), Real(0.0)};
    last_ = branches.contributing(Real(0.0), wanted, 10);
    const Mask good = branches.found & (abs(last_.v - v) < Real(0.03)) & (abs(branches.spot.w - b) < Real(0.03)) &
                      (far < Real(200.0));
    branches.idle(v, wanted, 16);
    peaks.sure = peaks.sure & ((!wanted) | (good & branches.found));
    edge = last_;
    tie_aim_ = peaks.aim_at(last_);
  }

  /// The share at which both investing becomes better than none, within `room` of a spot on the curve.
  void settle(Mask wanted, const Spot& spot, Real room, const CurvePlace<Real>& upper) {
    const Real zero(0.0);
    PeakTie<Real> tie;
    tie.run(
        zero, room, wanted, 1e-3,
        [&](Real along, Mask active) {
          branches.spot = spot;
          const CurvePlace<Real> p = branches.contributing(along, active, 8);
          return TieSide<Real>{p, branches.spot, branches.found};
        },
        [&](const CurvePlace<Real>& p, Mask active) {
          const CurvePlace<Real> q = branches.idle(p.v, active, 8);
          return TieRival<Real>{q, branches.found};
        });
    const Mask settled = tie.settled;
    const CurvePlace<Real>&both = tie.here, &none_invested = tie.beyond;
    from = select(settled, tie.at, select(wanted, upper.v, from));
    error = select(settled, error + Real(peaks.value_error) * tie.uncertainty, error);
    const TracedAim<Real> aim = peaks.aim_at(both);
    peaks.sure = peaks.sure & ((!wanted) | (settled & !(peaks.takes_part(both) & !peaks.takes_part(none_invested))));
    leads = settled & peaks.sure;
    peaks.compare(peaks.contributing, both, aim, upper, tie_aim_, leads);
    const Real worth = peaks.worth(aim, leads), off = Real(peaks.value_error) + abs(aim.slope) * error;
    const Mask never = zero > zero;
    peaks.compare({worth, off, none_invested, both, never, leads, never, tie.spot, room}, leads);
  }

  CurvePlace<Real> last_{};
  TracedAim<Real> tie_aim_;
};

}  // namespace haggle::fine_tuning
