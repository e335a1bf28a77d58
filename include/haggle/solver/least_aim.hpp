// SPDX-License-Identifier: MIT
// The least of all players' scaled gains, as egalitarian and Kalai-Smorodinsky bargains maximise it: the best share is
// where two gains cross, one rising and one falling, or where the least itself is at its peak.
#pragma once
#include "haggle/solver/gain_table.hpp"

namespace haggle::fine_tuning {

/// The least of several gains, and whose it is.
template <class Real>
struct LeastGain {
  Gain<Real> gain{infinity<Real>(), Real(0.0)};
  Real player = Real(0.0);

  void add(std::size_t who, Gain<Real> offered) {
    const mask_t<Real> less = offered.value < gain.value;
    gain = {select(less, offered.value, gain.value), select(less, offered.slope, gain.slope)};
    player = select(less, Real(static_cast<double>(who)), player);
  }
};

template <class Real>
Gain<Real> scaled(Gain<Real> gain, Real scale) {
  const Real zero(0.0);
  return {select(scale > zero, gain.value * scale, infinity<Real>()), select(scale > zero, gain.slope * scale, zero)};
}

/// For SharePolish: the root of ln(right's gain / left's) where a rising and a falling one cross, the root of its own
/// slope where one player's gain is the least on both sides.
template <class Real>
class LeastAim {
 public:
  using Mask = mask_t<Real>;

  /// Scales of 0: the player does not count.
  LeastAim(const ByPlayer<Real>& by_player, Real left_binds, Real right_binds)
      : left(left_binds), right(right_binds), scales_(by_player) {}

  TracedAim<Real> operator()(const EquilibriumTrace<Real>& t, Mask active) {
    const Real zero(0.0), one(1.0), tiny(1e-200);
    LeastGain<Real> least;
    Gain<Real> at_left{one, zero}, at_right{one, zero};
    for (std::size_t player = 0; player <= t.size; ++player) {
      const Gain<Real> gain = scaled(gain_of(t, player), scales_[player]);
      least.add(player, gain);
      const Real who(static_cast<double>(player));
      at_left = {select(left == who, gain.value, at_left.value), select(left == who, gain.slope, at_left.slope)};
      at_right = {select(right == who, gain.value, at_right.value), select(right == who, gain.slope, at_right.slope)};
    }
    const Mask rises = least.gain.slope > zero, gains = least.gain.value > zero;
    const auto take = [](Mask where, Gain<Real> yes, Gain<Real> no) {
      return Gain<Real>{select(where, yes.value, no.value), select(where, yes.slope, no.slope)};
    };
    at_left = take(rises, least.gain, at_left), at_right = take(rises, at_right, least.gain);
    // Where the other one does not oppose it, the least is on its way to its own peak.
    const Mask lone = select_mask(rises, at_right.slope >= zero, at_left.slope <= zero);
    const Mask stays = (left == least.player) & (right == least.player);
    left = select(active & (rises | lone), least.player, left);
    right = select(active & (lone | !rises), least.player, right);

    const Real low = max(at_left.value, tiny), high = max(at_right.value, tiny), own = max(least.gain.value, tiny);
    const Mask crossing = gains & !lone;
    const Real meets = at_right.slope / high - at_left.slope / low;
    TracedAim<Real> aim = no_aim<Real>();
    aim.value = log(own);
    aim.slope = select(crossing, log(high / low), least.gain.slope / own);
    aim.admissible = gains;
    turn_ = select(crossing, one / select(crossing, meets, one), zero);
    secant_ = lone & stays & gains;
    return aim;
  }

  Real turn(Real secant) const { return select(secant_, secant, turn_); }
  /// Where gains cross, what a step changes is of its own order, and much more where a gain is but a small part of
  /// revenue.
  Mask is_exact(Real slope, double exact) const { return secant_ | (abs(slope) < Real(exact)); }

  Real left, right;  ///< whose gains are on the two sides of the best share

 private:
  ByPlayer<Real> scales_;
  Real turn_;
  Mask secant_;
};

/// Between which looks the least gain is best.
template <class Real>
class LeastWalk {
 public:
  using Mask = mask_t<Real>;

  LeastWalk(const GainTable<Real>& table, const ByPlayer<Real>& scales) : table_(table), scales_(scales) {
    const Real zero(0.0);
    Look last{};
    for (std::size_t j = 0; j < table.shares.size(); ++j) {
      const Look now = look(j);
      if (j == 0)
        sure = select_mask(now.aim.admissible, now.aim.slope > zero, now.aim.behind >= Real(beyond));
      else
        compare(j, last, now);
      last = now;
    }
    sure =
        sure & select_mask(last.aim.admissible, last.aim.slope < zero, last.aim.ahead >= Real(beyond)) & best.found();
  }

  BestCell<Real> best;
  Mask sure;

 private:
  struct Look {
    TracedAim<Real> aim;
    Real player;
  };

  static TracedAim<Real> logarithm(Gain<Real> gain) {
    TracedAim<Real> aim = no_aim<Real>();
    const Real positive = max(gain.value, Real(1e-200));
    aim.value = log(positive), aim.slope = gain.slope / positive;
    return aim;
  }

  Look look(std::size_t j) const {
    const Real zero(0.0);
    LeastGain<Real> least;
    TracedAim<Real> lacks = no_aim<Real>();
    for (std::size_t player = 0; player < table_.players; ++player) {
      const Gain<Real> gain = scaled(table_.gain(j, player), scales_[player]);
      least.add(player, gain);
      add_lack(lacks, !(gain.value > zero), gain.value, gain.slope);
    }
    Look now{logarithm(least.gain), least.player};
    now.aim.admissible = lacks.admissible, now.aim.ahead = lacks.ahead, now.aim.behind = lacks.behind;
    return now;
  }

  /// The logarithm of the gain at look j of the player that each lane names.
  TracedAim<Real> of_player(std::size_t j, Real which) const {
    Gain<Real> gain{Real(1.0), Real(0.0)};
    for (std::size_t player = 0; player < table_.players; ++player) {
      const Mask here = which == Real(static_cast<double>(player));
      const Gain<Real> its = scaled(table_.gain(j, player), scales_[player]);
      gain = {select(here, its.value, gain.value), select(here, its.slope, gain.slope)};
    }
    TracedAim<Real> aim = logarithm(gain);
    add_lack(aim, !(gain.value > Real(0.0)), gain.value, gain.slope);
    return aim;
  }

  void compare(std::size_t j, const Look& a, const Look& b) {
    const Real zero(0.0), h(table_.shares[j] - table_.shares[j - 1]);
    const Mask always = h > zero, resolved = table_.resolved(j), begins = table_.begins(j);
    CellBound<Real> cell(a.aim, b.aim, h, resolved, always, begins);
    Real low_slope = a.aim.slope, high_slope = b.aim.slope;
    const Mask differ = (a.player != b.player) & a.aim.admissible & b.aim.admissible & !begins;
    if (any(differ)) {
      // The least is never more than either of the two that are it at the ends.
      const TracedAim<Real> left_at_high = of_player(j, a.player), right_at_low = of_player(j - 1, b.player);
      const CellBound<Real> left(a.aim, left_at_high, h, resolved, always, begins);
      const CellBound<Real> right(right_at_low, b.aim, h, resolved, always, begins);
      const Mask turns = (a.aim.slope > zero) & !(b.aim.slope > zero);
      const Mask falls = !(left.matters | (a.aim.slope > zero)), rises = (b.aim.slope > zero) & !right.matters;
      // A gain is below its tangent where it is concave and below its chord where it is convex.
      const Real up = max(a.aim.slope, (left_at_high.value - a.aim.value) / h);
      const Real down = min(b.aim.slope, (b.aim.value - right_at_low.value) / h);
      const Real meet = fma(up, (b.aim.value - a.aim.value - down * h) / (up - down), a.aim.value);
      const Real crossing = max(meet, cell.better) + Real(0.25) * max(meet - cell.better, zero) + Real(look_error);
      const Real most = min(left.most, right.most);
      cell.most = select(differ, select(turns, min(most, crossing), most), cell.most);
      cell.matters = select_mask(differ, turns | !(falls | rises), cell.matters);
      low_slope = select(differ, right_at_low.value - a.aim.value, low_slope);
      high_slope = select(differ, b.aim.value - left_at_high.value, high_slope);
    }
    const Mask replaces = best.offer(cell, table_.shares, j, low_slope, high_slope);
    best.left = select(replaces, a.player, best.left);
    best.right = select(replaces, b.player, best.right);
  }

  const GainTable<Real>& table_;
  const ByPlayer<Real>& scales_;
};

}  // namespace haggle::fine_tuning
