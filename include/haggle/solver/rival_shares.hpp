// SPDX-License-Identifier: MIT
// Whether any share could be worth more than a bargain found. Every lane goes along its own shares, in steps as long as
// the cells between two shares tell enough.
#pragma once
#include "haggle/solver/lane_steps.hpp"
#include "haggle/solver/rival_cells.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class RivalShares {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceTable<Real, Points>;
  using Cells = RivalCells<Real, Points>;
  using Known = typename Cells::Known;

  explicit RivalShares(const Table& performances) : table_(performances) {}

  /// Where no share between the first and last of those is worth `value`. known[j]: between shares[j] and the next, and
  /// as much as up to the next that is a border.
  Mask none_reaches(Real value, std::span<const double> shares, std::span<const Known> known,
                    std::span<const Mask> is_border, Mask wanted) {
    const auto [first, last] = worthwhile(value, shares.front(), shares.back());
    Steps steps(shares, is_border, first, last, wanted);
    Mask on_the_way = wanted & !wanted;
    for (int k = 0; k < most_steps && steps.are_left(); ++k) {
      view_[1].look(table_, steps.next());
      view_[1].compare_answers(table_, steps.going());
      Cells cells(table_, view_[0], view_[1]);
      cells.choose();
      const Mask fails = cells.may_reach(value, on_the_way & steps.going(), known_at(steps, known), halvings);
      const Mask taken = steps.take(fails);
      view_[0].take(view_[1], taken);
      on_the_way = on_the_way | taken;
    }
    return wanted & steps.arrived();
  }

  /// Where at a share the generalist has no more than that at performances that are not known.
  Mask is_choice(Real v, Real utility, const Known& known, Real place, Mask wanted) {
    view_[0].look(table_, v);
    view_[0].compare_answers(table_, wanted);
    const Mask answers = (place < view_[0].top) | (place > view_[0].tie);
    Cells cells(table_, view_[0], view_[0]);
    cells.choose(wanted, utility);
    return wanted & answers & !cells.may_reach(-infinity<Real>(), wanted, known, halvings);
  }

 private:
  using Steps = LaneSteps<Real, looked_at_very_closely.size() + 2>;  // and the ends of all shares
  static constexpr int most_steps = 120, halvings = 8;

  static Known known_at(const Steps& steps, std::span<const Known> known) {
    if (known.empty()) return {Real(0.0), Real(0.0)};
    constexpr std::size_t lanes = lanes_v<Real>;
    double from[lanes], to[lanes], all[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const Known& here = known[steps.stretch()[lane]];
      RealTraits<Real>::store(here.from, all), from[lane] = all[lane];
      RealTraits<Real>::store(here.to, all), to[lane] = all[lane];
    }
    return {RealTraits<Real>::load(from), RealTraits<Real>::load(to)};
  }

  /// Between which of those logits all of revenue could be worth so much.
  std::pair<Real, Real> worthwhile(Real value, double lowest, double highest) const {
    const Real zero(0.0), half(0.5), all = table_.revenue[Points - 1];
    const auto falls_short = [&](Real v) {
      const Real e = exp(-abs(v)), near = Real(1.0) / (Real(1.0) + e), far = e * near;
      const Mask high = v > zero;
      return product_of(table_, select(high, near, far) * all - table_.due,
                        select(high, far, near) * all - table_.its_due) < value;
    };
    // Most where both have as much more than their dues as their weights say.
    const Real room = all - table_.due - table_.its_due, share = (table_.due + table_.play.weight * room) / all;
    const Mask some = (room > zero) & (share > zero) & (share < Real(1.0));
    const Real middle = select(some, log(share / (Real(1.0) - share)), zero);
    Real inner_low = middle, inner_high = middle, low(lowest), high(highest);
    for (int k = 0; k < 8; ++k) {
      const Real lower = half * (inner_low + low), higher = half * (inner_high + high);
      const Mask lower_short = falls_short(lower), higher_short = falls_short(higher);
      low = select(lower_short, lower, low), inner_low = select(lower_short, inner_low, lower);
      high = select(higher_short, higher, high), inner_high = select(higher_short, inner_high, higher);
    }
    return {low, high};
  }

  const Table& table_;
  std::array<ShareView<Real, Points>, 2> view_;
};

}  // namespace haggle::fine_tuning
