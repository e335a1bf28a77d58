// SPDX-License-Identifier: MIT
// Windows of shares between two looks where another regime rules: sought where what separates the generalist from it
// shrinks from both sides, and beside every change of regime, where thresholds may sweep past much in little room.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/share_search.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double window_accuracy = 1e-9;       ///< narrower windows are not looked for
constexpr double edge_accuracy = 1e-4;         ///< changes of regime are followed to this, if no gap jumps there
constexpr double follow_accuracy = 1e-6;       ///< the same, of a choice that one side has only and that comes about
constexpr double vanishing = 1e-3;             ///< so near is a choice followed that one side has only
constexpr double bend = 0.1, kink = 0.5;       ///< of the change that the slopes at both ends allow
constexpr double dip_width = 0.05;             ///< in narrower spans a gap is taken to have one least value at most
constexpr double leap = 1, leap_width = 0.05;  ///< of ln α between looks so far apart: not on one curve
/// Of looks, in all and between two of the first ones; what is beyond is not looked for.
constexpr std::size_t most_seeking = 600, most_in_span = 100;

/// Where on [0, 1] the cubic with these values and slopes at the ends has a minimum below `most`; 0: nowhere.
double lowest_part(double value, double end, double slope, double end_slope, double most) {
  const double second = 3 * (end - value) - 2 * slope - end_slope, third = 2 * (value - end) + slope + end_slope;
  const double root = second * second - 3 * third * slope;
  if (!(root > 0) || third == 0) return 0;
  const double t = (std::sqrt(root) - second) / (3 * third);
  if (!(t > 0 && t < 1)) return 0;
  return value + t * (slope + t * (second + t * third)) < most ? t : 0;
}

/// What vanishes x on from a look (way: 1 up, -1 down) by its slope in y, or in the share: money is linear in a small
/// one.
double nearer(const ShareLook& look, double x, double way) {
  const double by_share =
      way * (std::log1p(way * x * look.share.specialist) - std::log1p(-way * x * look.share.generalist));
  return by_share > 0 && by_share < x ? by_share : x;
}

}  // namespace

/// Of the generalist's choice between regimes, or, last, between a deal and none; its slope by y.
Equilibrium::Gap ShareSearch::gap_at(std::size_t look, std::size_t gap) const {
  const ShareLook& l = looks_[look];
  const std::vector<Equilibrium::Gap>& gaps = l.equilibrium.gaps;
  if (gap >= Equilibrium::gap_count(l.gain.size() - 1)) return {l.clearance, l.clearance_slope};
  if (gap >= gaps.size()) return {std::numeric_limits<double>::quiet_NaN(), 0};
  return {gaps[gap].value, gaps[gap].slope * l.share.generalist * l.share.specialist};
}

/// An entry threshold that holds the generalist at both looks sweeps past what changes how its utility falls there: a
/// reply that rises steeply, or jumps. On its way the generalist may go on to a peak beyond.
bool ShareSearch::sweeps_past(std::size_t left, std::size_t right) const {
  const ShareLook &l = looks_[left], &r = looks_[right];
  const Equilibrium &from = l.equilibrium, &to = r.equilibrium;
  if (from.base != Base::threshold || to.base != Base::threshold || from.holder != to.holder) return false;
  const std::size_t held = 4 * solver_->game().specialists.size() + from.holder;
  const auto [at_left, left_slope] = gap_at(left, held);
  const auto [at_right, right_slope] = gap_at(right, held);
  if (!(std::abs(at_left - at_right) < infinite)) return false;
  const double h = r.y - l.y, unit = std::max(1.0, std::abs(l.y));
  return !joins(at_left, at_right, left_slope, right_slope, h, h > edge_accuracy * unit ? bend : kink);
}

/// A specialist is held at one look and stays away at the other: where revenue no longer rises its threshold runs off
/// to infinity in between, past all there is.
bool ShareSearch::holder_leaves(const ShareLook& held, const ShareLook& other) {
  const Equilibrium &from = held.equilibrium, &to = other.equilibrium;
  return from.base == Base::threshold && !to.specialists.empty() && !to.specialists[from.holder].takes_part;
}

/// Where to look between two looks of different regimes. A gap that changes sign there as its slopes at both ends have
/// it says that one regime gives way to the other, and that is followed to edge_accuracy. A gap that jumps says that
/// more than one thing changes: a threshold that leaves 0 sweeps past all that small investments are good for, and in
/// passing it the generalist may stop at a peak beyond.
double ShareSearch::place_beside_change(std::size_t left, std::size_t right) const {
  const ShareLook &l = looks_[left], &r = looks_[right];
  const double h = r.y - l.y, unit = std::max(1.0, std::abs(l.y));
  double step = 0.5 * h;
  bool first = true, jumps = holder_leaves(l, r) || holder_leaves(r, l);
  for (std::size_t gap = 0; gap <= Equilibrium::gap_count(l.gain.size() - 1); ++gap) {
    const auto [at_left, left_slope] = gap_at(left, gap);
    const auto [at_right, right_slope] = gap_at(right, gap);
    const bool has_left = std::abs(at_left) < infinite, has_right = std::abs(at_right) < infinite;
    if (has_left != has_right && gap + 1 < Equilibrium::gap_count(l.gain.size() - 1) && h > follow_accuracy * unit) {
      // A choice that one side has only, and that comes about there before it ceases to be one.
      const double x = has_left ? nearer(l, -at_left / left_slope, 1) : nearer(r, at_right / right_slope, -1);
      if (first && x > 0 && x < h) step = has_left ? x : h - x, first = false, jumps = true;
    }
    if (!(at_left * at_right < 0) || !(std::abs(at_left - at_right) < infinite)) continue;
    jumps = jumps || !joins(at_left, at_right, left_slope, right_slope, h, kink);
    const bool near_left = std::abs(at_left) < std::abs(at_right);
    const double root = near_left ? -at_left / left_slope : at_right / right_slope;
    const double newton = root * (1.1 * root < h ? 1.1 : 0.9);  // a bit beyond, then a bit before
    if (first && newton > 0 && newton < h) step = near_left ? newton : h - newton;
    first = false;
  }
  if (!jumps && h < edge_accuracy * unit) return infinite;
  return l.y + std::min(std::max(step, 0.02 * h), 0.98 * h);
}

/// Where to look between two looks, if a regime that neither is in may rule there; infinite: nowhere.
double ShareSearch::place_of_window(std::size_t left, std::size_t right) const {
  const ShareLook &l = looks_[left], &r = looks_[right];
  const double h = r.y - l.y, unit = std::max(1.0, std::abs(l.y));
  if (h < window_accuracy * unit) return infinite;
  const std::size_t n = solver_->game().specialists.size(), clearance = Equilibrium::gap_count(n);
  const auto inside = [&](double x) { return l.y + std::min(std::max(x, 0.02 * h), 0.98 * h); };  // it may be off
  if (sweeps_past(left, right)) return l.y + 0.5 * h;
  if (l.structure != r.structure) return place_beside_change(left, right);
  for (std::size_t gap = 0; gap <= clearance; ++gap) {
    const auto [at_left, left_slope] = gap_at(left, gap);
    const auto [at_right, right_slope] = gap_at(right, gap);
    const bool has_left = std::abs(at_left) < infinite, has_right = std::abs(at_right) < infinite;
    if (has_left && has_right) {
      const double sign = at_left > 0 ? 1 : -1, down = -sign * left_slope, up = sign * right_slope;
      if (!(sign * at_right > 0)) {  // a reply jumps between them, of which the structure tells nothing
        const double y = gap >= 2 * n && gap < 3 * n ? place_beside_change(left, right) : infinite;
        if (y < infinite) return y;
        continue;
      }
      const double here = std::abs(at_left), there = std::abs(at_right);
      const double least = 0.5 * std::min(here, there);
      double x = -1;
      if (down > 0 && up > 0)
        x = (here - there + up * h) / (up + down);
      else if (down > 0 && there > here)  // it falls at the lower end
        x = here / down;
      else if (up > 0 && here > there)
        x = h - there / up;
      const bool crosses = !(down > 0 && up > 0) || here - down * x < least;
      if (crosses && x > 0 && x < h) return inside(x);
      // It is near 0, and jumps by more on the way: before that, or beyond, it may have been on the other side.
      const double jump = std::abs(at_right - at_left - 0.5 * h * (left_slope + right_slope));
      if (n > 1 && gap < 4 * n && jump > std::min(here, there) && h > edge_accuracy * unit &&
          !joins(at_left, at_right, left_slope, right_slope, h, bend))
        return l.y + 0.5 * h;
      // The tangents tell less than the cubic where the gap bends both ways.
      const bool dips = (down > 0 && up > 0) || (gap >= 4 * n && gap < 6 * n && h > dip_width * unit);
      x = dips ? h * lowest_part(here, there, -down * h, up * h, least) : 0;
      if (x > 0) return inside(x);
      continue;
    }
    const bool of_regimes = gap + 1 < clearance;  // all but staying idle and having a deal
    if (!of_regimes || !(has_left || has_right) || h < vanishing * unit) continue;
    const double x = has_left ? nearer(l, -at_left / left_slope, 1) : nearer(r, at_right / right_slope, -1);
    if (x > 0 && x < h) return l.y + std::min(std::max(has_left ? x : h - x, 0.1 * h), 0.9 * h);
  }
  return l.smooth && r.smooth && h > leap_width * unit && leaps(l, r) ? l.y + 0.5 * h : infinite;
}

/// Some specialist's performance changes by more than both ends' slopes have it change: it, or the generalist, is at
/// another peak.
bool ShareSearch::leaps(const ShareLook& l, const ShareLook& r) const {
  const auto slope = [this](const ShareLook& look, std::size_t i) {
    const std::vector<SpecialistMove>& moves_of = look.equilibrium.specialists;
    const SpecialistMove& s = moves_of[i];
    double base = 0;
    for (std::size_t j = 0; j < moves_of.size(); ++j)
      if (moves(j)) base += moves_of[j].base_by_share;
    const double by_share = s.performance_by_base * base + (moves(i) ? s.performance_by_share : 0);
    return by_share * look.share.generalist * look.share.specialist / s.performance;
  };
  const double h = r.y - l.y;
  for (std::size_t i = 0; i < l.equilibrium.specialists.size(); ++i) {
    const SpecialistMove &from = l.equilibrium.specialists[i], &to = r.equilibrium.specialists[i];
    if (!(from.takes_part && to.takes_part && from.performance > 0 && to.performance > 0)) continue;
    const double at_left = slope(l, i), at_right = slope(r, i);
    const double least = std::min(at_left, at_right), most = std::max(at_left, at_right);
    const double rise = std::log(to.performance / from.performance);
    if (rise > most * h + leap || rise < least * h - leap) return true;
  }
  return false;
}

void ShareSearch::seek_windows() {
  using Span = std::pair<std::size_t, std::size_t>;
  by_share_.clear();
  for (std::size_t i = 0; i < looked_; ++i)
    if (std::abs(looks_[i].y) < infinite) by_share_.push_back(i);
  std::sort(by_share_.begin(), by_share_.end(),
            [&](std::size_t i, std::size_t j) { return looks_[i].y < looks_[j].y; });
  const auto width = [&](const Span& span) { return looks_[span.second].y - looks_[span.first].y; };
  const auto narrower = [&](const Span& a, const Span& b) { return width(a) < width(b); };
  std::vector<Span> spans;
  std::size_t sought = 0;
  for (std::size_t k = 0; k + 1 < by_share_.size(); ++k) {
    spans.assign({{by_share_[k], by_share_[k + 1]}});
    // The widest first, lest one place that promises much use up all looks.
    for (std::size_t here = 0; !spans.empty() && here < most_in_span && sought < most_seeking;) {
      std::pop_heap(spans.begin(), spans.end(), narrower);
      const auto [left, right] = spans.back();
      spans.pop_back();
      const double y = place_of_window(left, right);
      if (!(y > looks_[left].y && y < looks_[right].y)) continue;
      const std::size_t now = look(y);
      ++here, ++sought;
      for (const Span& part : {Span{left, now}, Span{now, right}}) {
        spans.push_back(part);
        std::push_heap(spans.begin(), spans.end(), narrower);
      }
    }
  }
}

}  // namespace haggle::fine_tuning
