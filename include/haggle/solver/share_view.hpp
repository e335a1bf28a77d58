// SPDX-License-Identifier: MIT
// What the performances of a table are worth at one share, and which of them the specialist would answer with.
#pragma once
#include <tuple>

#include "haggle/solver/performance_table.hpp"

namespace haggle::fine_tuning {

/// A cubic at t of 0 to 1 by its values and slopes at both ends.
template <class Real>
Real cubic(Real t, Real from, Real to, Real from_slope, Real to_slope) {
  const Real u = Real(1.0) - t, two(2.0);
  return u * u * (from + t * (two * from + from_slope)) + t * t * (to + u * (two * to - to_slope));
}

template <class Real, std::size_t Points>
class ShareView {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceTable<Real, Points>;

  /// All but the specialist's choice.
  void look(const Table& table, Real logit) {
    const Real zero(0.0), one(1.0), tiny(Table::least), e = exp(-abs(logit)), near = one / (one + e), far = e * near;
    v = logit, share = select(v > zero, near, far), rest = select(v > zero, far, near);
    part = exp(log(rest) / table.its_power);
    const Real moves = share / table.its_power;
    for (std::size_t g = 0; g < Points; ++g) {
      const Real x = table.adds[g] * part, on = table.alpha[g] * table.step, turn = fma(part, table.tilt[g], one);
      base[g] = table.alpha[g] - x;
      const Real paid = table.cost_of(base[g]);
      const Real marginal = select(base[g] > zero, (table.power + one) * paid / max(base[g], tiny), zero);
      own[g] = fma(share, table.revenue[g], -paid);
      its[g] = rest * fma(-table.adds_cost[g], part, table.revenue[g]);
      base_on[g] = on * turn;
      own_on[g] = on * fma(share, table.marginal[g], -marginal * turn);
      its_on[g] = on * rest * table.marginal[g] * turn;
      own_by_v[g] = fma(share * rest, table.revenue[g], -marginal * x * moves);
    }
  }

  /// In the lanes wanted. Along performances α₀ rises, and may fall and rise again: then it has a smaller and a larger
  /// answer. Which gives the specialist more changes once: what a bit of α₀ adds to its utility is (1-δ) r'(α), more
  /// with the larger one.
  void compare_answers(const Table& table, Mask wanted) {
    constexpr std::size_t lanes = lanes_v<Real>;
    static thread_local Columns columns;
    double wants[lanes], tops[lanes]{}, ties[lanes]{}, by_due[lanes]{}, dues[lanes];
    RealTraits<Real>::store(select(wanted, Real(1.0), Real(0.0)), wants), RealTraits<Real>::store(table.its_due, dues);
    for (std::size_t g = 0; g < Points; ++g) {
      RealTraits<Real>::store(base[g], columns.base[g]), RealTraits<Real>::store(its[g], columns.its[g]);
      RealTraits<Real>::store(rest * table.marginal[g], columns.pull[g]);
      RealTraits<Real>::store(base_on[g], columns.base_on[g]);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane)
      if (wants[lane] != 0) std::tie(tops[lane], ties[lane], by_due[lane]) = columns.answers(lane, dues[lane]);
    top = RealTraits<Real>::load(tops), tie = RealTraits<Real>::load(ties);
    tie_by_due = RealTraits<Real>::load(by_due) > Real(0.5);
  }

  /// Takes another's place.
  void take(const ShareView& from, Mask where) {
    const auto take = [&](Real& to, Real value) { to = select(where, value, to); };
    take(v, from.v), take(share, from.share), take(rest, from.rest), take(part, from.part);
    take(top, from.top), take(tie, from.tie);
    tie_by_due = select_mask(where, from.tie_by_due, tie_by_due);
    for (std::size_t g = 0; g < Points; ++g) {
      take(base[g], from.base[g]), take(own[g], from.own[g]), take(its[g], from.its[g]);
      take(base_on[g], from.base_on[g]), take(own_on[g], from.own_on[g]), take(its_on[g], from.its_on[g]);
      take(own_by_v[g], from.own_by_v[g]);
    }
  }

  Real v{}, share{}, rest{}, part{};                       ///< logit δ, δ, 1-δ; of x what is left
  std::array<Real, Points> base{}, own{}, its{};           ///< α₀, what both have, gross of what is fixed
  std::array<Real, Points> base_on{}, own_on{}, its_on{};  ///< their slopes by ln α, times the table's step
  std::array<Real, Points> own_by_v{};
  /// Places in the table: up to where performances are smaller answers (-1: there are none), and from where on the
  /// others are better than those and than the specialist's dues.
  Real top{}, tie{};
  Mask tie_by_due{};  ///< there it has its dues

 private:
  struct Columns {
    double base[Points][lanes_v<Real>], its[Points][lanes_v<Real>], base_on[Points][lanes_v<Real>];
    double pull[Points][lanes_v<Real>];  ///< what a bit of α₀ adds to the specialist's utility

    std::tuple<double, double, double> answers(std::size_t lane, double due) const {
      std::size_t last = 0;
      while (last + 1 < Points && !(base[last][lane] > 0 && base[last + 1][lane] < base[last][lane])) ++last;
      const bool folds = last + 1 < Points;
      std::size_t first = 0;
      while (folds && first < last && !(base[first + 1][lane] > 0)) ++first;
      std::size_t at = first;
      const auto smaller_gives = [&](double b) {
        if (!folds) return due;
        if (b >= base[last][lane]) return its[last][lane] + pull[last][lane] * (b - base[last][lane]);
        if (b <= base[first][lane]) return its[first][lane];
        while (at > first && base[at][lane] > b) --at;
        while (at + 1 < last && base[at + 1][lane] < b) ++at;
        const double wide = base[at + 1][lane] - base[at][lane];
        return cubic((b - base[at][lane]) / wide, its[at][lane], its[at + 1][lane], wide * pull[at][lane],
                     wide * pull[at + 1][lane]);
      };
      std::size_t g = folds ? last + 1 : 0;
      while (folds && g + 1 < Points && base[g + 1][lane] <= base[g][lane]) ++g;
      const std::size_t lowest = g;
      // The last smaller answer is no further beyond the table's than this.
      const double alone = folds ? 2 * base[last][lane] - base[last + 1][lane] : 0;
      const auto better = [&](double b, double gives) {
        return gives > due && (b >= alone || gives > smaller_gives(b));
      };
      while (g + 1 < Points && !better(base[g][lane], its[g][lane])) ++g;
      const double top = folds ? static_cast<double>(last) : -1;
      if (g == lowest) return {top, static_cast<double>(g), 0};
      double low = 0, high = 1, other = due;
      for (int k = 0; k < 20; ++k) {
        const double t = 0.5 * (low + high);
        const double b = cubic(t, base[g - 1][lane], base[g][lane], base_on[g - 1][lane], base_on[g][lane]);
        const double gives = cubic(t, its[g - 1][lane], its[g][lane], pull[g - 1][lane] * base_on[g - 1][lane],
                                   pull[g][lane] * base_on[g][lane]);
        (better(b, gives) ? high : low) = t;
        other = b < alone ? smaller_gives(b) : due;
      }
      return {top, static_cast<double>(g - 1) + high, other <= due ? 1 : 0};
    }
  };
};

}  // namespace haggle::fine_tuning
