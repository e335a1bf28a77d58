// SPDX-License-Identifier: MIT
// What one owner of all sides could make of a game: more than any deal can share out.
//
//     max Σ r_i(α₀+x_i) - φ_i(x_i) - φ_0(α₀):   r_i' = φ_i',  Σ r_i' = φ_0'
//
// Revenues are concave and costs convex, so that what is stationary is best. Where the first bit of an investment costs
// l > 0, it may be best not to make it: then r_i'(α₀) <= l_i or Σ r_i' <= l_0 instead. Newton's method on logarithms,
// l taken off both sides as in equilibrium_trace.hpp; the system is an arrow, too.
#pragma once
#include "haggle/core/rough.hpp"
#include "haggle/solver/equilibrium_trace.hpp"

namespace haggle::fine_tuning {

template <class Real>
class JointSurplus {
 public:
  using Mask = mask_t<Real>;

  explicit JointSurplus(const Play<Real>& game) : play_(game), linear_(false) {
    const Real zero(0.0);
    b_ = zero;
    const auto first_bit = [&](const Function<Real>& cost) {
      const Real slope = cost(Real(1e-100)).slope;
      const Mask costs = slope > Real(1e-12) * cost(Real(1.0)).slope;
      linear_ = linear_ || any(costs);
      return select(costs, slope, zero);
    };
    first_cost0_ = first_bit(game.cost);
    concave_ = zero == zero;
    for (std::size_t i = 0; i < size(); ++i) {
      z_[i] = zero;
      first_cost_[i] = first_bit(game.specialists[i].cost);
      concave_ = concave_ & !(game.specialists[i].revenue.convex_until() > zero);
    }
  }

  /// Goes on from where another one is.
  template <class Other>
  void begin(const JointSurplus<Other>& near) {
    b_ = Real(near.b_.value);
    for (std::size_t i = 0; i < size(); ++i) z_[i] = Real(near.z_[i].value);
  }

  /// Until all conditions hold to `close`, at most so many times.
  void run(double close, int most) {
    found = Real(1.0) < Real(0.0);
    for (int k = 0; k < most && !all(found); ++k) look(Real(close));
  }

  /// ln of a specialist's investment.
  Real investment(std::size_t specialist) const { return z_[specialist]; }

  Real value;  ///< gross of fixed costs; exact to second order in what the conditions are off by
  Mask found = Real(1.0) < Real(0.0);

 private:
  template <class>
  friend class JointSurplus;

  std::size_t size() const { return play_.specialists.size(); }

  void look(Real close) {
    const Real zero(0.0), one(1.0), cap(3.0), tiny(1e-200);
    const auto limited = [&](Real step) { return max(min(step, cap), -cap); };
    const Real a0 = exp(b_);
    Real marginal = zero, owed = zero, bends = zero, smallest = infinity<Real>();
    Real off = zero, total = zero;
    for (std::size_t i = 0; i < size(); ++i) {
      const Specialist<Real>& s = play_.specialists[i];
      Mask rides = one < zero;
      if (linear_) rides = s.revenue(a0).slope <= first_cost_[i];
      const Real x = select(rides, zero, exp(z_[i])), alpha = a0 + x;
      const Jet<Real> r = s.revenue(alpha), f = s.cost(exp(z_[i]));
      const Real over_alpha = one / alpha, part = x * over_alpha, others = a0 * over_alpha;
      const Real bend = -alpha * r.curvature / r.slope;
      const Real pull = r.slope - first_cost_[i], paid = f.slope - first_cost_[i];
      const Mask pays = rides | (pull > zero);
      const Real left = select(pays, max(pull, tiny), Real(1e-3) * r.slope), weight = r.slope / left;
      const Real g = one / fma(weight * part, bend, exp(z_[i]) * f.curvature / paid);
      const Real miss = select(rides, zero, log(left / paid));
      const Real influence = select(rides, zero, weight * g * others * bend);
      step_[i] = g * miss, influence_[i] = influence;
      marginal = marginal + r.slope;
      owed = fma(r.slope * bend * part, step_[i], owed);
      bends = fma(r.slope * bend, others - part * influence, bends);
      off = off + abs(miss) + select(pays, zero, one);
      total = total + r.value - select(rides, zero, f.value);
      smallest = min(smallest, alpha);
    }
    const Jet<Real> f0 = play_.cost(a0);
    const Mask excessive = !(marginal > first_cost0_);
    const Real paid = f0.slope - first_cost0_;
    const Real left = select(excessive, Real(1e-3) * marginal, marginal - first_cost0_);
    const Mask idle = excessive & (b_ <= Real(idle_base));
    const Real weight = marginal / left, over = one / marginal;
    const Real miss0 = log(left / paid);
    const Real turn = one / fma(weight * over, bends, a0 * f0.curvature / paid);
    Real step0 = turn * fma(-weight * over, owed, miss0);
    step0 = select(b_ <= Real(idle_base), step0, select(excessive, -cap, limited(step0)));
    off = off + select(idle, zero, abs(miss0));
    value = total - select(idle, zero, f0.value);
    found = concave_ & (off < close) & (idle | !excessive);
    Real next = b_ + select(idle, zero, step0);
    next = select(excessive & (a0 < Real(1e-6) * smallest), Real(idle_base), next);
    step0 = next - b_;
    b_ = select(found, b_, next);
    for (std::size_t i = 0; i < size(); ++i)
      z_[i] = select(found, z_[i], z_[i] + limited(fma(-influence_[i], limited(step0), step_[i])));
  }

  const Play<Real>& play_;
  bool linear_;
  Real b_, first_cost0_;
  Mask concave_;
  std::array<Real, most_specialists> z_, first_cost_, step_, influence_;
};

}  // namespace haggle::fine_tuning
