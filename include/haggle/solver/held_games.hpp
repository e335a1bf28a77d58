// SPDX-License-Identifier: MIT
// Games with one specialist whose revenue is S-shaped, and bargains that a walk along the shares does not come to: over
// next to nothing, at a tie of the specialist, at a leap of the generalist.
#pragma once
#include "haggle/solver/faint_bargain.hpp"
#include "haggle/solver/leap_bargain.hpp"
#include "haggle/solver/shaped_games.hpp"
#include "haggle/solver/tie_bargain.hpp"

namespace haggle::fine_tuning {

template <class Real>
class HeldGames : protected ShapedGames<Real> {
  using Games = ShapedGames<Real>;

 public:
  using Games::Games;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

 protected:
  using Games::everyone_gains, Games::keep, Games::leave, Games::of_first, Games::settle;
  using Games::few_performances, Games::many_performances, Games::close_, Games::very_close_, Games::play_,
      Games::quick_;
  template <class Any, std::size_t Points>
  using Proofs = typename Games::template Proofs<Any, Points>;

  /// What a walk saw on its way: games with a deal are marked.
  template <class Any, class Bargain>
  void remember(const Bargain& bargain, const std::size_t* games, std::size_t count) {
    this->template mark<Any>(games, count, bargain.sees_deal);
    for (std::size_t lane = 0; lane < count; ++lane)
      if (const Leap leap = bargain.leap(lane); leap.to > leap.from) leaps_[leap_count_++] = {games[lane], leap};
  }

  void forget_leaps() { leap_count_ = 0; }

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
            const FirstCosts<Quick> first = this->template first_costs<Quick>(games, count);
            LeapBargain<Real> bargain(play_, converted<Real>(first.generalist), converted<Real>(first.specialist));
            std::array<Leap, lanes_v<Real>> leaps;
            for (std::size_t lane = 0; lane < leaps.size(); ++lane)
              leaps[lane] = find(games[std::min(lane, count - 1)])->leap;
            bargain(leaps, converted_mask<Real, Quick>(Games::may_be_shaped(quick_), 0));
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
      const Mask wanted = Games::may_be_shaped(quick_);
      if (!any(wanted)) return wanted;
      const FirstCosts<Quick> first = this->template first_costs<Quick>(games, count);
      const PerformanceTable<Quick, few_performances> table(quick_, first);
      TieBargain<Real> bargain(play_, converted<Real>(first.specialist));
      bargain(TieScan<Quick, few_performances>(table, close_, wanted), wanted);
      if (!any(bargain.done)) return bargain.done;
      const Mask stands = bargain.is_choice(PerformanceTable<Quick, Points>(quick_, first));
      const Mask done = keep(bargain.trace, bargain.trace.share, stands & everyone_gains(bargain.trace));
      if constexpr (Points == few_performances) this->template mark<Real>(games, count, bargain.done);
      proofs.claim(games, count, done, [&](std::size_t lane, RivalClaim& claim) { bargain.claim(lane, claim); });
      return done;
    }));
  }
  /// Games without a deal at any share at the performances of a table, though the generalist could have its dues if it
  /// had not something better: below the table there is none either,
  std::size_t leave_without_deal(std::size_t n) {
    return without_deal_in_table<Swiftest, few_performances>(n, false, [&](const auto& table, Mask shaped) {
      const Mask dead = shaped & table.starts_dead();
      return any(dead) ? leave(dead) : dead;
    });
  }
  /// the same in a table that begins lower, for those that the other does not begin low enough for;
  std::size_t leave_without_faint_deal(std::size_t n) {
    return without_deal_in_table<Quick, many_performances>(n, false, [&](const auto& table, Mask shaped) {
      const PerformanceTable<Quick, few_performances> other(table.play, {table.first_cost, table.its_first_cost});
      const Mask dead = shaped & table.starts_dead() & !other.starts_dead();
      return any(dead) ? leave(dead) : dead;
    });
  }
  /// or one over next to nothing.
  std::size_t bargain_faintly(std::size_t n) {
    using Performances = PerformanceTable<Quick, few_performances>;
    return without_deal_in_table<Swiftest, few_performances>(n, true, [&](const Performances& table, Mask shaped) {
      FaintBargain<Quick, few_performances> faint(table);
      faint(very_close_, shaped & shows_peaks(quick_));
      return any(faint.near.done) ? this->template polish<Solution::nash>(faint.near, 0) : faint.near.done;
    });
  }
  /// Those that `settled(table, shaped)` says, if the table shows no deal; `knows_below`: it knows of one below.
  template <class Any, std::size_t Points, class Settled>
  std::size_t without_deal_in_table(std::size_t n, bool knows_below, Settled settled) {
    static constexpr std::array ends{-21.0, 21.0};  // beyond them one side's share is below a tie
    Proofs<Any, Points> proofs(*this, ends);
    return proofs.finish(settle(0, n, [&](const std::size_t* games, std::size_t count) {
      const Mask shaped = Games::may_be_shaped(quick_);
      if (!any(shaped)) return shaped;
      const FirstCosts<Quick> first = this->template first_costs<Quick>(games, count);
      const Mask done = settled(PerformanceTable<Quick, Points>(quick_, first), shaped);
      proofs.claim(games, count, done, [&](std::size_t, RivalClaim& claim) {
        claim.value = RivalCells<Any, Points>::any_deal, claim.knows_below = knows_below;
      });
      return done;
    }));
  }

 private:
  struct LeapOf {
    std::size_t game;
    Leap leap;
  };
  LeapOf leaps_[Games::tile];
  std::size_t leap_count_ = 0;
};

}  // namespace haggle::fine_tuning
