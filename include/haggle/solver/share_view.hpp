// SPDX-License-Identifier: MIT
// What the performances of a table are worth at one share, and which of them the specialist would answer with.
#pragma once
#include <algorithm>

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
      const Real stiffer = select(base[g] > zero, table.power * x / max(base[g], tiny), zero) * turn;
      own_on_by_v[g] = on * fma(share * rest, table.marginal[g], -marginal * moves * (stiffer + one - turn));
      its_error[g] =
          fma(rest, table.revenue_error[g], Real(2.0) * rest * table.marginal[g] * part * table.adds_error[g]);
    }
  }

  /// In the lanes wanted. Along performances α₀ rises, and may fall and rise again: then it has a smaller and a larger
  /// answer. Which gives the specialist more changes once: what a bit of α₀ adds to its utility is (1-δ) r'(α), more
  /// with the larger one.
  void compare_answers(const Table& table, Mask wanted) {
    constexpr std::size_t lanes = lanes_v<Real>;
    static thread_local Columns columns;
    double wants[lanes], dues[lanes], tops[lanes]{}, frees[lanes]{}, clears[lanes]{}, firsts[lanes]{}, ties[lanes]{},
        by_due[lanes]{};
    RealTraits<Real>::store(select(wanted, Real(1.0), Real(0.0)), wants), RealTraits<Real>::store(table.its_due, dues);
    for (std::size_t g = 0; g < Points; ++g) {
      RealTraits<Real>::store(base[g], columns.base[g]), RealTraits<Real>::store(its[g], columns.its[g]);
      RealTraits<Real>::store(rest * table.marginal[g], columns.pull[g]);
      RealTraits<Real>::store(base_on[g], columns.base_on[g]), RealTraits<Real>::store(its_error[g], columns.error[g]);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (wants[lane] == 0) continue;
      const Answers a = columns.answers(lane, dues[lane]);
      tops[lane] = a.top, frees[lane] = a.free, clears[lane] = a.clear, firsts[lane] = a.first, ties[lane] = a.tie,
      by_due[lane] = a.by_due;
    }
    top = RealTraits<Real>::load(tops), free = RealTraits<Real>::load(frees);
    clear = RealTraits<Real>::load(clears);
    first = RealTraits<Real>::load(firsts), tie = RealTraits<Real>::load(ties);
    tie_by_due = RealTraits<Real>::load(by_due) > Real(0.5);
  }

  /// Takes another's place.
  void take(const ShareView& from, Mask where) {
    const auto take = [&](Real& to, Real value) { to = select(where, value, to); };
    take(v, from.v), take(share, from.share), take(rest, from.rest), take(part, from.part);
    take(top, from.top), take(free, from.free), take(clear, from.clear), take(first, from.first), take(tie, from.tie);
    tie_by_due = select_mask(where, from.tie_by_due, tie_by_due);
    for (std::size_t g = 0; g < Points; ++g) {
      take(base[g], from.base[g]), take(own[g], from.own[g]), take(its[g], from.its[g]);
      take(base_on[g], from.base_on[g]), take(own_on[g], from.own_on[g]), take(its_on[g], from.its_on[g]);
      take(own_by_v[g], from.own_by_v[g]), take(own_on_by_v[g], from.own_on_by_v[g]);
    }
  }

  Real v{}, share{}, rest{}, part{};                       ///< logit δ, δ, 1-δ; of x what is left
  std::array<Real, Points> base{}, own{}, its{};           ///< α₀, what both have, gross of what is fixed
  std::array<Real, Points> base_on{}, own_on{}, its_on{};  ///< their slopes by ln α, times the table's step
  std::array<Real, Points> own_by_v{}, own_on_by_v{};
  std::array<Real, Points> its_error{};  ///< of cubics from the performance before, in what the specialist has
  /// Places in the table. Up to `top` performances are smaller answers (-1: there are none); from `free` on the others
  /// give the specialist its dues, and no less than riding free could, from `clear` on without any smaller; from
  /// `first` on they may give it more than the smaller ones, from `tie` on they do.
  Real top{}, free{}, clear{}, first{}, tie{};
  Mask tie_by_due{};  ///< at the tie it has its dues

 private:
  struct Answers {
    double top, free, clear, first, tie, by_due;
  };
  struct Columns {
    double base[Points][lanes_v<Real>], its[Points][lanes_v<Real>], base_on[Points][lanes_v<Real>];
    double pull[Points][lanes_v<Real>];  ///< what a bit of α₀ adds to the specialist's utility
    double error[Points][lanes_v<Real>];

    Answers answers(std::size_t lane, double dues) const {
      const double due = std::max(dues, 0.0);
      std::size_t last = 0;
      while (last + 1 < Points && !(base[last][lane] > 0 && base[last + 1][lane] < base[last][lane])) ++last;
      const bool folds = last + 1 < Points;
      std::size_t g = folds ? last + 1 : 0;
      while (folds && g + 1 < Points && base[g + 1][lane] <= base[g][lane]) ++g;
      Answers found{};
      found.free = place(lane, g, [&](double, double gives, double) { return gives > due; });
      if (!folds) return {-1, found.free, found.free, found.free, found.free, dues < 0 ? 0.0 : 1.0};
      std::size_t start = 0;
      while (start < last && !(base[start + 1][lane] > 0)) ++start;
      // The last smaller answer is no further beyond the table's than this.
      const double alone = 2 * base[last][lane] - base[last + 1][lane];
      std::size_t at = start;
      // What the smaller answer gives is convex in α₀: it lies below chords and above tangents.
      const auto smaller_gives = [&](double b, bool at_most) {
        const auto tangent = [&](std::size_t k) { return its[k][lane] + pull[k][lane] * (b - base[k][lane]); };
        if (b >= base[last][lane])
          return at_most ? tangent(last) + (b - base[last][lane]) * pull[last][lane] : tangent(last);
        if (b <= base[start][lane]) return at_most ? its[start][lane] : 0.0;
        while (at > start && base[at][lane] > b) --at;
        while (at + 1 < last && base[at + 1][lane] < b) ++at;
        if (!at_most) return std::max(tangent(at), tangent(at + 1));
        const double along = (b - base[at][lane]) / (base[at + 1][lane] - base[at][lane]);
        return its[at][lane] + along * (its[at + 1][lane] - its[at][lane]);
      };
      found.first = place(lane, g, [&](double b, double gives, double off) {
        return gives + off > due && (b >= base[last][lane] || gives + off > smaller_gives(b, false));
      });
      found.clear = place(lane, g, [&](double b, double gives, double off) { return gives - off > due && b >= alone; });
      double other = due;
      found.tie = place(lane, g, [&](double b, double gives, double off) {
        other = b < alone ? smaller_gives(b, true) : due;
        return gives - off > due && (b >= alone || gives - off > other);
      });
      found.top = static_cast<double>(last);
      found.first = std::min(found.first, found.tie);
      found.by_due = other <= due && !(dues < 0) ? 1 : 0;
      return found;
    }
    /// From g on, the first that is wanted: wanted(α₀, what the specialist has, what that may be off by).
    template <class Wanted>
    double place(std::size_t lane, std::size_t g, Wanted wanted) const {
      const std::size_t lowest = g;
      while (g + 1 < Points && !wanted(base[g][lane], its[g][lane], error[g][lane])) ++g;
      if (g == lowest) return static_cast<double>(g);
      double low = 0, high = 1;
      for (int k = 0; k < 20; ++k) {
        const double t = 0.5 * (low + high);
        const double b = cubic(t, base[g - 1][lane], base[g][lane], base_on[g - 1][lane], base_on[g][lane]);
        const double gives = cubic(t, its[g - 1][lane], its[g][lane], pull[g - 1][lane] * base_on[g - 1][lane],
                                   pull[g][lane] * base_on[g][lane]);
        (wanted(b, gives, error[g][lane]) ? high : low) = t;
      }
      return static_cast<double>(g - 1) + high;
    }
  };
};

}  // namespace haggle::fine_tuning
