// SPDX-License-Identifier: MIT
// The trace on its way along the shares: begun at one, moved to the next, mended there until it is an equilibrium.
#pragma once
#include "haggle/core/rough.hpp"
#include "haggle/solver/equilibrium_trace.hpp"
#include "haggle/solver/share_cells.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracePath {
 public:
  using Mask = mask_t<Real>;

  explicit TracePath(const Play<Real>& game, bool may_be_linear = true) : play(game), trace(game, may_be_linear) {}
  /// With one specialist, the marginal costs of both first bits of investment being known.
  TracePath(const Play<Real>& game, Real generalist_first_cost, Real specialist_first_cost)
      : play(game), trace(game, generalist_first_cost, specialist_first_cost) {}

  /// Investments at a small share, each by itself; look() makes them an equilibrium.
  void start(Real v) {
    const Real zero(0.0), one(1.0);
    const Real near = exp(-abs(v)), sum = one / (one + near);
    const Real share = select(v > zero, sum, near * sum), rest = select(v > zero, near * sum, sum);
    Real marginal = zero;
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Specialist<Real>& s = play.specialists[i];
      Contribution<Real>& c = trace.at[i];
      c.z = zero;
      Jet<Real> r;
      Real bend = zero, steep = one;
      Mask active = zero == zero;
      for (int k = 0; k < 6; ++k) {
        const Real x = exp(c.z);
        r = s.revenue(x);
        const Jet<Real> f = s.cost(x);
        bend = -x * r.curvature / r.slope;
        steep = x * f.curvature / f.slope;
        if (!any(active)) break;
        const Real pull = rest * r.slope, left = max(pull - c.first_cost, Real(1e-3) * pull);
        const Real paid = f.slope - c.first_cost;
        const Real turn = pull * bend / left + x * f.curvature / paid;
        const Real step = limited(log(left / paid) / turn, 3.0);
        c.z = select(active, c.z + step, c.z);
        active = active & !(abs(step) < Real(0.1));
      }
      marginal = marginal + r.slope * steep / (steep + bend);
    }
    trace.b = zero;
    for (int k = 0; k < 2; ++k) {
      const Real a = exp(trace.b);
      const Jet<Real> f = play.cost(a);
      const Real gain = share * marginal, left = gain - trace.first_cost0, paid = f.slope - trace.first_cost0;
      const Real step = log(left / paid) * paid / (a * f.curvature);
      trace.b = select(left > zero, trace.b + step, Real(idle_base));
    }
  }

  /// Looks at v until what is wanted is an equilibrium to `good`, at most so often. What is not tells `trace.worst`.
  void settle(Real v, Mask wanted, Real good, int most) {
    trace.look(v);
    ++looks;
    for (int k = 0; k < most && any(wanted & !(trace.worst < good)); ++k) {
      mend(wanted & !(trace.worst < good));
      trace.look(v);
      ++looks;
    }
  }

  /// One limited step of Newton's.
  void mend(Mask where) {
    const Real zero(0.0), two(2.0);
    const Real idle(idle_base);
    Real step = select(trace.excessive, -two, limited(trace.b_fix, 3.0));
    step = select(trace.b <= idle, trace.b_fix, step);  // from far below, where the condition is linear
    Real next = trace.b + step;
    const Mask begins = where & (trace.b <= idle) & !trace.excessive & (trace.first_cost0 > zero);
    if (any(begins)) next = select(begins, first_base(), next);
    if (trace.linear) {
      Real smallest = infinity<Real>();
      for (std::size_t i = 0; i < trace.size; ++i) smallest = min(smallest, trace.at[i].performance);
      next = select(trace.excessive & (trace.a0 < Real(1e-4) * smallest), idle, next);
    }
    trace.b = select(where, next, trace.b);
    for (std::size_t i = 0; i < trace.size; ++i) {
      Contribution<Real>& c = trace.at[i];
      c.z = c.z + select(where, limited(select(begins, c.alone, c.fix), 3.0), zero);
    }
  }

  /// Onto v + h; `second`: what a last turn of tangents adds, as Looks has it.
  void move(Real h, Real second) {
    was_idle_ = trace.idle;
    trace.b = trace.b + trace.b_fix + fma(h, trace.b_tangent, second * (trace.b_tangent - trace.b_last_tangent));
    trace.b_last_tangent = trace.b_tangent;
    for (std::size_t i = 0; i < trace.size; ++i) {
      Contribution<Real>& c = trace.at[i];
      c.z = c.z + c.fix + fma(h, c.tangent, second * (c.tangent - c.last_tangent));
      c.last_tangent = c.tangent;
    }
  }

  /// How much the equilibrium's path turns between the last two places, h apart, all investments as logarithms.
  Real bends(Real h) const {
    Real most = abs(trace.b_tangent - trace.b_last_tangent);
    for (std::size_t i = 0; i < trace.size; ++i) most = max(most, abs(trace.at[i].tangent - trace.at[i].last_tangent));
    return h * most;
  }

  /// At one of the last two places the generalist invests nothing, at the other it does.
  Mask begins() const { return differ(trace.idle, was_idle_); }

  /// Raises b to where the generalist would stop if nobody else contributed: it never does more.
  void highest_base(Real share) {
    for (int k = 0; k < 8; ++k) {
      const Real a = exp(trace.b);
      Real marginal(0.0), turn(0.0);
      for (const Specialist<Real>& s : play.specialists) {
        const Jet<Real> r = s.revenue(a);
        marginal = marginal + r.slope;
        turn = fma(a, r.curvature, turn);
      }
      const Jet<Real> f = play.cost(a);
      const Real paid = a * f.curvature / f.slope - turn / marginal;
      trace.b = trace.b + limited(log(share * marginal / f.slope) / paid, 3.0);
    }
    highest = exp(trace.b);
  }

  /// Values are right to first order in what is wrong.
  static Real error_of(Real worst) {
    constexpr double rounding = is_swift_v<Real> ? 0.1 * look_error : 1e-5;
    return min(fma(Real(look_error / (good_look * good_look)) * worst, worst, Real(rounding)), Real(look_error));
  }

  /// From none, ln α₀ at which marginal cost has risen, and marginal revenue fallen, by what a first bit leaves of it.
  Real first_base() const {
    const Real falls = max(-trace.pull0_slope, Real(0.0)), left = trace.pull0 - trace.first_cost0;
    Real largest = trace.at[0].performance;
    for (std::size_t i = 1; i < trace.size; ++i) largest = max(largest, trace.at[i].performance);
    Real b = log(largest);
    for (int k = 0; k < 3; ++k) {
      const Real a = exp(b);
      const Jet<Real> f = play.cost(a, b);
      const Real taken = fma(falls, a, f.slope - trace.first_cost0);
      b = b + log(left / taken) * taken / (a * (f.curvature + falls));
    }
    return max(b, Real(idle_base));
  }
  static Real limited(Real step, double most) { return max(min(step, Real(most)), Real(-most)); }

  const Play<Real>& play;
  EquilibriumTrace<Real> trace;
  std::array<Real, most_specialists> alone;  ///< performances where the generalist adds next to nothing
  /// ln of what each would invest if nobody else did, as start() has it.
  std::array<Real, most_specialists> started;
  Real highest;  ///< no α₀ that matters is higher
  int looks = 0;

 private:
  Mask was_idle_ = Real(1.0) < Real(0.0);
};

}  // namespace haggle::fine_tuning
