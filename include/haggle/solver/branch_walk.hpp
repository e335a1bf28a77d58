// SPDX-License-Identifier: MIT
// A walk along all shares on equilibria that need not be the only ones at their share. Where an equilibrium turns too
// much between two shares, as it does where the generalist begins to invest, small steps lead from one to the other.
#pragma once
#include "haggle/solver/followed_place.hpp"
#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// Where a trace of a game with one specialist stands.
template <class Real>
class TraceSpot {
 public:
  TraceSpot() = default;
  explicit TraceSpot(EquilibriumTrace<Real>& trace) {
    for (std::size_t i = 0; i < size; ++i) numbers_[i] = *numbers_of(trace)[i];
    rides_ = trace.at[0].rides;
  }
  /// Takes another's place.
  void take(const TraceSpot& from, mask_t<Real> where) {
    for (std::size_t i = 0; i < size; ++i) numbers_[i] = select(where, from.numbers_[i], numbers_[i]);
    rides_ = select_mask(where, from.rides_, rides_);
  }
  /// Lets the trace stand there.
  void put(EquilibriumTrace<Real>& trace, mask_t<Real> where) const {
    for (std::size_t i = 0; i < size; ++i) {
      Real& number = *numbers_of(trace)[i];
      number = select(where, numbers_[i], number);
    }
    trace.at[0].rides = select_mask(where, rides_, trace.at[0].rides);
  }

 private:
  static constexpr std::size_t size = 8;
  static std::array<Real*, size> numbers_of(EquilibriumTrace<Real>& t) {
    Contribution<Real>& c = t.at[0];
    return {&t.b, &t.b_fix, &t.b_tangent, &t.b_last_tangent, &c.z, &c.fix, &c.tangent, &c.last_tangent};
  }
  std::array<Real, size> numbers_;
  mask_t<Real> rides_;
};

template <class Real>
class BranchWalk : public ShareWalk<Real> {
  using Walk = ShareWalk<Real>;

 public:
  using Mask = mask_t<Real>;
  using Walk::move, Walk::rival, Walk::settle, Walk::sure, Walk::trace;
  using Walk::Walk;

  /// What judges a place that was looked at: whether the walk is still sure of all, and whether the place goes on from
  /// the one before, both being equilibria.
  struct Verdict {
    Mask sure, joined, again;  ///< again: to be begun anew at this share
    Mask smooth;               ///< its path hardly turns from the place before to it
    Mask elsewhere;            ///< others tell what is between the place and the one before
    Mask gap;                  ///< small steps may lead from the place before to it, or part of the way
    Mask stands;               ///< is an equilibrium
  };
  /// From end to end. `begin(v, again)`, before each look, may set the trace and gives back where there is something to
  /// look for; `judge(aim, again)` after it gives a Verdict.
  template <Solution S, class Begin, class Judge>
  void walk(const Looks& looks_at, std::size_t powerful, Mask wanted, Begin begin, Judge judge) {
    const Real zero(0.0), none = -infinity<Real>();
    this->forget();
    kink_from = kink_to = zero;
    for (Gap& gap : gaps_) gap.most = none;
    Real best_seen = none;
    const std::span<const double> shares = looks_at.shares;
    sure = wanted;
    for (std::size_t j = 0; j < shares.size(); ++j) {
      const Real v(shares[j]);
      const double h = j > 0 ? shares[j] - shares[j - 1] : 1;
      const TraceSpot<Real> before(trace);
      if (j > 0) move(Real(h), Real(looks_at.turns[j - 1]));
      const auto look = [&](Mask where, bool again) {
        const Mask there = begin(v, again);
        settle(v, where & there, Real(good_look), 6);
        return aim_at<S>(trace, powerful);
      };
      TracedAim<Real> now = look(sure, false);
      Verdict verdict = judge(now, false);
      if (any(verdict.again)) {
        now = look(sure & verdict.again, true);
        verdict = judge(now, true);
      }
      sure = sure & verdict.sure;
      if (j > 0) {
        const TracedAim<Real>& last = this->last_;
        const Real error = this->error_of(max(this->last_worst_, trace.worst));
        this->compare(this->last_v_, v, last, now, Real(1 / h), error,
                      {verdict.joined, verdict.smooth, verdict.elsewhere});
        const Mask gap = sure & verdict.gap & last.admissible & (now.admissible | (last.slope > zero));
        if (any(gap)) note_gap(gap, j, before, v, now, verdict.stands);
      }
      best_seen = max(best_seen, select(sure & now.admissible, now.value, none));
      this->keep_place(v, now);
    }
    for (Gap& gap : gaps_) gap.matters = sure & (gap.most > best_seen - Real(relevant));
  }

  /// Small steps from place to place where there is a gap between them that matters. `stands()`: the place is an
  /// equilibrium; `built(look, where, from, to)` where steps lead to a look, and between which performances, as
  /// logarithms.
  template <Solution S, class Stands, class Built>
  void bridge_gaps(std::size_t powerful, Stands stands, Built built) {
    for (const Gap& gap : gaps_)
      if (any(gap.matters)) bridge<S>(gap, powerful, stands, built);
  }

  /// Between which shares the generalist begins to invest, or ceases to, small steps having led there.
  Real kink_from, kink_to;

 private:
  /// Between a place and the next.
  struct Gap {
    void take(const Gap& from, Mask where) {
      for (Real Gap::*number : {&Gap::look, &Gap::low, &Gap::high, &Gap::most, &Gap::end})
        this->*number = select(where, from.*number, this->*number);
      start.take(from.start, where);
    }
    Real look, low, high;  ///< the next place's index, shares
    Real most;             ///< by the product's tangents
    Real end;              ///< the next place's performance, as a logarithm
    TraceSpot<Real> start;
    Mask matters;
  };
  void note_gap(Mask where, std::size_t look, const TraceSpot<Real>& before, Real v, const TracedAim<Real>& now,
                Mask stands) {
    const Real zero(0.0), none = -infinity<Real>(), h = v - this->last_v_;
    const TracedAim<Real>& last = this->last_;
    Gap gap;
    gap.look = Real(static_cast<double>(look)), gap.low = this->last_v_, gap.high = v, gap.start = before;
    gap.most = max(fma(max(last.slope, zero), h, last.value),
                   select(now.admissible, fma(max(-now.slope, zero), h, now.value), none));
    gap.end = select(stands, FollowedPlace<Real>::of(trace).performance.at, infinity<Real>());
    for (Gap& noted : gaps_) {
      const Mask more = where & (gap.most > noted.most);
      const Gap other = noted;
      noted.take(gap, more), gap.take(other, more);
    }
  }

  template <Solution S, class Stands, class Built>
  void bridge(const Gap& gap, std::size_t powerful, Stands stands, Built built) {
    using Followed = FollowedPlace<Real>;
    const Real zero(0.0), exact(is_swift_v<Real> ? 1e-3 : 1e-4);
    gap.start.put(trace, gap.matters);
    Real at = gap.low, h = Real(first_part) * (gap.high - gap.low);
    trace.look(at);
    Followed last = Followed::of(trace);
    TracedAim<Real> aim = aim_at<S>(trace, powerful);
    Real least = last.performance.at, most = least;
    Mask on = gap.matters;
    for (int k = 0; k < most_steps && any(on); ++k) {
      const TraceSpot<Real> spot(trace);
      const Real next = select(on, select(at + Real(1.2) * h < gap.high, at + h, gap.high), at), step = next - at;
      move(step, zero);
      settle(next, on, exact, 8);
      const Followed here = Followed::of(trace);
      const TracedAim<Real> now = aim_at<S>(trace, powerful);
      Mask good = on & stands() & (trace.worst < exact) & now.admissible;
      if constexpr (is_swift_v<Real>) good = good & is_clear(trace);
      const Mask turns = (here.idle & !last.idle) | (last.idle & !here.idle);
      const Mask joins = good & !turns & here.turns_from(last);
      const Mask kink = good & turns & is_small_kink(last, here, aim, now, step);
      const Mask goes_on = joins | kink;
      this->compare(at, next, aim, now, Real(1.0) / select(joins, step, Real(1.0)), this->error_of(trace.worst),
                    {joins, joins, !joins});
      rival = max(rival, select(kink, kink_bound(aim, now, step), -infinity<Real>()));
      kink_from = select(kink, at, kink_from), kink_to = select(kink, next, kink_to);
      least = select(goes_on, min(least, here.performance.at), least);
      most = select(goes_on, max(most, here.performance.at), most);
      last.take(here, goes_on), aim.take(now, goes_on);
      spot.put(trace, !goes_on);
      at = select(goes_on, next, at);
      h = select(goes_on, select(kink, step, Real(longer) * step), Real(shorter) * step);
      on = on & (at < gap.high) & (h > Real(least_step));
    }
    built(gap.look, gap.matters & !(at < gap.high) & (abs(last.performance.at - gap.end) < Real(1e-2)), least, most);
  }
  /// Where the generalist begins, the product rises at once as steeply as its investment, and goes on less and less so.
  /// So it must still rise, or hardly move.
  static Mask is_small_kink(const FollowedPlace<Real>& last, const FollowedPlace<Real>& here, const TracedAim<Real>& a,
                            const TracedAim<Real>& b, Real step) {
    const Real moves = step * (abs(a.slope) + abs(b.slope));
    const Mask still_rises = select_mask(last.idle, b.slope > Real(0.0), a.slope < Real(0.0));
    return (abs(here.performance.at - last.performance.at) < Real(0.02)) &
           (abs(b.value - a.value) <= fma(Real(5.0), moves, Real(1e-9))) & (still_rises | (moves < Real(1e-6)));
  }
  static Real kink_bound(const TracedAim<Real>& a, const TracedAim<Real>& b, Real step) {
    const Real zero(0.0), from_a = fma(max(a.slope, zero), step, a.value),
               from_b = fma(max(-b.slope, zero), step, b.value);
    return max(from_a, from_b) + Real(1e-5);
  }

  static constexpr double first_part = 0.3, longer = 1.7, shorter = 0.3, least_step = 1e-6;
  static constexpr double relevant = 0.05;  ///< so much less than the best, as a logarithm
  static constexpr int most_steps = 40;

  std::array<Gap, 4> gaps_;  ///< those that may hide the most, the highest first
};

}  // namespace haggle::fine_tuning
