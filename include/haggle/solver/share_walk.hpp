// SPDX-License-Identifier: MIT
// A walk along all shares, from none to all of revenue for the generalist, that finds between which of them the best
// bargain is, and how good any other could be.
#pragma once
#include "haggle/solver/share_cells.hpp"
#include "haggle/solver/trace_path.hpp"

namespace haggle::fine_tuning {

template <class Real>
class ShareWalk : public TracePath<Real> {
  using Path = TracePath<Real>;

 public:
  using Mask = mask_t<Real>;
  using Path::alone, Path::begins, Path::bends, Path::error_of, Path::highest, Path::looks, Path::move, Path::play,
      Path::settle, Path::start, Path::started, Path::trace;
  using Path::Path;

  /// From end to end, at_each(j) at each share. `sure`: the equilibrium was met everywhere.
  template <class AtEach>
  void along(const Looks& looks_at, Mask wanted, AtEach at_each) {
    const std::span<const double> shares = looks_at.shares;
    const Real zero(0.0);
    sure = wanted;
    start(Real(shares[0]));
    for (std::size_t i = 0; i < trace.size; ++i) started[i] = trace.at[i].z;
    for (std::size_t j = 0; j < shares.size(); ++j) {
      if (j > 0) move(Real(shares[j] - shares[j - 1]), Real(looks_at.turns[j - 1]));
      settle(Real(shares[j]), sure, Real(good_look), j == 0 ? 12 : 6);
      sure = sure & (trace.worst < Real(good_look)) & (trace.second_order < zero);
      if (j == 0)
        for (std::size_t i = 0; i < trace.size; ++i) alone[i] = trace.at[i].performance;
      highest = j == 0 ? trace.a0 : max(highest, trace.a0);
      at_each(j);
    }
    highest = Real(1.05) * highest;
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

  Mask sure;
  Bracket<Real> best;
  Real rival;                                     ///< no other share is worth more
  Places<Real> kept;                              ///< at best.high
  std::array<Mask, most_specialists> kept_rides;  ///< who rides free there
  Real hidden;                                    ///< how many steps may hide a bargain that neither end shows
  Real hidden_low, hidden_high;                   ///< the last of them

 protected:
  /// Of what is between two places.
  struct Between {
    Mask joined;                          ///< both are of one branch of equilibria
    Mask smooth;                          ///< the path hardly turns from one to the other
    Mask elsewhere;                       ///< others tell what is between them
    Mask begins = Real(1.0) < Real(0.0);  ///< the generalist to invest, between them
  };

  void forget() {
    const Real zero(0.0), none = -infinity<Real>();
    best = {zero, zero, zero, zero, zero, none, none};
    rival = none;
    hidden = hidden_low = hidden_high = zero;
    for (std::size_t i = 0; i < trace.size; ++i) kept_rides[i] = zero > zero;
  }

  /// What is at v, where the trace stands, and between there and the last one. `over`: one over the step.
  template <Solution S>
  void see(Real v, Real over, std::size_t powerful, bool first) {
    const TracedAim<Real> now = aim_at<S>(trace, powerful);
    if constexpr (is_swift_v<Real>) sure = sure & is_clear(trace);
    const Mask always = v == v, never = v != v;
    if (!first)
      compare(last_v_, v, last_, now, over, error_of(max(last_worst_, trace.worst)),
              {always, bends(v - last_v_) < Real(most_bend), never, begins()});
    keep_place(v, now);
  }
  void keep_place(Real v, const TracedAim<Real>& now) {
    last_ = now, last_v_ = v, last_worst_ = trace.worst;
    if constexpr (!is_swift_v<Real>)
      if (trace.size == 1) last_gains_ = {gain_of(trace, 0), gain_of(trace, 1)};
  }

  /// One of two players has nothing to gain here nor at the place before, h away, nor between, if it gains and loses by
  /// what the share gives or takes alone: not so the specialist where the generalist begins to invest.
  Mask stays_without(std::size_t player, Real h) const {
    const Real zero(0.0), any_height = infinity<Real>();
    const Gain<Real> a = last_gains_[player], b = gain_of(trace, player);
    const Mask monotone = a.slope * b.slope > zero;
    // A concave stretch lies below its tangents, a convex one below its ends. Where one follows on the other, the
    // tangent from the concave one's side bounds it.
    const Real rise = (b.value - a.value) / h;
    const Real from_a = select(a.slope >= rise, fma(max(a.slope, zero), h, a.value), any_height);
    const Real from_b = select(b.slope <= rise, fma(max(-b.slope, zero), h, b.value), any_height);
    const Mask convex = (a.slope < rise) & (b.slope > rise);
    const Mask lacks = (!(a.value > zero)) & (!(b.value > zero));
    return lacks & (monotone | convex | (!(min(from_a, from_b) > zero)));
  }

  void compare(Real low, Real high, const TracedAim<Real>& a, const TracedAim<Real>& b, Real over, Real error,
               const Between& between) {
    const Mask joined = between.joined, elsewhere = between.elsewhere;
    const Real h = high - low;
    const Mask whole = joined & (h > Real(0.0));
    const CellBound<Real> cell(a, b, h, between.smooth, whole, between.begins, error);
    Mask hides = cell.hidden;
    if constexpr (!is_swift_v<Real>)
      if (trace.size == 1 && any(cell.neither)) {
        const Mask lacks = stays_without(0, h) | (stays_without(1, h) & !between.begins);
        hides = select_mask(joined, cell.neither & !lacks, cell.hidden);
      }
    weigh(cell, low, high, a, b, over, whole, elsewhere, hides & !elsewhere);
  }

  /// Takes in what is between two places. `hides`: some may gain there that gain at neither.
  void weigh(const CellBound<Real>& cell, Real low, Real high, const TracedAim<Real>& a, const TracedAim<Real>& b,
             Real over, Mask whole, Mask elsewhere, Mask hides) {
    const Mask replaces = cell.peak & whole & (cell.better > best.value);
    const Mask counts = select_mask(cell.neither, !whole, cell.matters) & !elsewhere;
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
      kept_rides[i] = select_mask(replaces, c.rides, kept_rides[i]);
    }
  }

  TracedAim<Real> last_;
  Real last_v_, last_worst_;

 private:
  std::array<Gain<Real>, 2> last_gains_;  ///< with one specialist
};

}  // namespace haggle::fine_tuning
