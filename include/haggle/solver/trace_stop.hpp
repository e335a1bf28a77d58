// SPDX-License-Identifier: MIT
// Where the trace of a game with one specialist stands, to be put there again.
#pragma once
#include "haggle/solver/equilibrium_trace.hpp"
#include "haggle/solver/traced_aim.hpp"

namespace haggle::fine_tuning {

/// Where a trace of a game with one specialist stands.
template <class Real>
class TraceSpot {
 public:
  TraceSpot() = default;
  explicit TraceSpot(EquilibriumTrace<Real>& trace) {
    for (std::size_t i = 0; i < size; ++i) numbers_[i] = *numbers_of(trace)[i];
    rides_ = trace.at[0].rides;
  }
  /// Takes another's place.
  void take(const TraceSpot& from, mask_t<Real> where) {
    for (std::size_t i = 0; i < size; ++i) numbers_[i] = select(where, from.numbers_[i], numbers_[i]);
    rides_ = select_mask(where, from.rides_, rides_);
  }
  /// Lets the trace stand there.
  void put(EquilibriumTrace<Real>& trace, mask_t<Real> where) const {
    for (std::size_t i = 0; i < size; ++i) {
      Real& number = *numbers_of(trace)[i];
      number = select(where, numbers_[i], number);
    }
    trace.at[0].rides = select_mask(where, rides_, trace.at[0].rides);
  }

 private:
  static constexpr std::size_t size = 8;
  static std::array<Real*, size> numbers_of(EquilibriumTrace<Real>& t) {
    Contribution<Real>& c = t.at[0];
    return {&t.b, &t.b_fix, &t.b_tangent, &t.b_last_tangent, &c.z, &c.fix, &c.tangent, &c.last_tangent};
  }
  std::array<Real, size> numbers_;
  mask_t<Real> rides_;
};

/// A place that was looked at.
template <class Real>
struct TraceStop {
  using Mask = mask_t<Real>;

  void set(EquilibriumTrace<Real>& trace, Real which, const TracedAim<Real>& seen, Mask is_equilibrium) {
    const Contribution<Real>& c = trace.at[0];
    look = which, v = trace.v, performance = c.performance, value = seen.value, slope = seen.slope;
    rides = c.rides, stands = is_equilibrium;
    spot = TraceSpot<Real>(trace);
  }
  void take(const TraceStop& other, Mask where) {
    for (Real TraceStop::*number :
         {&TraceStop::look, &TraceStop::v, &TraceStop::performance, &TraceStop::value, &TraceStop::slope})
      this->*number = select(where, other.*number, this->*number);
    rides = select_mask(where, other.rides, rides), stands = select_mask(where, other.stands, stands);
    spot.take(other.spot, where);
  }
  Real look, v, performance, value, slope;
  Mask rides, stands;
  TraceSpot<Real> spot;
};

}  // namespace haggle::fine_tuning
