// SPDX-License-Identifier: MIT
// A walk along all shares on equilibria that need not be the only ones at their share. Where an equilibrium turns too
// much between two shares, as it does where the generalist begins to invest, small steps lead from one to the other.
#pragma once
#include "haggle/solver/branch_stroll.hpp"

namespace haggle::fine_tuning {

template <class Real>
class BranchWalk : public BranchStroll<Real> {
  using Walk = BranchStroll<Real>;
  using Stop = TraceStop<Real>;
  using typename Walk::Stroll;
  using Walk::apart, Walk::kinks_;

 public:
  using Mask = mask_t<Real>;
  using Walk::move, Walk::rival, Walk::settle, Walk::sure, Walk::trace;
  using Walk::Walk;

  /// What judges a place that was looked at: whether the walk is still sure of all, and whether the place goes on from
  /// the one before, both being equilibria.
  struct Verdict {
    Mask sure, joined, again;  ///< again: to be begun anew at this share
    Mask smooth;               ///< its path hardly turns from the place before to it
    Mask elsewhere;            ///< others tell what is between the place and the one before
    Mask stands;               ///< is an equilibrium
  };
  /// From end to end. `begin(v, again)`, before each look, may set the trace and gives back where there is something to
  /// look for; `judge(aim, again)` after it gives a Verdict.
  template <Solution S, class Begin, class Judge>
  void walk(const Looks& looks_at, std::size_t powerful, Mask wanted, Begin begin, Judge judge) {
    const Real none = -infinity<Real>();
    this->forget();
    for (Gap& gap : gaps_) gap = {}, gap.most = none;
    kinks_ = {};
    Stop last{}, here{};
    last.stands = wanted & !wanted;
    Real best_seen = none;
    const std::span<const double> shares = looks_at.shares;
    sure = wanted;
    for (std::size_t j = 0; j < shares.size(); ++j) {
      const Real v(shares[j]);
      const double h = j > 0 ? shares[j] - shares[j - 1] : 1;
      if (j > 0) move(Real(h), Real(looks_at.turns[j - 1]));
      const auto look = [&](Mask where, bool again) {
        const Mask there = begin(v, again);
        settle(v, where & there, Real(good_look), 6);
        return aim_at<S>(trace, powerful);
      };
      TracedAim<Real> now = look(sure, false);
      Verdict verdict = judge(now, false);
      if (any(verdict.again)) {
        now = look(sure & verdict.again, true);
        verdict = judge(now, true);
      }
      sure = sure & verdict.sure;
      if (j > 0) {
        const Real error = this->error_of(max(this->last_worst_, trace.worst));
        this->compare(this->last_v_, v, this->last_, now, Real(1 / h), error,
                      {verdict.joined, verdict.smooth, verdict.elsewhere});
      }
      here.set(trace, Real(static_cast<double>(j)), now, sure & verdict.stands & now.admissible);
      const Mask gap = here.stands & last.stands & !verdict.joined & (here.look - last.look < Real(3.5));
      if (any(gap)) note(gap, last, here);
      last.take(here, here.stands);
      best_seen = max(best_seen, select(here.stands, now.value, none));
      this->keep_place(v, now);
    }
    for (Gap& gap : gaps_) gap.matters = sure & (gap.most > best_seen - Real(relevant));
  }

  /// Small steps from place to place where there is a gap between them that matters. `stands()`: the place is an
  /// equilibrium; `built(bridge)` where steps lead from one to the other.
  template <Solution S, class Stands, class Built>
  void bridge_gaps(std::size_t powerful, Stands stands, Built built) {
    for (const Gap& gap : gaps_) {
      if (!any(gap.matters)) continue;
      const Stroll onwards = this->template stroll<S>(gap.from, gap.to, 1.0, powerful, gap.matters, stands);
      const Real off = abs(onwards.performance - log(gap.to.performance));
      const Mask passes = differ(gap.from.rides, gap.to.rides),
                 arrives = onwards.arrives & !passes & (off < Real(0.01));
      const Mask open = gap.matters & !arrives, nowhere = open & !open;
      Bridge bridge{arrives, nowhere, gap.from.look, gap.to.look, gap.from.v, gap.to.v, {}, {}};
      bridge.onwards = {onwards.least, onwards.most, gap.from.rides};
      if (any(open)) {
        const Stroll back = this->template stroll<S>(gap.to, gap.from, -1.0, powerful, open, stands);
        const Mask meets =
            open & (back.v - onwards.v < Real(apart)) & (abs(back.performance - onwards.performance) < Real(0.01));
        // Of no branch that ends on the way another step tells what its end is worth.
        rival = max(rival, select(open, max(onwards.value, back.value), -infinity<Real>()));
        bridge.stands = bridge.stands | meets, bridge.meets = meets;
        bridge.back = {back.least, back.most, gap.to.rides};
        kinks_[1].take({min(onwards.v, back.v), max(onwards.v, back.v) + Real(1e-12)}, meets);
      }
      if (any(bridge.stands)) built(bridge);
    }
  }
  /// Between two looks, and their shares: small steps lead from one to the other, or from both to a place between.
  struct Bridge {
    struct Way {
      Real least, most;  ///< performances, as logarithms
      Mask rides;        ///< the specialist, free
    };
    Mask stands, meets;
    Real from, to, low, high;
    Way onwards, back;
  };

 private:
  /// Between a place and the next that stands.
  struct Gap {
    Stop from, to;
    Real most;  ///< by the product's tangents
    Mask matters;
  };
  void note(Mask where, const Stop& from, const Stop& to) {
    const Real zero(0.0), h = to.v - from.v;
    Gap gap{from, to, max(fma(max(from.slope, zero), h, from.value), fma(max(-to.slope, zero), h, to.value)), where};
    for (Gap& noted : gaps_) {
      const Mask more = where & (gap.most > noted.most);
      if (!any(more)) continue;
      const Gap other = noted;
      noted.from.take(gap.from, more), noted.to.take(gap.to, more), noted.most = select(more, gap.most, noted.most);
      gap.from.take(other.from, more), gap.to.take(other.to, more), gap.most = select(more, other.most, gap.most);
    }
  }

  static constexpr double relevant = 0.05;  ///< so much less than the best, as a logarithm

  std::array<Gap, 4> gaps_;  ///< those that may hide the most, the highest first
};

}  // namespace haggle::fine_tuning
