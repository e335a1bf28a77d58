// SPDX-License-Identifier: MIT
// A block's games with one specialist whose revenue is S-shaped, and those in which nobody invests.
#pragma once
#include "haggle/solver/bargain_domain.hpp"
#include "haggle/solver/dead_scan.hpp"
#include "haggle/solver/shaped_bargain.hpp"
#include "haggle/solver/single_peak.hpp"
#include "haggle/solver/traced_games.hpp"

namespace haggle::fine_tuning {

template <class Real>
class ShapedBlock : protected TracedGames<Real> {
  using Games = TracedGames<Real>;

 public:
  using Games::Games;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

 protected:
  using Games::barren_, Games::form_, Games::has_swift, Games::play_, Games::quick_, Games::refused_, Games::swift_;
  using Games::keep, Games::settle, Games::settle_swiftly;

  template <Solution S, class Any>
  Mask polish(const SharePolish<Any>& near, std::size_t part) {
    EquilibriumTrace<Real> trace(play_, near.trace.linear);
    SharePolish<Real> exact(trace);
    exact.begin(near, part);
    if (!any(exact.active)) return exact.active;
    SmoothAim<S, Real, false> aim{form_.powerful};
    exact.run(aim, 1e-7, 1e-10);
    exact.finish(aim, 1e-10);
    return keep(trace, trace.share, exact.done & everyone_gains(trace));
  }

  /// And so much that a share found to rounding tells it: closer to a tie, or of revenue less, is for the slow path.
  Mask everyone_gains(const EquilibriumTrace<Real>& t) const {
    const Real tie(1e-9), part(1e-4);
    Real revenue(0.0);
    Mask gains = t.share == t.share;
    for (std::size_t i = 0; i < t.size; ++i) {
      const Specialist<Real>& s = play_.specialists[i];
      const Contribution<Real>& c = t.at[i];
      revenue = revenue + c.revenue;
      gains = gains &
              (c.utility - s.outside > max(tie * (abs(s.outside) + s.fixed), part * (Real(1.0) - t.share) * c.revenue));
    }
    return gains & (t.generalist - play_.outside > max(tie * abs(play_.outside), part * t.share * revenue));
  }

  /// A deal must bring somebody more than nothing.
  Mask owes() const {
    const Specialist<Real>& side = play_.specialists.front();
    return max(play_.fixed + play_.outside, side.fixed + side.outside) > Real(0.0);
  }

  Mask owe_nothing() const {
    const Specialist<Real>& side = play_.specialists.front();
    return (max(play_.fixed, side.fixed) == Real(0.0)) & (max(abs(play_.outside), abs(side.outside)) == Real(0.0));
  }

  /// Nobody's first bit of investment pays, even for all of its revenue: at any share both have nothing, and of such
  /// the largest is taken.
  Mask leave_idle() {
    const Real zero(0.0), nearly(1.0 - 1e-9);
    const Specialist<Real>& side = play_.specialists.front();
    EquilibriumTrace<Real> trace(play_);
    const Real most = side.revenue(Real(1e-100)).slope, later = side.revenue(Real(1e-30)).slope,
               least = min(trace.first_cost0, trace.at[0].first_cost);
    // Of a marginal cost that rises more slowly than this a first bit is no first bit yet.
    const Real rise = min(marginal_power(play_.cost).exponent, marginal_power(side.cost).exponent);
    barren_ = owe_nothing() & bounded(play_) & !(side.revenue.convex_until() > zero) & (rise > Real(0.15)) &
              (most < nearly * least) & (nearly * most < later);
    lay_idle(trace, barren_);
    return keep(trace, trace.share, barren_);
  }
  /// All have nothing, at all of revenue.
  static void lay_idle(EquilibriumTrace<Real>& trace, Mask where) {
    const Real zero(0.0);
    const auto nothing = [&](Real& of) { of = select(where, zero, of); };
    Contribution<Real>& c = trace.at[0];
    trace.share = select(where, Real(1.0), trace.share);
    nothing(trace.a0), nothing(trace.generalist), nothing(trace.miss0);
    nothing(c.performance), nothing(c.utility), nothing(c.revenue);
    trace.idle = trace.idle | where, c.rides = c.rides | where;
  }

  /// One specialist, whose revenue is S-shaped: games in which nobody's investment pays, at no share.
  template <class Any>
  static mask_t<Any> may_be_shaped(const Play<Any>& play) {
    return suitable<Solution::nash>(play) & (play.specialists.front().revenue.convex_until() > Any(0.0));
  }
  template <class Any>
  static mask_t<Any> is_dead(const Play<Any>& play) {
    const mask_t<Any> wanted = may_be_shaped(play);
    return any(wanted) ? wanted & DeadScan<Any>(play)() : wanted;
  }
  /// Likewise, though the generalist could have its dues if it had not something better.
  Mask is_dead_by_choice() const {
    const Mask wanted = may_be_shaped(quick_);
    if (!any(wanted)) return wanted;
    const PerformanceTable<Quick, many_performances> table(quick_);
    static constexpr std::array ends{-21.0, 21.0};  // beyond them one side's share is below a tie
    RivalShares<Quick, many_performances> rivals(table);
    return rivals.none_reaches(Quick(RivalCells<Quick, many_performances>::any_deal), ends, {}, {},
                               wanted & table.starts_dead());
  }
  Mask leave(Mask dead) {
    refused_ = dead & owes();
    barren_ = dead & owe_nothing();
    EquilibriumTrace<Real> trace(play_);
    lay_idle(trace, barren_);
    return keep(trace, trace.share, barren_) | refused_;
  }

  /// The others.
  std::size_t solve_shaped(std::size_t n) {
    std::size_t left = n;
    if constexpr (has_swift)
      left = settle_swiftly(0, left, [&](const std::size_t*, std::size_t, auto at_each) {
        const mask_t<Swiftest> dead = is_dead(swift_);
        at_each([&](std::size_t part) { return leave(converted_mask<Real, Swiftest>(dead, part)); });
      });
    else
      left = settle(0, left, [&] { return leave(is_dead(quick_)); });
    if constexpr (has_swift)
      left = settle_swiftly(0, left, [&](const std::size_t*, std::size_t, auto at_each) {
        const mask_t<Swiftest> wanted = may_be_shaped(swift_) & shows_peaks(swift_);
        ShapedBargain<Swiftest, 48> bargain(swift_);
        bargain(close_, wanted);
        at_each([&](std::size_t part) { return polish<Solution::nash>(bargain.near, part); });
      });
    left = settle(0, left, [&] {
      const Mask wanted = may_be_shaped(quick_) & shows_peaks(quick_);
      if (!any(wanted)) return wanted;
      ShapedBargain<Quick, many_performances> bargain(quick_);
      bargain(very_close_, wanted);
      return polish<Solution::nash>(bargain.near, 0);
    });
    return settle(0, left, [&] { return leave(is_dead_by_choice()); });
  }

  /// In a table for the games that the usual one tells too little of.
  static constexpr std::size_t many_performances = 160;
  const Looks close_{looked_at_closely}, very_close_{looked_at_very_closely};
};

}  // namespace haggle::fine_tuning
