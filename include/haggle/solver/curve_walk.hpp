// SPDX-License-Identifier: MIT
// One specialist whose first bit of adaptation costs something: it may ride free, and the generalist's utility then has
// two peaks, one where it contributes and one where it does not. A walk along all stationary points of both kinds, no
// root left out. Where s = x/α is given, the conditions are two equations in v = logit δ and w = ln α,
//     ln((1-δ) r'(α) / φ'(x)) = 0,   ln(δ r'(α) T / φ_0'(α₀)) = 0,   T = K/(K + s E).
// The first gives δ for any α; along it the second falls with α wherever it holds if their determinant is positive
// there (checked), and so has one root only. Where the specialist rides free, δ r'(α₀) = φ_0'(α₀).
//
// Of two peaks the one without contribution wins from some share on: by the envelope theorem its lead grows with δ, for
// it has the higher α and r.
#pragma once
#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// Where to look, y = logit s in units of how fast it moves with the share, from 1 down to 0.
inline constexpr std::array curve_looks{9.0,   6.0,   4.5,   3.4,  2.6,   1.95, 1.4,  0.95, 0.55, 0.18,
                                        -0.18, -0.55, -0.95, -1.4, -1.95, -2.6, -3.4, -4.5, -6.0, -9.0};

/// A place on either branch, as functions of v = logit δ.
template <class Real>
struct CurvePlace {
  Real v, b, b_tangent, z, z_tangent;
  Real generalist, generalist_slope, specialist, specialist_slope;  ///< gross of fixed costs
  Real along, first_turn, second_turn;  ///< what was stepped along, and how two coordinates move with it
};

template <class Real>
class CurveWalk {
 public:
  using Mask = mask_t<Real>;

  explicit CurveWalk(const Play<Real>& game) : play(game), side(game.specialists.front()) {
    first_cost = side.cost(Real(1e-100)).slope;
  }

  /// `close`: places twice as close together.
  void walk(Mask wanted, bool close) {
    const Real zero(0.0), one(1.0), none = -infinity<Real>();
    const auto elasticity = [](const Function<Real>& cost) {
      const Jet<Real> f = cost(Real(1e30));
      return Real(1e30) * f.curvature / f.slope;
    };
    const Real own = elasticity(play.cost), its = elasticity(side.cost);
    const Real left_unit = max(one / own, one), right_unit = max(one / its, one);
    sure = wanted & (own > Real(0.05)) & (its > Real(0.05)) & !(side.revenue.convex_until() > zero);
    best = {zero, zero, zero, zero, none, none};
    rival = none;
    riding = best_rides = one < zero;
    w = v = b = zero;
    Real stride(close ? 0.1 : 0.25);
    // Along the curve the share rises up to one fold at most, or the contributor has several peaks. Where marginal cost
    // is a first bit and a power of at least 1, its part of marginal revenue has an elasticity of at most 1/4 by α₀,
    // t (1-t) in single_peak.hpp's terms: then it has one anyway.
    const Mask one_peak = (its >= one) & (own > Real(0.27));
    Mask started = one<zero, turned = started, returns = started, seen = one> zero;
    Real last_on_curve = zero;
    CurvePlace<Real> last{};
    TracedAim<Real> last_aim{};
    const std::size_t on_curve = close ? 2 * curve_looks.size() - 1 : curve_looks.size();
    const std::size_t all_looks = on_curve + (close ? 2 : 1) * ride_looks;
    const Real growth(close ? 1.18 : 1.4);
    for (std::size_t j = 0; j < all_looks; ++j) {
      CurvePlace<Real> now = last;
      Mask goes_on = one < zero;  // the contributor's peak is there, further on
      if (j < on_curve) {
        const double place = !close       ? curve_looks[j]
                             : j % 2 == 0 ? curve_looks[j / 2]
                                          : 0.5 * (curve_looks[j / 2] + curve_looks[j / 2 + 1]);
        now = contributing(Real(place) * (place > 0 ? left_unit : right_unit), j == 0);
        goes_on = curve_good & ((now.v > last.v + Real(1e-3)) | !started);
        if (j == 0) b = now.b;
        if (j > 0) {
          const Mask back = v < last_on_curve;
          returns = returns | (turned & !back);
          turned = turned | back;
        }
        seen = seen & curve_good;
        last_on_curve = v;
      }
      // Past the switch: on along the other branch, in steps that grow.
      const Real on = min(last.v + stride, max(last.v + Real(0.1), Real(last_share)));
      const CurvePlace<Real> ride = free_riding(select(goes_on & !riding, now.v, on), j == 0 ? 6 : 2);
      // Past the fold of the curve, where the contributor's peak ends, its lead is judged from the last place's
      // tangent. Past the end of the curve there is none.
      Real rival_peak = select(goes_on, now.generalist,
                               last.generalist + Real(1.2) * max(last.generalist_slope, zero) * (ride.v - last.v));
      if (j >= on_curve) rival_peak = none;
      const Mask can = valid_ride & (riding | (ride.generalist >= rival_peak));
      const Mask lost = !(riding | can | goes_on);
      sure = sure & !(riding & !valid_ride) & !lost;
      // Where the specialist would not take part in the better peak, the generalist may well go to the other.
      const Mask refuses = !(now.specialist - side.fixed - side.outside > zero);
      sure = sure & !(goes_on & !riding & valid_ride & refuses);
      const Mask switches = can & !riding;
      riding = riding | can;
      stride = select(riding, growth * stride, stride);
      now = choose(riding, ride, now);
      const TracedAim<Real> aim = aim_at(now);
      if (j == 0)
        sure = sure & (now.v < Real(first_share)) & (!riding) &
               select_mask(aim.admissible, aim.slope > zero, aim.behind >= Real(beyond));
      else
        compare(last, last_aim, now, aim, switches);
      started = one > zero;
      last = now, last_aim = aim;
    }
    sure = sure & (one_peak | (seen & !returns)) &
           select_mask(last_aim.admissible, last_aim.slope < zero, last_aim.ahead >= Real(beyond)) &
           (best.most > none) & (last.v > Real(6.0));
  }

  const Play<Real>& play;
  const Specialist<Real>& side;
  Real first_cost;
  Mask sure;
  Bracket<Real> best;
  Mask best_rides;
  Places<Real> kept;  ///< at best.high
  Real rival;
  int looks = 0;

 private:
  static constexpr double first_share = -6, last_share = 9;
  static constexpr std::size_t ride_looks = 9;
  static constexpr double good = 1e-3;

  /// The stationary point at s, from w, the one before.
  CurvePlace<Real> contributing(Real y, bool first) {
    const Real zero(0.0), one(1.0);
    const Real e = exp(-abs(y)), over_sum = one / (one + e);
    const Real s = select(y > zero, over_sum, e * over_sum), t = select(y > zero, e * over_sum, over_sum);
    const Real ln_s = log(s), ln_t = log(t);
    if (!first) {
      w = w + w_tangent * (y - last_y);
      v = v + v_tangent * (y - last_y);
    }
    last_y = y;
    CurvePlace<Real> p;
    for (int k = 0; k < (first ? 20 : 7); ++k) {
      ++looks;
      const Real near = exp(-abs(v)), over_near = one / (one + near);
      const Real share = select(v > zero, over_near, near * over_near);
      const Real rest = select(v > zero, near * over_near, over_near);
      const Real alpha = exp(w), x = s * alpha, a0 = t * alpha;
      const Jet<Real> r = side.revenue(alpha), f = side.cost(x), f0 = play.cost(a0);
      const Real over_r = one / r.slope, over_f = one / f.slope, over_f0 = one / f0.slope;
      const Real bend = -alpha * r.curvature * over_r;
      const Real bend_slope = bend - alpha * alpha * r.third * over_r + bend * bend;
      const Real steep = x * f.curvature * over_f, steep_change = one - steep + x * f.third / f.curvature;
      const Real stiff = a0 * f0.curvature * over_f0;
      const Real g = one / fma(s, bend, steep), held = s * bend * g;
      const Real reply = log(rest * r.slope * over_f), miss = log(share * r.slope * steep * g * over_f0);
      const Real reply_by_w = -(bend + steep);
      const Real by_w = held * steep_change - s * g * bend_slope - bend - stiff;
      const Real by_y = stiff * s - held * t * (one - steep_change);
      const Real det = -share * by_w - rest * reply_by_w, over = one / det;
      w_tangent = (share * by_y - rest * steep * t) * over;
      v_tangent = (steep * t * by_w + reply_by_w * by_y) * over;
      const Real over_v = one / v_tangent;
      p.along = -y, p.first_turn = -w_tangent, p.second_turn = -v_tangent;
      p.v = v, p.b = w + ln_t, p.z = w + ln_s;
      p.b_tangent = (w_tangent - s) * over_v, p.z_tangent = (w_tangent + t) * over_v;
      p.generalist = share * r.value - f0.value;
      p.specialist = rest * r.value - f.value;
      const Real moved = share * rest * r.value, gained = r.slope * alpha * w_tangent * over_v;
      p.generalist_slope = moved + share * gained - f0.slope * a0 * p.b_tangent;
      p.specialist_slope = rest * gained - moved - f.slope * x * p.z_tangent;
      const Real off = abs(miss) + abs(reply);
      const Mask done = off < Real(good);
      curve_good = done & (det > zero);
      if (all(done | !sure)) break;
      const Real v_step = ShareWalk<Real>::limited((reply_by_w * miss - reply * by_w) * over, 3.0);
      const Real w_step = ShareWalk<Real>::limited((share * miss + rest * reply) * over, 3.0);
      v = select(done, v, v + v_step);
      w = select(done, w, w + w_step);
    }
    return p;
  }

  /// The best investment at this logit share if the specialist contributes nothing.
  CurvePlace<Real> free_riding(Real logit, int steps) {
    const Real zero(0.0), one(1.0);
    const Real e = exp(-abs(logit)), over_sum = one / (one + e);
    const Real share = select(logit > zero, over_sum, e * over_sum), rest = select(logit > zero, e * over_sum, over_sum);
    CurvePlace<Real> p;
    p.v = logit;
    Real miss = one;
    for (int k = 0; k < 8; ++k) {
      const Real a = exp(b);
      const Jet<Real> r = side.revenue(a), f = play.cost(a);
      const Real bend = -a * r.curvature / r.slope, stiff = a * f.curvature / f.slope, over = one / (bend + stiff);
      miss = log(share * r.slope / f.slope);
      valid_ride = (rest * r.slope <= first_cost) & (abs(miss) < Real(good));
      p.b = b + miss * over, p.b_tangent = rest * over;
      p.z = Real(idle_base), p.z_tangent = zero;
      p.along = logit, p.first_turn = p.b_tangent, p.second_turn = one;
      p.generalist = share * r.value - f.value;
      p.specialist = rest * r.value;
      p.generalist_slope = share * rest * r.value;
      p.specialist_slope = -share * rest * r.value + rest * r.slope * a * p.b_tangent;
      if (k + 1 >= steps && all((abs(miss) < Real(good)) | !sure)) break;
      const Mask there = abs(miss) < Real(k + 1 >= steps ? good : 0.0);
      b = select(there, b, b + ShareWalk<Real>::limited(miss * over, 3.0));
    }
    return p;
  }

  static CurvePlace<Real> choose(Mask m, const CurvePlace<Real>& yes, const CurvePlace<Real>& no) {
    const auto pick = [&](Real CurvePlace<Real>::*member) { return select(m, yes.*member, no.*member); };
    using P = CurvePlace<Real>;
    return {pick(&P::v),
            pick(&P::b),
            pick(&P::b_tangent),
            pick(&P::z),
            pick(&P::z_tangent),
            pick(&P::generalist),
            pick(&P::generalist_slope),
            pick(&P::specialist),
            pick(&P::specialist_slope),
            pick(&P::along),
            pick(&P::first_turn),
            pick(&P::second_turn)};
  }

  TracedAim<Real> aim_at(const CurvePlace<Real>& p) const {
    TracedAim<Real> aim = no_aim<Real>();
    add_gain(aim, play.weight, p.generalist - play.fixed - play.outside, p.generalist_slope);
    add_gain(aim, side.weight, p.specialist - side.fixed - side.outside, p.specialist_slope);
    return aim;
  }

  void compare(const CurvePlace<Real>& at_low, const TracedAim<Real>& a, const CurvePlace<Real>& at_high,
               const TracedAim<Real>& b_aim, Mask switches) {
    const Real h = at_high.v - at_low.v;
    const Real bend = max(abs(at_high.first_turn - at_low.first_turn), abs(at_high.second_turn - at_low.second_turn)) *
                      (at_high.along - at_low.along);
    const CellBound<Real> cell(a, b_aim, h, bend < Real(most_bend), !switches);
    const Mask replaces = cell.peak & (cell.better > best.value);
    rival = max(rival, select(replaces, best.most, select(cell.matters, cell.most, -infinity<Real>())));
    best.low = select(replaces, at_low.v, best.low), best.high = select(replaces, at_high.v, best.high);
    best.low_slope = select(replaces, a.slope, best.low_slope);
    best.high_slope = select(replaces, b_aim.slope, best.high_slope);
    best.value = select(replaces, cell.better, best.value), best.most = select(replaces, cell.most, best.most);
    best_rides = select_mask(replaces, riding, best_rides);
    const Real over = Real(1.0) / h;
    const auto keep = [&](Place<Real>& p, Real at, Real tangent, Real last_tangent) {
      p.at = select(replaces, at, p.at), p.tangent = select(replaces, tangent, p.tangent);
      p.bend = select(replaces, (tangent - last_tangent) * over, p.bend);
    };
    keep(kept.base, at_high.b, at_high.b_tangent, at_low.b_tangent);
    keep(kept.contributions[0], at_high.z, at_high.z_tangent, at_low.z_tangent);
  }

  Real w, w_tangent, v, v_tangent, last_y, b;
  Mask riding, valid_ride, curve_good;
};

}  // namespace haggle::fine_tuning
