// SPDX-License-Identifier: MIT
// What the ways of games with one specialist whose revenue is S-shaped have in common: what makes a result, and what
// proves it.
#pragma once
#include <algorithm>

#include "haggle/solver/bargain_domain.hpp"
#include "haggle/solver/performance_table.hpp"
#include "haggle/solver/rival_shares.hpp"
#include "haggle/solver/share_polish.hpp"
#include "haggle/solver/single_peak.hpp"
#include "haggle/solver/traced_games.hpp"

namespace haggle::fine_tuning {

template <class Real>
class ShapedGames : protected TracedGames<Real> {
  using Games = TracedGames<Real>;

 public:
  using Games::Games;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

 protected:
  using Games::barren_, Games::form_, Games::group_, Games::play_, Games::quick_, Games::refused_;
  using Games::keep;

  template <Solution S, class Any>
  Mask polish(const SharePolish<Any>& near, std::size_t part) {
    EquilibriumTrace<Real> trace(play_, near.trace.linear);
    SharePolish<Real> exact(trace);
    exact.begin(near, part);
    if (!any(exact.active)) return exact.active;
    for (std::size_t i = 0; i < trace.size; ++i)
      trace.at[i].rides = converted_mask<Real, Any>(near.trace.at[i].rides, part);
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
    // Who invests nothing is taken to invest next to that, which must be nothing beside what the others do.
    for (std::size_t i = 0; i < t.size; ++i) gains = gains & ((!t.idle) | (t.a0 < Real(1e-12) * t.at[i].performance));
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

  /// One specialist, whose revenue is S-shaped.
  template <class Any>
  static mask_t<Any> may_be_shaped(const Play<Any>& play) {
    return suitable<Solution::nash>(play) & (play.specialists.front().revenue.convex_until() > Any(0.0));
  }
  /// Those of the claims that do not hold are left over again.
  template <class Any, std::size_t Points>
  class Proofs {
   public:
    Proofs(ShapedGames& block, std::span<const double> shares) : rivals(shares), block_(block) {}

    /// For the games in the lanes of `claimed`; write(lane, claim) says what is claimed.
    template <class Write>
    void claim(const std::size_t* games, std::size_t count, Mask claimed, Write write) {
      double claims[lanes_v<Real>];
      RealTraits<Real>::store(select(claimed, Real(1.0), Real(0.0)), claims);
      for (std::size_t lane = 0; lane < count; ++lane) {
        if (claims[lane] == 0) continue;
        if (rivals.is_full()) settle();
        RivalClaim& to = rivals.add();
        to.game = games[lane];
        write(lane, to);
      }
    }
    /// How many games are left: those of the group that were, and others.
    std::size_t finish(std::size_t left) {
      settle();
      std::copy_n(unproven_, unproven_count_, block_.group_ + left);
      std::size_t* const last = block_.group_ + left + unproven_count_;
      std::sort(block_.group_, last);
      return static_cast<std::size_t>(std::unique(block_.group_, last) - block_.group_);
    }

   private:
    void settle() {
      const auto rows_of = [&](std::span<const RivalClaim> claims, PerformanceRows<Any, Points>& rows) {
        std::size_t games[lanes_v<Any>];
        for (std::size_t i = 0; i < claims.size(); ++i) games[i] = claims[i].game;
        Play<Any> play(block_.form_);
        block_.read_into(play, games, claims.size());
        const PerformanceTable<Any, Points> table(play, block_.template first_costs<Any>(games, claims.size()));
        rows = table;
        return table.fits;
      };
      rivals.settle(rows_of, [&](const RivalClaim& claim, bool proven) {
        if (!proven) unproven_[unproven_count_++] = claim.game;
      });
    }

    RivalShares<Any, Points> rivals;
    ShapedGames& block_;
    std::size_t unproven_[Games::tile], unproven_count_ = 0;
  };
  template <class Any, std::size_t Points>
  friend class Proofs;

  Mask leave(Mask dead) {
    refused_ = dead & owes();
    barren_ = dead & owe_nothing();
    EquilibriumTrace<Real> trace(play_);
    lay_idle(trace, barren_);
    return keep(trace, trace.share, barren_) | refused_;
  }

  template <class Any>
  FirstCosts<Any> first_costs(const std::size_t* games, std::size_t count) const {
    return {
        this->template first_cost<Any>(form_.cost, quick_.cost, games, count),
        this->template first_cost<Any>(form_.specialists.front().cost, quick_.specialists.front().cost, games, count)};
  }

  /// Of the group's games, n, those that are marked, or are not, by a path that puts those that it leaves first.
  template <class Path>
  std::size_t of_marked(std::size_t n, Path path) {
    return of_first(
        n, [&](std::size_t game) { return is_marked(game); }, path);
  }
  template <class Path>
  std::size_t of_unmarked(std::size_t n, Path path) {
    return of_first(
        n, [&](std::size_t game) { return !is_marked(game); }, path);
  }
  template <class IsFirst, class Path>
  std::size_t of_first(std::size_t n, IsFirst is_first, Path path) {
    std::sort(marked_, marked_ + marked_count_);
    std::size_t* const others = std::partition(group_, group_ + n, is_first);
    const auto first = static_cast<std::size_t>(others - group_), left = path(first);
    std::copy(others, group_ + n, group_ + left);
    return left + n - first;
  }
  bool is_marked(std::size_t game) const { return std::binary_search(marked_, marked_ + marked_count_, game); }
  void forget_marked() { marked_count_ = 0; }
  template <class Any>
  void mark(const std::size_t* games, std::size_t count, mask_t<Any> where) {
    double is_there[lanes_v<Any>];
    RealTraits<Any>::store(select(where, Any(1.0), Any(0.0)), is_there);
    for (std::size_t lane = 0; lane < count; ++lane)
      if (is_there[lane] != 0) marked_[marked_count_++] = games[lane];
  }

  static constexpr std::size_t few_performances = 48, many_performances = 96;
  const Looks close_{looked_at_closely}, very_close_{looked_at_very_closely};

 private:
  /// Games that a path has found something about: that there is a deal, or what holds its generalist.
  std::size_t marked_[Games::tile], marked_count_ = 0;
};

}  // namespace haggle::fine_tuning
