// SPDX-License-Identifier: MIT
// What goes on along the generalist's best peak (curve_walk.hpp) once riding free may be better: where that is so, and
// riding free from there on.
#pragma once
#include "haggle/solver/curve_peaks.hpp"

namespace haggle::fine_tuning {

/// How a walk looks: `close` has places twice as close together, and ten times as exact; `at_seam` also follows the
/// curve to the tiny jump from contributing to riding free, rather than stop a little before.
enum class Care { usual, close, at_seam };

template <class Real>
class CurveSwitch : public CurvePeaks<Real> {
 public:
  using Peaks = CurvePeaks<Real>;
  using Peaks::at_jump, Peaks::best_value, Peaks::contributing, Peaks::idle, Peaks::jump, Peaks::jump_at,
      Peaks::jump_error, Peaks::jump_rides, Peaks::play, Peaks::riding, Peaks::rival, Peaks::side, Peaks::sure,
      Peaks::value_error;
  using typename Peaks::Mask;

  CurveSwitch(const Play<Real>& game, Real first_cost0, Real first_cost, Care care)
      : Peaks(game, care == Care::usual ? 1.5e-3 : 2e-5),
        first_cost0_(first_cost0),
        branches_(game, first_cost, care == Care::usual ? 0.02 : 0.002, care == Care::usual ? 0 : 2),
        finer_(care == Care::usual ? 1 : 0.5) {}

 protected:
  static constexpr double last_share = 9;
  using Spot = typename Branches<Real>::Spot;
  using Peaks::aim_at, Peaks::chosen, Peaks::compare, Peaks::is_needed, Peaks::takes_part;

  /// How far apart places are at v.
  Real stride(Real v) const { return Real(finer_) * fma(Real(0.16), abs(v), Real(0.55)); }

  /// A place where the specialist contributes, `along` from a spot.
  CurvePlace<Real> look(const Spot& from, Real along, Mask wanted) {
    branches_.spot = from;
    if (!any(only_idle_)) return branches_.contributing(along, wanted, 6);
    const CurvePlace<Real> at = branches_.contributing(along, wanted & !only_idle_, 6);
    const Mask found = branches_.found;
    const Mask highest = branches_.is_highest(its_, generalist_is_linear_);
    const CurvePlace<Real> at_rest = branches_.idle(last_.v + along, wanted & only_idle_, 8);
    Mask calm = branches_.stays_idle(first_cost0_) & branches_.is_highest(its_, false);
    if (is_needed(only_idle_ & !calm)) {
      calm = calm | branches_.stays_idle_throughout(first_cost0_, its_);
      calm = calm | (followed_ & branches_.stays_idle(first_cost0_));
      const Mask doubted = sure & only_idle_ & wanted & !calm;
      if (any(doubted)) calm = calm | branches_.stays_idle_stepwise(first_cost0_, its_, doubted);
    }
    found_highest_ = select_mask(only_idle_, calm, highest);
    branches_.found = select_mask(only_idle_, branches_.found, found);
    branches_.spot.v_turn = select(only_idle_, Real(1.0), branches_.spot.v_turn);
    return choose(only_idle_, at_rest, at);
  }

  /// No share from v on is worth as much as the best so far.
  Mask is_decided(Real v) const {
    const Real rest = Real(1.0) / (Real(1.0) + exp(v));
    TracedAim<Real> most = no_aim<Real>();
    add_gain(most, play.weight, ceiling_.generalist - play.fixed - play.outside, Real(0.0));
    add_gain(most, side.weight, rest * ceiling_.revenue - side.fixed - side.outside, Real(0.0));
    const Real best = best_value();
    return (v >= ceiling_.least_v) & (best > -infinity<Real>()) & ((!most.admissible) | (most.value < best));
  }
  /// What is between the last place and a next one before riding free.
  void see(const CurvePlace<Real>& now, const TracedAim<Real>& aim, Mask wanted) {
    compare(contributing, last_, last_aim_, now, aim, wanted & !only_idle_);
    if (any(wanted & only_idle_)) compare(idle, last_, last_aim_, now, aim, wanted & only_idle_);
  }
  /// Where the specialist would not take part in the better peak, the generalist may well go to the other: riding free,
  /// somewhere between the last place and this one. It invests the more the larger its share.
  Mask may_prefer(const CurvePlace<Real>& now, const CurvePlace<Real>& ride) const {
    const Real zero(0.0), rest = Real(1.0) / (Real(1.0) + exp(max(last_.v, riding_from_)));
    TracedAim<Real> most = no_aim<Real>();
    add_gain(most, play.weight, ride.generalist - play.fixed - play.outside, zero);
    add_gain(most, side.weight, rest * ride.revenue - side.fixed - side.outside, zero);
    return most.admissible & (most.value + Real(value_error) >= best_value()) & !(takes_part(now) & takes_part(last_));
  }

  /// Where riding free becomes the better peak, between the last two places; `at_once`: it has begun already.
  void switch_over(Mask at_once) {
    const Real zero(0.0), one(1.0), half(0.5);
    rides_ = sure & at_once;
    if (!is_needed(leaves_)) return;
    const Mask seam = sure & leaves_ & seam_;
    Mask active = sure & leaves_ & !seam, settled = one < zero;
    Real low = zero, high = room_, along = half * room_, at = last_.v, error = Real(2e-3);
    CurvePlace<Real> here = last_, ride = last_;
    for (int k = 0; k < 16 && any(active); ++k) {
      const CurvePlace<Real> p = look(from_, along, active);
      const Real turn = branches_.spot.v_turn;
      const Mask on_curve = branches_.found & (turn > zero) & (p.v > last_.v);
      const Mask valid = p.v > riding_from_;
      const CurvePlace<Real> r = branches_.riding(max(p.v, riding_from_), active, 6);
      const Real lead = p.generalist - r.generalist;
      const Real gains = r.generalist_slope - p.generalist_slope, step = lead / gains;
      const Mask leads = on_curve & ((!valid) | (lead > zero));
      const Mask ends_here = active & on_curve & valid & branches_.found & (abs(step) < Real(1e-3));
      settled = settled | ends_here;
      here = choose(ends_here, p, here), ride = choose(ends_here, r, ride);
      at = select(ends_here, p.v + step, at);
      error = select(ends_here, error + Real(value_error) * abs(p.generalist / gains), error);
      active = active & !ends_here;
      low = select(active & leads, along, low), high = select(active & !leads, along, high);
      const Real newton = along + step / turn;
      const Mask inside = on_curve & valid & (newton > low) & (newton < high);
      along = select(active, select(inside, newton, half * (low + high)), along);
    }
    if (any(seam)) {
      const CurvePlace<Real> r = branches_.riding(max(last_.v, riding_from_), seam, 8);
      ride = choose(seam, r, ride);
      const Mask one_piece = branches_.found & (abs(r.v - last_.v) < Real(1.0)) & !(last_.v > riding_from_);
      sure = sure & ((!seam) | one_piece);
      at = select(seam, r.v, at);
      const TracedAim<Real> aim = aim_at(r);
      const Mask both = last_aim_.admissible & aim.admissible, jumps = its_ >= half;
      error = select(seam & jumps, Real(0.05), error);
      // Before such a jump there is at most a valley; its own share is for the slow path if it may be the best.
      const Real best = max(best_value(), select(last_aim_.admissible, last_aim_.value, -infinity<Real>()));
      const Mask may_be_best = aim.admissible & !(aim.slope > zero) & (aim.value + Real(2 * value_error) >= best);
      const Mask peaks_before = both & (last_aim_.slope > zero) & (aim.value < last_aim_.value);
      sure = sure & !(seam & jumps & (may_be_best | peaks_before));
      see(r, aim, seam & (r.v > last_.v) & sure & !(jumps & both));
    }
    sure = sure & ((!leaves_) | (settled & !may_prefer(here, ride)) | seam);
    see(here, aim_at(here), settled & sure);
    for (CurvePeak<Real>* peak : {&idle, &contributing})
      peak->to = select(settled | seam, min(at - error, peak->to), peak->to);
    riding.from = select(settled | seam, at + error, riding.from);
    jump_at = select(settled, at, jump_at);
    at_jump[0] = choose(settled, here, at_jump[0]);
    at_jump[1] = choose(settled, ride, at_jump[1]);
    jump_rides = settled;
    rides_ = sure & (settled | seam | at_once);
    const TracedAim<Real> aim = aim_at(ride);
    jump = select(settled & aim.admissible & !(aim.slope > zero), aim.value, jump);
    jump_error = select(settled, Real(value_error) + abs(aim.slope) * error, jump_error);
    const Mask switches = rides_ & (settled | seam);
    last_ = choose(switches, ride, last_);
    last_aim_ = chosen(switches, aim, last_aim_);
    branches_.b = select(rides_, last_.b, branches_.b);
  }

  void ride_on() {
    for (int k = 0; k < 60; ++k) {
      const Mask on = rides_ & !decided_ & !(last_.v > Real(last_share));
      if (!is_needed(on)) break;
      const CurvePlace<Real> now = branches_.riding(last_.v + stride(last_.v), on & sure, 8);
      sure = sure & ((!on) | branches_.found);
      const TracedAim<Real> aim = aim_at(now);
      compare(riding, last_, last_aim_, now, aim, on);
      last_ = choose(on, now, last_);
      last_aim_ = chosen(on, aim, last_aim_);
      decided_ = decided_ | (on & is_decided(last_.v));
    }
    const Mask falls = select_mask(last_aim_.admissible, last_aim_.slope < Real(0.0), last_aim_.ahead >= Real(beyond));
    sure = sure & (decided_ | ((last_.v > Real(last_share)) & falls));
  }

  Real first_cost0_;
  Branches<Real> branches_;
  double finer_;
  bool generalist_is_linear_ = false;
  Real its_, riding_from_;
  Mask only_idle_;      ///< no contributing: the generalist is idle for as long as the specialist does not ride free
  Mask followed_;       ///< the curve of contributing has been, wholly
  Mask found_highest_;  ///< no peak is beyond the place last looked at
  CurvePlace<Real> last_;
  TracedAim<Real> last_aim_;
  Mask leaves_, seam_, rides_;
  typename Branches<Real>::Ceiling ceiling_;
  Mask decided_;  ///< nothing further on can be the best
  Spot from_;     ///< from where contributing is left, within room_
  Real room_;
};

}  // namespace haggle::fine_tuning
