// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose first bit of adaptation costs something, from the walk's rough candidates
// to the exact one: the best share while the specialist contributes, the best while it rides free, and the share at
// which riding free becomes the generalist's better peak.
#pragma once
#include "haggle/solver/curve_walk.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

/// The share at which two peaks are equally good to the generalist, from near it on.
template <class Real>
class PeakTie {
 public:
  using Mask = mask_t<Real>;

  /// `rides`: the peak of larger shares is one of riding free.
  PeakTie(const Play<Real>& play, Mask rides) : before(play), after(play) { after.at[0].rides = rides; }

  template <class Rough>
  void run(const CurveWalk<Rough>& walked, Mask wanted) {
    const Real zero(0.0), room(0.05);
    const Real start = converted<Real>(walked.jump_at);
    const auto put = [&](EquilibriumTrace<Real>& trace, const CurvePlace<Rough>& p) {
      const Real h = start - converted<Real>(p.v);
      trace.b = fma(h, converted<Real>(p.b_tangent), converted<Real>(p.b));
      trace.at[0].z = fma(h, converted<Real>(p.z_tangent), converted<Real>(p.z));
    };
    put(before, walked.at_jump[0]);
    put(after, walked.at_jump[1]);
    v = start;
    Mask active = wanted;
    done = zero > zero;
    for (int k = 0; k < 12 && any(active); ++k) {
      before.look(v);
      after.look(v);
      const Real turn = after.generalist_slope - before.generalist_slope;
      const Real step = (before.generalist - after.generalist) / turn;
      const Real worst = max(before.worst, after.worst);
      const Mask there = active & (abs(step) < Real(1e-11)) & (worst < Real(1e-9)) & (turn > zero) &
                         (before.second_order < zero) & (after.second_order < zero);
      done = done | there;
      active = active & !there;
      const Real limited = select(active, min(max(step, -room), room), zero), next = v + limited;
      active = active & (abs(next - start) < Real(0.1));
      for (EquilibriumTrace<Real>* trace : {&before, &after}) {
        Contribution<Real>& own = trace->at[0];
        const Real h = select(active, limited, zero);
        trace->b = trace->b + select(active | there, fma(h, trace->b_tangent, trace->b_fix), zero);
        own.z = own.z + select(active | there, fma(h, own.tangent, own.fix), zero);
      }
      v = select(active, next, v);
    }
    // A tie goes to the larger investment; a last bit of the share should not undo that.
    v = v + Real(4e-16) * max(abs(v), Real(1.0));
    after.look(v);
  }

  EquilibriumTrace<Real> before, after;
  Real v;
  Mask done;
};

template <class Real>
class RiderBargain {
 public:
  using Mask = mask_t<Real>;
  using Quick = Rough<Real>;

  RiderBargain(const Play<Real>& play, const Play<Quick>& quick, Quick first_cost0, Quick first_cost, Care care)
      : trace(play), quick_(quick), walked(quick, first_cost0, first_cost, care) {}

  /// Where it is proven; there the trace stands at the bargain.
  Mask operator()(Mask wanted) {
    const Quick zero(0.0), one(1.0);
    const Mask never = one < zero;
    walked.walk(wanted);
    const Quick error = walked.jump_error;
    value = second_ = -infinity<Real>();
    trace.idle = never;
    Mask missed = never;  // what may be the best could not be polished
    if (!any(walked.sure)) return missed;
    const Quick least = max(walked.best_value(), walked.jump - error);
    const auto needed = [&](Quick most) { return walked.sure & (most >= least) & (most > -infinity<Quick>()); };
    const auto take = [&](const CurvePeak<Quick>& peak, Mask rides) {
      const Mask at_peak = needed(peak.bracket.most);
      if (!any(at_peak)) return;
      const Mask sound = polish(peak, at_peak, rides);
      missed = missed | (at_peak & !sound) | (sound & (share_v_ > converted<Real>(peak.to))) |
               (sound & (share_v_ < converted<Real>(peak.from)));
    };
    take(walked.idle, never);
    take(walked.contributing, never);
    take(walked.riding, !never);
    const Mask at_jump = needed(walked.jump + error);
    if (any(at_jump)) {
      PeakTie<Real> tie(trace.play, walked.jump_rides);
      tie.run(walked, at_jump);
      const Mask sound = at_jump & tie.done;
      const TracedAim<Real> aim = aim_at<Solution::nash>(tie.after, unset);
      offer(tie.after, aim, sound & aim.admissible & !(aim.slope > Real(0.0)));
      missed = missed | (at_jump & !sound);
    }
    // Closer to a tie than this is for the slow path.
    return walked.sure & !missed & (value > converted<Real>(walked.rival)) &
           (value - second_ > Real(1e-10) * (Real(1.0) + abs(value)));
  }

  EquilibriumTrace<Real> trace;
  Real value;  ///< the Nash product, as a logarithm

 private:
  /// Where it could be done; then its place is offered.
  Mask polish(const CurvePeak<Quick>& peak, Mask wanted, Mask rides) {
    EquilibriumTrace<Quick> near_trace(quick_);
    near_trace.at[0].rides = rides;
    SharePolish<Quick> near(near_trace);
    near.begin(peak.bracket, peak.kept, wanted);
    near.template run<Solution::nash>(unset, 1e-3, 1e-3);
    EquilibriumTrace<Real> there(trace.play);
    there.at[0].rides = rides;
    SharePolish<Real> last(there);
    last.begin(near);
    SmoothAim<Solution::nash, Real, false> aim{unset};
    last.run(aim, 1e-7, 1e-10);
    last.finish(aim, 1e-10);
    share_v_ = last.v;
    offer(there, aim_at<Solution::nash>(there, unset), last.done);
    return last.done;
  }

  void offer(const EquilibriumTrace<Real>& there, const TracedAim<Real>& aim, Mask sound) {
    const Real none = -infinity<Real>();
    const Real offered = select(sound & aim.admissible, aim.value, none);
    const Mask wins = offered > value;
    second_ = max(second_, min(value, offered));
    value = select(wins, offered, value);
    take_place(trace, there, wins);
  }

  const Play<Quick>& quick_;
  Real share_v_, second_;

 public:
  CurveWalk<Quick> walked;
};

}  // namespace haggle::fine_tuning
