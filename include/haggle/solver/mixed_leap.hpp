// SPDX-License-Identifier: MIT
// The share at which the generalist leaps from one peak of its utility to a higher base, where somebody rides free that
// contributed before: all others have more there, so that the bargain may be best at just that share.
#pragma once
#include "haggle/solver/mixed_walk.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

/// Who is said to ride free would not contribute.
template <class Real>
mask_t<Real> riders_ride(const EquilibriumTrace<Real>& t) {
  mask_t<Real> all_ride = t.share == t.share;
  for (std::size_t i = 0; i < t.size; ++i) {
    const Contribution<Real>& c = t.at[i];
    if (any(c.rides))
      all_ride = all_ride & ((!c.rides) | (t.rest * t.play.specialists[i].revenue(t.a0).slope <= c.first_cost));
  }
  return all_ride;
}

template <class Real>
class MixedLeap {
 public:
  using Mask = mask_t<Real>;
  using Trace = EquilibriumTrace<Real>;

  explicit MixedLeap(const Play<Real>& game) : lower_(game), upper_(game) {}

  /// Between a place and the next one, of a walk in less exact numbers. Where `done`, both peaks are worth the same to
  /// the generalist at v.
  template <class Rough>
  void operator()(const Stand<Rough>& before, const Stand<Rough>& after, Mask wanted) {
    place(lower_.trace, before), place(upper_.trace, after);
    low_ = converted<Real>(before.v), high_ = converted<Real>(after.v);
    find_tie(wanted);
    if (!any(done)) return;
    take_upper_side(before, after);
  }

  const Trace& bargain() const { return upper_.trace; }
  /// Both peaks there, for a look in less exact numbers.
  template <class Rough>
  Stand<Rough> lower() const {
    return stand_of<Rough>(lower_.trace);
  }
  template <class Rough>
  Stand<Rough> upper() const {
    return stand_of<Rough>(upper_.trace);
  }

  Mask done{};   ///< the tie is found
  Mask peaks{};  ///< the product is best there, of all shares between both places
  Real v{}, value{};
  Real others{};  ///< where not, no share between them is worth more

 private:
  static constexpr double exact = 1e-11;
  static constexpr double overlooked = 0.01;  ///< so much further, in logits, a walk may have followed a lower peak

  template <class Rough>
  static void place(Trace& t, const Stand<Rough>& from) {
    t.b = converted<Real>(from.b);
    for (std::size_t i = 0; i < t.size; ++i) {
      t.at[i].z = converted<Real>(from.z[i]);
      t.at[i].rides = converted_mask<Real, Rough>(from.rides[i], 0);
    }
  }
  template <class Rough>
  static Stand<Rough> stand_of(const Trace& t) {
    Stand<Rough> stand{};
    stand.v = converted<Rough>(t.v), stand.b = converted<Rough>(t.b), stand.b_tangent = Rough(0.0);
    for (std::size_t i = 0; i < t.size; ++i) {
      stand.z[i] = converted<Rough>(t.at[i].z), stand.tangent[i] = Rough(0.0);
      stand.rides[i] = converted_mask<Rough, Real>(t.at[i].rides, 0);
    }
    return stand;
  }

  static void settle(TracePath<Real>& path, Real at, Mask wanted) { path.settle(at, wanted, Real(exact), 10); }
  static Mask stands(const TracePath<Real>& path) {
    return (path.trace.worst < Real(1e-9)) & (path.trace.second_order < Real(0.0)) & riders_ride(path.trace);
  }

  /// By Newton's steps; what does not exist at a share tells on which side to go on.
  void find_tie(Mask wanted) {
    const Real half(0.5);
    Trace &a = lower_.trace, &b = upper_.trace;
    settle(lower_, low_, wanted), settle(upper_, high_, wanted);
    Mask active = wanted & stands(lower_) & stands(upper_);
    done = passes_ = active & !active;
    Stand<Real> last_a{}, last_b{};
    const TracedAim<Real> none = no_aim<Real>();
    last_a.take(a, none, active), last_b.take(b, none, active);
    Real low = low_ - Real(overlooked), high = high_;
    v = (fma(b.generalist_slope, high, a.generalist - b.generalist) - a.generalist_slope * low) /
        (b.generalist_slope - a.generalist_slope);
    v = select((v > low) & (v < high), v, half * (low_ + high_));
    for (int k = 0; k < 40 && any(active); ++k) {
      v = select(active, select((v > low) & (v < high), v, half * (low + high)), v);
      last_a.leave(a, v - last_a.v, active), last_b.leave(b, v - last_b.v, active);
      settle(lower_, v, active), settle(upper_, v, active);
      const Mask one = active & stands(lower_), other = active & stands(upper_), both = one & other;
      last_a.take(a, none, one), last_b.take(b, none, other);
      const Real ahead = b.generalist - a.generalist, rises = b.generalist_slope - a.generalist_slope;
      const Real step = -ahead / rises;
      const Mask there = both & (abs(step) < Real(1e-12)) & (rises > Real(0.0));
      const Mask before = active & (v < low_) & !(one | other);
      const Mask later = select_mask(both, ahead > Real(0.0), other), sooner = select_mask(both, !later, one | before);
      high = select(active & later, v, high), low = select(active & sooner, v, low);
      // Where one passes over to the other there is no leap.
      const Mask merges = active & !both & (abs(b.b - a.b) < Real(1e-5)) & (high - v < Real(1e-5));
      done = done | there | merges, passes_ = passes_ | merges;
      active = active & !there & !merges & (one | other | before) & (high - low > Real(1e-13));
      v = select(active, select(both, v + step, half * (low + high)), v);
    }
    done = done & (passes_ | (b.a0 > a.a0));
    v = select(passes_, high, v);
  }

  /// A little beyond the tie, so that rounding does not decide what the generalist does.
  template <class Rough>
  void take_upper_side(const Stand<Rough>& before, const Stand<Rough>& after) {
    const Real zero(0.0);
    Trace &a = lower_.trace, &b = upper_.trace;
    Real revenue = zero;
    for (std::size_t i = 0; i < b.size; ++i) revenue = revenue + b.at[i].revenue;
    const Real hair = Real(3e-14) * revenue / (b.generalist_slope - a.generalist_slope);
    const Mask told = (hair < Real(1e-10)) & !passes_;  // else a share tells the sides apart too badly
    v = v + select(done & told, hair, zero);
    settle(lower_, v, done & !passes_), settle(upper_, v, done);
    done = done & stands(upper_) & (passes_ | stands(lower_));
    const TracedAim<Real> more = aim_at<Solution::nash>(b, unset);
    TracedAim<Real> less = aim_at<Solution::nash>(a, unset);
    less.take(more, passes_);
    // Each branch lies below its tangents.
    const auto most = [&](Real from, Real from_slope, Real to, Real to_slope, Real h) {
      return max(max(from, to), min(fma(max(from_slope, zero), h, from), fma(max(-to_slope, zero), h, to)));
    };
    const auto real = [&](Rough from) { return converted<Real>(from); };
    const Real below =
                   most(real(before.aim.value), real(before.aim.slope), less.value, less.slope, max(v - low_, zero)),
               above = most(more.value, more.slope, real(after.aim.value), real(after.aim.slope), high_ - v);
    done = done & more.admissible & less.admissible;
    value = more.value;
    peaks = told & (more.slope < zero) & (value > below) & (above <= value);
    others = max(below, select(more.slope < zero, value, above));
  }

  TracePath<Real> lower_, upper_;
  Real low_{}, high_{};
  Mask passes_{};
};

}  // namespace haggle::fine_tuning
