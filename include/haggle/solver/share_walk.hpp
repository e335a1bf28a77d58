// SPDX-License-Identifier: MIT
// A walk along all shares, from none to all of revenue for the generalist, that finds between which of them the best
// bargain is, and how good any other could be.
#pragma once
#include <cmath>
#include <span>

#include "haggle/solver/traced_aim.hpp"

namespace haggle::fine_tuning {

/// Shares to look at, as logits; closer together for the games that are not settled so.
inline constexpr std::array looked_at{-9.0, -5.5, -4.0, -2.9, -2.0, -1.2, -0.4, 0.4, 1.2, 2.0, 2.9, 4.0, 5.5, 9.0};
inline constexpr std::array looked_at_closely{-12.0, -10.0, -8.5,  -7.25, -6.25, -5.5, -4.9, -4.3, -3.8,  -3.3,
                                              -2.85, -2.45, -2.05, -1.7,  -1.35, -1.0, -0.7, -0.4, -0.12, 0.12,
                                              0.4,   0.7,   1.0,   1.35,  1.7,   2.05, 2.45, 2.85, 3.3,   3.8,
                                              4.3,   4.9,   5.5,   6.25,  7.25,  8.5,  10.0, 12.0};
/// From where on an end is as good as the end of all shares, to rounding.
inline constexpr double far_end = 30;
inline constexpr std::array looked_at_far{-30.0, -20.0, -13.5, -10.0, -8.0, -6.4, -5.1, -4.2, -3.4, -2.7,
                                          -2.1,  -1.55, -1.0,  -0.5,  0.0,  0.5,  1.0,  1.55, 2.1,  2.7,
                                          3.4,   4.2,   5.1,   6.4,   8.0,  10.0, 13.5, 20.0, 30.0};
/// Shares to look at, one after the other, and how far the tangents' last turn carries the next step.
struct Looks {
  std::span<const double> shares;
  std::array<double, 40>
      turns{};  ///< [j]: by step j+1 with all investments, relative to what tangents turned by step j

  /// Second derivatives of investments, by v, go with δ(1-δ): exactly so where the other side's investment is next to
  /// nothing, since marginal revenue is then proportional to δ or to 1-δ.
  explicit Looks(std::span<const double> logits) : shares(logits) {
    const auto less = [](double v) { return 1 / (1 + std::exp(std::abs(v))); };  // the smaller one of δ and 1-δ
    for (std::size_t j = 1; j + 1 < shares.size(); ++j) {
      const double last = shares[j - 1], here = shares[j], next = shares[j + 1];
      const double turned =
          here > 0 && last > 0 ? less(last) - less(here) : (here > 0 ? 1 - less(here) : less(here)) - less(last);
      const double rest = std::log1p(std::exp(-std::abs(next))) - std::log1p(std::exp(-std::abs(here)));
      const double lasts = std::max(next, 0.0) - std::max(here, 0.0);
      const double falls = here > 0 ? (next - here) * less(here) + rest : rest + lasts - (next - here) * less(here);
      turns[j] = falls / turned;
    }
  }
};

/// `EquilibriumTrace::worst` that is good enough on the way, and what it can make of an aim's value.
inline constexpr double good_look = 0.1, look_error = 5e-3;

/// More of a turn between two places, and anything could be between them.
inline constexpr double most_bend = 0.6;

/// A player that by its tangent has nothing to gain over so many logits beyond the ends is taken to have none there.
inline constexpr double beyond = 3;

/// A place on the trace and how the equilibrium moves from it.
template <class Real>
struct Place {
  Real at, tangent, bend;

  Real after(Real h) const { return fma(h, fma(Real(0.5) * h, bend, tangent), at); }
};
template <class Real>
struct Places {
  Place<Real> base;
  std::array<Place<Real>, most_specialists> contributions;
};

/// Between two shares.
template <class Real>
struct Bracket {
  Real low, high, low_slope, high_slope;
  Real mean_slope;  ///< from end to end
  Real value;       ///< the better end's
  Real most;        ///< more than any share between them is worth
};

/// What the best between two neighbouring places can be.
template <class Real>
struct CellBound {
  mask_t<Real> peak;     ///< there is one between them, which a search will find
  mask_t<Real> matters;  ///< what is between them may be better than they are
  mask_t<Real> neither;  ///< some player has nothing to gain at either of them,
  mask_t<Real> hidden;   ///< but all may have between them
  Real better;           ///< the better one's value
  Real most;             ///< more than any value between them

  /// h apart. `resolved`: all is smooth between them and nearly straight. `one_branch`: they are of one branch of
  /// equilibria, which otherwise changes between them. `error`: what their values may be off by.
  CellBound(const TracedAim<Real>& a, const TracedAim<Real>& b, Real h, mask_t<Real> resolved, mask_t<Real> one_branch,
            Real error = Real(look_error)) {
    using Mask = mask_t<Real>;
    const Real zero(0.0), none = -infinity<Real>(), over = Real(1.0) / h;
    neither = !(a.admissible | b.admissible);
    const Mask both = a.admissible & b.admissible & one_branch;
    const Real left = select(a.admissible, a.value, none), right = select(b.admissible, b.value, none);
    better = max(left, right);
    // A concave stretch lies below its tangents. Where values and slopes don't fit a smooth rise or fall, anything
    // below the steeper tangents could be between.
    const Real from_left = select(a.admissible, fma(max(a.slope, zero), h, left), none);
    const Real from_right = select(b.admissible, fma(max(-b.slope, zero), h, right), none);
    const Real open = max(from_left, from_right);
    const Real crest = a.value + a.slope * (b.value - a.value - b.slope * h) / (a.slope - b.slope);
    const Real rise = (b.value - a.value) * over, steepest = Real(3.0) * abs(rise) + Real(1e-4);
    const Mask valley = (a.slope < zero) & (b.slope > zero);
    const Mask gentle =
        (abs(a.slope) <= steepest) & (abs(b.slope) <= steepest) & (a.slope * rise >= zero) & (b.slope * rise >= zero);
    const Mask concave = (a.slope >= rise) & (rise >= b.slope);
    const Mask smooth = both & (gentle | concave) & (!valley) & resolved;
    const Mask turns = (a.slope > zero) & (!(b.slope > zero)) & !neither;
    most = select(both, select(turns & concave, max(crest, better), select(smooth, better, open)), open);
    most = most + Real(0.25) * (most - better) + error;
    const Mask ahead = a.ahead >= h, behind = b.behind >= h;
    const Mask blocked = neither & select_mask(one_branch, ahead | behind, ahead & behind);
    hidden = neither & !blocked;
    most = select(blocked, none, select(neither | (one_branch & !resolved), infinity<Real>(), most));
    peak = turns & resolved & one_branch;
    matters = (turns & one_branch) | !(smooth | blocked);
  }
};

template <class Real>
class ShareWalk {
 public:
  using Mask = mask_t<Real>;

  explicit ShareWalk(const Play<Real>& game, bool may_be_linear = true) : play(game), trace(game, may_be_linear) {}

  /// Investments at a small share, each by itself; look() makes them an equilibrium.
  void start(Real v) {
    const Real zero(0.0), one(1.0);
    const Real near = exp(-abs(v)), sum = one / (one + near);
    const Real share = select(v > zero, sum, near * sum), rest = select(v > zero, near * sum, sum);
    Real marginal = zero;
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Specialist<Real>& s = play.specialists[i];
      Contribution<Real>& c = trace.at[i];
      c.z = zero;
      Jet<Real> r;
      Real bend = zero, steep = one;
      Mask active = zero == zero;
      for (int k = 0; k < 6; ++k) {
        const Real x = exp(c.z);
        r = s.revenue(x);
        const Jet<Real> f = s.cost(x);
        bend = -x * r.curvature / r.slope;
        steep = x * f.curvature / f.slope;
        if (!any(active)) break;
        const Real pull = rest * r.slope, left = max(pull - c.first_cost, Real(1e-3) * pull);
        const Real paid = f.slope - c.first_cost;
        const Real turn = pull * bend / left + x * f.curvature / paid;
        const Real step = limited(log(left / paid) / turn, 3.0);
        c.z = select(active, c.z + step, c.z);
        active = active & !(abs(step) < Real(0.1));
      }
      marginal = marginal + r.slope * steep / (steep + bend);
    }
    trace.b = zero;
    for (int k = 0; k < 2; ++k) {
      const Real a = exp(trace.b);
      const Jet<Real> f = play.cost(a);
      const Real gain = share * marginal, left = gain - trace.first_cost0, paid = f.slope - trace.first_cost0;
      const Real step = log(left / paid) * paid / (a * f.curvature);
      trace.b = select(left > zero, trace.b + step, Real(idle_base));
    }
  }

  /// Looks at v until what is wanted is an equilibrium to `good`, at most so often. What is not tells `trace.worst`.
  void settle(Real v, Mask wanted, Real good, int most) {
    trace.look(v);
    ++looks;
    for (int k = 0; k < most && any(wanted & !(trace.worst < good)); ++k) {
      mend(wanted & !(trace.worst < good));
      trace.look(v);
      ++looks;
    }
  }

  /// One limited step of Newton's.
  void mend(Mask where) {
    const Real zero(0.0), two(2.0);
    const Real idle(idle_base);
    Real step = select(trace.excessive, -two, limited(trace.b_fix, 3.0));
    step = select(trace.b <= idle, trace.b_fix, step);  // from far below, where the condition is linear
    Real next = trace.b + step;
    if (trace.linear) {
      Real smallest = infinity<Real>();
      for (std::size_t i = 0; i < trace.size; ++i) smallest = min(smallest, trace.at[i].performance);
      next = select(trace.excessive & (trace.a0 < Real(1e-4) * smallest), idle, next);
    }
    trace.b = select(where, next, trace.b);
    for (std::size_t i = 0; i < trace.size; ++i)
      trace.at[i].z = trace.at[i].z + select(where, limited(trace.at[i].fix, 3.0), zero);
  }

  /// Onto v + h; `second`: what a last turn of tangents adds, as Looks has it.
  void move(Real h, Real second) {
    trace.b = trace.b + trace.b_fix + fma(h, trace.b_tangent, second * (trace.b_tangent - trace.b_last_tangent));
    trace.b_last_tangent = trace.b_tangent;
    for (std::size_t i = 0; i < trace.size; ++i) {
      Contribution<Real>& c = trace.at[i];
      c.z = c.z + c.fix + fma(h, c.tangent, second * (c.tangent - c.last_tangent));
      c.last_tangent = c.tangent;
    }
  }

  /// From end to end, at_each(j) at each share. `sure`: the equilibrium was met everywhere.
  template <class AtEach>
  void along(const Looks& looks_at, Mask wanted, AtEach at_each) {
    const std::span<const double> shares = looks_at.shares;
    const Real zero(0.0);
    sure = wanted;
    start(Real(shares[0]));
    for (std::size_t j = 0; j < shares.size(); ++j) {
      if (j > 0) move(Real(shares[j] - shares[j - 1]), Real(looks_at.turns[j - 1]));
      settle(Real(shares[j]), sure, Real(good_look), j == 0 ? 12 : 6);
      sure = sure & (trace.worst < Real(good_look)) & (trace.second_order < zero);
      if (j == 0)
        for (std::size_t i = 0; i < trace.size; ++i) alone[i] = trace.at[i].performance;
      at_each(j);
    }
    highest = Real(1.05) * trace.a0;
  }

  /// Likewise; the best share is in `best`.
  template <Solution S>
  void walk(const Looks& looks_at, std::size_t powerful, Mask wanted) {
    forget();
    const std::span<const double> shares = looks_at.shares;
    along(looks_at, wanted, [&](std::size_t j) {
      see<S>(Real(shares[j]), Real(j > 0 ? 1.0 / (shares[j] - shares[j - 1]) : 0.0), powerful, j == 0);
      if (j == 0) sure = sure & select_mask(last_.admissible, last_.slope > Real(0.0), last_.behind >= Real(beyond));
    });
    sure = sure & select_mask(last_.admissible, last_.slope < Real(0.0), last_.ahead >= Real(beyond));
  }
  /// Whether one of the places seen is certain to be next to the best.
  Mask finds() const { return sure & (best.most > -infinity<Real>()) & (hidden == Real(0.0)); }

  /// Likewise between two shares of each lane, in so many steps; what is beyond them is not looked at.
  template <Solution S>
  void walk_between(Real low, Real high, int steps, std::size_t powerful, Mask wanted) {
    forget();
    sure = wanted;
    const Real h = (high - low) * Real(1.0 / steps), over = Real(1.0) / h;
    start(low);
    for (int j = 0; j <= steps; ++j) {
      const Real v = fma(h, Real(static_cast<double>(j)), low);
      if (j > 0) move(h, j > 1 ? Real(0.5) * h : Real(0.0));
      settle(v, sure, Real(good_look), j == 0 ? 12 : 6);
      sure = sure & (trace.worst < Real(good_look)) & (trace.second_order < Real(0.0));
      see<S>(v, over, powerful, j == 0);
    }
  }

  /// How much the equilibrium's path turns between the last two places, h apart, all investments as logarithms.
  Real bends(Real h) const {
    Real most = abs(trace.b_tangent - trace.b_last_tangent);
    for (std::size_t i = 0; i < trace.size; ++i) most = max(most, abs(trace.at[i].tangent - trace.at[i].last_tangent));
    return h * most;
  }

  /// Raises b to where the generalist would stop if nobody else contributed: it never does more.
  void highest_base(Real share) {
    for (int k = 0; k < 8; ++k) {
      const Real a = exp(trace.b);
      Real marginal(0.0), turn(0.0);
      for (const Specialist<Real>& s : play.specialists) {
        const Jet<Real> r = s.revenue(a);
        marginal = marginal + r.slope;
        turn = fma(a, r.curvature, turn);
      }
      const Jet<Real> f = play.cost(a);
      const Real paid = a * f.curvature / f.slope - turn / marginal;
      trace.b = trace.b + limited(log(share * marginal / f.slope) / paid, 3.0);
    }
    highest = exp(trace.b);
  }

  /// Values are right to first order in what is wrong.
  static Real error_of(Real worst) {
    return min(fma(Real(look_error / (good_look * good_look)) * worst, worst, Real(0.1 * look_error)),
               Real(look_error));
  }

  static Real limited(Real step, double most) { return max(min(step, Real(most)), Real(-most)); }

  const Play<Real>& play;
  EquilibriumTrace<Real> trace;
  Mask sure;
  Bracket<Real> best;
  Real rival;                                ///< no other share is worth more
  Places<Real> kept;                         ///< at best.high
  Real hidden;                               ///< how many steps may hide a bargain that neither end shows
  Real hidden_low, hidden_high;              ///< the last of them
  std::array<Real, most_specialists> alone;  ///< performances where the generalist adds next to nothing
  Real highest;                              ///< no α₀ that matters is higher
  int looks = 0;

 private:
  void forget() {
    const Real zero(0.0), none = -infinity<Real>();
    best = {zero, zero, zero, zero, zero, none, none};
    rival = none;
    hidden = hidden_low = hidden_high = zero;
  }

  /// What is at v, where the trace stands, and between there and the last one. `over`: one over the step.
  template <Solution S>
  void see(Real v, Real over, std::size_t powerful, bool first) {
    const TracedAim<Real> now = aim_at<S>(trace, powerful);
    if constexpr (is_swift_v<Real>) sure = sure & is_clear(trace);
    if (!first) compare(last_v_, v, last_, now, over, error_of(max(last_worst_, trace.worst)));
    last_ = now, last_v_ = v, last_worst_ = trace.worst;
    if constexpr (!is_swift_v<Real>)
      if (trace.size == 1) last_gains_ = {gain_of(trace, 0), gain_of(trace, 1)};
  }

  /// One of two players has nothing to gain here nor at the place before, h away, nor between.
  Mask stays_without(std::size_t player, Real h) const {
    const Real zero(0.0);
    const Gain<Real> a = last_gains_[player], b = gain_of(trace, player);
    const Mask monotone = a.slope * b.slope > zero;
    const Real crest = min(fma(max(a.slope, zero), h, a.value), fma(max(-b.slope, zero), h, b.value));
    const Mask lacks = (!(a.value > zero)) & (!(b.value > zero));
    return lacks & (monotone | (!(crest > zero)));
  }

  void compare(Real low, Real high, const TracedAim<Real>& a, const TracedAim<Real>& b, Real over, Real error) {
    const Real h = high - low;
    const Mask whole = h > Real(0.0);
    const CellBound<Real> cell(a, b, h, bends(h) < Real(most_bend), whole, error);
    const Mask replaces = cell.peak & (cell.better > best.value);
    Mask hides = cell.hidden;
    if constexpr (!is_swift_v<Real>)
      if (trace.size == 1 && any(cell.neither)) hides = cell.neither & !(stays_without(0, h) | stays_without(1, h));
    const Mask counts = select_mask(cell.neither, !whole, cell.matters);
    rival = max(rival, select(replaces, best.most, select(counts, cell.most, -infinity<Real>())));
    hidden = hidden + select(hides, Real(1.0), Real(0.0));
    hidden_low = select(hides, low, hidden_low), hidden_high = select(hides, high, hidden_high);
    if (!any(replaces)) return;
    best = {select(replaces, low, best.low),
            select(replaces, high, best.high),
            select(replaces, a.slope, best.low_slope),
            select(replaces, b.slope, best.high_slope),
            select(replaces, (b.value - a.value) * over, best.mean_slope),
            select(replaces, cell.better, best.value),
            select(replaces, cell.most, best.most)};
    const auto keep = [&](Place<Real>& p, Real at, Real fix, Real tangent, Real last_tangent) {
      p.at = select(replaces, at + fix, p.at);
      p.tangent = select(replaces, tangent, p.tangent);
      p.bend = select(replaces, (tangent - last_tangent) * over, p.bend);
    };
    keep(kept.base, trace.b, trace.b_fix, trace.b_tangent, trace.b_last_tangent);
    for (std::size_t i = 0; i < trace.size; ++i) {
      const Contribution<Real>& c = trace.at[i];
      keep(kept.contributions[i], c.z, c.fix, c.tangent, c.last_tangent);
    }
  }

  TracedAim<Real> last_;
  Real last_v_, last_worst_;
  std::array<Gain<Real>, 2> last_gains_;  ///< with one specialist
};

}  // namespace haggle::fine_tuning
