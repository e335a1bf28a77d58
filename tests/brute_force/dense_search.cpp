// SPDX-License-Identifier: MIT
#include "dense_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::test {
namespace {

using oracle::general::Outcome, oracle::general::SpecialistOutcome;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t most_looks = 40000;
constexpr std::size_t most_peaks = 8;

/// The same players take part and invest, and the same keeps the generalist's investment where it is.
bool same_kind(const Look& a, const Look& b) {
  if (a.outcome.deal != b.outcome.deal || a.base != b.base || a.holder != b.holder) return false;
  const auto contributes = [](const SpecialistOutcome& s) { return s.contribution > 1e-9 * s.performance; };
  return std::equal(a.outcome.specialists.begin(), a.outcome.specialists.end(), b.outcome.specialists.begin(),
                    [&](const auto& s, const auto& t) { return s.in == t.in && contributes(s) == contributes(t); });
}

/// Rounding apart the same money and performances.
bool same_effect(const Outcome& a, const Outcome& b) {
  if (a.deal != b.deal) return false;
  double money = std::abs(a.generalist_utility), lost = std::abs(a.generalist_utility - b.generalist_utility);
  double performance = 0, change = 0;
  for (std::size_t i = 0; i < a.specialists.size(); ++i) {
    const SpecialistOutcome &s = a.specialists[i], &t = b.specialists[i];
    money = std::max(money, std::abs(s.utility));
    lost = std::max(lost, std::abs(s.utility - t.utility));
    performance = std::max(performance, s.performance);
    change = std::max(change, std::abs(s.performance - t.performance));
  }
  return lost <= 1e-12 * money && change <= 1e-12 * performance;
}

}  // namespace

DenseSearch::DenseSearch(Equilibria& equilibria, double step) : equilibria_(equilibria) {
  look_at_all(step);
  note_revenues();
  look_for_narrow_deals();
  sort();
  const std::vector<Look> coarse = looks_;
  for (std::size_t i = 1; i + 2 < coarse.size(); ++i) refine(coarse[i], coarse[i + 1]);
  sort();
}

bool DenseSearch::any_deal() const {
  return std::any_of(looks_.begin(), looks_.end(), [](const Look& look) { return look.outcome.deal; });
}

void DenseSearch::look_at_all(double step) {
  std::vector<double> logits;  // those not negative
  for (double y = 0; y < 9; y += step) logits.push_back(y);
  for (double y = 9; y < 14; y += 0.1) logits.push_back(y);
  for (double y = 14; y <= 36; y += 1) logits.push_back(y);
  for (double y = 40; y < 690; y *= 1.25) logits.push_back(y);
  looks_.push_back(equilibria_.at(-infinity));
  for (std::size_t i = logits.size(); i-- > 1;) looks_.push_back(equilibria_.at(-logits[i]));
  for (const double y : logits) looks_.push_back(equilibria_.at(y));
  looks_.push_back(equilibria_.at(infinity));
}

void DenseSearch::note_revenues() {
  most_.assign(looks_.front().outcome.specialists.size(), 0);
  for (const Look& look : looks_)
    for (std::size_t i = 0; look.outcome.deal && i < most_.size(); ++i)
      most_[i] = std::max(most_[i], look.outcome.specialists[i].revenue);
  const double most = *std::max_element(most_.begin(), most_.end());
  for (double& own : most_) own = std::max(own, 0.01 * most);
}

void DenseSearch::look_for_narrow_deals() {
  std::vector<Look> found;
  const auto gain = [&](std::size_t i) { return looks_[i].outcome.generalist_gain; };
  for (std::size_t i = 2; i + 2 < looks_.size(); ++i) {
    const bool peak = gain(i) > -infinity && gain(i) >= gain(i - 1) && gain(i) >= gain(i + 1);
    if (looks_[i].outcome.deal || !peak) continue;
    double low = looks_[i - 1].logit, high = looks_[i + 1].logit;
    for (int k = 0; k < 50; ++k) {
      const Look left = equilibria_.at(low + 0.382 * (high - low));
      const Look right = equilibria_.at(low + 0.618 * (high - low));
      if (left.outcome.deal || right.outcome.deal) {
        found.push_back(left.outcome.deal ? left : right);
        break;
      }
      if (left.outcome.generalist_gain > right.outcome.generalist_gain)
        high = right.logit;
      else
        low = left.logit;
    }
  }
  looks_.insert(looks_.end(), found.begin(), found.end());
}

void DenseSearch::sort() {
  std::sort(looks_.begin(), looks_.end(), [](const Look& a, const Look& b) { return a.logit < b.logit; });
}

/// Below 1: near enough to each other, by the specialists' revenues and by the generalist's part of performances.
double DenseSearch::difference(const Look& a, const Look& b) const {
  constexpr double near = 0.05;
  double most = 0;
  for (std::size_t i = 0; i < most_.size(); ++i) {
    const SpecialistOutcome &s = a.outcome.specialists[i], &t = b.outcome.specialists[i];
    if (!s.in && !t.in) continue;
    if (s.in != t.in) return 2;
    const double revenue = std::max(s.revenue, t.revenue);
    if (!(revenue > 0)) continue;
    most = std::max(most, std::abs(s.revenue - t.revenue) / most_[i] / near);
    if (s.performance > 0 && t.performance > 0) {
      const double change =
          std::abs(a.outcome.base_performance / s.performance - b.outcome.base_performance / t.performance);
      most = std::max(most, change * std::min(revenue / most_[i], 1.0) / near);
    }
  }
  return most;
}

void DenseSearch::refine(const Look& a, const Look& b) {
  if (!a.outcome.deal && !b.outcome.deal) return;
  if (equilibria_.count() > most_looks) {
    cut_short_ = true;
    return;
  }
  const double width = b.logit - a.logit, far = difference(a, b);
  if (same_kind(a, b)) {
    if (far < 1) return;
  } else if (width < 1e-4 && far < 10 * width && a.outcome.deal == b.outcome.deal) {
    return;
  }
  if (width < 1e-6 && same_effect(a.outcome, b.outcome)) return;
  const double middle = a.logit + 0.5 * width;
  if (!(width > 4e-16 * std::max(1.0, std::abs(middle)) && middle > a.logit && middle < b.logit)) return;
  const Look between = equilibria_.at(middle);
  refine(a, between);
  looks_.push_back(between);
  refine(between, b);
}

std::optional<Look> DenseSearch::best_looked_at(const Value& value) const {
  std::optional<Look> highest;
  double most = -infinity;
  for (const Look& look : looks_) {
    const double here = look.outcome.deal ? value(look.outcome) : -infinity;
    if (here > most) most = here, highest = look;
  }
  return highest;
}

std::optional<Look> DenseSearch::best(const Value& value) {
  const auto worth = [&](const Look& look) { return look.outcome.deal ? value(look.outcome) : -infinity; };
  std::vector<double> values;
  for (const Look& look : looks_) values.push_back(worth(look));
  const std::size_t n = looks_.size();
  std::vector<std::size_t> peaks;
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] > -infinity && (i == 0 || values[i] >= values[i - 1]) && (i + 1 == n || values[i] >= values[i + 1]))
      peaks.push_back(i);
  std::stable_sort(peaks.begin(), peaks.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  if (peaks.size() > most_peaks) peaks.resize(most_peaks);

  std::optional<Look> highest;
  double most = -infinity;
  const auto offer = [&](const Look& look) {
    const double here = worth(look);
    if (here > most) most = here, highest = look;
    return here;
  };
  for (const std::size_t peak : peaks) {
    offer(looks_[peak]);
    const double here = looks_[peak].logit;
    if (!std::isfinite(here)) continue;
    // Not beyond a jump: the other side has the peak's value nowhere.
    const auto side = [&](std::size_t i) {
      const double there = looks_[i].logit;
      return std::isfinite(there) && std::abs(there - here) > 1e-12 ? there : here;
    };
    double low = peak > 0 ? side(peak - 1) : here, high = peak + 1 < n ? side(peak + 1) : here;
    for (int k = 0; k < 60 && high - low > 1e-13 * std::max(1.0, std::abs(low)); ++k) {
      const double left = low + 0.381966 * (high - low), right = low + 0.618034 * (high - low);
      const double at_left = offer(equilibria_.at(left)), at_right = offer(equilibria_.at(right));
      if (at_left >= at_right)
        high = right;
      else
        low = left;
    }
  }
  return highest;
}

}  // namespace haggle::test
