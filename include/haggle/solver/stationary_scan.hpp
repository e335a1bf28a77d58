// SPDX-License-Identifier: MIT
// Every stationary share of a bargain: ψ (bargain_newton.hpp) looked at on a fixed net of s, its upward roots polished.
#pragma once
#include <array>

#include "haggle/solver/bargain_newton.hpp"

namespace haggle::power_law {

/// Where ψ is looked at. ψ is smooth in y on the scale of 1 and nearly straight far out; a pair of roots between two
/// looks shows in the slopes at its ends and is left to the robust path.
inline constexpr std::array<double, 33> net{-36,  -26,  -19,  -14,  -11,   -9.2, -7.8, -6.6, -5.6, -4.8, -4.1,
                                            -3.4, -2.8, -2.2, -1.6, -1.05, -0.5, 0,    0.5,  1.05, 1.6,  2.2,
                                            2.8,  3.4,  4.1,  4.8,  5.6,   6.6,  8,    10,   14,   22,   36};

/// The net's z = e^y and ln(1+z).
struct NetPowers {
  std::array<double, net.size()> z, ln_one_z;
  NetPowers() {
    for (std::size_t i = 0; i < net.size(); ++i) {
      z[i] = std::exp(net[i]);
      ln_one_z[i] = std::log1p(z[i]);
    }
  }
};

/// Local maxima of a bargain's objective over the share; objective falls with y where ψ > 0.
template <class Real>
struct Peaks {
  std::array<Root<Real>, 2> inside;
  mask_t<Real> at_full_share, at_no_share;  ///< δ = 1 and δ = 0 are local maxima
  mask_t<Real> complete;                    ///< nothing was missed
};

template <class Stationary, class Real = typename Stationary::Value>
Peaks<Real> scan(const Stationary& stationary, mask_t<Real> wanted) {
  const Real zero(0.0), one(1.0), count_limit(2.5);
  // Past the net's ends nothing is missed where the share there is the corner's within rounding, or where ψ levels off
  // or turns away from zero.
  const auto ends_at = [&](const Mismatch<Real>& at, Real to_corner, Real towards) {
    const Real approach = towards * at.slope * select(at.psi > zero, one, -one) * Real(1e4);
    return (to_corner <= Real(1e-14)) | (abs(at.psi) > approach);
  };
  const auto defined = [](const Mismatch<Real>& at) { return at.psi - at.psi == Real(0.0); };
  static const NetPowers powers;
  const auto look = [&](std::size_t i) {
    return stationary.at(Real(net[i]), Real(powers.z[i]), Real(powers.ln_one_z[i]));
  };
  Mismatch<Real> last = look(0);
  mask_t<Real> complete =
      wanted & defined(last) & ends_at(last, stationary.shares(Real(powers.z.front())).specialist, one);
  Peaks<Real> peaks;
  peaks.at_full_share = last.psi > zero;
  Real low[2] = {zero, zero}, high[2] = {zero, zero}, start[2] = {zero, zero};
  Mismatch<Real> at_low[2] = {last, last};
  Real found = zero, largest = abs(last.psi);
  for (std::size_t i = 1; i < net.size(); ++i) {
    const Real a(net[i - 1]), b(net[i]);
    const Mismatch<Real> now = look(i);
    const mask_t<Real> up = (last.psi < zero) & (now.psi >= zero), down = (last.psi >= zero) & (now.psi < zero);
    const mask_t<Real> dip = (last.psi >= zero) & (now.psi >= zero) & (last.slope < zero) & (now.slope > zero);
    const mask_t<Real> bump = (last.psi < zero) & (now.psi < zero) & (last.slope > zero) & (now.slope < zero);
    const mask_t<Real> bent =
        (up & ((last.slope < zero) | (now.slope < zero))) | (down & ((last.slope > zero) | (now.slope > zero)));
    // A dip or bump whose tangents already stay on their side of zero can't cross it.
    const Real width = b - a;
    const mask_t<Real> shallow =
        min(abs(last.psi) - abs(last.slope) * width, abs(now.psi) - abs(now.slope) * width) > zero;
    complete = complete & defined(now) & (!((dip | bump) & (!shallow))) & (!bent);
    for (int k = 0; k < 2; ++k) {
      const mask_t<Real> here = up & (found == Real(static_cast<double>(k)));
      low[k] = select(here, a, low[k]);
      high[k] = select(here, b, high[k]);
      at_low[k] = {select(here, last.psi, at_low[k].psi), select(here, last.slope, at_low[k].slope)};
      start[k] = select(here, a - last.psi * width / (now.psi - last.psi), start[k]);
    }
    found = found + select(up, one, zero);
    largest = max(largest, abs(now.psi));
    last = now;
  }
  peaks.at_no_share = last.psi < zero;
  complete = complete & ends_at(last, stationary.shares(Real(powers.z.back())).generalist, -one);
  for (int k = 0; k < 2; ++k) {
    const mask_t<Real> here = complete & (found > Real(static_cast<double>(k) + 0.5));
    peaks.inside[k] = find_root(stationary, Known<Real>{low[k], at_low[k]}, start[k], low[k], high[k], here);
    complete = complete & ((!here) | peaks.inside[k].converged);
  }
  // A ψ that is nothing but rounding is an objective that is the same everywhere.
  peaks.complete = complete & (found < count_limit) & (largest > Real(1e-12));
  return peaks;
}

}  // namespace haggle::power_law
