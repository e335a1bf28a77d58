// SPDX-License-Identifier: MIT
// The fast path of the general game.
#pragma once
#include "haggle/solver/equilibrium_trace.hpp"

namespace haggle::fine_tuning {

/// Shares looked at, as logits, from the generalist's end down.
inline constexpr std::array looked_at{9.0,  6.5,  5.0,   4.0,  3.2,   2.5,  1.9,  1.35, 0.85, 0.4, 0.0,
                                      -0.4, -0.85, -1.35, -1.9, -2.5, -3.2, -4.0, -5.0, -6.5, -9.0};
inline constexpr double good_look = 0.02;

/// A place on the trace and how the equilibrium moves from it.
template <class Real>
struct Place {
  Real z, tangent, bend;
};
template <class Real>
struct Places {
  Place<Real> base;
  std::array<Place<Real>, most_specialists> specialists;
};

template <class To, class From>
To converted(From from) {
  if constexpr (std::is_same_v<To, From>) {
    return from;
  } else {
    double numbers[lanes_v<From>];
    RealTraits<From>::store(from, numbers);
    return RealTraits<To>::load(numbers);
  }
}
template <class To, class From>
mask_t<To> converted_mask(mask_t<From> from) {
  return converted<To>(select(from, From(1.0), From(0.0))) > To(0.5);
}

template <class Real>
class TracedBargain {
 public:
  using Mask = mask_t<Real>;

  explicit TracedBargain(const Play<Real>& game) : play(game), trace(game) {}

  void start(Real v) {
    const Real zero(0.0), one(1.0), cap(3.0);
    const Real far = exp(-v), share = one / (one + far), rest = far * share;
    Real b = zero;
    for (int i = 0; i < 6; ++i) {
      const Real a = exp(b);
      Real marginal = zero, turn = zero;
      for (const Specialist<Real>& s : play.specialists) {
        const Jet<Real> r = s.revenue(a);
        marginal = marginal + r.slope;
        turn = fma(a, r.curvature, turn);
      }
      const Jet<Real> f = play.cost(a);
      const Real step = log(share * marginal / f.slope) / (a * f.curvature / f.slope - turn / marginal);
      b = b + max(min(step, cap), -cap);
    }
    trace.b = b;
    const Real a = exp(b);
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Specialist<Real>& s = play.specialists[i];
      const Real pull = rest * s.revenue(a).slope;
      Real z = b - Real(5.0);
      for (int k = 0; k < 2; ++k) {
        const Real x = exp(z);
        const Jet<Real> f = s.cost(x);
        const Real ratio = f.slope / (x * f.curvature);
        z = z + log(pull / f.slope) * ratio;
      }
      trace.at_[i].z = z;
    }
    trace.v = v;
  }

  void fix(Mask m) {
    const Real zero(0.0), cap(2.0);
    const auto limited = [&](Real step) { return select(m, max(min(step, cap), -cap), zero); };
    trace.b = trace.b + limited(trace.b_fix);
    for (std::size_t i = 0; i < trace.size; ++i) trace.at_[i].z = trace.at_[i].z + limited(trace.at_[i].fix);
  }

  /// Onto v + h; `over`: 1/(2 times the last step), 0: no second order.
  void move(Real h, Real over) {
    const Real second = h * h * over;
    trace.b = trace.b + trace.b_fix + fma(h, trace.b_tangent, second * (trace.b_tangent - trace.b_last_tangent));
    trace.b_last_tangent = trace.b_tangent;
    for (std::size_t i = 0; i < trace.size; ++i) {
      Contribution<Real>& c = trace.at_[i];
      c.z = c.z + c.fix + fma(h, c.tangent, second * (c.tangent - c.last_tangent));
      c.last_tangent = c.tangent;
    }
  }

  struct Aim {
    Real slope;
    Mask admissible;
  };
  Aim nash() const {
    const Real tiny(1e-200), zero(0.0);
    const Real gain = trace.generalist - play.outside;
    Aim a{play.weight * trace.generalist_slope / max(gain, tiny), gain > zero};
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Contribution<Real>& c = trace.at_[i];
      const Real g = c.utility - play.specialists[i].outside;
      a.slope = a.slope + play.specialists[i].weight * c.slope / max(g, tiny);
      a.admissible = a.admissible & (g > zero);
    }
    return a;
  }

  /// Walks along all shares. `sure` where exactly one peak was met.
  void walk() {
    const Real zero(0.0), one(1.0), good(good_look);
    start(Real(looked_at[0]));
    sure = zero == zero;
    Real found = zero;
    Real last_slope = -one;
    low = zero, high = zero, f1 = zero, f0 = zero;
    for (std::size_t j = 0; j < looked_at.size(); ++j) {
      const Real v(looked_at[j]);
      if (j > 0) move(Real(looked_at[j] - looked_at[j - 1]), Real(j > 1 ? 0.5 / (looked_at[j - 1] - looked_at[j - 2]) : 0.0));
      trace.look(v);
      ++looks;
      const int most = j == 0 ? 8 : 3;
      for (int k = 0; k < most && any(sure & !(trace.worst < good)); ++k) {
        fix(!(trace.worst < good));
        trace.look(v);
        ++looks;
      }
      sure = sure & (trace.worst < good) & (trace.second_order < zero);
      const Aim aim = nash();
      if (j == 0) sure = sure & (aim.slope < zero);
      if (j + 1 == looked_at.size()) sure = sure & (aim.slope > zero);
      const Mask peak = sure & (aim.slope > zero) & !(last_slope > zero);
      if (j > 0 && any(peak)) {
        const Real over(1.0 / (looked_at[j] - looked_at[j - 1]));
        found = found + select(peak, one, zero);
        low = select(peak, v, low), high = select(peak, Real(looked_at[j - 1]), high);
        f1 = select(peak, aim.slope, f1), f0 = select(peak, last_slope, f0);
        kept.base.z = select(peak, trace.b + trace.b_fix, kept.base.z);
        kept.base.tangent = select(peak, trace.b_tangent, kept.base.tangent);
        kept.base.bend = select(peak, (trace.b_tangent - trace.b_last_tangent) * over, kept.base.bend);
        for (std::size_t i = 0; i < trace.size; ++i) {
          const Contribution<Real>& c = trace.at_[i];
          Place<Real>& k = kept.specialists[i];
          k.z = select(peak, c.z + c.fix, k.z);
          k.tangent = select(peak, c.tangent, k.tangent);
          k.bend = select(peak, (c.tangent - c.last_tangent) * over, k.bend);
        }
      }
      last_slope = aim.slope;
    }
    sure = sure & (found == one);
    v1 = low, v0 = high;
  }

  /// Closes in on the peak from v1, where the equilibrium and the slope f1 are known, and v0 with its f0, until steps are
  /// below `close`. `done` where it is.
  void polish(double close, double exact) {
    const Real zero(0.0), one(1.0);
    Mask active = sure;
    done = zero > zero;
    for (int k = 0; k < 40 && any(active); ++k) {
      const Real secant = v1 - f1 * (v1 - v0) / (f1 - f0);
      const Mask inside = (secant > low) & (secant < high) & (k % 6 != 5 ? zero == zero : zero > zero);
      const Mask tiny = abs(v1 - v0) < Real(1e-6) * (one + abs(v1));
      Real next = select(inside | tiny, secant, Real(0.5) * (low + high));
      next = select(active, min(max(next, low), high), v1);
      const Real h = next - v1, half = Real(0.5) * h * h;
      step_to(kept.base, trace.b, h, half);
      for (std::size_t i = 0; i < trace.size; ++i) step_to(kept.specialists[i], trace.at_[i].z, h, half);
      trace.look(next);
      ++looks;
      const Aim aim = nash();
      const Mask last = active & (abs(h) < Real(close)) & (trace.worst < Real(exact));
      done = done | (last & aim.admissible);
      const Real f = aim.slope;
      low = select(f > zero, max(low, next), low), high = select(f > zero, high, min(high, next));
      const Mask moved = active & (abs(h) > zero);
      const Real over = one / select(moved, h, one);
      keep(kept.base, active, moved, over, trace.b, trace.b_fix, trace.b_tangent);
      for (std::size_t i = 0; i < trace.size; ++i)
        keep(kept.specialists[i], active, moved, over, trace.at_[i].z, trace.at_[i].fix, trace.at_[i].tangent);
      v0 = select(moved, v1, v0), f0 = select(moved, f1, f0);
      v1 = select(active, next, v1), f1 = select(active, f, f1);
      active = active & !last;
    }
    sure = sure & done;
  }

  template <class Other>
  void take_from(const TracedBargain<Other>& o) {
    const auto take = [](const auto& p) {
      return Place<Real>{converted<Real>(p.z), converted<Real>(p.tangent), converted<Real>(p.bend)};
    };
    kept.base = take(o.kept.base);
    for (std::size_t i = 0; i < trace.size; ++i) kept.specialists[i] = take(o.kept.specialists[i]);
    v0 = converted<Real>(o.v0), v1 = converted<Real>(o.v1), f0 = converted<Real>(o.f0), f1 = converted<Real>(o.f1);
    // Rough signs say little at the peak itself.
    const Real room(1e-3);
    low = v1 - room, high = v1 + room;
    sure = converted_mask<Real, Other>(o.sure);
    looks = 0;
  }

  static void step_to(const Place<Real>& p, Real& z, Real h, Real half) { z = p.z + fma(h, p.tangent, half * p.bend); }
  static void keep(Place<Real>& p, Mask active, Mask moved, Real over, Real z, Real fix, Real tangent) {
    p.z = select(active, z + fix, p.z);
    p.bend = select(moved, (tangent - p.tangent) * over, p.bend);
    p.tangent = select(active, tangent, p.tangent);
  }

  const Play<Real>& play;
  EquilibriumTrace<Real> trace;
  Places<Real> kept;
  Mask sure, done;
  Real low, high, v0, v1, f0, f1;
  int looks = 0;
};

}  // namespace haggle::fine_tuning
