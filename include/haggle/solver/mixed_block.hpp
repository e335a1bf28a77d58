// SPDX-License-Identifier: MIT
// A block's games with several specialists of whom some may ride free.
#pragma once
#include "haggle/solver/mixed_leap.hpp"
#include "haggle/solver/shaped_block.hpp"

namespace haggle::fine_tuning {

template <class Real>
class MixedBlock : protected ShapedBlock<Real> {
  using Games = ShapedBlock<Real>;

 public:
  using Games::Games;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

 protected:
  using Games::form_, Games::group_, Games::play_, Games::quick_;
  using Games::settle;

  /// Puts those last in the group in which somebody's first bit of investment costs something.
  std::size_t mixed_last(std::size_t n) {
    return this->template last_where<Quick>(n, [&](const std::size_t* games, std::size_t count) {
      Quick most = this->template first_cost<Quick>(form_.cost, quick_.cost, games, count);
      for (std::size_t i = 0; i < form_.specialists.size(); ++i)
        most = max(most, this->template first_cost<Quick>(form_.specialists[i].cost, quick_.specialists[i].cost, games,
                                                          count));
      return most > Quick(0.0);
    });
  }

  std::size_t solve_mixed(std::size_t first, std::size_t n, const Looks& looks) {
    return settle(first, n, [&] { return bargain(looks); });
  }

 private:
  using Walk = MixedWalk<Quick>;
  using QuickMask = mask_t<Quick>;

  Mask bargain(const Looks& looks) {
    Walk walked(quick_);
    walked.walk(looks, suitable<Solution::nash>(quick_));
    SharePolish<Quick> near(walked.trace);
    find_peak(walked, near);
    EquilibriumTrace<Real> trace(play_);
    SharePolish<Real> exact(trace);
    exact.begin(near);
    for (std::size_t i = 0; i < trace.size; ++i) trace.at[i].rides = converted_mask<Real, Quick>(walked.kept_rides[i]);
    SmoothAim<Solution::nash, Real, false> aim{unset};
    exact.run(aim, 1e-7, 1e-10);
    exact.finish(aim, 1e-10);
    const Mask done = take_leap(walked, near, trace, exact.done & riders_ride(trace));
    return this->keep(trace, trace.share, done & this->everyone_gains(trace));
  }

  /// The best smooth peak, nearly, where none is better and the generalist's choice there is proven.
  void find_peak(Walk& walked, SharePolish<Quick>& near) {
    near.begin(walked.best, walked.kept, walked.finds());
    for (std::size_t i = 0; i < walked.trace.size; ++i) walked.trace.at[i].rides = walked.kept_rides[i];
    near.template run<Solution::nash>(unset, 1e-3, 1e-3);
    near.done = near.done & (near.value > walked.rival) & !(near.value < walked.least - Quick(value_error));
    if (!any(near.done)) return;
    walked.choice.be_strict(true);
    walked.choice(near.v, near.done);
    walked.choice.be_strict(false);
    near.done = near.done & walked.choice.proven & walked.choice.stays & (walked.choice.gap > Quick(value_error));
    for (std::size_t i = 0; i < walked.trace.size; ++i)
      near.done = near.done & !differ(walked.trace.at[i].rides, walked.kept_rides[i]);
  }

  /// Where the generalist leaps the bargain may be better than at that peak, to which `trace` was followed where
  /// `peaks`. Where one of them is the bargain.
  Mask take_leap(Walk& walked, const SharePolish<Quick>& near, EquilibriumTrace<Real>& trace, Mask peaks) {
    const Quick none = -infinity<Quick>(), error(value_error), smooth = select(near.done, near.value, none);
    const QuickMask may =
        walked.sure & walked.leaps & (walked.hidden == Quick(0.0)) & !(walked.leap_most < smooth - error);
    if (!any(may)) return peaks;
    MixedLeap<Real> leap(play_);
    leap(walked.before, walked.after, converted_mask<Real, Quick>(may));
    const Real reached = select(peaks, aim_at<Solution::nash>(trace, unset).value, -infinity<Real>());
    const Mask loses =
        leap.done & select_mask(leap.peaks, leap.value < reached - Real(tie_error), leap.others < reached - Real(1e-6));
    const Quick value = converted<Quick>(leap.value);
    // What a peak that could not be followed may be worth.
    const Quick least = select(near.done | !walked.finds(), smooth, walked.best.most);
    const QuickMask more = select_mask(near.done, converted_mask<Quick, Real>(leap.value > reached + Real(tie_error)),
                                       value > least + error);
    QuickMask wins = converted_mask<Quick, Real>(leap.done & leap.peaks) & (value > walked.rival) & more &
                     !(value < walked.least - error);
    if (any(wins)) {
      leap.template upper<Quick>().leave(walked.trace, Quick(0.0), wins);
      wins = wins & walked.choice.ties(converted<Quick>(leap.v), leap.template lower<Quick>(), wins);
    }
    const Mask takes = converted_mask<Real, Quick>(wins);
    take_place(trace, leap.bargain(), takes);
    return (peaks & !(converted_mask<Real, Quick>(may) & !loses)) | takes;
  }

  static constexpr double value_error = 2e-5;  ///< of a rough product, as a logarithm
  static constexpr double tie_error = 1e-9;    ///< closer ones are for the slow path
};

}  // namespace haggle::fine_tuning
