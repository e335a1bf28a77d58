// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose revenue is S-shaped at the share from which on the generalist, that
// invested some and had its specialist add to that, does all by itself: it leaps to another peak of its utility, where
// the specialist rides free. The product leaps, too, and may be best on either side.
#pragma once
#include "haggle/solver/followed_place.hpp"
#include "haggle/solver/is_choice.hpp"
#include "haggle/solver/rival_claim.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real>
class LeapBargain {
 public:
  using Mask = mask_t<Real>;

  LeapBargain(const Play<Real>& game, Real first_cost, Real its_first_cost)
      : contributing_(game, first_cost, its_first_cost), riding_(game, first_cost, its_first_cost) {}

  /// Where `done` show() has it; that the generalist would have nothing else there, and no other share is better, is
  /// left to be proven.
  void operator()(const std::array<Leap, lanes_v<Real>>& leaps, Mask wanted) {
    const auto numbers = [&](double Leap::*of) {
      double each[lanes_v<Real>];
      for (std::size_t lane = 0; lane < leaps.size(); ++lane) each[lane] = leaps[lane].*of;
      return RealTraits<Real>::load(each);
    };
    low_ = numbers(&Leap::from), high_ = numbers(&Leap::to);
    Trace &c = contributing_.trace, &r = riding_.trace;
    c.b = numbers(&Leap::base), c.at[0].z = numbers(&Leap::added), c.at[0].rides = wanted & !wanted;
    r.b = numbers(&Leap::base_beyond), r.at[0].z = Real(nothing), r.at[0].rides = wanted;
    find_tie(wanted);
    if (!any(done)) return;
    choose_side();
    walk_down(contributing_, -1, slopes_[0]), walk_down(riding_, 1, slopes_[1]);
    overlap();
  }

  /// The generalist has nothing better at that share than either.
  template <class Rough, std::size_t Points>
  Mask is_choice(const PerformanceTable<Rough, Points>& table) const {
    using Known = typename RivalCells<Rough, Points>::Known;
    const auto place = [&](const Trace& t) {
      return (log(converted<Rough>(t.at[0].performance)) - table.ln_alpha[0]) / table.step;
    };
    const std::array places{place(contributing_.trace), place(riding_.trace)};
    const Rough one(1.0);
    const mask_t<Rough> never = one < Rough(0.0), always = !never, close = is_close(places);
    const std::array known{Known{places[0] - one, select(close, places[1] + one, places[0] + one), never, close},
                           Known{places[1] - one, places[1] + one, always, never}};
    const Rough utility = converted<Rough>(riding_.trace.generalist + riding_.trace.play.fixed);
    const mask_t<Rough> choice = fine_tuning::is_choice<Rough, Points>(table, converted<Rough>(v), utility, known,
                                                                       places, converted_mask<Rough, Real>(done, 0));
    return converted_mask<Real, Rough>(
        choice & is_more_than_below(table, converted<Rough>(riding_.trace.share), utility), 0);
  }
  template <class Rough, std::size_t Points>
  void claim(const PerformanceTable<Rough, Points>& table, std::size_t lane, RivalClaim& claim) const {
    const double step = lane_of(table.step, lane), first = lane_of(table.ln_alpha[0], lane);
    const auto place = [&](const Real& performance) { return (std::log(lane_of(performance, lane)) - first) / step; };
    const std::array places{place(contributing_.trace.at[0].performance), place(riding_.trace.at[0].performance)};
    const bool close = is_close(places);
    claim.value = lane_of(value, lane) - 2e-5;
    for (const std::size_t side : {0, 1}) {
      const Slope& s = slopes_[side];
      double from = place(s.least) - 1, to = place(s.most) + 1;
      if (close) from = std::min(from, places[0] - 1), to = std::max(to, places[1] + 1);
      claim.further[side] = {lane_of(s.from, lane),
                             lane_of(s.to, lane),
                             {static_cast<float>(from), static_cast<float>(to), side == 1, close}};
    }
  }

  Mask done{};
  Real v{}, value{};

  /// The side that wins, all of it.
  void show(EquilibriumTrace<Real>& trace) const {
    take_place(trace, contributing_.trace, done & !riding_wins_);
    take_place(trace, riding_.trace, done & riding_wins_);
  }

 private:
  using Trace = EquilibriumTrace<Real>;

  static void settle(TracePath<Real>& path, Real at, Mask wanted) { path.settle(at, wanted, Real(1e-11), 12); }
  static Mask stands(const TracePath<Real>& path) {
    return (path.trace.worst < Real(1e-9)) & (path.trace.second_order < Real(0.0)) & !path.trace.idle;
  }
  Mask contributes() const {
    const Trace& t = contributing_.trace;
    const Contribution<Real>& c = t.at[0];
    return stands(contributing_) & (exp(c.z) > Real(1e-12) * c.performance);
  }
  Mask rides() const {
    const Trace& t = riding_.trace;
    const Real slope = t.play.specialists.front().revenue(t.at[0].performance).slope;
    return stands(riding_) & (t.rest * slope <= t.at[0].first_cost);
  }

  /// Where both are worth the same to the generalist, by Newton's steps; what does not exist there tells on which side
  /// to go on.
  void find_tie(Mask wanted) {
    const Real half(0.5);
    Trace &c = contributing_.trace, &r = riding_.trace;
    settle(contributing_, low_, wanted), settle(riding_, high_, wanted);
    Mask active = wanted & contributes() & rides();
    done = active & !active;
    Spot last_c, last_r;
    last_c.take(c, active), last_r.take(r, active);
    Real low = low_, high = high_;
    // Where their tangents meet.
    v = (fma(r.generalist_slope, high, c.generalist - r.generalist) - c.generalist_slope * low) /
        (r.generalist_slope - c.generalist_slope);
    for (int k = 0; k < 30 && any(active); ++k) {
      v = select(active, select((v > low) & (v < high), v, half * (low + high)), v);
      last_c.start(c, v, active), last_r.start(r, v, active);
      settle(contributing_, v, active), settle(riding_, v, active);
      const Mask one = active & contributes(), other = active & rides(), both = one & other;
      last_c.take(c, one), last_r.take(r, other);
      const Real ahead = r.generalist - c.generalist, falls = r.generalist_slope - c.generalist_slope;
      const Real step = -ahead / falls;
      const Mask there = both & (abs(step) < Real(1e-12)) & (falls > Real(0.0));
      // What is missing has ceased before v, or begins beyond it.
      const Mask later = select_mask(both, ahead > Real(0.0), other), sooner = select_mask(both, !later, one);
      high = select(active & later, v, high), low = select(active & sooner, v, low);
      done = done | there;
      active = active & !there & (one | other) & (high - low > Real(1e-13));
      v = select(active, select(both, v + step, half * (low + high)), v);
    }
    done = done & (r.a0 > c.a0);
  }
  /// Where a trace was last an equilibrium.
  struct Spot {
    void take(const Trace& t, Mask where) {
      const auto put = [&](Real& number, Real now) { number = select(where, now, number); };
      put(v, t.v), put(b, t.b + t.b_fix), put(z, t.at[0].z + t.at[0].fix);
      put(b_tangent, t.b_tangent), put(z_tangent, t.at[0].tangent);
    }
    void start(Trace& t, Real at, Mask where) const {
      t.b = select(where, fma(at - v, b_tangent, b), t.b);
      t.at[0].z = select(where, fma(at - v, z_tangent, z), t.at[0].z);
    }
    Real v{}, b{}, z{}, b_tangent{}, z_tangent{};
  };

  /// A little to that side of the tie, so that rounding does not decide what the generalist does.
  void choose_side() {
    const Real zero(0.0);
    Trace &c = contributing_.trace, &r = riding_.trace;
    const auto aims = [&] { return std::pair(aim_at<Solution::nash>(c, unset), aim_at<Solution::nash>(r, unset)); };
    auto [one, other] = aims();
    riding_wins_ = other.value > one.value;
    const Mask tops = select_mask(riding_wins_, other.slope<zero, one.slope> zero);
    done = done & one.admissible & other.admissible & tops;
    const Real falls = r.generalist_slope - c.generalist_slope, hair = Real(3e-14) * r.at[0].revenue / falls;
    done = done & (hair < Real(1e-10));
    v = v + select(done, select(riding_wins_, hair, -hair), zero);
    settle(contributing_, v, done), settle(riding_, v, done);
    std::tie(one, other) = aims();
    value = select(riding_wins_, other.value, one.value);
  }

  /// Between which shares the product on one side is known to be no more than at the tie, and performances there.
  struct Slope {
    Real from{}, to{}, least{}, most{};

    void reach(const Trace& t, Real logit, Mask where) {
      const Real here = t.at[0].performance;
      from = select(where, min(from, logit), from), to = select(where, max(to, logit), to);
      least = select(where, min(least, here), least), most = select(where, max(most, here), most);
    }
  };

  /// Away from the tie the product falls, or is less than at it on the side that wins.
  void walk_down(TracePath<Real> path, double outwards, Slope& slope) {
    const Real zero(0.0);
    slope = {v, v, path.trace.at[0].performance, path.trace.at[0].performance};
    Real at = v;
    TracedAim<Real> last = aim_at<Solution::nash>(path.trace, unset);
    const Mask loses = last.value < value - Real(1e-4);
    Mask on = done;
    double step = outwards * first_step;
    for (int k = 0; k < looks && any(on); ++k, step *= wider) {
      path.move(Real(step), zero), at = at + Real(step);
      settle(path, at, on);
      const auto aim = aim_at<Solution::nash>(path.trace, unset);
      const Real h(std::abs(step)), from = Real(outwards) * last.slope, to = Real(outwards) * aim.slope;
      // Where it rises to a peak between both, that is below their tangents.
      const Real most = max(last.value + select(to < zero, h * max(from, zero), zero), max(last.value, aim.value));
      const Mask is_less = select_mask(loses, most < value - Real(1e-4), to < zero);
      on = on & stands(path) & aim.admissible & is_less;
      slope.reach(path.trace, at, on);
      last = aim;
    }
  }
  /// A little way on the other side the generalist has something better than what wins.
  void overlap() {
    const Real zero(0.0), outwards = select(riding_wins_, Real(1.0), Real(-1.0)), by = Real(-overlapping) * outwards;
    TracePath<Real> contributing = contributing_, riding = riding_;
    for (TracePath<Real>* path : {&contributing, &riding}) path->move(by, zero), settle(*path, v + by, done);
    const Trace &c = contributing.trace, &r = riding.trace;
    const Mask apart = done & stands(riding) & stands(contributing) & (r.generalist_slope > c.generalist_slope) &
                       ((r.generalist - c.generalist) * outwards < zero);
    slopes_[0].reach(c, v + by, apart & !riding_wins_), slopes_[1].reach(r, v + by, apart & riding_wins_);
  }
  /// Hardly anything is between both.
  template <class Place>
  static auto is_close(const std::array<Place, 2>& places) {
    return places[1] - places[0] < Place(2.5);
  }

  static constexpr double nothing = -138, first_step = 0.004, wider = 1.4, overlapping = 0.02;
  static constexpr int looks = 13;

  TracePath<Real> contributing_, riding_;
  Real low_{}, high_{};
  Mask riding_wins_{};
  std::array<Slope, 2> slopes_;  ///< where the specialist contributes, and where it rides free
};

}  // namespace haggle::fine_tuning
