// SPDX-License-Identifier: MIT
// All stationary points of a game with one specialist whose first bit of adaptation may cost something. At a share δ
// the generalist's utility may have a peak where nobody but the specialist invests (idle), where both do
// (contributing), and where only the generalist does (riding). Each kind is a curve of its own, on which no root is
// left out.
//
// Contributing: given s = x/α, w = ln α and T = K/(K + s E), the conditions say what the shares are,
//     1-δ = φ'(x) / r'(α),   δ = φ_0'(α₀) / (r'(α) T),
// and that they sum to 1 is a curve in w and y = logit s. It is followed by its length: one s may have several w.
// Riding: δ r'(α₀) = φ_0'(α₀). Idle: (1-δ) r'(x) = φ'(x).
#pragma once
#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// A place on one of the curves, as functions of v = logit δ.
template <class Real>
struct CurvePlace {
  Real v, b, b_tangent, z, z_tangent;
  Real generalist, generalist_slope, specialist, specialist_slope;  ///< gross of fixed costs
  Real revenue;
  Real along, first_turn, second_turn;  ///< what was stepped along, and how two coordinates move with it
};

template <class Real>
CurvePlace<Real> choose(mask_t<Real> m, const CurvePlace<Real>& yes, const CurvePlace<Real>& no) {
  const auto pick = [&](Real CurvePlace<Real>::*member) { return select(m, yes.*member, no.*member); };
  using P = CurvePlace<Real>;
  return {pick(&P::v),
          pick(&P::b),
          pick(&P::b_tangent),
          pick(&P::z),
          pick(&P::z_tangent),
          pick(&P::generalist),
          pick(&P::generalist_slope),
          pick(&P::specialist),
          pick(&P::specialist_slope),
          pick(&P::revenue),
          pick(&P::along),
          pick(&P::first_turn),
          pick(&P::second_turn)};
}

template <class Real>
class Branches {
 public:
  using Mask = mask_t<Real>;

  /// `good_investments`: what they may be off by before the last step, in logarithms. `steps`: more than are asked for.
  Branches(const Play<Real>& game, Real first_marginal_cost, double good_investments, int steps)
      : play(game),
        side(game.specialists.front()),
        first_cost(first_marginal_cost),
        good(good_investments),
        more_steps(steps) {}

  /// From where the specialist has nearly all revenue and does nearly all work, s = 1/(1+e^-y).
  void start(Real from_y, Mask wanted) {
    const Real zero(0.0);
    spot = {zero, from_y, zero, zero, zero};
    for (int k = 0; k < 12; ++k) {
      const Real alpha = exp(spot.w);
      const Jet<Real> r = side.revenue(alpha, spot.w), f = side.cost(alpha, spot.w);
      const Real miss = log(r.slope / f.slope), bend = alpha * (f.curvature / f.slope - r.curvature / r.slope);
      const Mask there = abs(miss) < Real(0.1) * bend;
      spot.w = select(there, spot.w, spot.w + ShareWalk<Real>::limited(miss / bend, 4.0));
      if (all(there | !wanted)) break;
    }
  }

  /// The share from which on riding free is a peak: r'(α₀) - φ_0'(α₀) is the first marginal cost.
  Real riding_from(Mask wanted) {
    b = Real(0.0);
    Real v(0.0);
    for (int k = 0; k < 14; ++k) {
      const Real a = exp(b);
      const Jet<Real> r = side.revenue(a, b), f = play.cost(a, b);
      const Real both = f.slope + first_cost;
      const Real miss = log(r.slope / both), bend = a * (f.curvature / both - r.curvature / r.slope);
      const Real step = ShareWalk<Real>::limited(miss / bend, 4.0);
      v = log(f.slope / first_cost) + a * f.curvature / f.slope * step;
      const Mask there = abs(step) < Real(0.05 * good);
      b = select(there, b, b + step);
      if (all(there | !wanted)) break;
    }
    return v;
  }

  /// More than the two can have at shares from a given one on, gross of fixed costs: what the generalist has with all
  /// revenue, α₀ = a₁, and what the specialist has of revenue at a₁, more than it ever gets to build on. Only where it
  /// would add nothing to that.
  struct Ceiling {
    Real generalist, revenue, least_v;
  };
  Ceiling ceiling(Mask wanted) {
    Real top = max(b, Real(-8.0));
    Jet<Real> r{}, f{};
    for (int k = 0; k < 12; ++k) {
      const Real a = exp(top);
      r = side.revenue(a, top), f = play.cost(a, top);
      const Real miss = log(r.slope / f.slope), bend = a * (f.curvature / f.slope - r.curvature / r.slope);
      const Mask there = abs(miss) < Real(1e-2) * bend;
      top = select(there, top, top + ShareWalk<Real>::limited(miss / bend, 4.0));
      if (all(there | !wanted)) break;
    }
    // (1-δ) r'(a₁) is no more than the first marginal cost; 1 % of a logarithm is added for the root's sake.
    const Real part = first_cost / r.slope, margin(1.02);
    return {margin * (r.value - f.value), margin * r.value,
            select(part < Real(1.0), log((Real(1.0) - part) / part) + Real(0.02), -infinity<Real>())};
  }

  /// Onto the curve again from `along` further on its tangent.
  CurvePlace<Real> contributing(Real along, Mask wanted, int most_steps) {
    const Real zero(0.0), one(1.0);
    spot.w = fma(along, spot.w_turn, spot.w), spot.y = fma(along, spot.y_turn, spot.y);
    CurvePlace<Real> p;
    for (int k = 1;; ++k) {
      const Real e = exp(-abs(spot.y)), sum = one + e, over_sum = one / sum, near = e * over_sum, ln_sum = log(sum);
      const Mask mostly = spot.y > zero;
      const Real s = select(mostly, over_sum, near), t = select(mostly, near, over_sum);
      const Real ln_s = select(mostly, zero, spot.y) - ln_sum, ln_t = select(mostly, -spot.y, zero) - ln_sum;
      const Real alpha = exp(spot.w), x = s * alpha, a0 = t * alpha;
      const Jet<Real> r = side.revenue(alpha, spot.w), f = side.cost(x, spot.w + ln_s),
                      f0 = play.cost(a0, spot.w + ln_t);
      const Real over_r = one / r.slope, over_f = one / f.slope;
      const Real bend = -alpha * r.curvature * over_r;
      const Real bend_slope = bend - alpha * alpha * r.third * over_r + bend * bend;
      const Real steep = x * f.curvature * over_f, steep_change = one - steep + x * f.third / f.curvature;
      const Real stiff = a0 * f0.curvature / f0.slope;
      const Real sum_of_bends = fma(s, bend, steep), g = one / sum_of_bends, held = s * bend * g;
      const Real rest = f.slope * over_r, share = f0.slope * over_r * sum_of_bends / steep;
      const Real all_shares = rest + share, over_all = one / all_shares, d = share * over_all, rho = rest * over_all;
      const Real rest_by_w = steep + bend, rest_by_y = steep * t;
      const Real share_by_w = stiff + bend - held * steep_change + s * g * bend_slope;
      const Real share_by_y = held * t * (one - steep_change) - stiff * s;
      // of ln(sum of shares) and of v
      const Real by_w = fma(rho, rest_by_w, d * share_by_w), by_y = fma(rho, rest_by_y, d * share_by_y);
      const Real v_by_w = share_by_w - rest_by_w, v_by_y = share_by_y - rest_by_y;
      const Real step = -log(all_shares) / fma(by_w, by_w, by_y * by_y), w_step = step * by_w, y_step = step * by_y;
      const Mask done = max(abs(w_step), abs(y_step)) < Real(good);
      found = done;
      if (k >= most_steps + more_steps || all(done | !wanted)) {
        spot.w_turn = by_y, spot.y_turn = -by_w, spot.v_turn = fma(v_by_w, by_y, -(v_by_y * by_w));
        const Real over_v = one / spot.v_turn, w_tangent = by_y * over_v, y_tangent = -by_w * over_v;
        const Real moved = d * rho * r.value, gained = r.slope * alpha, paid0 = f0.slope * a0, paid = f.slope * x;
        const Real v_step = fma(v_by_w, w_step, v_by_y * y_step);
        p.v = log(share / rest) + v_step;
        p.b = spot.w + w_step + ln_t - s * y_step, p.z = spot.w + w_step + ln_s + t * y_step;
        p.b_tangent = w_tangent - s * y_tangent, p.z_tangent = w_tangent + t * y_tangent;
        p.generalist = d * r.value - f0.value + moved * v_step + (d * gained - paid0) * w_step + paid0 * s * y_step;
        p.specialist = rho * r.value - f.value - moved * v_step + (rho * gained - paid) * w_step - paid * t * y_step;
        p.generalist_slope = moved + d * gained * w_tangent - paid0 * p.b_tangent;
        p.specialist_slope = rho * gained * w_tangent - moved - paid * p.z_tangent;
        p.revenue = fma(gained, w_step, r.value);
        p.along = p.v, p.first_turn = w_tangent, p.second_turn = t * p.b_tangent;
        shape = {steep, bend, stiff, t, alpha, Real(0.0)};
        spot.w = select(done, spot.w + w_step, spot.w), spot.y = select(done, spot.y + y_step, spot.y);
        return p;
      }
      spot.w = select(done, spot.w, spot.w + ShareWalk<Real>::limited(w_step, 2.0));
      spot.y = select(done, spot.y, spot.y + ShareWalk<Real>::limited(y_step, 2.0));
    }
  }

  /// The best investment at v if the specialist contributes nothing, from b on.
  CurvePlace<Real> riding(Real logit, Mask wanted, int most_steps) {
    const Real zero(0.0), one(1.0);
    const Real e = exp(-abs(logit)), over_sum = one / (one + e), near = e * over_sum;
    const Real share = select(logit > zero, over_sum, near), rest = select(logit > zero, near, over_sum);
    CurvePlace<Real> p;
    for (int k = 1;; ++k) {
      const Real a = exp(b);
      const Jet<Real> r = side.revenue(a, b), f = play.cost(a, b);
      const Real over = one / (a * (f.curvature / f.slope - r.curvature / r.slope));
      const Real step = log(share * r.slope / f.slope) * over;
      const Mask done = abs(step) < Real(good);
      found = done;
      if (k >= most_steps + more_steps || all(done | !wanted)) {
        const Real turn = share * rest * r.value, by_base = r.slope * a;
        b = select(done & wanted, b + step, b);
        p.v = logit, p.b = b, p.b_tangent = rest * over;
        p.z = Real(idle_base), p.z_tangent = zero;
        p.generalist = fma(share * by_base - f.slope * a, step, share * r.value - f.value);
        p.specialist = rest * fma(by_base, step, r.value);
        p.generalist_slope = turn;
        p.specialist_slope = rest * by_base * p.b_tangent - turn;
        p.revenue = fma(by_base, step, r.value);
        p.along = logit, p.first_turn = p.b_tangent, p.second_turn = one;
        return p;
      }
      b = select(done | !wanted, b, b + ShareWalk<Real>::limited(step, 3.0));
    }
  }

  /// What the specialist does at v if the generalist invests nothing, from z on.
  CurvePlace<Real> idle(Real logit, Mask wanted, int most_steps) {
    const Real zero(0.0), one(1.0);
    const Real e = exp(-abs(logit)), over_sum = one / (one + e), near = e * over_sum;
    const Real share = select(logit > zero, over_sum, near), rest = select(logit > zero, near, over_sum);
    CurvePlace<Real> p;
    for (int k = 1;; ++k) {
      const Real x = exp(z);
      const Jet<Real> r = side.revenue(x, z), f = side.cost(x, z);
      const Real over = one / (x * (f.curvature / f.slope - r.curvature / r.slope));
      const Real step = log(rest * r.slope / f.slope) * over;
      const Mask done = abs(step) < Real(good);
      found = done;
      if (k >= most_steps + more_steps || all(done | !wanted)) {
        const Real turn = share * rest * r.value, by_x = r.slope * x;
        z = select(done & wanted, z + step, z);
        p.v = logit, p.z = z, p.z_tangent = -share * over;
        p.b = Real(idle_base), p.b_tangent = zero;
        p.generalist = share * fma(by_x, step, r.value);
        p.specialist = fma(rest * by_x - f.slope * x, step, rest * r.value - f.value);
        p.generalist_slope = fma(share * by_x, p.z_tangent, turn);
        p.specialist_slope = -turn;
        p.revenue = fma(by_x, step, r.value);
        const Real pull = share * r.slope * f.curvature / (f.curvature - rest * r.curvature);
        shape = {x * f.curvature / f.slope, -x * r.curvature / r.slope, zero, zero, x, pull};
        p.along = logit, p.first_turn = p.z_tangent, p.second_turn = one;
        return p;
      }
      z = select(done | !wanted, z, z + ShareWalk<Real>::limited(step, 3.0));
    }
  }

  const Play<Real>& play;
  const Specialist<Real>& side;
  Real first_cost;
  double good;
  int more_steps;
  Mask found;  ///< the last place looked at is one
  /// Where the curve of contributing places was followed to, by w and y = logit s, and how both and v go on from there.
  struct Spot {
    Real w, y, w_turn, y_turn, v_turn;

    static Spot chosen(Mask m, const Spot& yes, const Spot& no) {
      return {select(m, yes.w, no.w), select(m, yes.y, no.y), select(m, yes.w_turn, no.w_turn),
              select(m, yes.y_turn, no.y_turn), select(m, yes.v_turn, no.v_turn)};
    }
  } spot;
  Real b, z;  ///< where the other curves were
  /// Of the place that contributing() or idle() saw last.
  struct Shape {
    Real steep, bend, stiff, others;  ///< K, E, α₀ φ_0''/φ_0', 1-s
    Real top;                         ///< α
    Real pull;                        ///< the generalist's marginal revenue where it is idle
  } shape;
};

}  // namespace haggle::fine_tuning
