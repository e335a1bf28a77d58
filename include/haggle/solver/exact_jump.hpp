// SPDX-License-Identifier: MIT
// The share at which the generalist jumps to another peak with one specialist, exactly, from where a rough walk saw it.
#pragma once
#include "haggle/solver/curve_peaks.hpp"
#include "haggle/solver/peak_tie.hpp"
#include "haggle/solver/share_polish.hpp"

namespace haggle::fine_tuning {

template <class Real>
class ExactJump {
 public:
  using Mask = mask_t<Real>;

  explicit ExactJump(const Play<Real>& play) : after(play), branches_(play, after.at[0].first_cost, 1e-7, 6) {}

  /// `part`: which of the rough lanes.
  template <class Rough>
  void run(const CurveJump<Rough>& rough, std::size_t part, Mask wanted) {
    const Real zero(0.0), near(0.03);
    const auto real = [&](Rough from) { return converted<Real>(from, part); };
    const auto mask = [&](mask_t<Rough> from) { return converted_mask<Real, Rough>(from, part); };
    const Mask rides = mask(rough.rides), idle = mask(rough.idle);
    const auto& from = rough.from;
    const typename Branches<Real>::Spot spot{real(from.w), real(from.y), real(from.w_turn), real(from.y_turn),
                                             real(from.v_turn)};
    const Real room = real(rough.room), middle = real(rough.here.v);
    branches_.b = real(rough.beyond.b), branches_.z = real(rough.here.z);
    Real v = zero;
    done = zero > zero;
    const auto contributing = [&](Real along, Mask active) {
      branches_.spot = spot;
      const CurvePlace<Real> p = branches_.contributing(along, active, 8);
      const Mask found = branches_.found & (branches_.spot.v_turn > zero);
      return TieSide<Real>{p, branches_.spot, found};
    };
    const auto none_invested = [&](Real along, Mask active) {
      const CurvePlace<Real> p = branches_.idle(middle + along, active, 8);
      return TieSide<Real>{p, {zero, zero, zero, zero, Real(1.0)}, branches_.found};
    };
    const auto riding = [&](const CurvePlace<Real>& p, Mask active) {
      const CurvePlace<Real> r = branches_.riding(p.v, active, 8);
      return TieRival<Real>{r, branches_.found};
    };
    const auto idling = [&](const CurvePlace<Real>& p, Mask active) {
      const CurvePlace<Real> q = branches_.idle(p.v, active, 8);
      return TieRival<Real>{q, branches_.found};
    };
    PeakTie<Real> tie;
    const auto take = [&](const CurvePlace<Real>& next, Mask to_riding) {
      done = done | tie.settled;
      v = select(tie.settled, tie.at, v);
      after.b = select(tie.settled, next.b, after.b);
      after.at[0].z = select(tie.settled, next.z, after.at[0].z);
      after.at[0].rides = after.at[0].rides | (tie.settled & to_riding);
    };
    if (const Mask leaves = wanted & rides & !idle; any(leaves)) {
      tie.run(-room, room, leaves, close, contributing, riding);
      take(tie.beyond, leaves);
    }
    if (const Mask leaves = wanted & rides & idle; any(leaves)) {
      tie.run(-near, near, leaves, close, none_invested, riding);
      take(tie.beyond, leaves);
    }
    if (const Mask begins = wanted & !rides; any(begins)) {
      tie.run(-room, room, begins, close, contributing, idling);
      take(tie.here, zero > zero);
    }
    // A tie goes to the larger investment; a last bit of the share should not undo that.
    v = v + Real(4e-16) * max(abs(v), Real(1.0));
    after.look(v);
    after.b = after.b + select(done, after.b_fix, zero);
    after.at[0].z = after.at[0].z + select(done, after.at[0].fix, zero);
    after.look(v);
    done = done & (after.worst < Real(1e-9)) & (after.second_order < zero);
  }

  EquilibriumTrace<Real> after;
  Mask done;

 private:
  static constexpr double close = 3e-11;
  Branches<Real> branches_;
};

}  // namespace haggle::fine_tuning
