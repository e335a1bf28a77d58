// SPDX-License-Identifier: MIT
// A walk along all shares of a game with one specialist whose revenue is S-shaped, on an equilibrium that need not be
// the only candidate: where the trace loses it, or another peak is higher, it begins anew.
#pragma once
#include "haggle/solver/performance_scan.hpp"
#include "haggle/solver/shaped_place.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class ShapedWalk : public ShapedPlace<Real, Points> {
  using Place = ShapedPlace<Real, Points>;

 public:
  using Mask = mask_t<Real>;
  using Scan = PerformanceScan<Real, Points>;
  using Verdict = typename BranchWalk<Real>::Verdict;
  using Place::walked;

  ShapedWalk(const Play<Real>& game, const FirstCosts<Real>& first) : Place(game, first), scan_(table_) {}

  Mask sees_deal;  ///< both gain at some share

  /// The best part of the walk on which the specialist ceases to contribute; none where it is empty.
  Leap leap(std::size_t lane) const {
    return {lane_of(leap_from_, lane), lane_of(leap_to_, lane), lane_of(leap_base_, lane), lane_of(leap_added_, lane),
            lane_of(leap_beyond_, lane)};
  }

 protected:
  using Place::around, Place::close_by, Place::corrected_base, Place::is_equilibrium, Place::is_sure_answer,
      Place::place_of, Place::table_;
  using typename Place::Known;
  static constexpr std::size_t most_stretches = RivalClaim::most_stretches;

  void follow(const Looks& looks, Mask wanted) {
    open_ = wanted & table_.fits;
    valid_ = was_valid_ = last_valid_ = sees_deal = open_ & !open_;
    last_ = {}, last_place_ = Real(0.0);
    last_.rides = last_.idle = valid_;
    if (!any(open_)) return;
    falls_outwards_ = open_, met_ = {};
    leap_value_ = -infinity<Real>(), leap_from_ = leap_to_ = Real(0.0);
    contributed_ = valid_;
    std::size_t place = 0;
    walked.template walk<Solution::nash>(
        looks, unset, open_, [&](Real v, bool again) { return begin_at(v, again); },
        [&](TracedAim<Real>& aim, bool again) {
          Verdict verdict = judge(again);
          if (!again && any(verdict.again)) return verdict;
          verdict.again = verdict.again & !verdict.again;
          verdict.elsewhere = open_ & !verdict.joined;
          aim.admissible = aim.admissible & valid_, sees_deal = sees_deal | aim.admissible;
          value_at_[place] = select(aim.admissible, aim.value, -infinity<Real>()), slope_at_[place] = aim.slope;
          see_leap(value_at_[place]);
          remember(place, verdict.joined | turns_);
          if (++place == 1) see_end(aim, Real(1.0));
          if (place == looks.shares.size()) known_[place] = around(last_place_, valid_), see_end(aim, Real(-1.0));
          return verdict;
        });
    walked.template bridge_gaps<Solution::nash>(
        unset, [&] { return is_equilibrium() & is_sure_answer(); },
        [&](const typename BranchWalk<Real>::Bridge& bridge) { know(bridge, looks.shares.size()); });
  }

  Mask open_;
  Mask falls_outwards_;
  std::array<Real, most_stretches> value_at_, slope_at_;  ///< of the product, its logarithm
  /// Along which performances the walk came to each look from the one before.
  std::array<Known, most_stretches> known_;
  /// Between which shares it is known besides.
  struct Further {
    Real from{}, to{};
    Known known{};

    void take(const Further& other, Mask where) {
      from = select(where, other.from, from), to = select(where, other.to, to);
      known.take(other.known, where);
    }
  };
  Further met_;                              ///< where small steps came from both sides: along the other side's way
  std::array<Mask, most_stretches> begins_;  ///< the generalist begins to invest on the way, or ceases to

 private:
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
    const Mask anew = open_ & there & (again ? again_ : !valid_);
    EquilibriumTrace<Real>& t = walked.trace;
    if (!again) last_valid_ = valid_;
    was_valid_ = again ? was_valid_ & valid_ : valid_;
    t.b = select(anew, select(base > zero, log(max(base, least)), Real(idle_base)), t.b);
    t.at[0].z = select(anew, log(max(x, least)), t.at[0].z);
    t.at[0].rides = select_mask(anew, rides, t.at[0].rides);
    return there;
  }

  /// Whether the place is the equilibrium.
  Verdict judge(bool again) {
    const Real zero(0.0), for_ever = infinity<Real>();
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real alpha = c.performance, own = t.generalist + table_.play.fixed, its = c.utility + table_.side.fixed;
    const Real error = table_.chord_error * t.share * c.revenue;
    valid_ = open_ & is_equilibrium() & is_more_than_below(table_, t.share, own);
    if constexpr (is_swift_v<Real>) valid_ = valid_ & is_clear(t);
    const Real width = close_by(), ln_alpha = log(alpha);
    Real answer = for_ever;
    for (std::size_t g = 0; g + 1 < Points; ++g) {
      const typename Scan::Peak& p = scan_.peak[g];
      const Mask close =
          (abs(fma(p.there, table_.step, table_.ln_alpha[g]) - ln_alpha) < width) & !differ(p.rides, c.rides);
      valid_ = valid_ & !(p.exists & !close & (p.utility + error > own));
      // The specialist's smaller answer to the same α₀: x rises towards it.
      const Mask near_by = (abs(table_.ln_alpha[g] - ln_alpha) < width) & !differ(p.rides, c.rides);
      const Mask smaller = (scan_.view.base[g] > t.a0) & (table_.alpha[g] < alpha) & !near_by & !(answer < for_ever);
      answer = select(smaller, scan_.view.added[g], answer);
    }
    // Or it would as soon add nothing, though no performance of the table shows that.
    const Mask answers = answer < for_ever;
    const Jet<Real> less = table_.side.revenue(corrected_base() + select(answers, answer, zero));
    const Mask may_ride = (!c.rides) & (t.rest * less.slope < table_.its_first_cost);
    valid_ = valid_ & ((t.rest * less.value < Real(0.999) * its) | !(answers | may_ride));
    EquilibriumTrace<Real>& path = walked.trace;
    here_ = FollowedPlace<Real>::of(t);
    const Mask passes = differ(here_.rides, last_.rides), same = !(passes | differ(here_.idle, last_.idle));
    if (!again) smooth_ = here_.turns_little_from(last_, path, t.v - last_.v);  // its tangents are the look before's
    const Mask on = was_valid_ & same & smooth_, follows = on & here_.goes_on_from(last_);
    // A generalist whose marginal cost rises less steeply than its investment begins little by little. What else is too
    // far apart for the walk to tell is left to the proof.
    const Mask gradual =
        (table_.first_cost > zero) & (table_.power < Real(1.0)) & !passes & here_.bends_little_from(last_);
    turns_ = valid_ & last_valid_ & gradual & !on & here_.turns_from(last_);
    const Mask joined = valid_ & follows;
    again_ = open_ & was_valid_ & !valid_;
    path.b_last_tangent = select(follows, path.b_last_tangent, t.b_tangent);
    path.at[0].last_tangent = select(follows, c.last_tangent, c.tangent);
    const Mask nowhere = open_ & !open_;
    return {open_, joined, again_, smooth_, nowhere, valid_};
  }

  /// The place looked at, and along which performances the walk came to it where it did; at first, those near it.
  void remember(std::size_t look, Mask joined) {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real place = place_of(log(c.performance));
    const Known here = around(place, look == 0 ? valid_ : joined), before = around(last_place_, joined);
    known_[look] = look == 0 ? here : Known{min(here.from, before.from), max(here.to, before.to), c.rides};
    begins_[look] = joined & differ(t.idle, last_.idle);
    last_ = here_, last_place_ = place;
  }
  void know(const typename BranchWalk<Real>::Bridge& bridge, std::size_t looks) {
    using Way = typename BranchWalk<Real>::Bridge::Way;
    const Real width = close_by() / table_.step;
    const auto known_on = [&](const Way& way) {
      return Known{place_of(way.least) - width, place_of(way.most) + width, way.rides};
    };
    const Way &onwards = bridge.onwards, &back = bridge.back;
    const Real least = min(onwards.least, back.least), most = max(onwards.most, back.most);
    const Mask passes_by = bridge.meets & differ(onwards.rides, back.rides) & (most - least < Real(0.25));
    Known known = known_on(onwards);
    known.take({place_of(least) - width, place_of(most) + width, onwards.rides, passes_by}, passes_by);
    for (std::size_t j = 0; j < looks; ++j) {
      const Real look(static_cast<double>(j));
      const Mask here = bridge.stands & (look > bridge.from) & (look <= bridge.to);
      known_[j].take(known, here);
      begins_[j] = begins_[j] & !here;
    }
    met_.take({bridge.low, bridge.high, known_on(back)}, bridge.meets & !passes_by);
  }

  /// A place at which the specialist contributes is remembered until it rides free somewhere.
  void see_leap(Real value) {
    const auto take = [](Mask where, Real& to, Real number) { to = select(where, number, to); };
    const Mask invests = valid_ & !here_.idle, contributes = invests & !here_.rides, rides = invests & here_.rides;
    const Real most = max(value, contributed_value_);
    const Mask leaps = rides & contributed_ & (most > leap_value_);
    take(leaps, leap_value_, most), take(leaps, leap_from_, contributed_from_), take(leaps, leap_to_, here_.v);
    take(leaps, leap_base_, contributed_base_), take(leaps, leap_added_, contributed_added_);
    take(leaps, leap_beyond_, here_.base.at);
    take(contributes, contributed_from_, here_.v), take(contributes, contributed_base_, here_.base.at);
    take(contributes, contributed_added_, here_.added.at), take(contributes, contributed_value_, value);
    contributed_ = contributes | (contributed_ & !rides);
  }

  /// At an end of the walk the product must rise inwards. (Beyond an end where no equilibrium was followed all that is
  /// possible is worth less than there: one side's share goes to none, the other's is all but whole.)
  void see_end(const TracedAim<Real>& aim, Real inwards) {
    falls_outwards_ = falls_outwards_ & !(valid_ & aim.admissible & !(inwards * aim.slope > Real(0.0)));
  }

  Scan scan_;
  Mask valid_, was_valid_, last_valid_, again_, smooth_;
  FollowedPlace<Real> here_{}, last_{};  ///< the place looked at, and the one before
  Real last_place_{};                    ///< in the table
  Real leap_value_{}, leap_from_{}, leap_to_{}, leap_base_{}, leap_added_{}, leap_beyond_{};
  Real contributed_value_{}, contributed_from_{}, contributed_base_{}, contributed_added_{};
  Mask contributed_;
  Mask turns_;  ///< the generalist begins to invest on the way, or has just done so
};

}  // namespace haggle::fine_tuning
