// SPDX-License-Identifier: MIT
// What the generalist has at any base α₀ and one share, all specialists answering: revenues concave, costs sums of a
// linear one and a power, so that a specialist's answer x is unique, falls with α₀ and ceases at some α₀, from where on
// it rides free. There the generalist's marginal revenue jumps up or bends, and behind it another peak may be.
#pragma once
#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

/// One specialist's answer to a base.
template <class Real>
struct Answer {
  Real z, drift;           ///< ln x, dz/dln α₀
  Real slope;              ///< r'(α)
  Real part, steep, bend;  ///< s = x/α, K = x φ''/φ', E = -α r''/r'
  mask_t<Real> rides;      ///< x = 0
};

/// One base, and all that follows from it.
template <class Real>
struct BaseSpot {
  Real b, base;                      ///< ln α₀, α₀
  Real utility;                      ///< δ Σ r - φ_0, without fixed costs
  Real pull;                         ///< δ Σ r'(α): more than marginal revenue
  Real cost, cost_slope, cost_bend;  ///< φ_0, φ_0' and the latter's elasticity
  Real revenue;                      ///< δ Σ r
  mask_t<Real> answered;             ///< all answers were found
  std::array<Answer<Real>, most_specialists> answers;
};

/// Of the slope of the generalist's utility between two bases.
template <class Real>
struct SlopeBounds {
  Real most, least;
  mask_t<Real> once;    ///< where it vanishes it falls, so that it does so once at most
  mask_t<Real> kinked;  ///< somebody rides free at the higher one alone
};

template <class Real>
class BaseScan {
 public:
  using Mask = mask_t<Real>;
  using Spot = BaseSpot<Real>;

  explicit BaseScan(const EquilibriumTrace<Real>& trace) : play_(trace.play), size_(trace.size) {
    const Real least(0.05), zero(0.0);
    const MarginalPower<Real> own = marginal_power(play_.cost, trace.first_cost0);
    fits = own.constant & (own.exponent > least);
    for (std::size_t i = 0; i < size_; ++i) {
      const Specialist<Real>& s = play_.specialists[i];
      const MarginalPower<Real> k = marginal_power(s.cost, trace.at[i].first_cost);
      fits = fits & k.constant & (k.exponent > least) & !(s.revenue.convex_until() > zero);
      costs_[i] = {trace.at[i].first_cost, k.exponent, k.ln_at_one};
    }
  }

  /// Takes the share to look at.
  void at_share(Real share, Real rest) { share_ = share, rest_ = rest; }

  /// The trace's place, next to an equilibrium or not.
  void spot_of(const EquilibriumTrace<Real>& trace, Spot& spot, Mask wanted) const {
    const Real zero(0.0);
    const Mask close = trace.worst < Real(good_look);
    for (std::size_t i = 0; i < size_; ++i) {
      const Contribution<Real>& c = trace.at[i];
      spot.answers[i].z = c.z + select(close, c.fix, zero);
      spot.answers[i].drift = zero;
      spot.answers[i].rides = c.rides;
    }
    spot.b = trace.b + select(close, trace.b_fix, zero);
    find(spot, Real(0.0), spot, wanted);
  }

  /// The spot h further in ln α₀ than `from`, which may be the same.
  void find(const Spot& from, Real h, Spot& to, Mask wanted) const {
    const Real zero(0.0);
    to.b = from.b + h;
    to.base = exp(to.b);
    to.revenue = to.pull = zero;
    to.answered = wanted;
    for (std::size_t i = 0; i < size_; ++i) answer(i, from.answers[i], h, to, wanted);
    to.revenue = share_ * to.revenue, to.pull = share_ * to.pull;
    const Jet<Real> f = play_.cost(to.base, to.b);
    to.cost = f.value, to.cost_slope = f.slope, to.cost_bend = to.base * f.curvature / f.slope;
    to.utility = to.revenue - f.value;
  }

  /// From the shares of work, elasticities and marginal revenues at both ends: as α₀ rises, α and E rise, and x, s, K
  /// and r'(α) fall. A specialist passes on T = 1/(1 + s E/K) of a bit of α₀, and all of it where it rides free; the
  /// elasticity of r'(α) T is at most
  ///     (1-s) E/(K + s E) (t - K - h (k-1-K)),   h = 1-T,   t = s + h (1-s).
  SlopeBounds<Real> between(const Spot& low, const Spot& high, bool counts_crossings) const {
    const Real zero(0.0), one(1.0);
    Real most = zero, least = zero, rises = zero;
    Mask kinked = zero > one;
    for (std::size_t i = 0; i < size_; ++i) {
      const Answer<Real>&p = low.answers[i], &q = high.answers[i];
      const Mask ends = q.rides & !p.rides;
      const Real keeps = select(p.rides, zero, p.part * q.bend / q.steep), lets = q.part * p.bend / p.steep;
      const Real up = p.slope * select(p.rides | q.rides, one, one / (one + lets));
      const Real down = q.slope * select(ends, zero, one / (one + keeps));
      most = most + up, least = least + down;
      kinked = kinked | ends;
      if (!counts_crossings) continue;
      const Real h_most = keeps / (one + keeps), h_least = lets / (one + lets);
      const Real t = p.part + h_most * (one - p.part);
      const Real inner = t - q.steep - h_least * (costs_[i].power - p.steep);
      const Real wide = (one - q.part) * q.bend / (q.steep + q.part * q.bend),
                 narrow = (one - p.part) * p.bend / (p.steep + p.part * p.bend);
      const Real by = select(inner > zero, up * wide, down * narrow) * inner;
      rises = rises + select(p.rides, -down * p.bend, by);
    }
    const Mask once = (!kinked) & (rises < low.cost_bend * least);
    return {share_ * most - low.cost_slope, share_ * least - high.cost_slope, once, kinked};
  }

  /// At all bases below that spot utility rises with the base.
  Mask rises_below(const Spot& spot) const {
    const Real zero(0.0), one(1.0);
    Real least = zero;
    for (std::size_t i = 0; i < size_; ++i) {
      const Answer<Real>& a = spot.answers[i];
      // Who rides free here may contribute to less, and then pass nothing on.
      least = least + select(a.rides, zero, a.slope / (one + a.bend / a.steep));
    }
    return share_ * least > spot.cost_slope;
  }

  /// One spot's numbers for the other's.
  void take(Spot& to, const Spot& from, Mask where) const {
    for (Real Spot::*number : {&Spot::b, &Spot::base, &Spot::utility, &Spot::pull, &Spot::cost, &Spot::cost_slope,
                               &Spot::cost_bend, &Spot::revenue})
      to.*number = select(where, from.*number, to.*number);
    to.answered = select_mask(where, from.answered, to.answered);
    for (std::size_t i = 0; i < size_; ++i) {
      Answer<Real>& a = to.answers[i];
      const Answer<Real>& b = from.answers[i];
      for (Real Answer<Real>::*number : {&Answer<Real>::z, &Answer<Real>::drift, &Answer<Real>::slope,
                                         &Answer<Real>::part, &Answer<Real>::steep, &Answer<Real>::bend})
        a.*number = select(where, b.*number, a.*number);
      a.rides = select_mask(where, b.rides, a.rides);
    }
  }

  /// Of all games; of answers only those there are.
  void copy(Spot& to, const Spot& from) const {
    for (Real Spot::*number : {&Spot::b, &Spot::base, &Spot::utility, &Spot::pull, &Spot::cost, &Spot::cost_slope,
                               &Spot::cost_bend, &Spot::revenue})
      to.*number = from.*number;
    to.answered = from.answered;
    for (std::size_t i = 0; i < size_; ++i) to.answers[i] = from.answers[i];
  }
  std::size_t size() const { return size_; }

  Mask fits;  ///< the game is of the kind this is for

 private:
  struct Cost {
    Real first, power, ln_at_one;  ///< φ' = first + e^ln_at_one x^power
  };

  void answer(std::size_t i, const Answer<Real>& from, Real h, Spot& spot, Mask wanted) const {
    const Real zero(0.0), one(1.0), good(0.001);
    const Specialist<Real>& side = play_.specialists[i];
    const Cost& cost = costs_[i];
    Answer<Real>& to = spot.answers[i];
    Real z = fma(h, from.drift, from.z);
    Real last = -infinity<Real>(), too_far = infinity<Real>();
    Mask rides = from.rides;
    for (int k = 1;; ++k) {
      const Real x = select(rides, zero, exp(z)), alpha = spot.base + x;
      const Jet<Real> r = side.revenue(alpha);
      const Real over = one / alpha, part = x * over, bend = -alpha * r.curvature / r.slope;
      const Real pull = rest_ * r.slope;
      const Mask pays = pull > cost.first;
      const Real left = select(pays, pull - cost.first, Real(1e-3) * pull), ln_left = log(left);
      const Real weight = pull / left, over_turn = one / fma(weight * part, bend, cost.power);
      const Real miss = ln_left - fma(cost.power, z, cost.ln_at_one);
      const Real step = select(rides, zero, ShareWalk<Real>::limited(miss * over_turn, 3.0));
      const Mask settled = select_mask(rides, !pays, pays & (abs(step) < good));
      if (k == most_steps || all(settled | !wanted)) {
        to.z = select(rides, Real(idle_base), z + step);
        to.drift = select(rides, zero, -weight * (one - part) * bend * over_turn);
        to.part = part, to.bend = bend, to.steep = cost.power * left / pull;
        to.slope = r.slope * (one - bend * part * step);
        to.rides = rides;
        spot.revenue = spot.revenue + fma(r.slope * x, step, r.value);
        spot.pull = spot.pull + to.slope;
        spot.answered = spot.answered & settled;
        return;
      }
      // Where even the first bit ceases to pay there is no condition: that is too far, and half as far may not be.
      const Mask begins = wanted & rides & pays, stuck = wanted & !rides & !pays;
      last = select(pays & !rides, z, last), too_far = select(stuck, z, too_far);
      const Real next = z + step;
      z = select(settled, z, select(next < too_far, next, Real(0.5) * (z + too_far)));
      const Mask returns = stuck & (last > -infinity<Real>());
      z = select(returns, Real(0.5) * (last + too_far), z);
      const Mask asks = stuck & !returns;
      if (!any(begins | asks)) continue;
      // Does a first bit pay? Then about as much as neither falling revenue nor rising cost leave less than half of.
      const Jet<Real> r0 = any(asks) ? side.revenue(spot.base) : r;
      const Real pull0 = rest_ * r0.slope, left0 = pull0 - cost.first;
      const Mask never = asks & !(left0 > zero), anew = begins | (asks & !never);
      const Real by_revenue = left0 / (-rest_ * r0.curvature),
                 by_cost = exp((log(left0) - cost.ln_at_one) / cost.power);
      z = select(anew, log(by_revenue * by_cost / (by_revenue + by_cost)), z);
      rides = (rides & !begins) | never;
    }
  }

  static constexpr int most_steps = 14;

  const Play<Real>& play_;
  std::size_t size_;
  Real share_{}, rest_{};
  std::array<Cost, most_specialists> costs_;
};

}  // namespace haggle::fine_tuning
