// SPDX-License-Identifier: MIT
// The equilibrium as the share moves: every specialist contributes, the generalist invests or idles. One evaluation
// gives, at a share and a guess of all investments, Newton's correction of the guess, the equilibrium's derivative by
// the share and each player's utility with its slope. The system has the shape of an arrow, so all of it costs O(n).
//
// Unknowns are b = ln α₀ and z_i = ln x_i; the share is v = logit δ; ρ = 1-δ, s_i = x_i/α_i. With the elasticities
// E = -α r''/r' and K = x φ''/φ', M = Σ r_i'(α_i) T_i, and the marginal costs l of the first bit of investment taken
// off both sides, so that what is left is nearly linear in b and z, the conditions are
//     e_i = ln((ρ r_i'(α_i) - l_i) / (φ_i'(x_i) - l_i)) = 0
//     e_0 = ln((δ M - l_0) / (φ_0'(α₀) - l_0)) = 0      T = dα_i/dα₀ = K / (K + s E)
#pragma once
#include <array>

#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

/// ln α₀ of a generalist that invests nothing.
inline constexpr double idle_base = -60;

/// One specialist at the place last looked at.
template <class Real>
struct Contribution {
  Real z;               ///< ln x
  Real fix, tangent;    ///< Newton's correction of z, dz/dv
  Real last_tangent;    ///< at the place before
  Real utility, slope;  ///< U_i and dU_i/dv
  Real revenue, performance;
  Real miss;                             ///< e_i
  Real by_z, by_b;                       ///< of r_i(α_i)
  Real alone, alone_tangent, influence;  ///< dz = alone or alone_tangent dv, less influence db
  Real first_cost;                       ///< l
  mask_t<Real> rides;                    ///< contributes nothing, whatever z
};

/// The marginal cost of the first bit of investment; 0 where marginal cost starts as a power.
template <class Real>
Real first_marginal_cost(const Function<Real>& cost) {
  const Real slope = cost(Real(1e-100)).slope;
  return select(slope > Real(1e-12) * cost(Real(1.0)).slope, slope, Real(0.0));
}

/// ln(a/b), `over_b` being 1/b: by its series where that is exact to rounding.
template <class Real>
Real log_quotient(Real a, Real over_b) {
  const Real quotient = a * over_b;
  if constexpr (requires { typename Real::Exact; }) {
    return log(quotient);
  } else {
    const Real one(1.0), t = quotient - one;
    const Real high = fma(t, fma(t, fma(t, Real(1.0 / 7), Real(-1.0 / 6)), Real(0.2)), Real(-0.25));
    const Real series = t * fma(t, fma(t, fma(t, high, Real(1.0 / 3)), Real(-0.5)), one);
    const mask_t<Real> close = abs(t) < Real(0.005);
    return all(close) ? series : select(close, series, log(quotient));
  }
}

template <class Real>
class EquilibriumTrace {
 public:
  using Mask = mask_t<Real>;

  explicit EquilibriumTrace(const Play<Real>& game, bool may_be_linear = true)
      : play(game), size(game.specialists.size()), linear(false) {
    const Real zero(0.0);
    const auto first_bit = [&](const Function<Real>& cost) {
      if (!may_be_linear) return zero;
      const Real slope = first_marginal_cost(cost);
      linear = linear || any(slope > zero);
      return slope;
    };
    b = b_last_tangent = zero;
    idle = excessive = zero > zero;
    first_cost0 = first_bit(play.cost);
    for (std::size_t i = 0; i < size; ++i) {
      at[i].z = at[i].last_tangent = zero;
      at[i].rides = zero > zero;
      at[i].first_cost = first_bit(play.specialists[i].cost);
    }
  }

  /// With one specialist, the marginal costs of both first bits of investment being known.
  EquilibriumTrace(const Play<Real>& game, Real generalist_first_cost, Real specialist_first_cost)
      : EquilibriumTrace(game, false) {
    first_cost0 = generalist_first_cost;
    at[0].first_cost = specialist_first_cost;
    linear = any(max(first_cost0, at[0].first_cost) > Real(0.0));
  }

  /// Looks at the place where b and all z are: fills everything else in. A lane whose first bits cost nothing comes out
  /// the same, to the bit, whatever the others are.
  void look(Real logit) { linear ? look_as<true>(logit) : look_as<false>(logit); }

  const Play<Real>& play;
  std::size_t size;
  bool linear;  ///< a first bit of investment costs something in some lane
  Real v, share, rest;
  Real b, b_fix, b_tangent, b_last_tangent;
  Real a0, miss0;
  Real worst;         ///< what is wrong at most: the sum of all |e| and the largest correction
  Real second_order;  ///< dln(marginal revenue)/db - dln(marginal cost)/db, replies included: < 0 at a maximum
  Real first_cost0;
  Real pull0, pull0_slope;  ///< the generalist's part of marginal revenue, and that by α₀, replies included
  Mask idle;
  Mask excessive;                     ///< even the first bit of α₀ costs more than it brings
  Real generalist, generalist_slope;  ///< U_G and dU_G/dv
  std::array<Contribution<Real>, most_specialists> at;

 private:
  template <bool Linear>
  [[gnu::flatten]] void look_as(Real logit) {
    const Real zero(0.0), one(1.0);
    v = logit;
    const Real e = exp(-abs(v)), over_sum = one / (one + e);
    const Real near = over_sum, far = e * over_sum;
    share = select(v > zero, near, far);
    rest = select(v > zero, far, near);
    a0 = exp(b);
    Real marginal = zero, by_alone = zero, by_b = zero, by_share = zero, revenue = zero, kept = zero;
    worst = zero;
    for (std::size_t i = 0; i < size; ++i) {
      Contribution<Real>& c = at[i];
      const Specialist<Real>& s = play.specialists[i];
      const Real x = exp(c.z), alpha = a0 + (Linear ? select(c.rides, zero, x) : x);
      const Jet<Real> r = s.revenue(alpha), f = s.cost(x, c.z);
      const Real over_alpha = one / alpha, over_r = one / r.slope, over_f = one / f.slope;
      const Real part = x * over_alpha, others = a0 * over_alpha;                     // s, 1-s
      const Real bend = -alpha * r.curvature * over_r;                                // E
      const Real bend_slope = bend - alpha * alpha * r.third * over_r + bend * bend;  // dE/dln α
      const Real steep = x * f.curvature * over_f;                                    // K
      const Real steep_change = one - steep + x * f.third / f.curvature;              // dln K/dln x
      const Real g = one / fma(part, bend, steep);
      Real passed = steep * g, held = part * bend * g;  // T, 1-T
      if constexpr (Linear) {
        passed = select(c.rides, one, passed);
        held = select(c.rides, zero, held);
      }
      const Real pull = rest * r.slope, m = r.slope * passed;
      // dln m by z and by b
      Real by_z = -(bend * part + held * (others - steep_change) + part * part * bend_slope * g);
      Real by_base = others * (held - bend - part * bend_slope * g);
      if constexpr (Linear) {
        by_base = select(c.rides, -bend, by_base);
        by_z = select(c.rides, zero, by_z);  // of its tiny x a float may not have the derivatives of the cost
        const Real paid = f.slope - c.first_cost;
        const Mask pays = (pull > c.first_cost) | c.rides;
        const Real left = select(pays, pull - c.first_cost, Real(1e-3) * pull);
        worst = worst + select(pays, zero, one);
        const Real over_paid = one / paid;
        const Real weight = one + c.first_cost / left,
                   over = one / fma(weight * part, bend, x * f.curvature * over_paid);
        c.miss = log_quotient(left, over_paid);
        c.influence = over * weight * others * bend;
        c.alone = over * c.miss;
        c.alone_tangent = -over * weight * share;
        if (any(c.rides))
          for (Real* part_of : {&c.miss, &c.influence, &c.alone, &c.alone_tangent})
            *part_of = select(c.rides, zero, *part_of);
      } else {
        c.miss = log_quotient(pull, over_f);
        c.influence = g * others * bend;
        c.alone = g * c.miss;
        c.alone_tangent = -g * share;
      }
      marginal = marginal + m;
      by_alone = fma(m * by_z, c.alone, by_alone);
      by_share = fma(m * by_z, c.alone_tangent, by_share);
      by_b = fma(m, by_base - by_z * c.influence, by_b);
      worst = worst + abs(c.miss);
      c.revenue = r.value;
      c.performance = alpha;
      c.utility = fma(rest, r.value, Linear ? -select(c.rides, zero, f.value) : -f.value) - s.fixed;
      c.slope = pull * a0;  // what moving b adds: completed below
      revenue = revenue + r.value;
      c.by_z = r.slope * x, c.by_b = r.slope * a0;
      kept = fma(c.by_z, c.alone_tangent, kept);
    }
    const Jet<Real> f0 = play.cost(a0, b);
    const Real over = one / marginal, gain = share * marginal;
    const Real slope_in_b = by_b * over, stiffness = a0 * f0.curvature / f0.slope;
    second_order = slope_in_b - stiffness;
    pull0 = gain, pull0_slope = gain * slope_in_b / a0;
    if constexpr (Linear) {
      const Real paid = f0.slope - first_cost0;
      const Mask pays = gain > first_cost0;
      const Real left = select(pays, gain - first_cost0, Real(1e-3) * gain), weight = one + first_cost0 / left;
      miss0 = log_quotient(left, one / paid);
      const Real turn = one / (a0 * f0.curvature / paid - weight * slope_in_b);
      b_fix = turn * fma(weight * by_alone, over, miss0);
      b_tangent = turn * weight * fma(by_share, over, rest);
      idle = (b <= Real(idle_base)) & !pays;
      excessive = !pays;
      if (any(idle)) {
        miss0 = select(idle, zero, miss0);
        b_fix = select(idle, zero, b_fix);
        b_tangent = select(idle, zero, b_tangent);
        second_order = select(idle, -one, second_order);
      }
    } else {
      miss0 = log_quotient(gain, one / f0.slope);
      const Real turn = -one / second_order;
      b_fix = turn * fma(by_alone, over, miss0);
      b_tangent = turn * fma(by_share, over, rest);
      idle = excessive = one < zero;
    }
    worst = worst + abs(miss0) + select(excessive & !idle, one, zero);
    Real spent = f0.value;
    if constexpr (Linear) spent = select(idle, zero, spent);
    generalist = fma(share, revenue, -spent) - play.fixed;
    generalist_slope = share * fma(rest, revenue, kept);
    // Utilities where the correction leads, to first order; a contributor's own x does not matter to it.
    const Real marginal_cost0 = f0.slope * a0;
    Real gained = zero, furthest = abs(b_fix);
    for (std::size_t i = 0; i < size; ++i) {
      Contribution<Real>& c = at[i];
      c.fix = fma(-c.influence, b_fix, c.alone);
      c.tangent = fma(-c.influence, b_tangent, c.alone_tangent);
      furthest = max(furthest, abs(c.fix));
      gained = gained + fma(c.by_z, c.fix, c.by_b * b_fix);
      c.utility = fma(c.slope, b_fix, c.utility);
      c.slope = fma(c.slope, b_tangent, -share * rest * c.revenue);
    }
    generalist = generalist + fma(share, gained, -marginal_cost0 * b_fix);
    worst = worst + furthest;
  }
};

}  // namespace haggle::fine_tuning
