// SPDX-License-Identifier: MIT
// With one specialist: the most that the generalist can have at each share with the specialist taking part. That is its
// own best, or where the specialist then has too little, what it has where it invests until the specialist has its
// dues. By the envelope theorem its slope by the share does not jump between the two, so that it is bounded between
// neighbouring shares like anything that a bargain is after. If it is nowhere enough for the generalist, no share makes
// a deal.
#pragma once
#include "haggle/solver/held_place.hpp"
#include "haggle/solver/joint_surplus.hpp"
#include "haggle/solver/single_peak.hpp"

namespace haggle::fine_tuning {

/// All that there is to share is less than what the two have otherwise.
template <class Real>
mask_t<Real> is_too_little(const Play<Real>& play) {
  JointSurplus<Real> joint(play);
  joint.run(1e-6, 24);
  const Specialist<Real>& side = play.specialists.front();
  const Real least = play.fixed + side.fixed + play.outside + side.outside;
  const Real margin = Real(1e-6) * (abs(joint.value) + abs(play.outside) + abs(side.outside) + play.fixed + side.fixed);
  return joint.found & (joint.value + margin < least);
}

template <class Real>
class DealCurve {
 public:
  using Mask = mask_t<Real>;

  explicit DealCurve(const Play<Real>& game) : walked(game), play(game), side(game.specialists.front()) {}

  /// Games in which no side's first bit of investment costs anything.
  void walk(const Looks& looks, Mask wanted) {
    const Real zero(0.0), none = -infinity<Real>();
    best = {zero, zero, zero, zero, zero, none, none};
    rival = highest_ = none;
    wanted_ = wanted;
    Look last{no_aim<Real>(), zero, zero, zero, zero, zero, zero > zero};
    walked.along(looks, wanted, [&](std::size_t j) {
      if (j == 0) find_reach();
      const Look now = look(j == 0 || j + 1 == looks.shares.size(), last);
      if (j > 0)
        compare(Real(looks.shares[j - 1]), Real(looks.shares[j]), last, now, j == 1 || j + 1 == looks.shares.size());
      last = now;
    });
    const Mask rides = (walked.trace.first_cost0 > zero) | (walked.trace.at[0].first_cost > zero);
    sure = walked.sure & !rides & has_single_peaks(walked) & reaches_;
  }

  /// No share makes a deal.
  Mask refuses() const {
    const Real needed = Real(1.0 - 1e-6) * (play.fixed + play.outside) - Real(1e-6) * scale_;
    return sure & (max(best.most, highest_) < needed);
  }

  ShareWalk<Real> walked;
  Mask sure;
  Bracket<Real> best;        ///< around the best share for the generalist, gross of its fixed cost
  Real rival;                ///< what no other peak is better than
  Real base_there, z_there;  ///< α₀ and ln x at best.low

 private:
  struct Look {
    TracedAim<Real> aim;
    Real share, division;  ///< δ, δ (1-δ)
    Real error, base, z;
    Mask held;
  };

  /// The generalist can't pay for a performance beyond `reach_`: even all revenue, with what the specialist would add
  /// by itself, then leaves it less than it has otherwise.
  void find_reach() {
    const Real zero(0.0), alone = walked.trace.at[0].performance, due = play.fixed + play.outside;
    Real a = max(alone, walked.trace.a0);
    reaches_ = alone < zero;
    for (int k = 0; k < 16; ++k) {
      const Jet<Real> r = side.revenue(a + alone), f = play.cost(a);
      const Real left = r.value - f.value - due, falls = f.slope - r.slope;
      reaches_ = reaches_ | ((falls > zero) & (left <= zero));
      reach_ = a + alone, scale_ = r.value;
      // What is left is concave in a: from beyond its root, Newton's steps stay beyond.
      a = select(reaches_, max(a + left / select(reaches_, falls, Real(1.0)), Real(0.1) * a), Real(4.0) * a);
    }
  }

  Look look(bool at_end, const Look& last) {
    const EquilibriumTrace<Real>& t = walked.trace;
    const Contribution<Real>& c = t.at[0];
    const Real zero(0.0), dues = side.fixed + side.outside;
    Look at{no_aim<Real>(), t.share, t.share * t.rest, ShareWalk<Real>::error_of(t.worst) * c.revenue,
            t.a0,           c.z,     zero > zero};
    at.aim.value = t.generalist + play.fixed, at.aim.slope = t.generalist_slope;
    const Mask held = c.utility + side.fixed < dues;
    if (any(held)) {
      const Mask blocked = held & (t.rest * side.revenue(reach_).value < dues);  // at no α within reach
      HeldPlace<Real> place{
          select(last.held, last.base, t.a0), select(last.held, last.z, c.z), zero, zero, zero, zero, {}, {}};
      place.find(play, t.share, t.rest, wanted_ & held & !blocked, 1e-3, 20);
      const auto take = [&](Real& to, Real from) { to = select(place.found, from, to); };
      take(at.aim.value, place.value), take(at.aim.slope, place.slope);
      take(at.base, place.a), take(at.z, place.z), take(at.error, Real(1e-5) * place.revenue);
      at.held = place.found;
      at.aim.admissible = at.aim.admissible & !blocked;
      at.aim.ahead = select(blocked, Real(100.0), zero);
      at.aim.slope = select(blocked, -abs(at.aim.slope), at.aim.slope);
      at.error = select(held & !blocked & !place.found, infinity<Real>(), at.error);
    }
    // Where its flat end is not yet that of all shares, what is beyond it may be higher by so much.
    if (at_end) at.aim.value = at.aim.value + Real(10.0) * abs(at.aim.slope);
    return at;
  }

  void compare(Real low, Real high, const Look& a, const Look& b, bool at_end) {
    const Real h = high - low;
    const Mask whole = h > Real(0.0);
    CellBound<Real> cell(a.aim, b.aim, h, walked.bends(h) < Real(most_bend), whole, walked.begins(),
                         max(a.error, b.error));
    cell.most = max(cell.most, crest_by_share(a, b, cell.better) + max(a.error, b.error));
    const Mask replaces = cell.peak & (cell.better > best.value), seen = a.aim.admissible | b.aim.admissible;
    const Real none = -infinity<Real>();
    highest_ = max(highest_, select(cell.matters | seen, cell.most, none));
    rival =
        max(rival, select(replaces, best.most, select(at_end ? cell.matters | seen : cell.matters, cell.most, none)));
    const auto take = [&](Real& to, Real from) { to = select(replaces, from, to); };
    take(best.low, low), take(best.high, high), take(best.low_slope, a.aim.slope), take(best.high_slope, b.aim.slope);
    take(best.value, cell.better), take(best.most, cell.most);
    take(base_there, a.base), take(z_there, a.z);
  }

  /// Over a wide cell what rises in proportion to the share is convex by its logit, and may turn just before the end:
  /// where the tangents by the share meet. As CellBound has it by the logit.
  Real crest_by_share(const Look& a, const Look& b, Real better) const {
    const Real zero(0.0), one(1.0), none = -infinity<Real>(), width = b.share - a.share;
    const Real rise = max(a.aim.slope / a.division, zero), fall = min(b.aim.slope / b.division, zero);
    const Mask both = a.aim.admissible & b.aim.admissible, turns = both & (rise > zero) & (fall < zero);
    const Real meet = (b.aim.value - a.aim.value - fall * width) / select(turns, rise - fall, one);
    const Real from_left = select(a.aim.admissible, fma(rise, width, a.aim.value), none),
               from_right = select(b.aim.admissible, fma(-fall, width, b.aim.value), none);
    const Real alone = select(both, none, max(from_left, from_right));
    const Real crest = select(turns, fma(rise, min(max(meet, zero), width), a.aim.value), alone);
    return select(crest > none, max(crest, better) + Real(0.25) * max(crest - better, zero), none);
  }

  const Play<Real>& play;
  const Specialist<Real>& side;
  Real reach_, scale_;
  Real highest_;  ///< what no share is better than
  Mask reaches_, wanted_;
};

}  // namespace haggle::fine_tuning
