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
template <class Real>  // a symbol of its own for each instruction set
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
  mask_t<Real> complete;                    ///< no sign that a stationary share was missed
};

template <class Stationary>
class NetScan {
 public:
  using Real = typename Stationary::Value;
  using Mask = mask_t<Real>;

  explicit NetScan(const Stationary& s) : stationary_(s) {}

  Peaks<Real> operator()(Mask wanted) {
    static const NetPowers<Real> powers;
    const auto look = [&](std::size_t i) {
      return Known<Real>{Real(net[i]), stationary_.at(Real(net[i]), Real(powers.z[i]), Real(powers.ln_one_z[i]))};
    };
    const Real one(1.0);
    Known<Real> last = look(0);
    Peaks<Real> peaks;
    peaks.at_full_share = last.at.psi > zero;
    complete_ = wanted & ends_at(last.at, stationary_.shares(Real(powers.z.front())).specialist, -one);
    for (std::size_t i = 1; i < net.size(); ++i) {
      const Known<Real> now = look(i);
      inspect(last, now);
      last = now;
    }
    peaks.at_no_share = last.at.psi < zero;
    complete_ = complete_ & ends_at(last.at, stationary_.shares(Real(powers.z.back())).generalist, one);
    for (std::size_t k = 0; k < 2; ++k) {
      const Mask here = complete_ & (found_ > Real(static_cast<double>(k) + 0.5));
      peaks.inside[k] = find_root(stationary_, low_[k], start_[k], low_[k].y, high_[k], here);
      complete_ = complete_ & ((!here) | peaks.inside[k].converged);
    }
    // A ψ that is nothing but rounding is an objective that is the same everywhere.
    peaks.complete = complete_ & (found_ < Real(2.5)) & (largest_ > Real(1e-12));
    return peaks;
  }

 private:
  /// Past the net's ends nothing is missed where the share there is the corner's within rounding, or where ψ turns away
  /// from zero or levels off: its slope is within e^-36 of what it tends to, and that is no small one in disguise.
  Mask ends_at(const Mismatch<Real>& at, Real to_corner, Real outwards) const {
    const Real one(1.0), level(1e-7);
    const Real away = outwards * at.slope * select(at.psi > zero, one, -one);
    const Mask levels_off =
        (abs(away) <= level) & (abs(at.psi) > level) & (stationary_.r.p > level) & (stationary_.r.k0 - one > level);
    return (to_corner <= Real(1e-14)) | (away > level) | levels_off;
  }

  /// Between two looks: could there be roots that neither shows?
  static Mask doubtful(const Known<Real>& a, const Known<Real>& b) {
    const Real zero(0.0), width = b.y - a.y;
    const Mask a_up = a.at.psi >= zero, b_up = b.at.psi >= zero;
    const Mask falls = a.at.slope < zero, falls_after = b.at.slope < zero;
    const Mask dip = a_up & b_up & falls & (!falls_after), bump = (!a_up) & (!b_up) & (!falls) & falls_after;
    // A dip or bump whose tangents already stay on their side of zero can't cross it.
    const Mask shallow = min(abs(a.at.psi) - abs(a.at.slope) * width, abs(b.at.psi) - abs(b.at.slope) * width) > zero;
    const Mask bent = ((!a_up) & b_up & (falls | falls_after)) | (a_up & (!b_up) & ((!falls) | (!falls_after)));
    return ((dip | bump) & (!shallow)) | bent;
  }

  /// Notes an upward root between two looks; a doubtful cell is looked at more closely once.
  void inspect(const Known<Real>& a, const Known<Real>& b) {
    complete_ = complete_ & (b.at.psi - b.at.psi == zero);
    largest_ = max(largest_, max(abs(a.at.psi), abs(b.at.psi)));
    const Mask doubt = complete_ & doubtful(a, b);
    note(a, b, !doubt);
    if (!any(doubt)) return;
    constexpr int parts = 8;
    Known<Real> last = a;
    for (int i = 1; i <= parts; ++i) {
      const Real y = a.y + (b.y - a.y) * Real(static_cast<double>(i) / parts);
      const Known<Real> now{y, stationary_(y)};
      complete_ = complete_ & ((!doubt) | (!doubtful(last, now)));
      note(last, now, doubt);
      last = now;
    }
  }

  void note(const Known<Real>& a, const Known<Real>& b, Mask lanes) {
    const Mask up = lanes & (a.at.psi < zero) & (b.at.psi >= zero);
    for (std::size_t k = 0; k < 2; ++k) {
      const Mask here = up & (found_ == Real(static_cast<double>(k)));
      low_[k] = {select(here, a.y, low_[k].y),
                 {select(here, a.at.psi, low_[k].at.psi), select(here, a.at.slope, low_[k].at.slope)}};
      high_[k] = select(here, b.y, high_[k]);
      start_[k] = select(here, a.y - a.at.psi * (b.y - a.y) / (b.at.psi - a.at.psi), start_[k]);
    }
    found_ = found_ + select(up, Real(1.0), zero);
  }

  const Stationary& stationary_;
  const Real zero = Real(0.0);
  Mask complete_ = zero < zero;
  std::array<Known<Real>, 2> low_{Known<Real>{zero, {-zero, zero}}, Known<Real>{zero, {-zero, zero}}};
  std::array<Real, 2> high_{zero, zero}, start_{zero, zero};
  Real found_ = zero, largest_ = zero;
};

}  // namespace haggle::power_law
