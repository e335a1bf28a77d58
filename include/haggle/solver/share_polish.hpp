// SPDX-License-Identifier: MIT
// From a bracket of shares to the best share in it: secant steps on the slope of what the bargain maximises, the
// equilibrium following along its tangent.
#pragma once
#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// `part`: which of the lanes, where From has several times as many.
template <class To, class From>
To converted(From from, std::size_t part = 0) {
  double numbers[lanes_v<From>];
  RealTraits<From>::store(from, numbers);
  return RealTraits<To>::load(numbers + part * lanes_v<To>);
}

template <class To, class From>
mask_t<To> converted_mask(mask_t<From> from, std::size_t part = 0) {
  return converted<To>(select(from, From(1.0), From(0.0)), part) > To(0.5);
}

/// What a solution shows of an equilibrium, from another trace of the game where `wins`.
template <class Real>
void take_place(EquilibriumTrace<Real>& trace, const EquilibriumTrace<Real>& there, mask_t<Real> wins) {
  const auto take = [&](Real& to, Real from) { to = select(wins, from, to); };
  take(trace.share, there.share), take(trace.a0, there.a0), take(trace.generalist, there.generalist);
  take(trace.miss0, there.miss0);
  trace.idle = select_mask(wins, there.idle, trace.idle);
  for (std::size_t i = 0; i < trace.size; ++i) {
    const Contribution<Real>& from = there.at[i];
    Contribution<Real>& to = trace.at[i];
    take(to.performance, from.performance), take(to.utility, from.utility), take(to.revenue, from.revenue);
    to.rides = select_mask(wins, from.rides, to.rides);
  }
}

template <class Real>
class SharePolish {
 public:
  using Mask = mask_t<Real>;

  explicit SharePolish(EquilibriumTrace<Real>& t) : trace(t) {}

  void begin(const Bracket<Real>& bracket, const Places<Real>& at_high, Mask wanted) {
    places = at_high;
    begin(bracket, wanted);
  }
  /// From `places` at the bracket's high end.
  void begin(const Bracket<Real>& bracket, Mask wanted) {
    const Real room = Real(0.25) * (bracket.high - bracket.low);  // slopes at the ends are not exact
    low = bracket.low - room, high = bracket.high + room;
    v = bracket.high, slope = bracket.high_slope, turn_slope = bracket.low_slope;
    aim_from(bracket);
    slope_error = Real(0.0), turn_error = bracket.high - bracket.low;
    active = wanted;
    has_parabola = true;
  }

  /// Goes on where `rough`, in less exact numbers, stopped.
  template <class Other>
  void begin(const SharePolish<Other>& rough, std::size_t part = 0) {
    const auto real = [&](Other from) { return converted<Real>(from, part); };
    const auto take = [&](const Place<Other>& p) { return Place<Real>{real(p.at), real(p.tangent), real(p.bend)}; };
    places.base = take(rough.places.base);
    for (std::size_t i = 0; i < trace.size; ++i) places.contributions[i] = take(rough.places.contributions[i]);
    v = real(rough.v), slope = real(rough.slope);
    turn = real(rough.turn), turn_slope = real(rough.turn_slope);
    slope_error = Real(1e-6), turn_error = real(rough.turn_error);
    arch = real(rough.arch);
    const Real room(1e-2);  // rough signs say little near the peak itself
    low = v - room, high = v + room;
    active = converted_mask<Real, Other>(rough.done, part);
  }

  /// Until the next step is below `close` and the equilibrium exact to `exact`: `done`, and there the trace stands.
  template <Solution S>
  void run(std::size_t powerful, double close, double exact) {
    SmoothAim<S, Real> aim{powerful};
    run(aim, close, exact);
  }
  template <class Aim>
  void run(Aim& aim, double close, double exact) {
    const Real zero(0.0), one(1.0), half(0.5);
    const Mask always = zero == zero;
    done = !always;
    for (int k = 0; k < most_steps && any(active); ++k) {
      const Real secant = v - slope * turn;
      const Mask near = abs(slope * turn) < Real(close);
      const Mask smooth =
          (turn < zero) & (max(abs(slope), abs(turn_slope)) < Real(steepest));  // not where a player's gain vanishes
      const Mask inside =
          smooth & (near | ((secant > low) & (secant < high) & (k > 8 && k % 2 == 1 ? !always : always)));
      Real next = select(inside, secant, half * (low + high));
      next = select(active, min(max(next, low), high), v);
      const Real h = next - v;
      // Lanes that are done stay as they are, to the bit.
      trace.b = select(active, places.base.after(h), trace.b);
      for (std::size_t i = 0; i < trace.size; ++i)
        trace.at[i].z = select(active, places.contributions[i].after(h), trace.at[i].z);
      trace.look(next);
      ++looks;
      const TracedAim<Real> now = aim(trace, active);
      const Mask last = active & inside & (abs(h) < Real(reach)) & (trace.worst < Real(exact)) &
                        (abs(now.slope * turn) < min(Real(close), Real(exact) / turn_error));
      done = done | (last & now.admissible);
      value = select(last, now.value, value);
      const Mask sure = trace.worst < Real(0.1) * abs(now.slope);  // of the slope's sign
      low = select(sure & (now.slope > zero), max(low, next), low);
      high = select(sure & (now.slope < zero), min(high, next), high);
      const Mask moved = active & (abs(h) > zero);
      const Real over = one / select(moved, h, one);
      keep(places.base, moved, over, trace.b, trace.b_fix, trace.b_tangent);
      for (std::size_t i = 0; i < trace.size; ++i) {
        const Contribution<Real>& c = trace.at[i];
        keep(places.contributions[i], moved, over, c.z, c.fix, c.tangent);
      }
      // Short steps only show rounding, and what the equilibrium is off by.
      const Real change = abs(now.slope - slope);
      const Real error = max(Real(0.25) * abs(h), Real(0.03) * max(slope_error, trace.worst) / change);
      const Mask tells = active & (abs(h) > Real(0.1 * close)) & (change > Real(100.0) * min(trace.worst, Real(1e-8))) &
                         (error < Real(2.0) * turn_error);
      const Real bent = fma(half * h, arch, (now.slope - slope) / h);
      const Real secant_turn = k == 0 && has_parabola ? select(is_smooth, turn_there, one / bent) : one / bent;
      turn = select(active, aim.turn(select(tells, secant_turn, turn)), turn);
      turn_slope = select(tells, slope, turn_slope);
      turn_error = select(tells, error, turn_error);
      v = select(active, next, v), slope = select(active, now.slope, slope);
      slope_error = select(active, trace.worst, slope_error);
      active = active & !last;
    }
  }

  /// A last step, or some, where `done`: it stays so where a further one would be below `exact`, and change what is
  /// maximised by no more than that.
  template <class Aim>
  void finish(Aim& aim, double exact) {
    const Real zero(0.0);
    Mask missing = done;
    for (int k = 0; k < 3 && any(missing); ++k) {
      const Real h = select(missing, -slope * turn, zero);
      trace.b = trace.b + select(missing, fma(h, trace.b_tangent, trace.b_fix), zero);
      for (std::size_t i = 0; i < trace.size; ++i) {
        Contribution<Real>& c = trace.at[i];
        c.z = c.z + select(missing, fma(h, c.tangent, c.fix), zero);
      }
      v = v + h;
      trace.look(v);
      ++looks;
      const TracedAim<Real> now = aim(trace, missing);
      turn = select(missing & (abs(h) > Real(10 * exact)), aim.turn(h / (now.slope - slope)), turn);
      // A secant that is far too flat makes any step small, but not the slope.
      const Mask lessens = abs(now.slope) <= max(Real(0.3) * abs(slope), Real(1e-12));
      done = done & ((!missing) | (lessens & now.admissible & (trace.worst < Real(exact))));
      slope = select(missing, now.slope, slope), value = select(missing, now.value, value);
      missing = missing & done & !((abs(slope * turn) < Real(exact)) & aim.is_exact(slope, exact));
    }
    done = done & !missing;
  }

  EquilibriumTrace<Real>& trace;
  Places<Real> places;  ///< at v, after Newton's correction
  Real low, high, v, slope;
  Real turn, turn_slope;  ///< dv/dslope, from a step that began at `turn_slope`
  Real turn_error;        ///< what that is off by, relatively: as much as the step is long, or what it is distorted by
  Real arch;              ///< d²slope/dv² there
  Real turn_there;        ///< at the peak that begin() sees in a bracket
  bool has_parabola = false;
  Mask is_smooth;    ///< the parabola says something
  Real slope_error;  ///< some times what `slope` may be off by
  Real value{};
  Mask active, done;
  int looks = 0;

 private:
  /// At the peak by the parabola through the slopes at both ends and their mean.
  void aim_from(const Bracket<Real>& bracket) {
    const Real zero(0.0), one(1.0), h = bracket.high - bracket.low, falls = bracket.high_slope - bracket.low_slope;
    const Real lift = Real(6.0) * bracket.mean_slope - Real(3.0) * (bracket.low_slope + bracket.high_slope);
    const Real chord = bracket.high_slope / falls;  // from the high end, in parts of h
    const Real there = chord + lift * chord * (one - chord) / (falls + lift * (one - Real(2.0) * (one - chord)));
    const Real part = select((there > zero) & (there < one), there, chord);
    turn = h * part / bracket.high_slope;
    const Real there_falls = falls + lift * (Real(2.0) * part - one);
    // Nothing of the kind where a player's gain vanishes at an end.
    is_smooth = max(abs(bracket.low_slope), abs(bracket.high_slope)) < Real(steepest);
    arch = select(is_smooth, Real(-2.0) * lift / (h * h), zero);
    turn_there = select(there_falls < zero, h / there_falls, turn);
  }

  static constexpr int most_steps = 20;
  static constexpr double steepest = 1e3;  ///< a slope where no player's gain vanishes
  static constexpr double reach = 0.05;    ///< after a longer step a secant says little of the next

  void keep(Place<Real>& p, Mask moved, Real over, Real at, Real fix, Real tangent) {
    p.bend = select(moved, (tangent - p.tangent) * over, p.bend);
    p.at = select(active, at + fix, p.at);
    p.tangent = select(active, tangent, p.tangent);
  }
};

}  // namespace haggle::fine_tuning
