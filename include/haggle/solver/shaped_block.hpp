// SPDX-License-Identifier: MIT
// A block's games with one specialist whose revenue is S-shaped, and those in which nobody invests.
#pragma once
#include <algorithm>

#include "haggle/solver/bargain_domain.hpp"
#include "haggle/solver/dead_scan.hpp"
#include "haggle/solver/faint_bargain.hpp"
#include "haggle/solver/leap_bargain.hpp"
#include "haggle/solver/shaped_bargain.hpp"
#include "haggle/solver/single_peak.hpp"
#include "haggle/solver/tie_bargain.hpp"
#include "haggle/solver/traced_games.hpp"

namespace haggle::fine_tuning {

template <class Real>
class ShapedBlock : protected TracedGames<Real> {
  using Games = TracedGames<Real>;

 public:
  using Games::Games;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

 protected:
  using Games::barren_, Games::form_, Games::group_, Games::has_swift, Games::play_, Games::quick_, Games::refused_,
      Games::swift_;
  using Games::keep, Games::settle, Games::settle_swiftly;

  template <Solution S, class Any>
  Mask polish(const SharePolish<Any>& near, std::size_t part) {
    EquilibriumTrace<Real> trace(play_, near.trace.linear);
    SharePolish<Real> exact(trace);
    exact.begin(near, part);
    if (!any(exact.active)) return exact.active;
    if (trace.size == 1) trace.at[0].rides = converted_mask<Real, Any>(near.trace.at[0].rides, part);
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

  /// One specialist, whose revenue is S-shaped.
  template <class Any>
  static mask_t<Any> may_be_shaped(const Play<Any>& play) {
    return suitable<Solution::nash>(play) & (play.specialists.front().revenue.convex_until() > Any(0.0));
  }
  /// Those of the claims that do not hold are left over again.
  template <class Any, std::size_t Points>
  class Proofs {
   public:
    Proofs(ShapedBlock& block, std::span<const double> shares) : rivals(shares), block_(block) {}

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
    ShapedBlock& block_;
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

  /// Puts those last in the group in which such a specialist may ride free, and tells how many others there are.
  std::size_t shaped_riders_last(std::size_t n) {
    return this->template last_where<Quick>(n, [&](const std::size_t* games, std::size_t count) {
      this->read_into(quick_, games, count);
      return (quick_.specialists.front().revenue.convex_until() > Quick(0.0)) &
             (first_costs<Quick>(games, count).specialist > Quick(0.0));
    });
  }

  /// The others.
  std::size_t solve_shaped(std::size_t n) {
    std::size_t left = leave_dead(n);
    if (this->wants_first_best()) return left;  // which is the slow path's, of revenue that is convex somewhere
    forget_marked(), leap_count_ = 0;
    left = has_swift ? bargain_swiftly(left) : bargain_closely(left);
    left = of_unmarked(left, [&](std::size_t these) { return bargain_faintly(these); });
    forget_marked();
    left = bargain_at_ties<Swiftest, few_performances>(bargain_at_leaps<Swiftest, few_performances>(left));
    if constexpr (has_swift) left = bargain_closely(left);
    left = of_marked(left, [&](std::size_t these) { return bargain_at_ties<Quick, many_performances>(these); });
    return bargain_at_leaps<Quick, many_performances>(left);
  }

  /// Games in which nobody's investment pays, at no share.
  std::size_t leave_dead(std::size_t n) {
    const std::size_t live = this->template last_where<Swiftest>(n, [&](const std::size_t* games, std::size_t count) {
      this->read_into(swift_, games, count);
      const mask_t<Swiftest> shaped = may_be_shaped(swift_);
      return any(shaped) ? shaped & DeadScan<Swiftest>(swift_, first_costs<Swiftest>(games, count)).is_suspect()
                         : shaped;
    });
    std::size_t left = 0;
    if constexpr (has_swift)
      left = settle_swiftly(live, n - live, [&](const std::size_t* games, std::size_t count, auto at_each) {
        const DeadScan<Swiftest> scan(swift_, first_costs<Swiftest>(games, count));
        const mask_t<Swiftest> dead = may_be_shaped(swift_) & scan();
        at_each([&](std::size_t part) { return leave(converted_mask<Real, Swiftest>(dead, part)); });
      });
    else
      left = settle(live, n - live, [&](const std::size_t* games, std::size_t count) {
        return leave(may_be_shaped(quick_) & DeadScan<Quick>(quick_, first_costs<Quick>(games, count))());
      });
    return live + left;
  }
  template <class Any>
  FirstCosts<Any> first_costs(const std::size_t* games, std::size_t count) const {
    return {
        this->template first_cost<Any>(form_.cost, quick_.cost, games, count),
        this->template first_cost<Any>(form_.specialists.front().cost, quick_.specialists.front().cost, games, count)};
  }
  std::size_t bargain_swiftly(std::size_t n) {
    using Bargain = ShapedBargain<Swiftest, 48>;
    const auto shares = Bargain::shares_of(close_);
    Proofs<Swiftest, 48> proofs(*this, std::span(shares.data(), close_.shares.size() + 2));
    return proofs.finish(settle_swiftly(0, n, [&](const std::size_t* games, std::size_t count, auto at_each) {
      Bargain bargain(swift_, first_costs<Swiftest>(games, count));
      bargain(close_, may_be_shaped(swift_) & shows_peaks(swift_));
      remember<Swiftest>(bargain, games, count);
      at_each([&](std::size_t part) {
        const Mask done = polish<Solution::nash>(bargain.near, part);
        const std::size_t first = part * lanes_v<Real>;
        proofs.claim(games + first, std::min(lanes_v<Real>, count - first), done,
                     [&](std::size_t lane, RivalClaim& claim) { bargain.claim(first + lane, claim); });
        return done;
      });
    }));
  }
  /// In a table for the games that the usual one tells too little of.
  std::size_t bargain_closely(std::size_t n) {
    using Bargain = ShapedBargain<Quick, many_performances>;
    const auto shares = Bargain::shares_of(very_close_);
    Proofs<Quick, many_performances> proofs(*this, std::span(shares.data(), very_close_.shares.size() + 2));
    return proofs.finish(settle(0, n, [&](const std::size_t* games, std::size_t count) {
      const Mask wanted = may_be_shaped(quick_) & shows_peaks(quick_);
      if (!any(wanted)) return wanted;
      Bargain bargain(quick_, first_costs<Quick>(games, count));
      bargain(very_close_, wanted);
      if constexpr (!has_swift) remember<Quick>(bargain, games, count);
      const Mask done = polish<Solution::nash>(bargain.near, 0);
      proofs.claim(games, count, done, [&](std::size_t lane, RivalClaim& claim) { bargain.claim(lane, claim); });
      return done;
    }));
  }
  /// Games with a share from which on the generalist does all by itself.
  template <class Any, std::size_t Points>
  std::size_t bargain_at_leaps(std::size_t n) {
    const auto by_game = [](const LeapOf& one, const LeapOf& other) { return one.game < other.game; };
    std::sort(leaps_, leaps_ + leap_count_, by_game);
    const auto find = [&](std::size_t game) {
      const LeapOf* found = std::lower_bound(leaps_, leaps_ + leap_count_, LeapOf{game, {}}, by_game);
      return found != leaps_ + leap_count_ && found->game == game ? found : nullptr;
    };
    static constexpr std::array ends{-far_end, far_end};
    Proofs<Any, Points> proofs(*this, ends);
    return of_first(
        n, [&](std::size_t game) { return find(game) != nullptr; },
        [&](std::size_t leaping) {
          return proofs.finish(settle(0, leaping, [&](const std::size_t* games, std::size_t count) {
            const FirstCosts<Quick> first = first_costs<Quick>(games, count);
            LeapBargain<Real> bargain(play_, converted<Real>(first.generalist), converted<Real>(first.specialist));
            bargain([&](std::size_t lane) { return find(games[std::min(lane, count - 1)])->leap; },
                    converted_mask<Real, Quick>(may_be_shaped(quick_), 0));
            if (!any(bargain.done)) return bargain.done;
            const PerformanceTable<Quick, Points> table(quick_, first);
            EquilibriumTrace<Real> trace(play_);
            bargain.show(trace);
            const Mask done = keep(trace, trace.share, bargain.done & bargain.is_choice(table) & everyone_gains(trace));
            proofs.claim(games, count, done,
                         [&](std::size_t lane, RivalClaim& claim) { bargain.claim(table, lane, claim); });
            return done;
          }));
        });
  }
  /// Games in which the generalist invests until its specialist would as soon work as not; marks those that it takes
  /// for such.
  template <class Any, std::size_t Points>
  std::size_t bargain_at_ties(std::size_t n) {
    static constexpr std::array ends{-far_end, far_end};
    Proofs<Any, Points> proofs(*this, ends);
    return proofs.finish(settle(0, n, [&](const std::size_t* games, std::size_t count) {
      const Mask wanted = may_be_shaped(quick_);
      if (!any(wanted)) return wanted;
      const FirstCosts<Quick> first = first_costs<Quick>(games, count);
      const PerformanceTable<Quick, few_performances> table(quick_, first);
      TieBargain<Real> bargain(play_, converted<Real>(first.specialist));
      bargain(TieScan<Quick, few_performances>(table, close_, wanted), wanted);
      if (!any(bargain.done)) return bargain.done;
      const Mask stands = bargain.is_choice(PerformanceTable<Quick, Points>(quick_, first));
      const Mask done = keep(bargain.trace, bargain.trace.share, stands & everyone_gains(bargain.trace));
      if constexpr (Points == few_performances) mark<Real>(games, count, bargain.done);
      proofs.claim(games, count, done, [&](std::size_t lane, RivalClaim& claim) { bargain.claim(lane, claim); });
      return done;
    }));
  }
  /// Games without a deal at any share at the performances of a table, though the generalist could have its dues if it
  /// had not something better: below the table there is none either, or one over next to nothing.
  std::size_t bargain_faintly(std::size_t n) {
    using Performances = PerformanceTable<Quick, few_performances>;
    const std::size_t left = without_deal_in_table(n, false, [&](const Performances& table, Mask shaped) {
      const Mask dead = shaped & table.starts_dead();
      return any(dead) ? leave(dead) : dead;
    });
    return without_deal_in_table(left, true, [&](const Performances& table, Mask shaped) {
      FaintBargain<Quick, few_performances> faint(table);
      faint(very_close_, shaped & shows_peaks(quick_));
      return any(faint.near.done) ? polish<Solution::nash>(faint.near, 0) : faint.near.done;
    });
  }
  /// Those that `settled(table, shaped)` says, if the table shows no deal; `knows_below`: it knows of one below.
  template <class Settled>
  std::size_t without_deal_in_table(std::size_t n, bool knows_below, Settled settled) {
    static constexpr std::array ends{-21.0, 21.0};  // beyond them one side's share is below a tie
    Proofs<Swiftest, few_performances> proofs(*this, ends);
    return proofs.finish(settle(0, n, [&](const std::size_t* games, std::size_t count) {
      const Mask shaped = may_be_shaped(quick_);
      if (!any(shaped)) return shaped;
      const FirstCosts<Quick> first = first_costs<Quick>(games, count);
      const Mask done = settled(PerformanceTable<Quick, few_performances>(quick_, first), shaped);
      proofs.claim(games, count, done, [&](std::size_t, RivalClaim& claim) {
        claim.value = RivalCells<Swiftest, few_performances>::any_deal, claim.knows_below = knows_below;
      });
      return done;
    }));
  }

  /// What a walk saw on its way: games with a deal are marked.
  template <class Any, class Bargain>
  void remember(const Bargain& bargain, const std::size_t* games, std::size_t count) {
    mark<Any>(games, count, bargain.sees_deal);
    for (std::size_t lane = 0; lane < count; ++lane)
      if (const Leap leap = bargain.leap(lane); leap.to > leap.from) leaps_[leap_count_++] = {games[lane], leap};
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

  static constexpr std::size_t few_performances = 48, many_performances = 160;
  const Looks close_{looked_at_closely}, very_close_{looked_at_very_closely};
  /// Games that a path has found something about: that there is a deal, or what holds its generalist.
  std::size_t marked_[Games::tile], marked_count_ = 0;
  struct LeapOf {
    std::size_t game;
    Leap leap;
  };
  LeapOf leaps_[Games::tile];
  std::size_t leap_count_ = 0;
};

}  // namespace haggle::fine_tuning
