// SPDX-License-Identifier: MIT
// Where contributing goes over to riding free in a jump too small to be resolved.
//
// Where riding free begins, marginal costs l of a specialist's first bit and φ_0' of the generalist share r'(α) between
// them. Next to that the curve of contributing has, with m = φ'(x) - l small against l, K = κ m/l, 1-T = E x l/(α κ m),
//     δ dv = B x/m - A m/l,   A = 1 - l E/(α (φ_0''-r'')),   B = E² l φ_0' / (α² κ (φ_0''-r'')),
// and m going with x^κ. If κ < 1/2, v rises to its end. Otherwise it has its highest value a little before, at
//     m²/x = (1-κ) B l / (κ A),
// and the jump is between the end's v and that.
#pragma once
#include "haggle/solver/equilibrium_trace.hpp"

namespace haggle::fine_tuning {

template <class Real>
class SeamJump {
 public:
  using Mask = mask_t<Real>;

  explicit SeamJump(const Play<Real>& play) : after(play) {}

  /// `base`: about ln α₀ there.
  void run(Real base, Mask wanted) {
    const Real zero(0.0), one(1.0), two(2.0);
    const Play<Real>& play = after.play;
    const Specialist<Real>& side = play.specialists.front();
    const Real first_cost = after.at[0].first_cost;
    Real a = exp(base), off = one;
    Jet<Real> r, f0;
    for (int k = 0; k < 8; ++k) {
      r = side.revenue(a), f0 = play.cost(a);
      const Real both = f0.slope + first_cost;
      off = log_quotient(r.slope, one / both) / (a * (f0.curvature / both - r.curvature / r.slope));
      const Mask there = abs(off) < Real(1e-12);
      if (all(there | !wanted)) break;
      a = select(there, a, a + a * max(min(off, Real(0.5)), Real(-0.5)));
    }
    const Real bend = -a * r.curvature / r.slope, falls = f0.curvature - r.curvature;
    const Real little = Real(1e-6) * a;
    const Jet<Real> f = side.cost(little);
    const Real power = one + little * f.third / f.curvature, scale = f.curvature * little / power;
    const Real held = one - first_cost * bend / (a * falls);
    const Real freed = bend * bend * first_cost * f0.slope / (a * a * power * falls);
    const Real ratio = (one - power) * freed * first_cost / (power * held);
    const Real part = exp(log(ratio * little / (scale * scale)) / (two * power - one));  // x there, by `little`
    const Real more = scale * exp(power * log(part));
    const Real share = f0.slope / (f0.slope + first_cost);
    const Real gap = (freed * part * little / more - held * more / first_cost) / share;
    const Mask small = (power > Real(0.5)) & (power < one) & (held > zero) & (part < Real(1e3)) &
                       (more < Real(0.01) * first_cost) & (gap < Real(1e-10));
    done = wanted & small & (abs(off) < Real(1e-12));
    after.at[0].rides = wanted;
    after.at[0].z = Real(idle_base);
    after.b = log(a);
    const Real v = log(f0.slope / first_cost) + Real(1.2) * max(gap, zero);
    after.look(v);
    after.b = after.b + select(wanted, after.b_fix, zero);
    after.look(v + Real(4e-16) * max(abs(v), one));
    done = done & (after.worst < Real(1e-9)) & (after.second_order < zero);
  }

  EquilibriumTrace<Real> after;
  Mask done;
};

}  // namespace haggle::fine_tuning
