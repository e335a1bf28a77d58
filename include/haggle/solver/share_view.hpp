// SPDX-License-Identifier: MIT
// What the performances of a table are worth at one share, and which of them the specialist would answer with.
#pragma once
#include <algorithm>
#include <tuple>

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
    linear = table.is_linear();
    const Real moves = share / table.its_power;
    const Mask costs = table.its_first_cost > zero;
    for (std::size_t g = 0; g < Points; ++g) {
      const Real pull = rest * table.marginal[g], on = table.alpha[g] * table.step;
      Real x = table.adds[g] * part, its_paid = rest * table.adds_cost[g] * part, weight = one;
      if (linear) {
        const auto adds = table.added(pull);
        x = select(costs, adds.x, x), its_paid = select(costs, table.its_cost(adds), its_paid);
        left[g] = select(costs, adds.left, one);
        weight = select(costs & (adds.left > zero), pull / max(adds.left, tiny), one);
      }
      added[g] = x;
      const Real held = x * weight, turn = fma(held, table.bend[g], one);  // -dx/dlnρ K
      base[g] = table.alpha[g] - x;
      const Real paid = table.cost_of(base[g]), marginal = table.marginal_cost(base[g], paid);
      own[g] = fma(share, table.revenue[g], -paid);
      base_on[g] = on * turn;
      own_on[g] = on * fma(share, table.marginal[g], -marginal * turn);
      if constexpr (fully) {
        its[g] = fma(rest, table.revenue[g], -its_paid);
        its_on[g] = on * pull * turn;
        own_by_v[g] = fma(share * rest, table.revenue[g], -marginal * held * moves);
        const Real stiffer = select(base[g] > zero, table.power * held / max(base[g], tiny), zero) * turn;
        const Real turns = (one - turn) * fma(table.its_power, one - weight, weight);
        own_on_by_v[g] =
            on * fma(share * rest, table.marginal[g],
                     -moves * fma(marginal, turns, (marginal - table.first_cost) * stiffer));
        adds_error[g] = part * table.adds_error[g];
        if (linear && g > 0) look_between(table, g, costs);
        its_error[g] = fma(rest, table.revenue_error[g], Real(2.0) * pull * adds_error[g]);
      }
    }
  }
  /// Corners of a cell are no kink of the specialist's investment, nor is one near: at none of them, or at all of
  /// them, it adds something, with as much left of its part of marginal revenue, nearly.
  static Mask is_even(const Table& table, Real least, Real most) {
    return (most < Real(-0.02) * table.its_first_cost) | (least > Real(0.1) * most);
  }

  /// In the lanes wanted. Along performances α₀ rises, and may fall and rise again: then it has a smaller and a larger
  /// answer. Which gives the specialist more changes once: what a bit of α₀ adds to its utility is (1-δ) r'(α), more
  /// with the larger one.
  void compare_answers(const Table& table, Mask wanted) {
    constexpr std::size_t lanes = lanes_v<Real>;
    double wants[lanes], dues[lanes], tops[lanes]{}, frees[lanes]{}, clears[lanes]{}, firsts[lanes]{}, ties[lanes]{},
        gives[lanes]{}, from[lanes]{}, to[lanes]{};
    RealTraits<Real>::store(select(wanted, Real(1.0), Real(0.0)), wants), RealTraits<Real>::store(table.its_due, dues);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (wants[lane] == 0) continue;
      const LaneView view{*this, table, lane, lane_of(rest, lane), lane_of(table.its_first_cost, lane) > 0};
      const Answers a = view.answers(dues[lane]);
      std::tie(from[lane], to[lane]) = view.kinks();
      tops[lane] = a.top, frees[lane] = a.free, clears[lane] = a.clear, firsts[lane] = a.first, ties[lane] = a.tie,
      gives[lane] = a.tie_gives;
    }
    top = RealTraits<Real>::load(tops), free = RealTraits<Real>::load(frees);
    clear = RealTraits<Real>::load(clears);
    first = RealTraits<Real>::load(firsts), tie = RealTraits<Real>::load(ties);
    tie_gives = RealTraits<Real>::load(gives);
    begins = RealTraits<Real>::load(from), ceases = RealTraits<Real>::load(to);
  }

  /// Takes another's place.
  void take(const ShareView& from, Mask where) {
    const auto take = [&](Real& to, Real value) { to = select(where, value, to); };
    take(v, from.v), take(share, from.share), take(rest, from.rest), take(part, from.part);
    take(top, from.top), take(free, from.free), take(clear, from.clear), take(first, from.first), take(tie, from.tie);
    take(tie_gives, from.tie_gives), take(begins, from.begins), take(ceases, from.ceases);
    linear = linear || from.linear;
    for (std::size_t g = 0; g < Points; ++g) {
      take(base[g], from.base[g]), take(own[g], from.own[g]), take(its[g], from.its[g]);
      take(base_on[g], from.base_on[g]), take(own_on[g], from.own_on[g]), take(its_on[g], from.its_on[g]);
      take(own_by_v[g], from.own_by_v[g]), take(own_on_by_v[g], from.own_on_by_v[g]);
      take(added[g], from.added[g]), take(adds_error[g], from.adds_error[g]);
      if (linear) take(left[g], from.left[g]), take(middle_left[g], from.middle_left[g]);
    }
  }

  Real v{}, share{}, rest{}, part{};                       ///< logit δ, δ, 1-δ; of x what is left
  std::array<Real, Points> base{}, own{}, its{};           ///< α₀, what both have, gross of what is fixed
  std::array<Real, Points> base_on{}, own_on{}, its_on{};  ///< their slopes by ln α, times the table's step
  std::array<Real, Points> own_by_v{}, own_on_by_v{};
  std::array<Real, Points> added{};                       ///< x
  std::array<Real, Points> adds_error{}, its_error{};     ///< of cubics from the performance before, in x and in `its`
  std::array<Real, Points> left{}, middle_left{};         ///< of the specialist's pull, beyond what a first bit costs
  bool linear = false;                                    ///< which it does in some lane
  /// Places: from where on, and up to where, the specialist adds something.
  Real begins{}, ceases{};
  /// Places in the table. Up to `top` performances are smaller answers (-1: there are none); from `free` on the others
  /// give the specialist its dues, and no less than riding free could, from `clear` on without any smaller; from
  /// `first` on they may give it more than the smaller ones, from `tie` on they do.
  Real top{}, free{}, clear{}, first{}, tie{};
  Real tie_gives{};  ///< what it has at the tie, or more: its dues or what the smaller answer gives

 private:
  /// Between performance g and the one before: what is left of the specialist's pull, and what a cubic of its x is off
  /// by, where first bits cost something.
  void look_between(const Table& table, std::size_t g, Mask costs) {
    const Real half(0.5), eighth(0.125), two(2.0);
    const auto middle = table.added(rest * table.middle_marginal[g]);
    const auto slope = [&](std::size_t k) { return table.alpha[k] * table.step - base_on[k]; };
    const Real chord = fma(eighth, slope(g - 1) - slope(g), half * (added[g - 1] + added[g]));
    middle_left[g] = select(costs, middle.left, Real(1.0));
    adds_error[g] = select(costs, two * abs(middle.x - chord), adds_error[g]);
  }

  struct Answers {
    double top, free, clear, first, tie, tie_gives;
  };
  struct LaneView {
    const ShareView& view;
    const Table& table;
    std::size_t lane;
    double rest;
    bool linear;  ///< a first bit of adaptation costs something

    double base(std::size_t g) const { return lane_of(view.base[g], lane); }
    double its(std::size_t g) const { return lane_of(view.its[g], lane); }
    double base_on(std::size_t g) const { return lane_of(view.base_on[g], lane); }
    double error(std::size_t g) const { return lane_of(view.its_error[g], lane); }
    /// What a bit of α₀ adds to the specialist's utility.
    double pull(std::size_t g) const { return rest * lane_of(table.marginal[g], lane); }

    bool rides(std::size_t g) const { return !(lane_of(view.added[g], lane) > 0); }
    double alpha(std::size_t g) const { return lane_of(table.alpha[g], lane); }

    bool none_adds() const {
      std::size_t g = 0;
      while (g < Points && rides(g)) ++g;
      return g == Points;
    }
    /// Between which places the specialist adds something.
    std::pair<double, double> kinks() const {
      const double none = static_cast<double>(Points);
      if (!linear) return {-1, none};
      std::size_t first = 0, last = Points;
      while (first < Points && rides(first)) ++first;
      while (last > first && rides(last - 1)) --last;  // beyond the last that adds
      if (first == Points) return {none, -1};
      return {first > 0 ? kink(first) : -1, last < Points ? kink(last) : none};
    }

    Answers answers(double dues) const {
      const double due = std::max(dues, 0.0);
      std::size_t last = 0;
      while (last + 1 < Points && !(base(last) > 0 && base(last + 1) < base(last))) ++last;
      // If marginal cost rises more steeply than adaptation, α₀ falls from the first bit on, be it by little.
      const bool sharp = linear && lane_of(table.its_power, lane) >= 1;
      if (sharp && last + 1 == Points) {
        std::size_t k = 0;
        while (k + 1 < Points && !(rides(k) && !rides(k + 1))) ++k;
        last = k;
      }
      const bool folds = last + 1 < Points;
      std::size_t g = folds ? last + 1 : 0;
      while (folds && g + 1 < Points && base(g + 1) <= base(g)) ++g;
      constexpr double never = static_cast<double>(Points);
      // Adding nothing wherever it is, the specialist has smaller answers only.
      if (linear && none_adds()) return {never, never, never, never, never, infinity<double>()};
      Answers found{};
      if (linear && folds) {  // more than two answers
        std::size_t again = g;
        while (again + 1 < Points && !(base(again + 1) < base(again))) ++again;
        if (again + 1 < Points) return {-1, 0, never, 0, never, infinity<double>()};
      }
      found.free = place(g, [&](double, double gives, double) { return gives > due; });
      if (!folds) return {-1, found.free, found.free, found.free, found.free, due};
      std::size_t start = 0;
      while (start < last && !(base(start + 1) > 0)) ++start;
      // The last smaller answer is no further beyond the table's than this.
      const double alone = rides(last) ? alpha(last + 1) : 2 * base(last) - base(last + 1);
      std::size_t at = start;
      // What the smaller answer gives is convex in α₀: it lies below chords and above tangents.
      const auto smaller_gives = [&](double b, bool at_most) {
        const auto tangent = [&](std::size_t k) { return its(k) + pull(k) * (b - base(k)); };
        if (b >= base(last) && at_most && rides(last)) {
          const double chord = rest * (lane_of(table.revenue[last + 1], lane) - lane_of(table.revenue[last], lane));
          return its(last) + chord * (b - base(last)) / (alpha(last + 1) - alpha(last));
        }
        if (b >= base(last)) return at_most ? tangent(last) + (b - base(last)) * pull(last) : tangent(last);
        if (b <= base(start)) return at_most ? its(start) * std::max(b / base(start), 0.0) : 0.0;
        while (at > start && base(at) > b) --at;
        while (at + 1 < last && base(at + 1) < b) ++at;
        if (!at_most) return std::max(tangent(at), tangent(at + 1));
        if (rides(at) && !rides(at + 1)) return its(at) + pull(at + 1) * (b - base(at));
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
    /// Where, between performance g-1 and g, the specialist begins or ceases to add something.
    double kink(std::size_t g) const {
      const auto slope = [&](std::size_t k) {
        return -pull(k) * lane_of(table.bend[k], lane) * lane_of(table.its_power, lane) * alpha(k) *
               lane_of(table.step, lane);
      };
      const double first_cost = lane_of(table.its_first_cost, lane);
      const bool begins = rides(g - 1);
      double low = 0, high = 1;
      for (int k = 0; k < halvings; ++k) {
        const double t = 0.5 * (low + high);
        ((cubic(t, pull(g - 1), pull(g), slope(g - 1), slope(g)) > first_cost) == begins ? high : low) = t;
      }
      return static_cast<double>(g - 1) + 0.5 * (low + high);
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
