// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose revenue is S-shaped. Where nobody invests, or only just, there may be
// another peak of the generalist's utility or of the specialist's, so that what an equilibrium's conditions say is not
// enough. A walk along all shares follows an equilibrium and the best share on its way (performance_scan.hpp tells
// where to begin); that no other equilibrium, there or at any share, is better is then proven from all that a share can
// lead to (rival_shares.hpp).
#pragma once
#include "haggle/solver/is_choice.hpp"
#include "haggle/solver/shaped_walk.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class ShapedBargain : public ShapedWalk<Real, Points> {
  using Walk = ShapedWalk<Real, Points>;
  using typename Walk::Known, typename Walk::Further;
  using Walk::around, Walk::close_by, Walk::place_of, Walk::rides_or_adds;
  using Walk::begins_, Walk::falls_outwards_, Walk::known_, Walk::met_, Walk::most_stretches, Walk::open_,
      Walk::slope_at_, Walk::table_, Walk::value_at_;

 public:
  using typename Walk::Mask;
  using Walk::walked;

  ShapedBargain(const Play<Real>& game, const FirstCosts<Real>& first) : Walk(game, first), near(walked.trace) {}

  /// Where `near` is `done` it is nearly at the best share of the equilibrium followed, which is one. That no other
  /// share is better is left to be proven: claim().
  void operator()(const Looks& looks, Mask wanted) {
    this->follow(looks, wanted);
    near.done = open_ & !open_;
    if (!any(open_)) return;
    walked.trace.at[0].rides = walked.kept_rides[0];
    near.begin(walked.best, walked.kept, open_ & walked.finds());
    constexpr double close = is_swift_v<Real> ? 1e-3 : 1e-5, exact = is_swift_v<Real> ? 1e-3 : 1e-6;
    near.template run<Solution::nash>(unset, close, exact);
    const Real hair(1e-6);
    const Mask inside = (near.v > walked.best.low - hair) & (near.v < walked.best.high + hair);
    near.done = near.done & inside & falls_outwards_ & (near.value > walked.rival);
    if (any(near.done)) near.done = stands(looks);
  }

  /// Of a lane's game where `near` is `done`.
  void claim(std::size_t lane, RivalClaim& claim) const {
    const auto known = [lane](const Known& of) {
      const auto is = [lane](Mask what) { return lane_of(select(what, Real(1.0), Real(0.0)), lane) != 0; };
      return RivalClaim::Known{static_cast<float>(lane_of(of.from, lane)), static_cast<float>(lane_of(of.to, lane)),
                               is(of.rides), is(of.either)};
    };
    double border[lanes_v<Real>];
    claim.value = lane_of(near.value, lane) - (is_swift_v<Real> ? 2e-3 : 2e-5);  // what that may be off by
    for (std::size_t j = 0; j < stretches_; ++j) {
      RealTraits<Real>::store(select(is_border_[j], Real(1.0), Real(0.0)), border);
      claim.known[j] = known(known_[j]), claim.is_border[j] = border[lane] != 0;
    }
    for (const std::size_t which : {0, 1, 2}) {
      const Further& f = which < 2 ? further_[which] : met_;
      claim.further[which] = {lane_of(f.from, lane), lane_of(f.to, lane), known(f.known)};
    }
  }
  /// The shares that a claim is about: the walk's, and beyond them as far as a side has something but for rounding.
  static auto shares_of(const Looks& looks) {
    std::array<double, most_stretches + 1> shares;
    shares.fill(far_end), shares.front() = -far_end;
    std::ranges::copy(looks.shares, shares.begin() + 1);
    return shares;
  }

  SharePolish<Real> near;

 private:
  /// At the share found the equilibrium is the one followed, which has no other peak.
  Mask stands(const Looks& looks) {
    stretches_ = looks.shares.size() + 1;
    const Mask peaks = is_only_peak(looks.shares);
    if (!any(peaks)) return peaks;
    stand_at_near();
    const EquilibriumTrace<Real>& t = walked.trace;
    const Real place = place_of(log(t.at[0].performance));
    widen_known();
    return is_choice<Real, Points>(table_, near.v, t.generalist + table_.play.fixed, around(place, peaks), place,
                                   peaks);
  }
  void stand_at_near() {
    EquilibriumTrace<Real>& t = walked.trace;
    t.b = near.places.base.at, t.at[0].z = near.places.contributions[0].at;
    t.look(near.v);
    t.b_last_tangent = t.b_tangent, t.at[0].last_tangent = t.at[0].tangent;
  }
  /// Of the equilibrium followed: two looks tell of one peak between them where there are two next to each other. So
  /// more are taken about the peak, and no value further off comes near. As far as such go beyond where the walk broke
  /// off, `further_` keeps their performances.
  Mask is_only_peak(std::span<const double> shares) {
    Mask only = near.done;
    Real first = -infinity<Real>(), last = infinity<Real>();
    for (std::size_t j = 1; j < shares.size(); ++j) {
      // known_[j]: between the look before and this one.
      const Real from(shares[j - 1]), to(shares[j]);
      const Mask unknown = !(known_[j].to > known_[j].from);
      first = select(unknown & (from < near.v), min(to, near.v), first);
      last = select(unknown & (to > near.v), min(last, max(from, near.v)), last);
    }
    for (const std::size_t side : {0, 1}) only = falls_from_peak(side, side == 0 ? first : last, only, shares);
    const Mask reached_low = further_[0].to > further_[0].from, reached_high = further_[1].to > further_[1].from;
    first = select(reached_low, min(first, further_[0].from), first);
    last = select(reached_high, max(last, further_[1].to), last);
    const auto is_far = [&](double share) {
      const Real v(share);
      return (abs(v - near.v) > Real(apart * (each_side - 1))) | (v < first) | (v > last);
    };
    for (std::size_t j = 0; j < shares.size(); ++j) {
      only = only & !(is_far(shares[j]) & (value_at_[j] > near.value - Real(clearly)));
      if (j == 0) continue;
      // Where the generalist begins to invest the slope may turn up and down again.
      const Real turns = abs(slope_at_[j] - slope_at_[j - 1]), steepest = max(slope_at_[j], slope_at_[j - 1]);
      const Real most = max(value_at_[j - 1], value_at_[j]) +
                        Real(0.5 * (shares[j] - shares[j - 1])) * max(fma(Real(2.0), turns, steepest), Real(0.0));
      only = only & !(begins_[j] & (most > near.value - Real(clearly)));
    }
    return only;
  }
  /// From the peak to one side, in steps, the product falls. From `end` on the walk along the shares was not certain of
  /// the equilibrium; as far as steps lead beyond that, `further_` keeps their performances.
  Mask falls_from_peak(std::size_t side, Real end, Mask only, std::span<const double> shares) {
    constexpr double slope_error = is_swift_v<Real> ? 2e-3 : 1e-5;
    const double direction = side == 0 ? -1 : 1;
    stand_at_near();
    const Mask was_idle = walked.trace.idle;
    Real v = near.v, h(apart), place = place_of(log(walked.trace.at[0].performance)), last_value = near.value;
    Further& further = further_[side];
    further.from = further.to = end;
    further.known = {infinity<Real>(), -infinity<Real>(), walked.trace.at[0].rides};
    Mask goes_on = only, last_idle = was_idle;
    for (int k = 0; k < each_side && any(only & goes_on); ++k) {
      const TraceSpot<Real> spot(walked.trace);
      const Real v_before = v, place_before = place, step = Real(direction) * h;
      // Of a kink and what is beyond it others tell: the walk's small steps, or how high it could be at most.
      goes_on = goes_on & !walked.is_kink_between(v, v + step) & !begins_between(v, v + step, shares);
      v = v + step;
      walked.move(step, Real(0.0));
      const Mask followed = only & goes_on & (Real(direction) * (end - v) > Real(0.0)), on = goes_on & !followed;
      walked.settle(v, followed | on, Real(is_swift_v<Real> ? 1e-3 : 1e-5), 12);
      const TracedAim<Real> aim = aim_at<Solution::nash>(walked.trace, unset);
      const Real outwards = Real(direction) * aim.slope;
      const Mask falls = (!aim.admissible) | (outwards < Real(k > 0 ? -slope_error : 0.0));
      Mask stands = falls & (walked.trace.worst < Real(good_look)) & rides_or_adds();
      // Next to the peak, or nearly as high, what turns where the generalist begins to invest may be another one.
      if (k < 2) stands = stands & !differ(walked.trace.idle, was_idle);
      const Mask turns = differ(walked.trace.idle, last_idle);
      stands = stands & !(turns & (max(aim.value, last_value) > near.value - Real(clearly)));
      only = only & ((!followed) | stands);
      place = place_of(log(walked.trace.at[0].performance));
      const Mask near_by = abs(place - place_before) < close_by() / table_.step;
      const Mask keeps = on & stands & near_by & (walked.trace.second_order < Real(0.0)), again = on & !keeps;
      (side == 0 ? further.from : further.to) = select(keeps, v, side == 0 ? further.from : further.to);
      const Known here = around(place, keeps), before = around(place_before, keeps);
      further.known.from = select(keeps, min(further.known.from, min(here.from, before.from)), further.known.from);
      further.known.to = select(keeps, max(further.known.to, max(here.to, before.to)), further.known.to);
      last_idle = select_mask(again, last_idle, walked.trace.idle), last_value = select(again, last_value, aim.value);
      spot.put(walked.trace, again);
      v = select(again, v_before, v), place = select(again, place_before, place), h = select(again, Real(0.3) * h, h);
      goes_on = goes_on & (h > Real(least_apart));
    }
    return only;
  }
  Mask begins_between(Real one, Real other, std::span<const double> shares) const {
    const Real low = min(one, other), high = max(one, other);
    Mask found = low > high;
    for (std::size_t j = 1; j < shares.size(); ++j)
      found = found | (begins_[j] & (low < Real(shares[j])) & (high > Real(shares[j - 1])));
    return found;
  }
  /// Makes neighbouring stretches between looks one, as long as the way together is short.
  void widen_known() {
    const Real zero(0.0), longest = Real(0.4) / table_.step;
    for (std::size_t j = 1; j < stretches_; ++j) {
      Known &last = known_[j - 1], &here = known_[j];
      const Mask walked_here = here.to > here.from, walked_before = last.to > last.from;
      const Real from = min(last.from, here.from), to = max(last.to, here.to);
      const Mask one = walked_here & walked_before & (to - from < longest) & !differ(last.rides, here.rides) &
                       !(last.either | here.either);
      is_border_[j] = !(one | ((!walked_here) & !walked_before));
      here = {select(one, from, here.from), select(one, to, here.to), here.rides, here.either};
    }
    for (std::size_t j = stretches_ - 1; j > 0; --j) {
      known_[j - 1] = {select(is_border_[j], known_[j - 1].from, known_[j].from),
                       select(is_border_[j], known_[j - 1].to, known_[j].to), known_[j - 1].rides,
                       known_[j - 1].either};
    }
    is_border_[0] = zero > zero;
  }
  static constexpr double apart = 0.05, least_apart = 0.002;
  static constexpr int each_side = 12;
  static constexpr double clearly = 0.003;  ///< lower, as a logarithm

  std::array<Mask, most_stretches> is_border_;
  std::array<Further, 2> further_;
  std::size_t stretches_ = 0;
};

}  // namespace haggle::fine_tuning
