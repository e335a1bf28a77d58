// SPDX-License-Identifier: MIT
// Each player's ideal: the most it could gain at any share, where everyone takes part at all shares. It is at a peak
// along the way or at an end, where one side gets all revenue and the other invests nothing.
#pragma once
#include "haggle/core/rough.hpp"
#include "haggle/solver/gain_table.hpp"
#include "haggle/solver/share_polish.hpp"
#include "haggle/solver/work_alone.hpp"

namespace haggle::fine_tuning {

/// Whether what lies beyond the ends of a walk is no better than the ends of all shares. There an investment fades like
/// the other side's share to the power 1/K, K the elasticity of its marginal cost: where K <= 1 and little is left of
/// it, its part of a slope fades no slower than the share itself, and what is less than that stays less.
template <class Real>
struct BeyondWalk {
  using Mask = mask_t<Real>;
  static constexpr double little = 0.05, margin = 1.2;

  std::array<Mask, most_specialists> before;  ///< the first look: for each specialist's gain
  Mask after;                                 ///< the last one: for the generalist's

  void see_first(const EquilibriumTrace<Real>& t) {
    const Mask far = t.v <= Real(-far_end);
    Mask fades = !(t.play.cost.growth() > Real(2.0));
    for (std::size_t i = 0; i < t.size; ++i) fades = fades & (t.a0 < Real(little) * t.at[i].performance);
    for (std::size_t i = 0; i < t.size; ++i) {
      const Real taken = t.share * t.rest * t.at[i].revenue, given = t.at[i].slope + taken;
      before[i] = far | (t.at[i].slope > Real(0.0)) | t.idle | (fades & (Real(margin) * given < taken));
    }
  }
  void see_last(const EquilibriumTrace<Real>& t) {
    Real revenue(0.0);
    after = revenue <= revenue;
    for (std::size_t i = 0; i < t.size; ++i) {
      const Real performance = t.at[i].performance;
      after = after & !(t.play.specialists[i].cost.growth() > Real(2.0)) &
              (performance - t.a0 < Real(little) * performance);
      revenue = revenue + t.at[i].revenue;
    }
    const Real taken = t.share * t.rest * revenue, lost = taken - t.generalist_slope;
    after = (t.v >= Real(far_end)) | (t.generalist_slope < Real(0.0)) | (after & (Real(margin) * lost < taken));
  }
};

template <class Real>
class IdealGains {
 public:
  using Mask = mask_t<Real>;
  using Quick = Rough<Real>;

  IdealGains(EquilibriumTrace<Quick>& rough, EquilibriumTrace<Real>& exact, const GainTable<Quick>& table,
             const BeyondWalk<Quick>& ends, Mask wanted)
      : sure(wanted), rough_(rough), exact_(exact), table_(table) {
    const Play<Real>& play = exact.play;
    const std::size_t n = play.specialists.size(), last = table.shares.size() - 1;
    const Quick zero(0.0);
    const auto take = [&](std::size_t player, Real outside, Real weight, const WorkAlone<Real>& alone, Mask at_ends) {
      of[player] = alone.value - outside;
      const Mask known = alone.found & at_ends & reach_peak(player, sure);
      sure = sure & (known | !(weight > Real(0.0)));
    };
    take(0, play.outside, play.weight, WorkAlone<Real>(play, 0, n, play.cost, converted<Real>(table.at(last, 0))),
         (table.gain(0, 0).slope > zero) & ends.after);
    for (std::size_t i = 0; i < n; ++i) {
      const Specialist<Real>& s = play.specialists[i];
      take(i + 1, s.outside, s.weight, WorkAlone<Real>(play, i, i + 1, s.cost, converted<Real>(table.at(0, i + 1))),
           ends.before[i] & (table.gain(last, i + 1).slope < zero));
    }
  }

  ByPlayer<Real> of;
  Mask sure;

 private:
  /// Raises the player's gain to that at the best peak; false where that might be another one.
  Mask reach_peak(std::size_t player, Mask wanted) {
    const Real half(0.5);
    const BestCell<Quick> best = table_.best_for(player);
    const auto logarithm = [&] { return log(max(converted<Quick>(of[player]), Quick(1e-200))); };
    const Mask higher = wanted & (best.bracket.most > logarithm());
    if (!any(higher)) return logarithm() > best.rival;
    GainAim<Quick> rough_aim{player};
    SharePolish<Quick> near(rough_);
    table_.read(best.high_look, near.places);
    near.begin(best.bracket, higher);
    near.run(rough_aim, 1e-3, 1e-3);
    GainAim<Real> aim{player};
    SharePolish<Real> exact(exact_);
    exact.begin(near);
    exact.run(aim, 3e-5, 1e-7);
    const Real unit = player == 0 ? exact_.rest : exact_.share;
    const Real rest = half * unit * exact.slope * exact.slope * exact.turn;  // from there to the peak
    const Real peak = gain_of(exact_, player).value * (Real(1.0) - rest);
    of[player] = select(exact.done, max(of[player], peak), of[player]);
    return (exact.done | !higher) & (logarithm() > best.rival);
  }

  EquilibriumTrace<Quick>& rough_;
  EquilibriumTrace<Real>& exact_;
  const GainTable<Quick>& table_;
};

}  // namespace haggle::fine_tuning
