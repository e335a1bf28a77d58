// SPDX-License-Identifier: MIT
// Whether any share could be worth more than a bargain found. A game goes along its shares in steps as long as the
// cells between two shares tell enough, each in a lane of its own: when one is done, the next takes its lane.
#pragma once
#include "haggle/solver/rival_cells.hpp"
#include "haggle/solver/rival_claim.hpp"
#include "haggle/solver/share_steps.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class RivalShares {
 public:
  using Mask = mask_t<Real>;
  using Rows = PerformanceRows<Real, Points>;
  using Cells = RivalCells<Real, Points>;

  /// Claims are about shares between the first and the last of those.
  explicit RivalShares(std::span<const double> between) : shares_(between) {}

  bool is_full() const { return count_ == claims_.size(); }
  RivalClaim& add() { return claims_[count_++] = {}; }

  /// Forgets the claims, and says of each whether it is proven: tell(claim, proven). `rows_of(claims)` is the table of
  /// so many games, one a lane.
  template <class RowsOf, class Tell>
  void settle(RowsOf rows_of, Tell tell) {
    std::size_t next = 0, supplied = 0;
    for (;;) {
      bool any_goes = false;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        while (!steps_[lane].goes() && next < count_) {
          if (next == supplied) supplied = supply(next, rows_of);
          begin(lane, next++);
          if (!steps_[lane].goes()) tell(*claim_[lane], false), claim_[lane] = nullptr;
        }
        any_goes = any_goes || steps_[lane].goes();
      }
      if (!any_goes) break;
      step();
      for (std::size_t lane = 0; lane < lanes; ++lane)
        if (claim_[lane] != nullptr && !steps_[lane].goes())
          tell(*claim_[lane], steps_[lane].arrived()), claim_[lane] = nullptr;
    }
    count_ = 0;
  }

 private:
  static constexpr std::size_t lanes = lanes_v<Real>;

  /// The tables of the next claims.
  template <class RowsOf>
  std::size_t supply(std::size_t first, RowsOf rows_of) {
    const std::size_t several = std::min(lanes, count_ - first);
    const Mask fits = rows_of(std::span<const RivalClaim>(claims_.data() + first, several), supply_);
    RealTraits<Real>::store(select(fits, Real(1.0), Real(0.0)), supply_fits_);
    const auto [low, high] = worthwhile(
        supply_, from_lanes([&](std::size_t lane) { return claims_[first + std::min(lane, several - 1)].value; }));
    supply_low_ = low, supply_high_ = high;
    return first + several;
  }
  void begin(std::size_t lane, std::size_t which) {
    const RivalClaim& claim = claims_[which];
    const std::size_t at = which % lanes;
    copy_lane<Real>(table_, lane, supply_, at);
    claim_[lane] = &claim, goes_on_[lane] = false;
    const double to = lane_of(supply_high_, at);
    std::array<double, Steps::most_stops> stops;
    stops.fill(to);
    std::size_t stop = 0;
    const auto stop_at = [&](double first, double last) {
      if (last > first) stops[stop++] = first, stops[stop++] = last;
    };
    for (const RivalClaim::Further& f : claim.further) stop_at(f.from, f.to);
    stop_at(claim.ties_from, claim.ties_to);
    steps_[lane] = Steps(shares_, claim.is_border, lane_of(supply_low_, at), to, stops);
    if (supply_fits_[at] == 0) steps_[lane].give_up();
  }

  void step() {
    View &before = view_[which_], &here = view_[1 - which_];
    const Mask on_the_way = mask([&](std::size_t lane) { return steps_[lane].goes() && goes_on_[lane]; });
    here.look(table_, from_lanes([&](std::size_t lane) { return steps_[lane].next(); }));
    compared_[1 - which_] = {};
    Mask fails = on_the_way & !on_the_way;
    if (any(on_the_way)) {
      const auto value =
          from_lanes([&](std::size_t lane) { return claim_[lane] != nullptr ? claim_[lane]->value : 0; });
      const Mask below = mask([&](std::size_t lane) { return claim_[lane] != nullptr && claim_[lane]->knows_below; });
      const Mask open = JointBound<Real, Points>(table_, before, here).may_reach(value, on_the_way, below);
      if (any(open)) fails = may_reach(value, open, below);
    }
    double failing[lanes];
    RealTraits<Real>::store(select(fails, Real(1.0), Real(0.0)), failing);
    std::array<bool, lanes> taken{};
    bool all_taken = true;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (!steps_[lane].goes()) continue;
      taken[lane] = steps_[lane].take(failing[lane] != 0);
      goes_on_[lane] = goes_on_[lane] || taken[lane], all_taken = all_taken && taken[lane];
      if (taken[lane]) compared_[which_][lane] = compared_[1 - which_][lane];
    }
    if (all_taken)
      which_ = 1 - which_;
    else
      before.take(here, mask([&](std::size_t lane) { return taken[lane]; }));
  }

  /// Where a product on the way from one view to the other may be no less than `value`.
  Mask may_reach(Real value, Mask open, Mask below) {
    for (const std::size_t which : {which_, 1 - which_}) {
      double opens[lanes];
      RealTraits<Real>::store(select(open, Real(1.0), Real(0.0)), opens);
      std::array<bool, lanes>& compared = compared_[which];
      view_[which].compare_answers(table_, open & !mask([&](std::size_t lane) { return compared[lane]; }));
      for (std::size_t lane = 0; lane < lanes; ++lane) compared[lane] = compared[lane] || opens[lane] != 0;
    }
    View &before = view_[which_], &here = view_[1 - which_];
    Cells cells(table_, before, here);
    cells.choose();
    const auto tie = [&](double RivalClaim::*end) {
      return from_lanes([&](std::size_t lane) { return claim_[lane] != nullptr ? claim_[lane]->*end : 0; });
    };
    const Real hair(1e-6), ties_from = tie(&RivalClaim::ties_from), ties_to = tie(&RivalClaim::ties_to);
    cells.know_ties((ties_to > ties_from) & (before.v >= ties_from - hair) & (here.v <= ties_to + hair));
    return cells.may_reach(value, open, known(cells, before.v, here.v), below);
  }

  std::array<typename Cells::Known, 2> known(const Cells& cells, Real from, Real to) const {
    const Real hair(1e-6);
    const auto numbers = [&](auto number) {
      return from_lanes([&](std::size_t lane) {
        return claim_[lane] != nullptr ? number(*claim_[lane], steps_[lane].stretch()) : 0.0;
      });
    };
    const auto places = [&](auto known_of) {
      const auto number = [&](auto of) {
        return numbers([&](const RivalClaim& c, std::size_t j) { return static_cast<double>(of(known_of(c, j))); });
      };
      using Place = const RivalClaim::Known&;
      return typename Cells::Known{number([](Place k) { return k.from; }), number([](Place k) { return k.to; }),
                                   number([](Place k) { return k.rides ? 1 : 0; }) > Real(0.5),
                                   number([](Place k) { return k.either ? 1 : 0; }) > Real(0.5)};
    };
    std::array known{places([](const RivalClaim& c, std::size_t j) -> const RivalClaim::Known& { return c.known[j]; }),
                     Cells::nothing_known()};
    for (const std::size_t which : {0, 1, 2}) {
      const Real first = numbers([which](const RivalClaim&c, std::size_t) { return c.further[which].from; }),
                 last = numbers([which](const RivalClaim&c, std::size_t) { return c.further[which].to; });
      const Mask inside = (last > first) & (from >= first - hair) & (to <= last + hair);
      if (!any(inside)) continue;
      cells.know_beyond_ties(places([which](const RivalClaim& c, std::size_t) -> const RivalClaim::Known& {
                               return c.further[which].known;
                             }),
                             inside, known[which > 0 ? 1 : 0]);
    }
    return known;
  }

  /// Between which of the logits all of revenue could be worth so much.
  std::pair<Real, Real> worthwhile(const Rows& table, Real value) const {
    const Real zero(0.0), half(0.5), all = table.revenue[Points - 1];
    const auto falls_short = [&](Real v) {
      const Real e = exp(-abs(v)), near = Real(1.0) / (Real(1.0) + e), far = e * near;
      const Mask high = v > zero;
      return product_of(table, select(high, near, far) * all - table.due,
                        select(high, far, near) * all - table.its_due) < value;
    };
    // Most where both have as much more than their dues as their weights say.
    const Real room = all - table.due - table.its_due, share = (table.due + table.weight * room) / all;
    const Mask some = (room > zero) & (share > zero) & (share < Real(1.0));
    Real low(shares_.front()), high(shares_.back());
    const Real middle = max(low, min(high, select(some, log(share / (Real(1.0) - share)), zero)));
    Real inner_low = middle, inner_high = middle;
    for (int k = 0; k < 8; ++k) {
      const Real lower = half * (inner_low + low), higher = half * (inner_high + high);
      const Mask lower_short = falls_short(lower), higher_short = falls_short(higher);
      low = select(lower_short, lower, low), inner_low = select(lower_short, inner_low, lower);
      high = select(higher_short, higher, high), inner_high = select(higher_short, inner_high, higher);
    }
    return {low, high};
  }

  template <class Number>
  static Real from_lanes(Number number) {
    double numbers[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) numbers[lane] = number(lane);
    return RealTraits<Real>::load(numbers);
  }
  template <class Is>
  static Mask mask(Is is) {
    return from_lanes([&](std::size_t lane) { return is(lane) ? 1.0 : 0.0; }) > Real(0.5);
  }

  using View = ShareView<Real, Points>;
  using Steps = ShareSteps<Real>;

  std::span<const double> shares_;
  std::array<RivalClaim, 256> claims_;
  std::size_t count_ = 0;
  Rows table_{}, supply_{};
  Real supply_low_{}, supply_high_{};
  double supply_fits_[lanes];
  std::array<View, 2> view_;
  std::array<std::array<bool, lanes>, 2> compared_{};  ///< whose answers
  std::size_t which_ = 0;                              ///< of the views, the one that lanes on the way have come to
  std::array<const RivalClaim*, lanes> claim_{};
  std::array<Steps, lanes> steps_;
  std::array<bool, lanes> goes_on_{};
};

}  // namespace haggle::fine_tuning
