// SPDX-License-Identifier: MIT
// Where the Nash bargain may be with one specialist whose first bit of adaptation costs something: what the walk has
// found (curve_walk.hpp) followed to the peaks themselves, the most promising of each game first.
#pragma once
#include "haggle/solver/curve_walk.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

/// A peak of the Nash product in each of the games where it is `wanted`.
template <class Real>
class RiderCandidate {
 public:
  using Mask = mask_t<Real>;

  RiderCandidate(const Play<Real>& play, Real first_cost0, Real first_cost)
      : trace(play, first_cost0, first_cost), near(trace) {
    const Real zero(0.0);
    wanted = rides = trace.idle;
    from = to = zero;
    bracket_ = {zero, zero, zero, zero, zero, zero, zero};
    near.places.base = near.places.contributions[0] = {zero, zero, zero};
  }
  RiderCandidate(const RiderCandidate&) = delete;
  RiderCandidate& operator=(const RiderCandidate&) = delete;

  void take(const CurvePeak<Real>& peak, Mask where) {
    const auto pick = [&](Real& to_, Real from_) { to_ = select(where, from_, to_); };
    const Bracket<Real>& b = peak.bracket;
    pick(bracket_.low, b.low), pick(bracket_.high, b.high);
    pick(bracket_.low_slope, b.low_slope), pick(bracket_.high_slope, b.high_slope);
    pick(bracket_.mean_slope, b.mean_slope);
    pick(from, peak.from), pick(to, peak.to);
    const auto place = [&](Place<Real>& p, const Place<Real>& q) {
      pick(p.at, q.at), pick(p.tangent, q.tangent), pick(p.bend, q.bend);
    };
    place(near.places.base, peak.kept.base);
    place(near.places.contributions[0], peak.kept.contributions[0]);
  }
  /// To the peak itself where `wanted`, nearly; `riding`: it is one of riding free.
  void follow(Mask riding) {
    rides = trace.at[0].rides = riding;
    near.begin(bracket_, wanted);
    near.template run<Solution::nash>(unset, 1e-3, 1e-3);
  }

  EquilibriumTrace<Real> trace;
  SharePolish<Real> near;
  Mask wanted, rides;
  Real from, to;  ///< shares, v, within which it is one

 private:
  Bracket<Real> bracket_;
};

template <class Real>
class RiderSearch {
 public:
  using Mask = mask_t<Real>;

  RiderSearch(const Play<Real>& play, Real first_cost0, Real first_cost, Care care)
      : walked(play, first_cost0, first_cost, care),
        candidates{RiderCandidate<Real>(play, first_cost0, first_cost),
                   RiderCandidate<Real>(play, first_cost0, first_cost),
                   RiderCandidate<Real>(play, first_cost0, first_cost)} {}

  void operator()(Mask wanted) {
    walked.walk(wanted);
    const Mask never = walked.sure & !walked.sure;
    at_jump = never;
    if (!any(walked.sure)) return;
    least_ = max(walked.best_value() - Real(walked.value_error), walked.jump.value - walked.jump.error);
    const std::array<const CurvePeak<Real>*, 3> peaks{&walked.idle, &walked.contributing, &walked.riding};
    std::array<Mask, 3> open{walked.sure, walked.sure, walked.sure};
    for (RiderCandidate<Real>& candidate : candidates) {
      std::array<Mask, 3> taken{never, never, never};
      Real best = -infinity<Real>();
      for (std::size_t i = 0; i < peaks.size(); ++i) {
        const Bracket<Real>& bracket = peaks[i]->bracket;
        open[i] = open[i] & is_needed(bracket.most);
        taken[i] = open[i] & (bracket.value > best);
        best = select(taken[i], bracket.value, best);
        for (std::size_t k = 0; k < i; ++k) taken[k] = taken[k] & !taken[i];
      }
      candidate.wanted = taken[0] | taken[1] | taken[2];
      if (!any(candidate.wanted)) break;
      for (std::size_t i = 0; i < peaks.size(); ++i) {
        candidate.take(*peaks[i], taken[i]);
        open[i] = open[i] & !taken[i];
      }
      candidate.follow(taken[2]);
      const Real reached = candidate.near.value - Real(walked.value_error);
      least_ = max(least_, select(candidate.near.done, reached, -infinity<Real>()));
    }
    at_jump = walked.sure & is_needed(walked.jump.value + walked.jump.error);
  }

  CurveWalk<Real> walked;
  std::array<RiderCandidate<Real>, 3> candidates;
  Mask at_jump;  ///< the best may be where the generalist jumps to another peak

 private:
  Mask is_needed(Real most) const { return (most >= least_) & (most > -infinity<Real>()); }

  Real least_;  ///< the best is worth more
};

}  // namespace haggle::fine_tuning
