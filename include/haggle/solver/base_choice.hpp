// SPDX-License-Identifier: MIT
// What the generalist chooses at a share, proven to be its best: of the peaks of its utility, between which specialists
// cease to contribute and ride free.
#pragma once
#include "haggle/solver/base_climb.hpp"

namespace haggle::fine_tuning {

template <class Real>
class BaseChoice {
 public:
  using Mask = mask_t<Real>;
  using Spot = BaseSpot<Real>;
  using Trace = EquilibriumTrace<Real>;

  /// `path` follows the choice.
  explicit BaseChoice(TracePath<Real>& path)
      : scan(path.trace), main_(path), other_(path.play), up_(scan), down_(scan) {
    be_strict(false);
    known = -infinity<Real>();
  }

  /// At logit v: `proven` where the path's trace stands at the choice, `stays` where it has followed its peak there.
  void operator()(Real v, Mask wanted) {
    stays = wanted;
    gap = infinity<Real>();
    Mask stands = settle(main_, v, wanted, main_spot_);
    if (const Mask lost = wanted & !stands; any(lost)) {
      const Mask found = start_anew(v, lost);
      stands = stands | found;
      stays = stays & !lost;
    }
    proven = stands;
    prove_alone(stands);
    Mask open = wanted & stands & !proven;
    for (int k = 0; k < most_rivals && any(open); ++k) {
      const Mask meets = open & rivalled_;
      if (!any(meets)) break;
      take(other_.trace, rival_, meets);
      const Mask both = meets & settle(other_, v, meets, other_spot_);
      const Mask better = both & (other_spot_.utility > main_spot_.utility);
      if (any(better)) exchange(better), settle(main_, v, better, main_spot_), settle(other_, v, better, other_spot_);
      stays = stays & !better, alone = alone & !both;
      gap = select(both, (main_spot_.utility - other_spot_.utility) / main_spot_.revenue, gap);
      proven = proven | prove_both(both);
      open = open & both & !proven;
    }
  }

  /// At logit v: where the generalist has nothing better than the path's peak and another, which are worth the same.
  template <class Place>
  Mask ties(Real v, const Place& other, Mask wanted) {
    const Mask here = settle(main_, v, wanted, main_spot_);
    other.leave(other_.trace, Real(0.0), wanted);
    const Mask there = settle(other_, v, wanted, other_spot_), both = wanted & here & there;
    const Real apart = abs(main_spot_.utility - other_spot_.utility);
    be_strict(true);
    const Mask proves = prove_both(both);
    be_strict(false);
    return both & (apart < Real(1e-4) * main_spot_.revenue) & proves;
  }

  /// Whether peaks that are hardly any better may be overlooked next to others: what they change is little, but who is
  /// chosen.
  void be_strict(bool strict) { up_.overlooks = down_.overlooks = strict ? 0 : 1e-6; }

  BaseScan<Real> scan;
  Real known;  ///< ln α₀ chosen at a lower share; less than -20: none is known
  Mask proven{}, stays{};
  Mask alone{};  ///< no other peak is above it
  Real gap{};    ///< how much more it brings than the next best peak, in parts of revenue

 private:
  static constexpr int most_rivals = 3;
  static constexpr double good_choice = 2e-3;  ///< EquilibriumTrace::worst, so that a short cell holds the peak

  /// Newton's steps, with those riding free who do at that base; where it is an equilibrium but for other peaks.
  Mask settle(TracePath<Real>& path, Real v, Mask wanted, Spot& spot) {
    Trace& t = path.trace;
    path.settle(v, wanted, Real(good_choice), 6);
    scan.at_share(t.share, t.rest);
    Mask stands = wanted;
    for (int k = 0;; ++k) {
      scan.spot_of(t, scratch_, wanted);
      Mask other = wanted & !wanted;
      for (std::size_t i = 0; i < t.size; ++i) other = other | differ(scratch_.answers[i].rides, t.at[i].rides);
      stands = wanted & scratch_.answered & (!other) & (t.worst < Real(good_choice)) & (t.second_order < Real(0.0));
      const Mask mends = wanted & other & scratch_.answered;
      if (k == 3 || !any(mends)) break;
      take(t, scratch_, mends);
      path.settle(v, mends, Real(good_choice), 6);
    }
    scan.take(spot, scratch_, wanted);
    return stands;
  }
  void take(Trace& t, const Spot& spot, Mask where) {
    t.b = select(where, spot.b, t.b);
    for (std::size_t i = 0; i < t.size; ++i) {
      t.at[i].z = select(where, spot.answers[i].z, t.at[i].z);
      t.at[i].rides = select_mask(where, spot.answers[i].rides, t.at[i].rides);
    }
  }

  /// From the best of bases some way apart: of all and none, or of those above one that was chosen at a lower share.
  Mask start_anew(Real v, Mask lost) {
    Trace& t = main_.trace;
    const Real zero(0.0);
    const Mask unknown = lost & !(known > Real(-20.0));
    Spot& best = lower_spot_;
    Spot& tried = upper_spot_;
    for (std::size_t i = 0; i < t.size; ++i) {
      t.at[i].z = select(lost, main_.started[i], t.at[i].z);
      t.at[i].rides = t.at[i].rides & !lost;
    }
    t.b = select(lost, select(unknown, zero, known - Real(0.05)), t.b);
    t.worst = select(lost, infinity<Real>(), t.worst);
    scan.spot_of(t, tried, lost);
    scan.copy(best, tried);
    const auto weigh = [&](Mask where) {
      scan.take(best, tried, where & tried.answered & (tried.utility > best.utility));
    };
    for (int k = 0; k < 24; ++k) {
      const Mask higher = lost & (tried.pull > tried.cost_slope);
      if (!any(higher)) break;
      scan.find(tried, select(unknown, Real(0.7), Real(0.2)), scratch_, higher);
      scan.take(tried, scratch_, higher);
      weigh(higher);
    }
    if (any(unknown)) {
      Mask lower = unknown;
      for (int k = 0; k < 30; ++k) {
        lower = lower & (tried.revenue > best.utility);
        if (!any(lower)) break;
        scan.find(tried, Real(-0.3), scratch_, lower);
        scan.take(tried, scratch_, lower);
        weigh(lower);
      }
      scan.find(best, Real(idle_base) - best.b, tried, unknown), weigh(unknown);
    }
    for (const double step : {0.08, 0.03, 0.01})
      for (const double side : {-1.0, 1.0})
        scan.find(best, select(best.b > Real(idle_base), Real(side * step), zero), tried, lost), weigh(lost);
    take(t, best, lost);
    return settle(main_, v, lost, main_spot_);
  }

  void prove_alone(Mask wanted) {
    const Real far = infinity<Real>(), reference = main_spot_.utility;
    up_.up(main_spot_, far, reference, scale(), wanted);
    down_.down(main_spot_, -far, reference, wanted);
    alone = up_.chained;
    proven = wanted & up_.proven & down_.proven;
    rivalled_ = wanted & !wanted;
    meet(up_), meet(down_);
  }
  /// Between both, somebody ceases to contribute: there utility has a kink upwards, no peak.
  Mask prove_both(Mask wanted) {
    const Mask first = main_spot_.b < other_spot_.b;
    const Real far = infinity<Real>(), reference = main_spot_.utility;
    scan.copy(lower_spot_, other_spot_), scan.copy(upper_spot_, other_spot_);
    scan.take(lower_spot_, main_spot_, first), scan.take(upper_spot_, main_spot_, !first);
    rivalled_ = wanted & !wanted;
    down_.down(lower_spot_, -far, reference, wanted), meet(down_);
    up_.up(upper_spot_, far, reference, scale(), wanted), meet(up_);
    Mask holds = wanted & down_.proven & up_.proven;
    down_.down(upper_spot_, lower_spot_.b, reference, holds);
    const Real narrow(2 * BaseClimb<Real>::least_step);
    up_.up(lower_spot_, max(down_.reached, lower_spot_.b), reference, scale(), holds);
    const Mask meets = up_.proven | (up_.reached > down_.reached - narrow);
    const Mask between = holds & !(down_.proven | meets);
    holds = holds & (down_.proven | meets);
    meet(up_, between);
    return holds;
  }
  void meet(const BaseClimb<Real>& climb) { meet(climb, climb.rivalled); }
  void meet(const BaseClimb<Real>& climb, Mask among) {
    const Mask where = climb.rivalled & among & !rivalled_;
    if (!any(where)) return;
    rivalled_ = rivalled_ | where;
    rival_.b = select(where, climb.rival.b, rival_.b);
    for (std::size_t i = 0; i < scan.size(); ++i) {
      rival_.answers[i].z = select(where, climb.rival.answers[i].z, rival_.answers[i].z);
      rival_.answers[i].rides = select_mask(where, climb.rival.answers[i].rides, rival_.answers[i].rides);
    }
  }
  /// A performance to begin with from none.
  Real scale() const {
    Real most(1e-6);
    for (std::size_t i = 0; i < scan.size(); ++i) most = max(most, main_.trace.at[i].performance);
    return most;
  }
  /// What the two paths follow.
  void exchange(Mask where) {
    Trace &a = main_.trace, &b = other_.trace;
    const auto swap = [&](Real& x, Real& y) {
      const Real kept = x;
      x = select(where, y, x), y = select(where, kept, y);
    };
    swap(a.b, b.b);
    for (std::size_t i = 0; i < a.size; ++i) {
      swap(a.at[i].z, b.at[i].z);
      const Mask kept = a.at[i].rides;
      a.at[i].rides = select_mask(where, b.at[i].rides, kept);
      b.at[i].rides = select_mask(where, kept, b.at[i].rides);
    }
  }

  TracePath<Real>& main_;
  TracePath<Real> other_;
  BaseClimb<Real> up_, down_;
  Spot main_spot_{}, other_spot_{}, lower_spot_{}, upper_spot_{}, scratch_{}, rival_{};
  Mask rivalled_{};
};

}  // namespace haggle::fine_tuning
