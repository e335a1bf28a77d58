// SPDX-License-Identifier: MIT
// What the performances of a table are worth at one share, and which of them the specialist would answer with.
#pragma once
#include <algorithm>

#include "haggle/core/lane_access.hpp"
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
  using Table = PerformanceRows<Real, Points>;

  /// All but the specialist's choice; of the generalist alone, and not how that changes with the share, unless `fully`.
  template <bool fully = true>
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
      base_on[g] = on * turn;
      own_on[g] = on * fma(share, table.marginal[g], -marginal * turn);
      if constexpr (fully) {
        its[g] = rest * fma(-table.adds_cost[g], part, table.revenue[g]);
        its_on[g] = on * rest * table.marginal[g] * turn;
        own_by_v[g] = fma(share * rest, table.revenue[g], -marginal * x * moves);
        const Real stiffer = select(base[g] > zero, table.power * x / max(base[g], tiny), zero) * turn;
        own_on_by_v[g] = on * fma(share * rest, table.marginal[g], -marginal * moves * (stiffer + one - turn));
        its_error[g] =
            fma(rest, table.revenue_error[g], Real(2.0) * rest * table.marginal[g] * part * table.adds_error[g]);
      }
    }
  }

  /// In the lanes wanted. Along performances α₀ rises, and may fall and rise again: then it has a smaller and a larger
  /// answer. Which gives the specialist more changes once: what a bit of α₀ adds to its utility is (1-δ) r'(α), more
  /// with the larger one.
  void compare_answers(const Table& table, Mask wanted) {
    constexpr std::size_t lanes = lanes_v<Real>;
    double wants[lanes], dues[lanes], tops[lanes]{}, frees[lanes]{}, clears[lanes]{}, firsts[lanes]{}, ties[lanes]{},
        gives[lanes]{};
    RealTraits<Real>::store(select(wanted, Real(1.0), Real(0.0)), wants), RealTraits<Real>::store(table.its_due, dues);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (wants[lane] == 0) continue;
      const Answers a = LaneView{*this, table, lane, lane_of(rest, lane)}.answers(dues[lane]);
      tops[lane] = a.top, frees[lane] = a.free, clears[lane] = a.clear, firsts[lane] = a.first, ties[lane] = a.tie,
      gives[lane] = a.tie_gives;
    }
    top = RealTraits<Real>::load(tops), free = RealTraits<Real>::load(frees);
    clear = RealTraits<Real>::load(clears);
    first = RealTraits<Real>::load(firsts), tie = RealTraits<Real>::load(ties);
    tie_gives = RealTraits<Real>::load(gives);
  }

  /// Takes another's place.
  void take(const ShareView& from, Mask where) {
    const auto take = [&](Real& to, Real value) { to = select(where, value, to); };
    take(v, from.v), take(share, from.share), take(rest, from.rest), take(part, from.part);
    take(top, from.top), take(free, from.free), take(clear, from.clear), take(first, from.first), take(tie, from.tie);
    take(tie_gives, from.tie_gives);
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
  Real tie_gives{};  ///< what it has at the tie, or more: its dues or what the smaller answer gives

 private:
  struct Answers {
    double top, free, clear, first, tie, tie_gives;
  };
  struct LaneView {
    const ShareView& view;
    const Table& table;
    std::size_t lane;
    double rest;

    double base(std::size_t g) const { return lane_of(view.base[g], lane); }
    double its(std::size_t g) const { return lane_of(view.its[g], lane); }
    double base_on(std::size_t g) const { return lane_of(view.base_on[g], lane); }
    double error(std::size_t g) const { return lane_of(view.its_error[g], lane); }
    /// What a bit of α₀ adds to the specialist's utility.
    double pull(std::size_t g) const { return rest * lane_of(table.marginal[g], lane); }

    Answers answers(double dues) const {
      const double due = std::max(dues, 0.0);
      std::size_t last = 0;
      while (last + 1 < Points && !(base(last) > 0 && base(last + 1) < base(last))) ++last;
      const bool folds = last + 1 < Points;
      std::size_t g = folds ? last + 1 : 0;
      while (folds && g + 1 < Points && base(g + 1) <= base(g)) ++g;
      Answers found{};
      found.free = place(g, [&](double, double gives, double) { return gives > due; });
      if (!folds) return {-1, found.free, found.free, found.free, found.free, due};
      std::size_t start = 0;
      while (start < last && !(base(start + 1) > 0)) ++start;
      // The last smaller answer is no further beyond the table's than this.
      const double alone = 2 * base(last) - base(last + 1);
      std::size_t at = start;
      // What the smaller answer gives is convex in α₀: it lies below chords and above tangents.
      const auto smaller_gives = [&](double b, bool at_most) {
        const auto tangent = [&](std::size_t k) { return its(k) + pull(k) * (b - base(k)); };
        if (b >= base(last)) return at_most ? tangent(last) + (b - base(last)) * pull(last) : tangent(last);
        if (b <= base(start)) return at_most ? its(start) * std::max(b / base(start), 0.0) : 0.0;
        while (at > start && base(at) > b) --at;
        while (at + 1 < last && base(at + 1) < b) ++at;
        if (!at_most) return std::max(tangent(at), tangent(at + 1));
        const double along = (b - base(at)) / (base(at + 1) - base(at));
        return its(at) + along * (its(at + 1) - its(at));
      };
      found.first = place(g, [&](double b, double gives, double off) {
        return gives + off > due && (b >= base(last) || gives + off > smaller_gives(b, false));
      });
      found.clear = place(g, [&](double b, double gives, double off) { return gives - off > due && b >= alone; });
      found.tie_gives = infinity<double>();
      found.tie = place(g, [&](double b, double gives, double off) {
        const double other = b < alone ? std::max(smaller_gives(b, true), due) : due;
        if (!(gives - off > other)) return false;
        found.tie_gives = other > due ? gives + off : due;
        return true;
      });
      found.top = static_cast<double>(last);
      found.first = std::min(found.first, found.tie);
      return found;
    }
    static constexpr int halvings = is_swift_v<Real> ? 10 : 14;
    /// From g on, the first that is wanted: wanted(α₀, what the specialist has, what that may be off by).
    template <class Wanted>
    double place(std::size_t g, Wanted wanted) const {
      const std::size_t lowest = g;
      while (g + 1 < Points && !wanted(base(g), its(g), error(g))) ++g;
      if (g == lowest) return static_cast<double>(g);
      double low = 0, high = 1;
      for (int k = 0; k < halvings; ++k) {
        const double t = 0.5 * (low + high);
        const double b = cubic(t, base(g - 1), base(g), base_on(g - 1), base_on(g));
        const double gives = cubic(t, its(g - 1), its(g), pull(g - 1) * base_on(g - 1), pull(g) * base_on(g));
        (wanted(b, gives, error(g)) ? high : low) = t;
      }
      return static_cast<double>(g - 1) + high;
    }
  };
};

}  // namespace haggle::fine_tuning
