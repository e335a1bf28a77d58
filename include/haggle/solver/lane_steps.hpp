// SPDX-License-Identifier: MIT
// Every lane's own way along shares, from one to another: a step is tried, and a shorter one where it fails, until it
// is too short. None goes over a border.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "haggle/core/real.hpp"

namespace haggle::fine_tuning {

/// At most so many shares.
template <class Real, std::size_t Most>
class LaneSteps {
 public:
  using Mask = mask_t<Real>;
  static constexpr std::size_t lanes = lanes_v<Real>;

  /// is_border[j]: in which lanes shares[j] is one. First of all a lane is to look at where it begins.
  LaneSteps(std::span<const double> shares, std::span<const Mask> is_border, Real from, Real to, Mask wanted)
      : shares_(shares), border_count_(is_border.size()) {
    double wants[lanes];
    store(from, at_), store(to, end_), store(wanted, wants);
    for (std::size_t j = 0; j < is_border.size(); ++j) store(is_border[j], borders_[j].data());
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      begins_[lane] = going_[lane] = wants[lane] != 0;
      failed_[lane] = !going_[lane];
      step_[lane] = first_step;
      find_stretch(lane);
    }
  }

  bool are_left() const { return std::ranges::find(going_, true) != going_.end(); }
  Real next() {
    for (std::size_t lane = 0; lane < lanes; ++lane)
      next_[lane] = begins_[lane] ? at_[lane]
                                  : std::min({at_[lane] + step_[lane], border_[lane], end_[lane],
                                              at_[lane] < -far ? -far : std::max(end_[lane], -far)});
    return RealTraits<Real>::load(next_);
  }
  Mask going() const {
    return mask([&](std::size_t lane) { return going_[lane]; });
  }
  /// After which of the shares each lane is.
  const std::array<std::size_t, lanes>& stretch() const { return stretch_; }

  /// Where the lanes have gone on to next().
  Mask take(Mask fails) {
    double failing[lanes];
    store(fails, failing);
    std::array<bool, lanes> taken{};
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (!going_[lane]) continue;
      const double length = next_[lane] - at_[lane];
      taken[lane] = begins_[lane] || failing[lane] == 0;
      if (taken[lane]) {
        if (!begins_[lane] && length >= step_[lane])
          step_[lane] = std::min(longer * step_[lane], std::abs(next_[lane]) > far ? longest_far : longest_near);
        at_[lane] = next_[lane], begins_[lane] = false;
        going_[lane] = at_[lane] < end_[lane];
        if (at_[lane] >= shares_[stretch_[lane] + 1]) find_stretch(lane);
      } else {
        step_[lane] = shorter * length;
        failed_[lane] = step_[lane] < least_step;
        going_[lane] = !failed_[lane];
      }
    }
    return mask([&](std::size_t lane) { return taken[lane]; });
  }
  /// Where a lane has come to the end.
  Mask arrived() const {
    return mask([&](std::size_t lane) { return !going_[lane] && !failed_[lane]; });
  }

 private:
  static constexpr double first_step = 0.5, least_step = 0.01, longest_near = 0.75, far = 6, longest_far = 2,
                          longer = 2.5, shorter = 0.4;

  void find_stretch(std::size_t lane) {
    std::size_t& j = stretch_[lane];
    while (j + 2 < shares_.size() && shares_[j + 1] <= at_[lane]) ++j;
    std::size_t k = j + 1;
    while (k < border_count_ && borders_[k][lane] == 0) ++k;
    border_[lane] = shares_[std::min(k, shares_.size() - 1)];
  }

  static void store(Real from, double* to) { RealTraits<Real>::store(from, to); }
  static void store(Mask from, double* to) { RealTraits<Real>::store(select(from, Real(1.0), Real(0.0)), to); }
  template <class Is>
  static Mask mask(Is is) {
    double numbers[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) numbers[lane] = is(lane) ? 1 : 0;
    return RealTraits<Real>::load(numbers) > Real(0.5);
  }

  std::span<const double> shares_;
  std::size_t border_count_;
  std::array<std::array<double, lanes>, Most> borders_;
  double at_[lanes], end_[lanes], next_[lanes]{}, step_[lanes], border_[lanes];
  std::array<std::size_t, lanes> stretch_{};
  std::array<bool, lanes> begins_, going_, failed_;
};

}  // namespace haggle::fine_tuning
