// SPDX-License-Identifier: MIT
// Two shares of a game, and what is so at all between them: where the specialist's ties are, which performances the
// generalist would not have, what cubics are off by.
#pragma once
#include <utility>

#include "haggle/solver/joint_bound.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class SharePair {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceRows<Real, Points>;
  using View = ShareView<Real, Points>;
  /// A product's logarithm is more. Of less even what leaves somebody without a gain counts.
  static constexpr double any_deal = -1e30;

  /// Of utilities, of both.
  struct Error {
    Real own, its;
  };

  SharePair(const Table& performances, const View& low_share, const View& high_share)
      : table_(performances), low_(low_share), high_(high_share), h_(high_share.v - low_share.v) {
    // Between the shares ties are taken to be between those at both, and a bit more. Where smaller answers come up or
    // vanish they may be anywhere where the specialist has its dues and may have such.
    const Real zero(0.0), quarter(0.25), near(near_tie);
    const Mask folds_low = !(low_.top < zero), folds_high = !(high_.top < zero);
    // Beside a share at which it adds nothing whatever the performance, what the specialist adds nothing to are smaller
    // answers, as there.
    const Mask fades = folds_low & (high_.ceases < zero), comes = folds_high & (low_.ceases < zero);
    const Mask changes = ((folds_low & !folds_high) | (folds_high & !folds_low)) & !(fades | comes);
    const Real beyond_all(static_cast<double>(Points));
    const auto pick = [&](Real at_low, Real at_high) {
      return std::pair(select(comes, beyond_all, at_low), select(fades, beyond_all, at_high));
    };
    const auto [low_first, high_first] = pick(low_.first, high_.first);
    const auto [low_tie, high_tie] = pick(low_.tie, high_.tie);
    const auto [low_top, high_top] = pick(low_.top, high_.top);
    const auto [low_sure, high_sure] = pick(low_.sure_top, high_.sure_top);
    three_ = (low_.sure_top < low_.top) | (high_.sure_top < high_.top);
    first_tie_ = fma(-quarter, abs(high_first - low_first), min(low_first, high_first)) - near;
    last_tie_ = fma(quarter, abs(high_tie - low_tie), max(low_tie, high_tie)) + near;
    first_tie_ = select(changes, min(min(low_.free, high_.free), first_tie_), first_tie_);
    last_tie_ = select(changes, max(max(low_.clear, high_.clear), last_tie_), last_tie_);
    first_top_ = select(changes, -Real(1.0), min(low_sure, high_sure)), last_top_ = max(low_top, high_top);
    // Beyond where it ceases to add something it does so for ever, and has no other answer.
    const Real hair(0.05);
    sure_tie_ = select(fades, low_.ceases + hair, select(comes, high_.ceases + hair, last_tie_));
    const Real gives = fma(quarter, abs(high_.tie_gives - low_.tie_gives), max(low_.tie_gives, high_.tie_gives));
    tie_gives_ = select(changes | fades | comes | !(gives < infinity<Real>()), infinity<Real>(), gives);
    linear_ = low_.linear || high_.linear;
    knows_ties_ = zero > zero;
  }
  /// What a generalist that invests up to a tie makes of these shares is worth too little.
  void know_ties(Mask where) { knows_ties_ = where; }

  /// Somewhere in the cell, or next to it, the specialist begins or ceases to add something: there are no cubics.
  Mask has_kink(std::size_t g) const {
    if (!linear_) return h_ != h_;
    const auto corners = [&](auto pick, Real a) {
      for (const View* s : {&low_, &high_}) a = pick(a, pick(s->left[g - 1], pick(s->left[g], s->middle_left[g])));
      return a;
    };
    const Real least = corners([](Real a, Real b) { return min(a, b); }, infinity<Real>()),
               most = corners([](Real a, Real b) { return max(a, b); }, -infinity<Real>());
    return !View::is_even(table_, least, most);
  }
  /// Nor at the performance itself, between the shares.
  Mask has_kink_at(std::size_t g) const {
    if (!linear_) return h_ != h_;
    return !View::is_even(table_, min(low_.left[g], high_.left[g]), max(low_.left[g], high_.left[g]));
  }

  /// Throughout the cell the generalist has more at performances next to each that the specialist answers with too; or
  /// beyond a tie, at which the specialist has too little.
  Mask is_dominated(std::size_t g, Real value, Mask wanted) const {
    if (linear_) wanted = wanted & !has_kink(g);
    const Real zero(0.0), third(1.0 / 3), before(static_cast<double>(g - 1)), one(1.0);
    Mask answers = wanted, rises_on = wanted, rises = wanted, falls = wanted;
    Real least_its = infinity<Real>(), most_its = -infinity<Real>();
    for (const View* s : {&low_, &high_}) {
      const Real from = s->own_on[g - 1], to = s->own_on[g];
      const Real turns = fma(-third, from + to, s->own[g] - s->own[g - 1]);  // between a cubic's inner two of Bézier's
      rises_on = rises_on & (s->base_on[g - 1] > zero) & (s->base_on[g] > zero);
      answers = answers & rises_on & (s->base[g - 1] > zero);
      rises = rises & (from > zero) & (to > zero) & (turns > zero);
      falls = falls & (from < zero) & (to < zero) & (turns < zero);
      least_its = min(least_its, min(s->its[g - 1], s->its[g])),
      most_its = max(most_its, max(s->its[g - 1], s->its[g]));
    }
    // Of performances that leave the specialist its dues, the least may be the generalist's best.
    falls = falls & ((least_its > table_.its_due) | !(most_its > table_.its_due));
    // Between the shares cubics of them say so too.
    const auto between = [&](Real from, Real to, Real from_slope, Real to_slope) {
      const Real after = fma(third * h_, from_slope, from), ahead = fma(-third * h_, to_slope, to);
      rises = rises & (min(after, ahead) > zero), falls = falls & (max(after, ahead) < zero);
    };
    between(low_.own[g] - low_.own[g - 1], high_.own[g] - high_.own[g - 1], low_.own_by_v[g] - low_.own_by_v[g - 1],
            high_.own_by_v[g] - high_.own_by_v[g - 1]);
    for (const std::size_t at : {g - 1, g})
      between(low_.own_on[at], high_.own_on[at], low_.own_on_by_v[at], high_.own_on_by_v[at]);
    const Mask has_tie = (sure_tie_ > before) & (first_tie_ < before + one);
    // Of three answers it is not known where the specialist changes from the first to the second.
    const Mask changes = three_ & (before + one > first_top_) & (before < last_top_ + one);
    Mask dominated = answers & (rises | (falls & !(has_tie | changes)));
    const Mask on_from_tie =
        wanted & rises_on & has_tie & !dominated & (before > last_top_ + one) & (value > Real(any_deal));
    if (any(on_from_tie)) dominated = dominated | falls_from_tie(g, value, on_from_tie);
    return dominated;
  }
  Mask begins(std::size_t g) const { return !((low_.base[g - 1] > Real(0.0)) & (high_.base[g - 1] > Real(0.0))); }
  /// What cubics between two performances, and between the shares, are off by. Fourth derivatives by the share's logit
  /// are those of 1-δ and of its power 1/K.
  Error error_of(std::size_t g) const {
    const Real one(1.0), zero(0.0), power = one + one / table_.its_power;
    const Real steep = power * power * power * power, fourth = h_ * h_ * h_ * h_ * Real(1.0 / 384);
    const Real revenue = fma(Real(rounding), table_.revenue[g], table_.revenue_error[g]);
    Error error{zero, zero};
    for (const View* s : {&low_, &high_}) {
      const Real paid = fma(s->share, table_.revenue[g], -s->own[g]), x = s->added[g], adds = s->adds_error[g];
      const Real marginal = table_.marginal_cost(s->base[g], paid), moves = fourth * s->share;
      const Real kept = s->rest * table_.revenue[g];
      Real steepness = steep;
      if (linear_) {  // x is a power of what is left of the pull, which falls faster than 1-δ
        const Real least = min(s->left[g], s->left[g > 0 ? g - 1 : 0]);
        const Real left = max(least, Real(Table::least)), falls = (left + table_.its_first_cost) / left;
        steepness = select(least > zero, steep * falls * falls * falls * falls, zero);
        steepness = select(table_.its_first_cost > zero, steepness, steep);
      }
      error.own = max(error.own, fma(s->share, revenue, marginal * adds) + moves * fma(marginal * x, steepness, kept));
      error.its = max(
          error.its, s->rest * fma(table_.marginal[g], adds, revenue) + moves * fma(kept - s->its[g], steepness, kept));
    }
    return error;
  }

 protected:
  const Table& table_;
  const View &low_, &high_;
  Real h_;
  Real first_tie_, last_tie_, first_top_, last_top_;  ///< at shares between
  Real sure_tie_;                                     ///< from there on performances are answers, whatever the share
  Real tie_gives_;                                    ///< to the specialist, or more
  Mask knows_ties_;
  Mask three_;   ///< answers to some α₀
  bool linear_;  ///< a first bit of adaptation costs something in some lane

  static constexpr double rounding = View::rounding;

 private:
  /// Bézier's of the slope of a cubic, between 0 and 1, from t on.
  struct Slopes {
    Real first, middle, last;
  };
  static Slopes slopes(Real t, Real from, Real to, Real rise) {
    const Real u = Real(1.0) - t, inner = Real(3.0) * rise - from - to, middle = fma(u, inner, t * to);
    return {fma(u, fma(u, from, t * inner), t * middle), middle, to};
  }
  /// From the first tie on, in its cell, the generalist's utility falls: it has the most at the tie, and there the
  /// specialist has its dues or little more, which is too little.
  Mask falls_from_tie(std::size_t g, Real value, Mask wanted) const {
    const Real zero(0.0), third(1.0 / 3);
    const Real t = min(max(first_tie_ - Real(static_cast<double>(g - 1)), zero), Real(1.0)), left = Real(1.0) - t;
    const auto at = [&](const View& s) { return slopes(t, s.own_on[g - 1], s.own_on[g], s.own[g] - s.own[g - 1]); };
    const auto by_share = [&](const View& s) {
      return slopes(t, s.own_on_by_v[g - 1], s.own_on_by_v[g], s.own_by_v[g] - s.own_by_v[g - 1]);
    };
    const Slopes low = at(low_), high = at(high_), low_by_v = by_share(low_), high_by_v = by_share(high_);
    const auto most = [&](Real from, Real to, Real from_slope, Real to_slope) {  // of a cubic between the shares
      return max(max(from, fma(third * h_, from_slope, from)), max(to, fma(-third * h_, to_slope, to)));
    };
    Real steepest = -infinity<Real>();
    for (Real Slopes::*part : {&Slopes::first, &Slopes::middle, &Slopes::last})
      steepest = max(steepest, most(low.*part, high.*part, low_by_v.*part, high_by_v.*part));
    const auto before = [&](const Slopes& on, Real at_end) {
      return fma(-left * third, on.first + on.middle + on.last, at_end);
    };
    Real own = most(before(low, low_.own[g]), before(high, high_.own[g]), before(low_by_v, low_.own_by_v[g]),
                    before(high_by_v, high_.own_by_v[g]));
    Mask falls = wanted & (steepest < zero);
    const Mask begins_here = wanted & begins(g);
    if (any(begins_here)) {
      // Where it begins to invest its cost is no cubic, but rises ever faster; most slowly at the lower share.
      const Real on_before = table_.step * table_.alpha[g - 1], on = table_.step * table_.alpha[g];
      const Slopes revenue = slopes(t, on_before * table_.marginal[g - 1], on * table_.marginal[g],
                                    table_.revenue[g] - table_.revenue[g - 1]);
      const auto base = [&](const View& s) {
        return slopes(t, s.base_on[g - 1], s.base_on[g], s.base[g] - s.base[g - 1]);
      };
      const Slopes at_low = base(low_), at_high = base(high_);
      const Real invested =
          fma(-left * third, at_low.first + at_low.middle + at_low.last, low_.base[g]) - low_.adds_error[g];
      const Real paid = table_.cost_of(invested), marginal = table_.marginal_cost(invested, paid);
      Real worst = -infinity<Real>(), slowest = infinity<Real>();
      for (Real Slopes::*part : {&Slopes::first, &Slopes::middle, &Slopes::last}) {
        const Real earns = max(low_.share * (revenue.*part), high_.share * (revenue.*part)),
                   rises = min(at_low.*part, at_high.*part);
        worst = max(worst, fma(-marginal, rises, earns)), slowest = min(slowest, rises);
      }
      falls = select_mask(begins_here, (worst < zero) & (slowest > zero), falls);
      own = select(begins_here, fma(high_.share, before(revenue, table_.revenue[g]), -paid), own);
    }
    const Error error = error_of(g);
    const Real its = select(tie_gives_ > table_.its_due, tie_gives_ + error.its, table_.its_due);
    const Mask too_little = product_of(table_, own + error.own - table_.due, its - table_.its_due) < value;
    return falls & (too_little | knows_ties_);
  }

  static constexpr double near_tie = is_swift_v<Real> ? 0.02 : 0.003;  ///< what a tie's place may be off by
};

}  // namespace haggle::fine_tuning
