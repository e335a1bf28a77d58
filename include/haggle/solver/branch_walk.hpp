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
    Mask stands;               ///< is an equilibrium
  };
  /// From end to end. `begin(v, again)`, before each look, may set the trace and gives back where there is something to
  /// look for; `judge(aim, again)` after it gives a Verdict.
  template <Solution S, class Begin, class Judge>
  void walk(const Looks& looks_at, std::size_t powerful, Mask wanted, Begin begin, Judge judge) {
    const Real none = -infinity<Real>();
    this->forget();
    for (Gap& gap : gaps_) gap.most = none;
    for (Kink& kink : kinks_) kink = {};
    Stop last{}, here{};
    last.stands = wanted & !wanted;
    Real best_seen = none;
    const std::span<const double> shares = looks_at.shares;
    sure = wanted;
    for (std::size_t j = 0; j < shares.size(); ++j) {
      const Real v(shares[j]);
      const double h = j > 0 ? shares[j] - shares[j - 1] : 1;
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
        const Real error = this->error_of(max(this->last_worst_, trace.worst));
        this->compare(this->last_v_, v, this->last_, now, Real(1 / h), error,
                      {verdict.joined, verdict.smooth, verdict.elsewhere});
      }
      here.set(trace, Real(static_cast<double>(j)), now, sure & verdict.stands & now.admissible);
      const Mask gap = here.stands & last.stands & !verdict.joined & (here.look - last.look < Real(3.5));
      if (any(gap)) note(gap, last, here);
      last.take(here, here.stands);
      best_seen = max(best_seen, select(here.stands, now.value, none));
      this->keep_place(v, now);
    }
    for (Gap& gap : gaps_) gap.matters = sure & (gap.most > best_seen - Real(relevant));
  }

  /// Small steps from place to place where there is a gap between them that matters. `stands()`: the place is an
  /// equilibrium; `built(bridge)` where steps lead from one to the other.
  template <Solution S, class Stands, class Built>
  void bridge_gaps(std::size_t powerful, Stands stands, Built built) {
    for (const Gap& gap : gaps_) {
      if (!any(gap.matters)) continue;
      const Stroll onwards = stroll<S>(gap.from, gap.to, 1.0, powerful, gap.matters, stands);
      const Real off = abs(onwards.performance - log(gap.to.performance));
      const Mask passes = differ(gap.from.rides, gap.to.rides),
                 arrives = onwards.arrives & !passes & (off < Real(0.01));
      const Mask open = gap.matters & !arrives, nowhere = open & !open;
      Bridge bridge{arrives, nowhere, gap.from.look, gap.to.look, gap.from.v, gap.to.v, {}, {}};
      bridge.onwards = {onwards.least, onwards.most, gap.from.rides};
      if (any(open)) {
        const Stroll back = stroll<S>(gap.to, gap.from, -1.0, powerful, open, stands);
        const Mask meets =
            open & (back.v - onwards.v < Real(apart)) & (abs(back.performance - onwards.performance) < Real(0.01));
        // Of no branch that ends on the way another step tells what its end is worth.
        rival = max(rival, select(open, max(onwards.value, back.value), -infinity<Real>()));
        bridge.stands = bridge.stands | meets, bridge.meets = meets;
        bridge.back = {back.least, back.most, gap.to.rides};
        kinks_[1].take({min(onwards.v, back.v), max(onwards.v, back.v) + Real(1e-12)}, meets);
      }
      if (any(bridge.stands)) built(bridge);
    }
  }
  /// Between two looks, and their shares: small steps lead from one to the other, or from both to a place between.
  struct Bridge {
    struct Way {
      Real least, most;  ///< performances, as logarithms
      Mask rides;        ///< the specialist, free
    };
    Mask stands, meets;
    Real from, to, low, high;
    Way onwards, back;
  };

  /// Between two shares the generalist begins to invest, or the specialist passes over to riding free, or the reverse;
  /// small steps led there.
  Mask is_kink_between(Real one, Real other) const {
    const Real low = min(one, other), high = max(one, other);
    const auto is_one = [&](const Kink& kink) { return (kink.to > kink.from) & (kink.to > low) & (kink.from < high); };
    return is_one(kinks_[0]) | is_one(kinks_[1]);
  }

 private:
  static Mask differ(Mask a, Mask b) { return (a & !b) | (b & !a); }

  struct Kink {
    void take(const Kink& other, Mask where) {
      from = select(where, other.from, from), to = select(where, other.to, to);
    }
    Real from{}, to{};
  };
  /// A place that was looked at.
  struct Stop {
    void set(EquilibriumTrace<Real>& trace, Real which, const TracedAim<Real>& seen, Mask is_equilibrium) {
      const Contribution<Real>& c = trace.at[0];
      look = which, v = trace.v, performance = c.performance, value = seen.value, slope = seen.slope;
      rides = c.rides, stands = is_equilibrium;
      spot = TraceSpot<Real>(trace);
    }
    void take(const Stop& other, Mask where) {
      for (Real Stop::*number : {&Stop::look, &Stop::v, &Stop::performance, &Stop::value, &Stop::slope})
        this->*number = select(where, other.*number, this->*number);
      rides = select_mask(where, other.rides, rides), stands = select_mask(where, other.stands, stands);
      spot.take(other.spot, where);
    }
    Real look, v, performance, value, slope;
    Mask rides, stands;
    TraceSpot<Real> spot;
  };
  /// Between a place and the next that stands.
  struct Gap {
    Stop from, to;
    Real most;  ///< by the product's tangents
    Mask matters;
  };
  void note(Mask where, const Stop& from, const Stop& to) {
    const Real zero(0.0), h = to.v - from.v;
    Gap gap{from, to, max(fma(max(from.slope, zero), h, from.value), fma(max(-to.slope, zero), h, to.value)), where};
    for (Gap& noted : gaps_) {
      const Mask more = where & (gap.most > noted.most);
      if (!any(more)) continue;
      const Gap other = noted;
      noted.from.take(gap.from, more), noted.to.take(gap.to, more), noted.most = select(more, gap.most, noted.most);
      gap.from.take(other.from, more), gap.to.take(other.to, more), gap.most = select(more, other.most, gap.most);
    }
  }

  /// How far small steps lead from a place towards another.
  struct Stroll {
    Real v, performance, least, most;
    Real value;  ///< of the product, at the end and a little beyond
    Mask arrives;
  };
  template <Solution S, class Stands>
  Stroll stroll(const Stop& from, const Stop& to, double direction, std::size_t powerful, Mask wanted, Stands stands) {
    using Followed = FollowedPlace<Real>;
    const Real zero(0.0), exact(is_swift_v<Real> ? 1e-3 : 1e-4);
    from.spot.put(trace, wanted);
    trace.look(from.v);
    Followed last = Followed::of(trace);
    TracedAim<Real> aim = aim_at<S>(trace, powerful);
    const Real whole = abs(to.v - from.v);
    Real gone = zero, h = Real(first_part) * whole, least = last.performance.at, most = least;
    Mask on = wanted;
    for (int k = 0; k < most_steps && any(on); ++k) {
      const TraceSpot<Real> spot(trace);
      const Real next = select(on, select(gone + Real(1.2) * h < whole, gone + h, whole), gone), step = next - gone;
      const Real v_before = from.v + Real(direction) * gone,
                 v = select(next < whole, from.v + Real(direction) * next, to.v);
      move(Real(direction) * step, zero);
      settle(v, on, exact, 8);
      const Followed here = Followed::of(trace);
      const TracedAim<Real> now = aim_at<S>(trace, powerful);
      Mask good = on & stands() & (trace.worst < exact) & now.admissible;
      if constexpr (is_swift_v<Real>) good = good & is_clear(trace);
      const Mask turns = differ(here.idle, last.idle);
      const Mask joins = good & !turns & here.turns_from(last);
      const bool onwards = direction > 0;
      const Followed &low = onwards ? last : here, &high = onwards ? here : last;
      const TracedAim<Real>&a = onwards ? aim : now, &b = onwards ? now : aim;
      const Mask kink = good & turns & is_small_kink(low, high, a, b, step), goes_on = joins | kink;
      rival = max(rival, select(kink, kink_bound(a, b, step), -infinity<Real>()));
      kinks_[0].take({min(v_before, v), max(v_before, v)}, kink);
      if (any(joins)) compare_step(spot, onwards, min(v_before, v), max(v_before, v), a, b, joins);
      least = select(goes_on, min(least, here.performance.at), least);
      most = select(goes_on, max(most, here.performance.at), most);
      last.take(here, goes_on), aim.take(now, goes_on);
      spot.put(trace, !goes_on);
      gone = select(goes_on, next, gone);
      h = select(goes_on, select(kink, step, Real(longer) * step), Real(shorter) * step);
      on = on & (gone < whole) & (h > Real(least_step));
    }
    const Mask arrives = wanted & !(gone < whole);
    return {from.v + Real(direction) * gone,
            last.performance.at,
            least,
            most,
            fma(Real(apart), abs(aim.slope), aim.value),
            arrives};
  }
  /// The trace is at one end of a step, `spot` is the other; what is kept of it is the place at the higher share.
  void compare_step(const TraceSpot<Real>& spot, bool onwards, Real low, Real high, const TracedAim<Real>& a,
                    const TracedAim<Real>& b, Mask joins) {
    const TraceSpot<Real> here(trace);
    const Real error = this->error_of(trace.worst), over = Real(1.0) / select(joins, high - low, Real(1.0));
    if (!onwards) {
      const Real base_tangent = trace.b_tangent, tangent = trace.at[0].tangent;
      spot.put(trace, joins);
      trace.b_last_tangent = select(joins, base_tangent, trace.b_last_tangent);
      trace.at[0].last_tangent = select(joins, tangent, trace.at[0].last_tangent);
    }
    this->compare(low, high, a, b, over, error, {joins, joins, !joins});
    here.put(trace, joins);
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

  static constexpr double apart = 1e-4;  ///< shares at which two ways meet, by their logits
  static constexpr double first_part = 0.3, longer = 1.7, shorter = 0.3, least_step = 1e-6;
  static constexpr double relevant = 0.05;  ///< so much less than the best, as a logarithm
  static constexpr int most_steps = 40;

  std::array<Kink, 2> kinks_;  ///< of the generalist, of the specialist
  std::array<Gap, 4> gaps_;    ///< those that may hide the most, the highest first
};

}  // namespace haggle::fine_tuning
