// SPDX-License-Identifier: MIT
// A bargain with zero outside options as the root of one scalar equation, by Newton's method on lanes that retire by
// mask.
#pragma once
#include <cstddef>

#include "haggle/solver/equilibrium_curve.hpp"
#include "haggle/solver/share_curve.hpp"

namespace haggle::power_law {

/// ψ(y) = ln δ - m ln(1-δ) + ln K - ln F, δ from the share curve: the generalist's first-order condition at the share
/// the bargain wants. ψ > 0 where the bargain wants more than the equilibrium through that point gives.
template <class Real>
struct Mismatch {
  Real psi, slope;
};

template <class Real>
struct Shares {
  Real generalist, specialist;
};

template <class Real, std::size_t N>
struct StationaryShare {
  using Value = Real;
  /// The product of the last two steps where they are cubic: it leaves about 4e-14, and certified_residual has the last
  /// word.
  static constexpr double last_steps = 2e-7;
  const Reduction<Real>& r;
  const ShareCurve<Real, N>& curve;

  [[gnu::flatten]] Mismatch<Real> operator()(Real y) const {
    const Real z = exp(y);
    return at(y, z, log(Real(1.0) + z));
  }

  /// The same where z = e^y and ln(1+z) are known.
  [[gnu::flatten]] Mismatch<Real> at(Real y, Real z, Real ln_one_z) const {
    const Real one(1.0);
    const Real one_z = one + z;
    const Real l = fma(r.q1, z, one);
    const Real a = evaluate(curve.generalist, z), b = evaluate(curve.specialist, z);
    const Real c = a + b;
    const Real ab = a * b, l_one_z = l * one_z;
    const Real over = one / (ab * c * l_one_z);
    const Real over_cl = over * ab * one_z;  // 1/(C L)
    const Real far = fma(r.p, y, r.ln_k) + log(a * one_z * over_cl);
    const Real psi = fma(-r.m, log(b * l * over_cl), fma(-(r.p - r.k0 + one), ln_one_z, far));
    Real numerator = evaluate(r.quad, z) * ab * c;
    if constexpr (N > 1) {
      const Real bend = fma(evaluate_log_slope(curve.generalist, z), b, -(a * evaluate_log_slope(curve.specialist, z)));
      numerator = fma(bend * fma(r.m, a, b), l_one_z, numerator);
    }
    if constexpr (N != 3) {
      return {psi, numerator * over};
    } else {  // only these curves can leave (0, 1): above it the bargain wants ever more, below it ever less
      const Real zero(0.0), steep(1e3), falling(-1e-3);
      const mask_t<Real> above = b <= zero, below = a <= zero;
      return {select(above, steep, select(below, -steep, psi)), select(above | below, falling, numerator * over)};
    }
  }

  /// The same at y = 0, cheaper.
  [[gnu::flatten]] Mismatch<Real> at_middle() const {
    const Real two(2.0), ln_two(0.69314718055994530942);
    const Real l = Real(1.0) + r.q1;
    Real a = curve.generalist[0], b = curve.specialist[0], a_slope(0.0), b_slope(0.0), quad = r.quad[0];
    for (std::size_t i = 1; i < N; ++i) {
      a = a + curve.generalist[i];
      b = b + curve.specialist[i];
      a_slope = fma(Real(static_cast<double>(i)), curve.generalist[i], a_slope);
      b_slope = fma(Real(static_cast<double>(i)), curve.specialist[i], b_slope);
    }
    quad = quad + r.quad[1] + r.quad[2];
    const Real c = a + b, ab = a * b;
    const Real over = Real(1.0) / (ab * c * l);
    const Real over_c = over * ab;  // 1/(C L)
    const Real far = r.ln_k + log(two * a * over_c);
    const Real psi = fma(-r.m, log(b * l * over_c), fma(-(r.p - r.k0 + Real(1.0)), ln_two, far));
    return {psi, over * fma(fma(a_slope, b, -(a * b_slope)) * fma(r.m, a, b), l, Real(0.5) * quad * ab * c)};
  }

  /// The generalist's and the specialist's share at z.
  Shares<Real> shares(Real z) const {
    const Real a = evaluate(curve.generalist, z), b = evaluate(curve.specialist, z);
    return {a / (a + b), b / (a + b)};
  }
};

/// Past these |y| a player's part of the performance is below 1e-12 and the robust path takes over.
inline constexpr double newton_reach = 28.0;
inline constexpr int newton_evaluations = 40;

template <class Real>
struct Root {
  Real y;
  mask_t<Real> converged;
};

/// A place where ψ is known.
template <class Real>
struct Known {
  Real y;
  Mismatch<Real> at;
};

/// The root of ψ between `low`, where it is negative, and `high`, where it is positive. Each step interpolates y as a
/// cubic in ψ through the last two places and their slopes (order 2.7), is Newton's where they are too far apart for
/// that, and a bisection where either would leave the bracket.
template <class Stationary, class Real>
Root<Real> find_root(const Stationary& stationary, Known<Real> last, Real start, Real low, Real high,
                     mask_t<Real> wanted) {
  const Real zero(0.0), one(1.0), left = low, right = high;
  Real y = start, last_inverse = one / last.at.slope, last_step = one;
  mask_t<Real> active = wanted;
  for (int i = 0; i < newton_evaluations && any(active); ++i) {
    const Mismatch<Real> at = stationary(y);
    low = select(at.psi < zero, y, low);
    high = select(at.psi < zero, high, y);
    const Real inverse = one / at.slope, over = one / (at.psi - last.at.psi);
    const Real near = at.psi * over;
    const mask_t<Real> cubic = abs(near) < Real(0.5);
    const Real u = select(cubic, near, zero);
    const Real bend = fma(y - last.y, over, -inverse), turn = last_inverse - inverse;
    const Real step = -at.psi * fma(u, fma(u, turn - bend - bend, fma(Real(3.0), bend, -turn)), inverse);
    const Real proposed = y + step;
    const mask_t<Real> inside = (proposed >= low) & (proposed <= high) & (at.slope > zero);
    const Real next = select(inside, proposed, Real(0.5) * (low + high));
    const Real taken = abs(next - y);
    // The next error is about the square of this step, times that of the last one where the step is cubic.
    const mask_t<Real> trusted = cubic & inside;
    const mask_t<Real> small = taken * select(trusted, last_step, one) <=
                               select(trusted, Real(Stationary::last_steps), Real(newton_last_step));
    last = {y, at};
    last_inverse = inverse;
    last_step = taken;
    y = select(active, next, y);
    active = active & (!small);
  }
  const mask_t<Real> converged = wanted & (!active) & (y > left) & (y < right);
  return {y, converged};
}

/// The only root of a ψ that rises throughout. From s = 1/2 on, ψ's slope turns into that of its end, p or k₀-1, within
/// about `bend_width`: only the speed depends on that number.
template <class Real, std::size_t N>
Root<Real> find_only_root(const StationaryShare<Real, N>& stationary, mask_t<Real> wanted) {
  const Real zero(0.0), reach(newton_reach), bend_width(8.0);
  const Mismatch<Real> middle = stationary.at_middle();
  const Real newton = -middle.psi / middle.slope;
  const Real far_slope = select(newton > zero, stationary.r.k0 - Real(1.0), stationary.r.p);
  const Real size = abs(newton);
  const Real slope = (far_slope * size + middle.slope * bend_width) / (size + bend_width);
  const Real start = min(max(-middle.psi / slope, -reach), reach);
  const mask_t<Real> up = middle.psi < zero;
  return find_root(stationary, Known<Real>{zero, middle}, start, select(up, zero, -reach), select(up, reach, zero),
                   wanted);
}

}  // namespace haggle::power_law
