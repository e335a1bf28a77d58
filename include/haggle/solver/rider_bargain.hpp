// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose first bit of adaptation costs something, from the rough candidates
// (rider_search.hpp) to the exact one.
#pragma once
#include "haggle/solver/exact_jump.hpp"
#include "haggle/solver/rider_search.hpp"
#include "haggle/solver/seam_jump.hpp"

namespace haggle::fine_tuning {

template <class Real>
class RiderBargain {
 public:
  using Mask = mask_t<Real>;

  explicit RiderBargain(const Play<Real>& play) : trace(play) {}

  /// Where it is proven; there the trace stands at the bargain. `part`: which of the search's lanes.
  template <class Rough>
  Mask operator()(const RiderSearch<Rough>& found, std::size_t part) {
    const CurveWalk<Rough>& walked = found.walked;
    const auto mask = [&](mask_t<Rough> m) { return converted_mask<Real, Rough>(m, part); };
    const Mask sure = mask(walked.sure), never = !(sure | !sure);
    value = second_ = -infinity<Real>();
    trace.idle = never;
    Mask missed = never;  // what may be the best could not be polished
    for (const RiderCandidate<Rough>& candidate : found.candidates) {
      const Mask wanted = mask(candidate.wanted);
      if (any(wanted)) missed = missed | (wanted & !polish(candidate, part, mask(candidate.rides)));
    }
    const Mask at_jump = mask(found.at_jump), at_seam = at_jump & mask(walked.jump.at_seam),
               at_tie = at_jump & !at_seam;
    if (any(at_tie)) {
      ExactJump<Real> tie(trace.play);
      tie.run(walked.jump, part, at_tie);
      missed = missed | (at_tie & !offer_jump(tie.after, at_tie & tie.done));
    }
    if (any(at_seam)) {
      SeamJump<Real> jump(trace.play);
      jump.run(converted<Real>(walked.jump.beyond.b, part), at_seam);
      missed = missed | (at_seam & !offer_jump(jump.after, at_seam & jump.done));
    }
    // Closer to a tie than this is for the slow path.
    return sure & !missed & (value > converted<Real>(walked.rival, part)) &
           (value - second_ > Real(1e-10) * (Real(1.0) + abs(value)));
  }

  EquilibriumTrace<Real> trace;
  Real value;  ///< the Nash product, as a logarithm

 private:
  /// Where it could be done; then its place is offered.
  template <class Rough>
  Mask polish(const RiderCandidate<Rough>& candidate, std::size_t part, Mask rides) {
    EquilibriumTrace<Real> there(trace.play);
    there.at[0].rides = rides;
    SharePolish<Real> last(there);
    last.begin(candidate.near, part);
    SmoothAim<Solution::nash, Real, false> aim{unset};
    last.run(aim, 1e-7, 1e-10);
    last.finish(aim, 1e-10);
    offer(there, aim_at<Solution::nash>(there, unset), last.done);
    return last.done & !(last.v > converted<Real>(candidate.to, part)) &
           !(last.v < converted<Real>(candidate.from, part));
  }

  /// A peak to which the generalist jumps, if the product falls from there on.
  Mask offer_jump(const EquilibriumTrace<Real>& after, Mask done) {
    const TracedAim<Real> aim = aim_at<Solution::nash>(after, unset);
    const Mask sound = done & !(aim.slope > Real(0.0));
    offer(after, aim, sound);
    return sound;
  }
  void offer(const EquilibriumTrace<Real>& there, const TracedAim<Real>& aim, Mask sound) {
    const Real none = -infinity<Real>();
    const Real offered = select(sound & aim.admissible, aim.value, none);
    const Mask wins = offered > value;
    second_ = max(second_, min(value, offered));
    value = select(wins, offered, value);
    take_place(trace, there, wins);
  }

  Real second_;
};

}  // namespace haggle::fine_tuning
