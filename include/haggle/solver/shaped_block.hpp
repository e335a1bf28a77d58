// SPDX-License-Identifier: MIT
// A block's games with one specialist whose revenue is S-shaped, one way after the other.
#pragma once
#include "haggle/solver/dead_scan.hpp"
#include "haggle/solver/held_games.hpp"
#include "haggle/solver/shaped_bargain.hpp"

namespace haggle::fine_tuning {

template <class Real>
class ShapedBlock : protected HeldGames<Real> {
  using Games = HeldGames<Real>;

 public:
  using Games::Games;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

 protected:
  using Games::close_, Games::very_close_, Games::form_, Games::has_swift, Games::quick_, Games::swift_;
  using Games::few_performances, Games::many_performances;
  using Games::leave, Games::settle, Games::settle_swiftly;
  template <class Any, std::size_t Points>
  using Proofs = typename Games::template Proofs<Any, Points>;

  /// Puts those last in the group in which such a specialist may ride free, and tells how many others there are.
  std::size_t shaped_riders_last(std::size_t n) {
    return this->template last_where<Quick>(n, [&](const std::size_t* games, std::size_t count) {
      this->read_into(quick_, games, count);
      return (quick_.specialists.front().revenue.convex_until() > Quick(0.0)) &
             (this->template first_costs<Quick>(games, count).specialist > Quick(0.0));
    });
  }

  /// The others.
  std::size_t solve_shaped(std::size_t n) {
    std::size_t left = leave_dead(n);
    if (this->wants_first_best()) return left;  // which is the slow path's, of revenue that is convex somewhere
    this->forget_marked(), this->forget_leaps();
    if constexpr (has_swift)
      left = bargain_swiftly(left);
    else
      left = bargain_closely(left);
    left = this->of_unmarked(left, [&](std::size_t these) {
      return this->leave_without_faint_deal(this->bargain_faintly(this->leave_without_deal(these)));
    });
    this->forget_marked();
    left = this->template bargain_at_leaps<Swiftest, few_performances>(left);
    left = this->template bargain_at_ties<Swiftest, few_performances>(left);
    if constexpr (has_swift) left = bargain_closely(left);
    left = this->of_marked(
        left, [&](std::size_t these) { return this->template bargain_at_ties<Quick, many_performances>(these); });
    return this->template bargain_at_leaps<Quick, many_performances>(left);
  }

  /// Games in which nobody's investment pays, at no share.
  std::size_t leave_dead(std::size_t n) {
    const std::size_t live = this->template last_where<Swiftest>(n, [&](const std::size_t* games, std::size_t count) {
      this->read_into(swift_, games, count);
      const mask_t<Swiftest> shaped = Games::may_be_shaped(swift_);
      return any(shaped)
                 ? shaped & DeadScan<Swiftest>(swift_, this->template first_costs<Swiftest>(games, count)).is_suspect()
                 : shaped;
    });
    std::size_t left = 0;
    if constexpr (has_swift)
      left = settle_swiftly(live, n - live, [&](const std::size_t* games, std::size_t count, auto at_each) {
        const DeadScan<Swiftest> scan(swift_, this->template first_costs<Swiftest>(games, count));
        const mask_t<Swiftest> dead = Games::may_be_shaped(swift_) & scan();
        at_each([&](std::size_t part) { return leave(converted_mask<Real, Swiftest>(dead, part)); });
      });
    else
      left = settle(live, n - live, [&](const std::size_t* games, std::size_t count) {
        return leave(Games::may_be_shaped(quick_) &
                     DeadScan<Quick>(quick_, this->template first_costs<Quick>(games, count))());
      });
    return live + left;
  }
  std::size_t bargain_swiftly(std::size_t n) {
    using Bargain = ShapedBargain<Swiftest, few_performances>;
    const auto shares = Bargain::shares_of(close_);
    Proofs<Swiftest, few_performances> proofs(*this, std::span(shares.data(), close_.shares.size() + 2));
    return proofs.finish(settle_swiftly(0, n, [&](const std::size_t* games, std::size_t count, auto at_each) {
      Bargain bargain(swift_, this->template first_costs<Swiftest>(games, count));
      bargain(close_, Games::may_be_shaped(swift_) & shows_peaks(swift_));
      this->template remember<Swiftest>(bargain, games, count);
      at_each([&](std::size_t part) {
        const Mask done = this->template polish<Solution::nash>(bargain.near, part);
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
      const Mask wanted = Games::may_be_shaped(quick_) & shows_peaks(quick_);
      if (!any(wanted)) return wanted;
      Bargain bargain(quick_, this->template first_costs<Quick>(games, count));
      bargain(very_close_, wanted);
      if constexpr (!has_swift) this->template remember<Quick>(bargain, games, count);
      const Mask done = this->template polish<Solution::nash>(bargain.near, 0);
      proofs.claim(games, count, done, [&](std::size_t lane, RivalClaim& claim) { bargain.claim(lane, claim); });
      return done;
    }));
  }
};

}  // namespace haggle::fine_tuning
