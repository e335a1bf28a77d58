// SPDX-License-Identifier: MIT
// What the performances of a table are worth at one share, and which of them the specialist would answer with.
#pragma once
#include <tuple>

#include "haggle/solver/lane_answers.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class ShareView {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceRows<Real, Points>;
  static constexpr std::size_t points = Points;
  static constexpr bool is_swift = is_swift_v<Real>;

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
        own_on_by_v[g] = on * fma(share * rest, table.marginal[g],
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
    double wants[lanes], dues[lanes], tops[lanes]{}, sures[lanes]{}, frees[lanes]{}, clears[lanes]{}, firsts[lanes]{},
        ties[lanes]{}, gives[lanes]{}, from[lanes]{}, to[lanes]{};
    RealTraits<Real>::store(select(wanted, Real(1.0), Real(0.0)), wants), RealTraits<Real>::store(table.its_due, dues);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (wants[lane] == 0) continue;
      const LaneAnswers<ShareView> view{
          {*this, table, lane, lane_of(rest, lane), lane_of(table.its_first_cost, lane) > 0}};
      const Answers a = view.answers(dues[lane]);
      std::tie(from[lane], to[lane]) = view.kinks();
      tops[lane] = a.top, sures[lane] = a.sure_top, frees[lane] = a.free, clears[lane] = a.clear,
      firsts[lane] = a.first, ties[lane] = a.tie, gives[lane] = a.tie_gives;
    }
    const auto put = [wanted](Real& number, const double* numbers) {
      number = select(wanted, RealTraits<Real>::load(numbers), number);
    };
    put(top, tops), put(sure_top, sures), put(free, frees), put(clear, clears), put(first, firsts), put(tie, ties);
    put(tie_gives, gives), put(begins, from), put(ceases, to);
  }

  /// Takes another's place.
  void take(const ShareView& from, Mask where) {
    const auto take = [&](Real& to, Real value) { to = select(where, value, to); };
    take(v, from.v), take(share, from.share), take(rest, from.rest), take(part, from.part);
    take(top, from.top), take(sure_top, from.sure_top), take(free, from.free), take(clear, from.clear),
        take(first, from.first), take(tie, from.tie);
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
  std::array<Real, Points> added{};                    ///< x
  std::array<Real, Points> adds_error{}, its_error{};  ///< of cubics from the performance before, in x and in `its`
  std::array<Real, Points> left{}, middle_left{};      ///< of the specialist's pull, beyond what a first bit costs
  static constexpr double rounding = is_swift ? 1e-5 : 2e-6;  ///< of utilities, in parts of revenue
  bool linear = false;                                        ///< which it does in some lane
  /// Places: from where on, and up to where, the specialist adds something.
  Real begins{}, ceases{};
  /// Places in the table. Up to `top` performances are smaller answers (-1: there are none); from `free` on the others
  /// give the specialist its dues, and no less than riding free could, from `clear` on without any smaller; from
  /// `first` on they may give it more than the smaller ones, from `tie` on they do.
  Real top{}, free{}, clear{}, first{}, tie{};
  Real sure_top{};   ///< up to there they are for sure, for there is no third answer
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
};

}  // namespace haggle::fine_tuning
