// SPDX-License-Identifier: MIT
// One game's way along shares, from one to another: a step is tried, and a shorter one where it fails, until it is too
// short. None goes over a border or a stop.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace haggle::fine_tuning {

/// For a kernel's `Real`, so that no two kernels share its code.
template <class Real>
class ShareSteps {
 public:
  using Shares = std::span<const double>;
  using Borders = std::span<const bool>;
  static constexpr std::size_t most_stops = 8;

  ShareSteps() = default;
  /// is_border[j]: whether shares[j] is one. First of all the game is to be looked at where it begins.
  ShareSteps(Shares shares, Borders is_border, double from, double to, const std::array<double, most_stops>& stops)
      : shares_(shares), is_border_(is_border), at_(from), end_(to), stops_(stops), goes_(true), begins_(true) {
    find_stretch();
  }

  bool goes() const { return goes_; }
  /// It has come to the end.
  bool arrived() const { return !goes_ && !failed_; }
  /// It goes nowhere.
  void give_up() { goes_ = false, failed_ = true; }
  /// After which of the shares it is.
  std::size_t stretch() const { return stretch_; }

  double next() const {
    if (begins_ || !goes_) return at_;
    const auto until = [&](double stop) { return at_ < stop ? stop : end_; };
    double next = std::min({at_ + step_, border_, end_, until(-far)});
    for (const double stop : stops_) next = std::min(next, until(stop));
    return next;
  }
  /// Whether it has gone on to next().
  bool take(bool fails) {
    if (!goes_) return false;
    const double to = next();
    if (fails && !begins_) {
      step_ = shorter * (to - at_);
      failed_ = step_ < least_step || ++tries_ > most_tries;
      goes_ = !failed_;
      return false;
    }
    if (!begins_ && to >= at_ + step_)
      step_ = std::min(longer * step_, std::abs(to) > far ? longest_far : longest_near);
    at_ = to, begins_ = false, goes_ = at_ < end_;
    if (at_ >= shares_[stretch_ + 1]) find_stretch();
    return true;
  }

 private:
  static constexpr double first_step = 0.5, least_step = 0.001, longest_near = 1, far = 6, longest_far = 3,
                          longer = 2.5, shorter = 0.4;
  static constexpr int most_tries = 150;  ///< that fail

  void find_stretch() {
    while (stretch_ + 2 < shares_.size() && shares_[stretch_ + 1] <= at_) ++stretch_;
    std::size_t k = stretch_ + 1;
    while (k < is_border_.size() && !is_border_[k]) ++k;
    border_ = shares_[std::min(k, shares_.size() - 1)];
  }

  Shares shares_;
  Borders is_border_;
  double at_ = 0, end_ = 0, border_ = 0, step_ = first_step;
  std::array<double, most_stops> stops_{};
  std::size_t stretch_ = 0;
  int tries_ = 0;
  bool goes_ = false, begins_ = false, failed_ = false;
};

}  // namespace haggle::fine_tuning
