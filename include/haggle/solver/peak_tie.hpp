// SPDX-License-Identifier: MIT
// The share at which two of the generalist's peaks are equally good to it. It is sought along the curve of the first of
// them rather than by the share itself, which hardly changes where such a curve is about to fold.
#pragma once
#include "haggle/solver/branches.hpp"

namespace haggle::fine_tuning {

/// A place on the first peak's curve; `found`: it is one.
template <class Real>
struct TieSide {
  CurvePlace<Real> place;
  typename Branches<Real>::Spot spot;
  mask_t<Real> found;
};
/// The other peak there; before it is `valid` the first is taken to lead.
template <class Real>
struct TieRival {
  CurvePlace<Real> place;
  mask_t<Real> valid;
};

template <class Real>
class PeakTie {
 public:
  using Mask = mask_t<Real>;

  /// To within `close` of the share. `side(along, active)` leads at `low` along its curve, and at `high` not;
  /// `rival(place, active)` is the other peak.
  template <class Side, class Rival>
  void run(Real low, Real high, Mask wanted, double close, Side side, Rival rival) {
    const Real zero(0.0), half(0.5);
    Real along = half * (low + high), last_along = along, last_lead = zero;
    Mask active = wanted;
    settled = zero > zero;
    at = uncertainty = zero;
    for (int k = 0; k < most_steps && any(active); ++k) {
      const TieSide<Real> first = side(along, active);
      const TieRival<Real> other = rival(first.place, active);
      const CurvePlace<Real>&p = first.place, &q = other.place;
      if (k == 0) here = p, beyond = q, spot = first.spot;
      const Real lead = p.generalist - q.generalist, gains = q.generalist_slope - p.generalist_slope;
      const Real step = lead / gains;
      const Mask comparable = first.found & other.valid;
      const Mask leads = first.found & ((!other.valid) | (lead >= zero));
      const Mask ends = active & comparable & (abs(step) < Real(close));
      settled = settled | ends;
      here = choose(ends, p, here), beyond = choose(ends, q, beyond);
      spot = Branches<Real>::Spot::chosen(ends, first.spot, spot);
      at = select(ends, p.v + step, at);
      uncertainty = select(ends, abs(p.generalist / gains), uncertainty);
      active = active & !ends;
      low = select(active & leads, along, low), high = select(active & !leads, along, high);
      // By Newton's method first: v goes along with its turn only at the start.
      const Real secant = along - lead * (along - last_along) / (lead - last_lead);
      const Real newton = k == 0 ? along + step / first.spot.v_turn : secant;
      const Real middle = half * (low + high);
      const Mask inside = comparable & (abs(newton - middle) < half * abs(high - low));
      last_along = along, last_lead = lead;
      along = select(active, select(inside, newton, middle), along);
    }
  }

  Mask settled;
  Real at;                               ///< v
  CurvePlace<Real> here{}, beyond{};     ///< the two peaks next to it
  typename Branches<Real>::Spot spot{};  ///< of `here`
  Real uncertainty;                      ///< what v is off by where values are by their own size

 private:
  static constexpr int most_steps = 20;
};

}  // namespace haggle::fine_tuning
