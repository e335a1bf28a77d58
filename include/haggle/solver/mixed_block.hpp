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
  Mask bargain(const Looks& looks) {
    MixedWalk<Quick> walked(quick_);
    walked.template walk<Solution::nash>(looks, form_.powerful, suitable<Solution::nash>(quick_));
    SharePolish<Quick> near(walked.trace);
    near.begin(walked.best, walked.kept, walked.finds());
    for (std::size_t i = 0; i < walked.trace.size; ++i) walked.trace.at[i].rides = walked.kept_rides[i];
    near.template run<Solution::nash>(form_.powerful, 1e-3, 1e-3);
    near.done = near.done & (near.value > walked.rival);
    EquilibriumTrace<Real> trace(play_);
    SharePolish<Real> exact(trace);
    if (any(near.done)) {
      walked.choice.be_strict(true);
      walked.choice(near.v, near.done);
      walked.choice.be_strict(false);
      near.done = near.done & walked.choice.proven & walked.choice.stays & (walked.choice.gap > Quick(value_error));
    }
    const Quick none = -infinity<Quick>(), smooth = select(near.done, near.value, none);
    const mask_t<Quick> leaps =
        walked.sure & walked.leaps & (walked.hidden == Quick(0.0)) & !(walked.leap_most < smooth - Quick(value_error));
    // What a peak that could not be followed may be worth.
    const Quick least = select(near.done | !walked.finds(), smooth, walked.best.most);
    exact.begin(near);
    for (std::size_t i = 0; i < trace.size; ++i)
      trace.at[i].rides = converted_mask<Real, Quick>(near.trace.at[i].rides);
    SmoothAim<Solution::nash, Real, false> aim{form_.powerful};
    exact.run(aim, 1e-7, 1e-10);
    exact.finish(aim, 1e-10);
    Mask done = exact.done;
    if (any(leaps)) {
      MixedLeap<Real> leap(play_);
      leap(walked.before, walked.beyond_leap, converted_mask<Real, Quick>(leaps));
      const mask_t<Quick> found = converted_mask<Quick, Real>(leap.done);
      const Quick value = converted<Quick>(leap.value), error(value_error);
      const Real none = -infinity<Real>();
      const Real smooth_value = select(exact.done, aim_at<Solution::nash>(trace, unset).value, none);
      const Mask peak_loses = leap.value < smooth_value - Real(tie_error),
                 no_peak = leap.others < smooth_value - Real(1e-6);
      const mask_t<Quick> peaks = found & converted_mask<Quick, Real>(leap.peaks);
      const mask_t<Quick> loses = found & converted_mask<Quick, Real>(select_mask(leap.peaks, peak_loses, no_peak));
      const mask_t<Quick> more = select_mask(
          near.done, converted_mask<Quick, Real>(leap.value > smooth_value + Real(tie_error)), value > least + error);
      mask_t<Quick> wins = peaks & (value > walked.rival) & more;
      if (any(wins)) {
        leap.template upper<Quick>().leave(walked.trace, Quick(0.0), wins);
        wins = wins & walked.choice.ties(converted<Quick>(leap.v), leap.template lower<Quick>(), wins);
      }
      const Mask takes = converted_mask<Real, Quick>(wins);
      take_place(trace, leap.bargain(), takes);
      done = (done & !converted_mask<Real, Quick>(leaps & !loses)) | takes;
    }
    return this->keep(trace, trace.share, done & this->everyone_gains(trace));
  }

  static constexpr double value_error = 1e-5;  ///< of a rough product, as a logarithm
  static constexpr double tie_error = 1e-9;    ///< closer ones are for the slow path
};

}  // namespace haggle::fine_tuning
