// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose revenue is S-shaped. Where nobody invests, or only just, there may be
// another peak of the generalist's utility or of the specialist's, so that what an equilibrium's conditions say is not
// enough. A walk along all shares follows an equilibrium and the best share on its way (performance_scan.hpp tells
// where to begin); that no other equilibrium, there or at any share, is better is then proven from all that a share can
// lead to (rival_shares.hpp).
#pragma once
#include "haggle/solver/performance_scan.hpp"
#include "haggle/solver/rival_shares.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class ShapedBargain {
 public:
  using Mask = mask_t<Real>;
  using Scan = PerformanceScan<Real, Points>;

  ShapedBargain(const Play<Real>& game, const FirstCosts<Real>& first)
      : walked(game, first.generalist, first.specialist), near(walked.trace), table_(game, first), scan_(table_) {}

  /// Where `near` is `done` it is nearly at the best share of the equilibrium followed, which is one. That no other
  /// share is better is left to be proven: claim().
  void operator()(const Looks& looks, Mask wanted) {
    open_ = wanted & table_.fits;
    valid_ = was_valid_ = last_valid_ = sees_deal = near.done = last_rides_ = last_idle_ = open_ & !open_;
    last_v_ = last_b_ = last_z_ = last_b_slope_ = last_z_slope_ = last_place_ = Real(0.0);
    last_ln_alpha_ = last_ln_alpha_slope_ = Real(0.0);
    last_own_ = last_own_slope_ = last_its_ = last_its_slope_ = Real(0.0);
    if (!any(open_)) return;
    falls_outwards_ = open_;
    std::size_t place = 0;
    walked.template walk<Solution::nash>(
        looks, unset, open_, [&](Real v, bool again) { return begin_at(v, again); },
        [&](TracedAim<Real>& aim, bool again) {
          typename ShareWalk<Real>::Verdict verdict = judge();
          if (!again && any(verdict.again)) return verdict;
          verdict.again = verdict.again & !verdict.again;
          verdict.elsewhere = open_ & !verdict.joined;
          aim.admissible = aim.admissible & valid_, sees_deal = sees_deal | aim.admissible;
          value_at_[place] = select(aim.admissible, aim.value, -infinity<Real>()), slope_at_[place] = aim.slope;
          remember(place, verdict.joined | turns_);
          if (++place == 1) see_end(aim, Real(1.0));
          if (place == looks.shares.size()) known_[place] = around(last_place_, valid_), see_end(aim, Real(-1.0));
          return verdict;
        });
    walked.trace.at[0].rides = walked.kept_rides;
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
      double rides[lanes_v<Real>];
      RealTraits<Real>::store(select(of.rides, Real(1.0), Real(0.0)), rides);
      return RivalClaim::Known{static_cast<float>(lane_of(of.from, lane)), static_cast<float>(lane_of(of.to, lane)),
                               rides[lane] != 0};
    };
    double border[lanes_v<Real>];
    claim.value = lane_of(near.value, lane) - (is_swift_v<Real> ? 2e-3 : 2e-5);  // what that may be off by
    for (std::size_t j = 0; j < stretches_; ++j) {
      RealTraits<Real>::store(select(is_border_[j], Real(1.0), Real(0.0)), border);
      claim.known[j] = known(known_[j]), claim.is_border[j] = border[lane] != 0;
    }
    for (const std::size_t side : {0, 1})
      claim.further[side] = {lane_of(further_[side].from, lane), lane_of(further_[side].to, lane),
                             known(further_[side].known)};
  }
  /// The shares that a claim is about: the walk's, and beyond them as far as a side has something but for rounding.
  static auto shares_of(const Looks& looks) {
    std::array<double, most_stretches + 1> shares;
    shares.fill(far_end), shares.front() = -far_end;
    std::ranges::copy(looks.shares, shares.begin() + 1);
    return shares;
  }

  ShareWalk<Real> walked;
  SharePolish<Real> near;
  Mask sees_deal;  ///< both gain at some share

 private:
  using Known = typename RivalCells<Real, Points>::Known;
  struct Further {
    Real from, to;
    Known known;
  };
  static constexpr std::size_t most_stretches = RivalClaim::most_stretches;

  /// At the share found the equilibrium is the one followed, which has no other peak.
  Mask stands(const Looks& looks) {
    stretches_ = looks.shares.size() + 1;
    const Mask peaks = is_only_peak(looks.shares);
    if (!any(peaks)) return peaks;
    stand_at_near();
    const EquilibriumTrace<Real>& t = walked.trace;
    const Real place = place_of(log(t.at[0].performance));
    widen_known();
    return is_choice<Real, Points>(table_, near.v, t.generalist + table_.play.fixed, around(place, peaks), place, peaks);
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
    constexpr double apart = 0.05, slope_error = is_swift_v<Real> ? 2e-3 : 1e-5;
    constexpr int each_side = 12;
    Mask only = near.done;
    Real first = -infinity<Real>(), last = infinity<Real>();
    for (std::size_t j = 0; j < shares.size(); ++j) {
      const Real v(shares[j]);
      // known_[j]: between the look before and this one.
      const Mask apart_before = j > 0 ? !(known_[j].to > known_[j].from) : only & !only;
      first = select(apart_before & (v <= near.v), v, first);
      last = select(apart_before & (Real(shares[j > 0 ? j - 1 : 0]) >= near.v),
                    min(last, Real(shares[j > 0 ? j - 1 : 0])), last);
    }
    for (std::size_t j = 0; j < shares.size(); ++j) {
      const Real v(shares[j]);
      const Mask far = (abs(v - near.v) > Real(apart * (each_side - 1))) | (v < first) | (v > last);
      only = only & !(far & (value_at_[j] > near.value - Real(0.003)));
      if (j == 0) continue;
      // Where the generalist begins to invest the slope may turn up and down again.
      const Real turns = abs(slope_at_[j] - slope_at_[j - 1]), steepest = max(slope_at_[j], slope_at_[j - 1]);
      const Real most = max(value_at_[j - 1], value_at_[j]) +
                        Real(0.5 * (shares[j] - shares[j - 1])) * max(fma(Real(2.0), turns, steepest), Real(0.0));
      only = only & !(far & begins_[j] & (most > near.value - Real(0.003)));
    }
    for (const double step : {-apart, apart}) {
      stand_at_near();
      const Mask was_idle = walked.trace.idle;
      Real v = near.v, place = place_of(log(walked.trace.at[0].performance));
      Further& further = further_[step > 0 ? 1 : 0];
      const Real ends = step > 0 ? last : first;
      further.from = further.to = ends;
      further.known = {infinity<Real>(), -infinity<Real>(), walked.trace.at[0].rides};
      Mask goes_on = only;
      for (int k = 0; k < each_side && any(only); ++k) {
        v = v + Real(step);
        walked.move(Real(step), Real(0.0));
        const Mask followed = only & (v > first) & (v < last), on = goes_on & !followed;
        walked.settle(v, followed | on, Real(is_swift_v<Real> ? 1e-3 : 1e-5), 4);
        const TracedAim<Real> aim = aim_at<Solution::nash>(walked.trace, unset);
        const Real outwards = Real(step > 0 ? 1.0 : -1.0) * aim.slope;
        const Mask falls = (!aim.admissible) | (outwards < Real(k > 0 ? -slope_error : 0.0));
        Mask stands = falls & (walked.trace.worst < Real(good_look)) & rides_or_adds();
        // Next to the peak what turns where the generalist begins to invest may be another one.
        if (k < 2) stands = stands & !differ(walked.trace.idle, was_idle);
        only = only & ((!followed) | stands);
        const Real place_before = place;
        place = place_of(log(walked.trace.at[0].performance));
        const Mask near_by = abs(place - place_before) < close_by() / table_.step;
        goes_on = goes_on & stands & near_by & (walked.trace.second_order < Real(0.0));
        const Mask keeps = on & goes_on;
        (step > 0 ? further.to : further.from) = select(keeps, v, step > 0 ? further.to : further.from);
        const Known here = around(place, keeps), before = around(place_before, keeps);
        further.known.from = select(keeps, min(further.known.from, min(here.from, before.from)), further.known.from);
        further.known.to = select(keeps, max(further.known.to, max(here.to, before.to)), further.known.to);
      }
    }
    return only;
  }
  /// Makes neighbouring stretches between looks one, as long as the way together is short.
  void widen_known() {
    const Real zero(0.0), longest = Real(0.4) / table_.step;
    for (std::size_t j = 1; j < stretches_; ++j) {
      Known &last = known_[j - 1], &here = known_[j];
      const Mask walked_here = here.to > here.from, walked_before = last.to > last.from;
      const Real from = min(last.from, here.from), to = max(last.to, here.to);
      const Mask one = walked_here & walked_before & (to - from < longest) &
                       !differ(last.rides, here.rides);
      is_border_[j] = !(one | ((!walked_here) & !walked_before));
      here = {select(one, from, here.from), select(one, to, here.to), here.rides};
    }
    for (std::size_t j = stretches_ - 1; j > 0; --j) {
      known_[j - 1] = {select(is_border_[j], known_[j - 1].from, known_[j].from),
                       select(is_border_[j], known_[j - 1].to, known_[j].to), known_[j - 1].rides};
    }
    is_border_[0] = zero > zero;
  }
  Known around(Real place, Mask where) const {
    const Real none(0.0), width = close_by() / table_.step;
    return {select(where, place - width, none), select(where, place + width, none), walked.trace.at[0].rides};
  }
  Real place_of(Real ln_alpha) const { return (ln_alpha - table_.ln_alpha[0]) / table_.step; }
  /// Peaks so near, by ln α, are the one followed.
  Real close_by() const { return max(Real(1.5) * table_.step, Real(0.08)); }

  /// Sees where v may lead, and has the trace begin anew at the highest peak where it was not on the best before.
  Mask begin_at(Real v, bool again) {
    const Real zero(0.0), one(1.0), least(Scan::Table::least);
    if (!again) scan_.look(v);
    const Real error = Real(2.0) * table_.chord_error * scan_.view.share * table_.revenue.back();
    Real highest = -error, base = one, x = one;
    Mask there = open_ & !open_, rides = there;
    for (std::size_t g = 0; g + 1 < Points; ++g) {
      const typename Scan::Peak& p = scan_.peak[g];
      const Mask better = p.exists & (p.utility > highest);
      highest = select(better, p.utility, highest), base = select(better, p.base, base);
      x = select(better, fma(p.there, table_.alpha[g + 1] - table_.alpha[g], table_.alpha[g]) - p.base, x);
      rides = select_mask(better, p.rides, rides);
      there = there | better;
    }
    const Mask anew = open_ & there & !valid_;
    EquilibriumTrace<Real>& t = walked.trace;
    if (!again) last_valid_ = valid_;
    was_valid_ = again ? was_valid_ & valid_ : valid_;
    t.b = select(anew, select(base > zero, log(max(base, least)), Real(idle_base)), t.b);
    t.at[0].z = select(anew, log(max(x, least)), t.at[0].z);
    t.at[0].rides = select_mask(anew, rides, t.at[0].rides);
    return there;
  }

  /// Whether the place is the equilibrium.
  typename ShareWalk<Real>::Verdict judge() {
    const Real zero(0.0), for_ever = infinity<Real>();
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real alpha = c.performance, x = alpha - t.a0, own = t.generalist + table_.play.fixed,
               its = c.utility + table_.side.fixed;
    const Jet<Real> r = table_.side.revenue(alpha);
    const Real error = table_.chord_error * t.share * r.value;
    valid_ = open_ & (t.worst < Real(good_look)) & (t.second_order < zero) &
             (c.rides | (table_.its_power * (r.slope - table_.its_first_cost / t.rest) > x * r.curvature * Real(1.02))) &
             rides_or_adds() & (Real(1.001) * t.share * table_.revenue[0] < own);
    if constexpr (is_swift_v<Real>) valid_ = valid_ & is_clear(t);
    const Real width = close_by(), ln_alpha = log(alpha);
    Real answer = for_ever;
    for (std::size_t g = 0; g + 1 < Points; ++g) {
      const typename Scan::Peak& p = scan_.peak[g];
      const Mask close =
          (abs(fma(p.there, table_.step, table_.ln_alpha[g]) - ln_alpha) < width) & !differ(p.rides, c.rides);
      valid_ = valid_ & !(p.exists & !close & (p.utility + error > own));
      // The specialist's smaller answer to the same α₀: x rises towards it.
      const Mask smaller = (scan_.view.base[g] > t.a0) & (table_.alpha[g] < alpha) & !close & !(answer < for_ever);
      answer = select(smaller, scan_.view.added[g], answer);
    }
    const Real other = t.rest * table_.side.revenue(t.a0 + select(answer < for_ever, answer, zero)).value;
    valid_ = valid_ & ((other < Real(0.999) * its) | !(answer < for_ever));
    EquilibriumTrace<Real>& path = walked.trace;
    const Mask passes = differ(c.rides, last_rides_);
    const Mask same = !(passes | differ(t.idle, last_idle_)), smooth = walked.bends(t.v - last_v_) < Real(most_bend);
    // A generalist whose marginal cost rises less steeply than its investment begins little by little. What else is too
    // far apart for the walk to tell is left to the proof.
    const Mask gradual = (table_.first_cost > zero) & (table_.power < Real(1.0)) & !passes &
                         ((t.v - last_v_) * abs(c.tangent - last_z_slope_) < Real(most_bend));
    const Mask on = was_valid_ & same & smooth, follows = on & goes_on();
    turns_ = valid_ & last_valid_ & gradual & !on & turns();
    const Mask joined = valid_ & follows, again = open_ & was_valid_ & !valid_;
    path.b_last_tangent = select(follows, path.b_last_tangent, t.b_tangent);
    path.at[0].last_tangent = select(follows, c.last_tangent, c.tangent);
    const Mask nowhere = open_ & !open_;
    return {open_, joined, again, nowhere};
  }

  static Mask differ(Mask a, Mask b) { return (a & !b) | (b & !a); }
  /// Free where a first bit of adaptation costs more than it brings, and only there.
  Mask rides_or_adds() const {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real slope = table_.side.revenue(c.performance).slope;
    return !differ(c.rides, t.rest * slope <= table_.its_first_cost);
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

  /// The same where the generalist begins or ceases to invest on the way, and its investment's logarithm says little.
  Mask turns() const {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real h = t.v - last_v_, money = Real(0.003) * c.revenue, half(0.5), some(0.01);
    const auto fits = [&](Real from, Real to, Real from_slope, Real to_slope, Real room) {
      const Real off = abs(to - from - half * h * (from_slope + to_slope));
      return off <= fma(half * h, abs(to_slope - from_slope), room);
    };
    return fits(last_ln_alpha_, ln_alpha(), last_ln_alpha_slope_, ln_alpha_slope(), some) &
           fits(last_own_, t.generalist, last_own_slope_, t.generalist_slope, t.share * money) &
           fits(last_its_, c.utility, last_its_slope_, c.slope, t.rest * money);
  }
  Real ln_alpha() const {
    const EquilibriumTrace<Real>& t = walked.trace;
    return log(t.at[0].performance) + of_performance(t.b_fix, t.at[0].fix);
  }
  Real ln_alpha_slope() const { return of_performance(walked.trace.b_tangent, walked.trace.at[0].tangent); }
  /// What changes of ln α₀ and ln x make of ln α.
  Real of_performance(Real by_base, Real by_x) const {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Real alpha = t.at[0].performance;
    return fma(t.a0, by_base, (alpha - t.a0) * by_x) / alpha;
  }

  /// The place looked at, and along which performances the walk came to it where it did; at first, those near it.
  void remember(std::size_t look, Mask joined) {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real place = place_of(log(c.performance));
    const Known here = around(place, look == 0 ? valid_ : joined), before = around(last_place_, joined);
    known_[look] = look == 0 ? here : Known{min(here.from, before.from), max(here.to, before.to), c.rides};
    last_ln_alpha_ = ln_alpha(), last_ln_alpha_slope_ = ln_alpha_slope();
    begins_[look] = joined & differ(t.idle, last_idle_);
    last_rides_ = c.rides, last_idle_ = t.idle;
    last_v_ = t.v, last_b_ = t.b + t.b_fix, last_z_ = c.z + c.fix, last_b_slope_ = t.b_tangent,
    last_z_slope_ = c.tangent, last_place_ = place;
    last_own_ = t.generalist, last_own_slope_ = t.generalist_slope, last_its_ = c.utility, last_its_slope_ = c.slope;
  }

  /// At an end of the walk the product must rise inwards. (Beyond an end where no equilibrium was followed all that is
  /// possible is worth less than there: one side's share goes to none, the other's is all but whole.)
  void see_end(const TracedAim<Real>& aim, Real inwards) {
    falls_outwards_ = falls_outwards_ & !(valid_ & aim.admissible & !(inwards * aim.slope > Real(0.0)));
  }

  PerformanceTable<Real, Points> table_;
  Scan scan_;
  Mask open_, valid_, was_valid_, last_valid_;
  Mask falls_outwards_;
  Mask last_rides_, last_idle_;  ///< at the place before
  Mask turns_;                   ///< the generalist begins to invest on the way from there, or has just done so
  Real last_ln_alpha_, last_ln_alpha_slope_;
  Real last_v_, last_b_, last_z_, last_b_slope_, last_z_slope_, last_own_, last_own_slope_, last_its_, last_its_slope_,
      last_place_;  ///< at the place before
  std::array<Real, most_stretches> value_at_, slope_at_;  ///< of the product, its logarithm
  std::array<Known, most_stretches> known_;
  std::array<Mask, most_stretches> is_border_, begins_;
  std::array<Further, 2> further_;
  std::size_t stretches_ = 0;
};

}  // namespace haggle::fine_tuning
