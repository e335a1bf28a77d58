// SPDX-License-Identifier: MIT
// What a walk over the shares (curve_walk.hpp) has found of the Nash bargain: peaks, and a bound of all else.
#pragma once
#include "haggle/solver/branches.hpp"

namespace haggle::fine_tuning {

/// A share that may be the best.
template <class Real>
struct CurvePeak {
  Bracket<Real> bracket;
  Places<Real> kept;  ///< at bracket.high
  Real from, to;      ///< shares, v, within which it is the generalist's better peak
};

/// A share at which the generalist jumps to another peak, if the Nash product falls from there on.
template <class Real>
struct CurveJump {
  Real value, error;                   ///< the product, as a logarithm, and what it may be off by; -∞: no such share
  CurvePlace<Real> here, beyond;       ///< the two peaks there
  mask_t<Real> rides;                  ///< to riding free; or else from no investment to both's
  mask_t<Real> idle;                   ///< from no investment, rather than from contributing
  mask_t<Real> at_seam;                ///< where riding free begins, too small to tell the two peaks apart
  typename Branches<Real>::Spot from;  ///< on the curve of contributing, and within `room` along from there
  Real room;
};

template <class Real>
class CurvePeaks {
 public:
  using Mask = mask_t<Real>;

  CurvePeaks(const Play<Real>& game, double error_of_values)
      : play(game), side(game.specialists.front()), value_error(error_of_values) {
    const Real zero(0.0), none = -infinity<Real>();
    for (CurvePeak<Real>* peak : {&idle, &contributing, &riding}) {
      peak->bracket = {zero, zero, zero, zero, zero, none, none};
      peak->from = none, peak->to = infinity<Real>();
    }
    rival = jump.value = none;
    jump.error = jump.room = zero;
    jump.rides = jump.idle = jump.at_seam = zero > zero;
    jump.from = {zero, zero, zero, zero, zero};
  }

  const Play<Real>& play;
  const Specialist<Real>& side;
  Mask sure{};
  /// The best while the generalist invests nothing, while both invest, and while the specialist rides free.
  CurvePeak<Real> idle, contributing, riding;
  CurveJump<Real> jump;  ///< the best there is
  Real rival;            ///< no other share is worth more
  double value_error;    ///< what values may be off by

  TracedAim<Real> aim_at(const CurvePlace<Real>& p) const {
    TracedAim<Real> aim = no_aim<Real>();
    add_gain(aim, play.weight, p.generalist - play.fixed - play.outside, p.generalist_slope);
    add_gain(aim, side.weight, p.specialist - side.fixed - side.outside, p.specialist_slope);
    return aim;
  }
  static TracedAim<Real> chosen(Mask m, const TracedAim<Real>& yes, const TracedAim<Real>& no) {
    return {select(m, yes.value, no.value), select(m, yes.slope, no.slope),
            select_mask(m, yes.admissible, no.admissible), select(m, yes.ahead, no.ahead),
            select(m, yes.behind, no.behind)};
  }

  /// Takes in what is between two places, where `wanted`: the peak's best so far, or a rival.
  void compare(CurvePeak<Real>& peak, const CurvePlace<Real>& at_low, const TracedAim<Real>& a,
               const CurvePlace<Real>& at_high, const TracedAim<Real>& b_aim, Mask wanted) {
    if constexpr (is_swift_v<Real>) sure = sure & ((!wanted) | (is_clear(at_low) & is_clear(at_high)));
    const Real h = at_high.v - at_low.v;
    const Real bend = max(abs(at_high.first_turn - at_low.first_turn), abs(at_high.second_turn - at_low.second_turn)) *
                      abs(at_high.along - at_low.along);
    Bracket<Real>& best = peak.bracket;
    const Mask resolved = bend < Real(most_bend);
    CellBound<Real> cell(a, b_aim, h, resolved, wanted, wanted & !wanted, Real(value_error));
    if (is_needed(wanted & !resolved)) cell.most = select(resolved, cell.most, min(cell.most, utmost(at_low, at_high)));
    const Mask replaces = wanted & cell.peak & (cell.better > best.value);
    rival = max(rival, select(replaces, best.most, select(wanted & cell.matters, cell.most, -infinity<Real>())));
    if (!any(replaces)) return;
    best.low = select(replaces, at_low.v, best.low), best.high = select(replaces, at_high.v, best.high);
    best.low_slope = select(replaces, a.slope, best.low_slope);
    best.high_slope = select(replaces, b_aim.slope, best.high_slope);
    best.value = select(replaces, cell.better, best.value), best.most = select(replaces, cell.most, best.most);
    const Real over = Real(1.0) / h;
    best.mean_slope = select(replaces, (b_aim.value - a.value) * over, best.mean_slope);
    const auto keep = [&](Place<Real>& p, Real at, Real tangent, Real last_tangent) {
      p.at = select(replaces, at, p.at), p.tangent = select(replaces, tangent, p.tangent);
      p.bend = select(replaces, (tangent - last_tangent) * over, p.bend);
    };
    keep(peak.kept.base, at_high.b, at_high.b_tangent, at_low.b_tangent);
    keep(peak.kept.contributions[0], at_high.z, at_high.z_tangent, at_low.z_tangent);
  }

  /// Takes in a jump; of two the worse is a rival.
  void compare(const CurveJump<Real>& next, Mask wanted) {
    const Mask better = wanted & (next.value > jump.value);
    const Real lost = select(better, jump.value + jump.error, next.value + next.error);
    rival = max(rival, select(wanted, lost, -infinity<Real>()));
    if (!any(better)) return;
    const auto pick = [&](Real CurveJump<Real>::*member) { return select(better, next.*member, jump.*member); };
    const auto mask = [&](Mask CurveJump<Real>::*member) { return select_mask(better, next.*member, jump.*member); };
    using J = CurveJump<Real>;
    jump = {pick(&J::value),
            pick(&J::error),
            choose(better, next.here, jump.here),
            choose(better, next.beyond, jump.beyond),
            mask(&J::rides),
            mask(&J::idle),
            mask(&J::at_seam),
            Branches<Real>::Spot::chosen(better, next.from, jump.from),
            pick(&J::room)};
  }
  /// What a jump to there is worth.
  Real worth(const TracedAim<Real>& aim, Mask where) const {
    return select(where & aim.admissible & !(aim.slope > Real(0.0)), aim.value, -infinity<Real>());
  }

  /// More than the Nash product between two places of one branch, however it turns there: up to an α₀ the specialist
  /// has at most what it would have at the smaller share; U_G rises with δ by r(α) at most, and α by what α₀ rises.
  Real utmost(const CurvePlace<Real>& low, const CurvePlace<Real>& high) const {
    const Real zero(0.0), one(1.0), rest = one / (one + exp(low.v)), gained = rest - one / (one + exp(high.v));
    const Real base = exp(low.b), arch = max(min(low.b_tangent, -high.b_tangent), zero) * (high.v - low.v);
    const Real rise = max(max(base, exp(high.b)) * exp(arch) - base, zero);
    const Real revenue = side.revenue(base + exp(low.z)).slope * rise;
    TracedAim<Real> most = no_aim<Real>();
    add_gain(most, play.weight, fma(gained, low.revenue + revenue, low.generalist) - play.fixed - play.outside, zero);
    add_gain(most, side.weight, fma(rest, revenue, low.specialist) - side.fixed - side.outside, zero);
    return select(most.admissible, most.value + Real(value_error), -infinity<Real>());
  }

  /// The best place's value so far.
  Real best_value() const { return max(max(idle.bracket.value, contributing.bracket.value), riding.bracket.value); }
  /// Whether both players' gains have digits enough left of what they are the rest of.
  Mask is_clear(const CurvePlace<Real>& p) const {
    const Real rest = p.revenue / (Real(1.0) + exp(p.v)), least = Real(2e-2);
    return (abs(p.generalist - play.fixed - play.outside) > least * (p.revenue - rest)) &
           (abs(p.specialist - side.fixed - side.outside) > least * rest);
  }
  Mask takes_part(const CurvePlace<Real>& p) const { return p.specialist - side.fixed - side.outside > Real(0.0); }
  bool is_needed(Mask m) const { return any(m & sure); }
};

}  // namespace haggle::fine_tuning
