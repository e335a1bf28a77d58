// SPDX-License-Identifier: MIT
// All subgame-perfect equilibria of a power-law game as one curve in y = ln(s/(1-s)), outside options included.
#pragma once
#include "haggle/core/logistic.hpp"
#include "haggle/model/power_law_game.hpp"
#include "haggle/solver/falling_root.hpp"

namespace haggle::power_law {

/// One equilibrium. Utilities and their slopes are in units of the revenue there, so that nothing underflows.
template <class Real>
struct CurvePoint {
  Real y, v;  ///< logit of s = x/α₁ and of the share
  Real ln_revenue, ln_performance;
  Real generalist, specialist;              ///< U_G/r and U_D/r
  Real generalist_slope, specialist_slope;  ///< dU/dy / r along the curve
  Real performance_slope;                   ///< dlnα₁/dy along the curve
  Real v_slope;                             ///< dv/dy along the curve
  Real clearance, clearance_slope;  ///< the share that would hold the specialist less the other, in logits; d/dy
  mask_t<Real> held;                ///< the specialist is held exactly at its outside option
  mask_t<Real> exists;              ///< some share in (0, 1) leads here
};

/// Given s, two shares can lead there: the one at which the generalist wants just this effort, and, where the
/// specialist would otherwise stay away, the one that leaves it exactly its outside option. Both fall with s, and the
/// equilibrium is at the smaller: a larger share would make the first a deviation or the specialist leave.
template <class Real>
class EquilibriumCurve {
 public:
  /// Money is counted in units of e^`ln_money`, the game's outside options too.
  EquilibriumCurve(const Game<Real>& game, const Reduction<Real>& reduction, Real ln_money)
      : g(game), r(reduction), ln_c0(log(game.c0) - ln_money), ln_scale(log(game.scale) - ln_money) {
    const Real zero(0.0);
    binding_ = g.specialist_outside > zero;
    ln_outside_ = log(select(binding_, g.specialist_outside, Real(1.0)));
    two_peaked = !r.single_peaked();
    // Q's two positive roots, in y: F falls, rises between them, and falls again.
    const Real root = sqrt(max(r.quad[1] * r.quad[1] - Real(4.0) * r.quad[0] * r.quad[2], zero));
    const Real sum = -r.quad[1] + root;
    const Real huge(1e300);
    fold_low = select(two_peaked, log(max(Real(2.0) * r.quad[0] / sum, Real(1e-300))), huge);
    fold_high = select(two_peaked, log(max(sum / (Real(2.0) * r.quad[2]), Real(1e-300))), -huge);
    if (any(two_peaked)) {
      // A hair wider than the fold, so that rounding never hides a second peak.
      ln_fold_low_ = ln_f(fold_low) - Real(1e-9);
      ln_fold_high_ = ln_f(fold_high) + Real(1e-9);
    }
  }

  Real ln_f(const Logistic<Real>& at) const { return (r.k0 - Real(1.0)) * at.ln_t - r.p * at.ln_s + log1p(r.q * at.s); }
  Real ln_f(Real y) const { return ln_f(Logistic<Real>(y)); }
  /// ln δ - m ln(1-δ), rising in v.
  Real pull_of(Real v) const { return r.m * softplus(v) - softplus(-v); }

  /// v with pull_of(v) = target: pull_of is convex or concave, so Newton's method converges from anywhere; near by,
  /// Halley's, whose error after a step d is below d³.
  Real share_for_pull(Real target, Real guess) const {
    const Real one(1.0), half(0.5);
    Real v = guess;
    mask_t<Real> active = v == v;
    for (int i = 0; i < 60 && any(active); ++i) {
      const Logistic<Real> at(v);
      const Real bend = (r.m - one) * at.s;
      const Real over = one / (one + bend);
      const Real newton = (target - at.ln_s + r.m * at.ln_t) * over;
      const Real halley = newton / (one + half * newton * bend * at.t * over);
      const mask_t<Real> near = abs(newton) < half;
      v = select(active, v + select(near, halley, newton), v);
      active = active & (abs(select(near, newton, one)) > Real(5e-6));
    }
    return v;
  }

  /// ln(1-δ) of the share that leaves the specialist its outside option; not below 0: no share does.
  Real ln_rest_held(const Logistic<Real>& at) const {
    const Real gap = r.k1 - r.epsilon;
    const Real value = ln_outside_ - ln_scale - r.epsilon * (r.ln_pull - (r.k1 - Real(1.0)) * at.ln_s) / gap -
                       log1p(-r.epsilon * at.s / r.k1);
    return value * gap / r.k1;
  }

  /// The equilibrium there if the specialist's outside option did not bind.
  CurvePoint<Real> unheld(Real y, Real v_guess) const {
    const Logistic<Real> sy(y);
    CurvePoint<Real> point;
    point.y = y;
    point.v = share_for_pull(ln_f(sy) - r.ln_k, v_guess);
    point.clearance = infinity<Real>();
    point.clearance_slope = Real(0.0);
    point.held = y != y;
    point.exists = y == y;
    fill(point, sy);
    return point;
  }

  CurvePoint<Real> at(Real y, Real v_guess) const {
    CurvePoint<Real> point = unheld(y, v_guess);
    if (!any(binding_)) return point;
    const Real zero(0.0);
    const Logistic<Real> sy(y);
    const Real ln_rest = ln_rest_held(sy);
    const mask_t<Real> none = binding_ & (ln_rest >= zero);
    const Real v_held = log(-expm1(min(ln_rest, Real(-1e-300)))) - ln_rest;
    const Real unheld_slope = point.v_slope;
    point.clearance = select(binding_, v_held - point.v, point.clearance);
    point.held = binding_ & (!none) & (point.clearance < zero);
    point.v = select(point.held, v_held, point.v);
    point.exists = point.exists & (!none);
    fill(point, sy);
    point.clearance_slope = select(binding_, held_slope(sy, Logistic<Real>(v_held).s) - unheld_slope, zero);
    return point;
  }

  /// Everything that follows from (y, v), v not necessarily the equilibrium's.
  void fill(CurvePoint<Real>& point, const Logistic<Real>& sy) const {
    const Real one(1.0);
    const Logistic<Real> sv(point.v);
    const Real delta = sv.s, rest = sv.t, gap = r.k1 - r.epsilon;
    const Real slack = r.k1 - r.epsilon * sy.s;
    const Real one_qs = one + r.q * sy.s;
    point.ln_performance = (sv.ln_t + r.ln_pull - (r.k1 - one) * sy.ln_s) / gap;
    point.ln_revenue = ln_scale + r.epsilon * point.ln_performance;
    const Real cost = exp(ln_c0 + r.k0 * (point.ln_performance + sy.ln_t) - point.ln_revenue);
    point.generalist = select(point.held, delta - cost, delta * (one - r.epsilon * sy.t / (r.k0 * one_qs)));
    point.specialist = rest * slack / r.k1;
    const Real q_over = r.quad[0] * sy.t * sy.t + r.quad[1] * sy.s * sy.t + r.quad[2] * sy.s * sy.s;
    const Real unheld_slope = -q_over / (one_qs * fma(r.m - one, delta, one));
    point.v_slope = select(point.held, held_slope(sy, delta), unheld_slope);
    point.performance_slope = -(delta * point.v_slope + (r.k1 - one) * sy.t) / gap;
    const Real effort_slope = point.performance_slope - sy.s;  // dlnα₀/dy
    point.generalist_slope =
        delta * (rest * point.v_slope + r.epsilon * point.performance_slope) - cost * r.k0 * effort_slope;
    point.specialist_slope =
        select(point.held, Real(0.0), rest * (r.epsilon * sy.t * effort_slope - delta * point.v_slope));
  }

  /// δ = 0: the generalist is idle and the specialist works alone.
  CurvePoint<Real> idle() const {
    return corner(r.ln_pull / (r.k1 - r.epsilon), Real(0.0), Real(1.0) - r.epsilon / r.k1);
  }
  /// δ = 1: the generalist works alone and the specialist adds nothing.
  CurvePoint<Real> alone() const {
    return corner((ln_scale + log(r.epsilon / r.k0) - ln_c0) / (r.k0 - r.epsilon), Real(1.0) - r.epsilon / r.k0,
                  Real(0.0));
  }

  /// The equilibrium at a given share 0 < δ < 1: the generalist's best among at most two peaks and the specialist's
  /// participation threshold. Ties go to more effort, which leaves the specialist better off.
  CurvePoint<Real> at_share(Real v) const {
    const Real target = pull_of(v) + r.ln_k;
    const Real reach = reach_of(target);
    Real limit = infinity<Real>();
    if (any(binding_)) limit = select(binding_, threshold(v), limit);
    const mask_t<Real> has_high = (!two_peaked) | (target >= ln_f(fold_low));
    const mask_t<Real> has_low = two_peaked & (target <= ln_f(fold_high));
    const Real high = falling_root(target, -reach, select(two_peaked, fold_low, reach));
    CurvePoint<Real> best = off_curve(v, min(high, limit));
    if (any(has_low)) {
      const Real low = falling_root(target, select(two_peaked, fold_high, -reach), reach);
      const CurvePoint<Real> other = off_curve(v, min(low, limit));
      const Real scale = exp(other.ln_revenue - best.ln_revenue);
      const mask_t<Real> take = has_low & ((!has_high) | (other.generalist * scale > best.generalist));
      best = choose(take, other, best);
    }
    best.held = binding_ & (best.y >= limit);
    best.exists = best.y == best.y;
    fill(best, Logistic<Real>(best.y));
    return best;
  }

  /// A y left of every equilibrium with a share logit below v.
  Real left_end(Real v) const {
    const Real target = pull_of(v) + r.ln_k;
    const Real reach = reach_of(target);
    const Real left = falling_root(target, -reach, select(two_peaked, fold_low, reach));
    if (!any(binding_)) return left;
    return select(binding_, min(left, threshold(v)), left);
  }

  /// Is this point of the curve what the generalist chooses at its share?
  mask_t<Real> is_global(const CurvePoint<Real>& point) const {
    // Only shares at which both peaks exist are contested.
    const Real target = pull_of(point.v) + r.ln_k;
    const mask_t<Real> contested = point.exists & two_peaked & (target >= ln_fold_low_) & (target <= ln_fold_high_);
    if (!any(contested)) return point.exists;
    const CurvePoint<Real> best = at_share(point.v);
    return point.exists & ((!contested) | (abs(best.y - point.y) <= Real(1e-7) * (Real(1.0) + abs(point.y))));
  }

  const Game<Real>& g;
  const Reduction<Real>& r;
  Real ln_c0, ln_scale;
  mask_t<Real> two_peaked;
  Real fold_low, fold_high;  ///< F rises between these; ±1e300 where it does not

  static CurvePoint<Real> choose(mask_t<Real> mask, const CurvePoint<Real>& a, const CurvePoint<Real>& b) {
    const auto pick = [&](Real CurvePoint<Real>::*member) { return select(mask, a.*member, b.*member); };
    using P = CurvePoint<Real>;
    return {pick(&P::y),
            pick(&P::v),
            pick(&P::ln_revenue),
            pick(&P::ln_performance),
            pick(&P::generalist),
            pick(&P::specialist),
            pick(&P::generalist_slope),
            pick(&P::specialist_slope),
            pick(&P::performance_slope),
            pick(&P::v_slope),
            pick(&P::clearance),
            pick(&P::clearance_slope),
            select_mask(mask, a.held, b.held),
            select_mask(mask, a.exists, b.exists)};
  }

 private:
  /// dv/dy along the shares that hold the specialist, at share δ.
  Real held_slope(const Logistic<Real>& sy, Real delta) const {
    const Real one(1.0), gap = r.k1 - r.epsilon;
    return -gap / (r.k1 * delta) * r.epsilon * sy.t * ((r.k1 - one) / gap + sy.s / (r.k1 - r.epsilon * sy.s));
  }

  CurvePoint<Real> corner(Real ln_performance, Real generalist, Real specialist) const {
    const Real zero(0.0);
    return {zero,           zero,        ln_scale + r.epsilon * ln_performance,
            ln_performance, generalist,  specialist,
            zero,           zero,        zero,
            zero,           zero,        zero,
            zero > zero,    zero <= zero};
  }

  CurvePoint<Real> off_curve(Real v, Real y) const {
    CurvePoint<Real> point;
    point.y = y;
    point.v = v;
    point.clearance = point.clearance_slope = Real(0.0);
    point.held = y == y;  // utilities from their definition, not from stationarity
    point.exists = y == y;
    fill(point, Logistic<Real>(y));
    return point;
  }

  /// ln F is within a constant of -p y on the left and -(k₀-1) y on the right: F = e^target well inside ±reach.
  Real reach_of(Real target) const {
    return Real(60.0) +
           (abs(target) + abs(log(r.q1)) + Real(5.0)) * max(Real(1.0) / r.p, Real(1.0) / (r.k0 - Real(1.0)));
  }

  /// F = target on [low, high], where F falls: Newton's method kept inside a bracket.
  Real falling_root(Real target, Real low, Real high) const {
    // Far out ln F is -p y on the left and ln(1+q) - (k₀-1) y on the right.
    const Real left = -target / r.p, right = (log(r.q1) - target) / (r.k0 - Real(1.0));
    const Real zero(0.0), start = select((low + high > zero) | (left >= zero), max(right, zero), left);
    return falling_root_of<Real>(low, high, start, [&](Real y, Real& value, Real& slope) {
      const Logistic<Real> at(y);
      value = ln_f(at) - target;
      slope = -(r.quad[0] * at.t * at.t + r.quad[1] * at.s * at.t + r.quad[2] * at.s * at.s) / (Real(1.0) + r.q * at.s);
    });
  }

  /// The y up to which the specialist takes part at share v.
  Real threshold(Real v) const {
    const Real rest = Logistic<Real>(v).ln_t;
    // ln_rest_held is within a constant of ε (k₁-1) y / k₁ on the left, and tends to a constant on the right.
    const Real high(60.0);
    const Real constant =
        abs(rest) + abs(ln_outside_) + abs(ln_scale) + abs(r.ln_pull / (r.k1 - r.epsilon)) + Real(5.0);
    const Real low = -high - Real(2.0) * constant * r.k1 / (r.epsilon * (r.k1 - Real(1.0)));
    const Real y = falling_root_of<Real>(low, high, Real(0.0), [&](Real at_y, Real& value, Real& slope) {
      const Logistic<Real> at(at_y);
      value = rest - ln_rest_held(at);
      slope = -r.epsilon * at.t * ((r.k1 - Real(1.0)) + (r.k1 - r.epsilon) * at.s / (r.k1 - r.epsilon * at.s)) / r.k1;
    });
    return select(y >= high - Real(1e-6), infinity<Real>(), y);
  }

  mask_t<Real> binding_;
  Real ln_outside_;
  Real ln_fold_low_, ln_fold_high_;  ///< set where a lane has two peaks
};

}  // namespace haggle::power_law
