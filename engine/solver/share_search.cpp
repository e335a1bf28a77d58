// SPDX-License-Identifier: MIT
// The best share: cells between looks, the most promising first, until none promises more.
#include "solver/share_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double rounding = Aim::rounding;
constexpr double near_corner = 25;
constexpr double trifle = 1e-14;  ///< of a measure, and of the money in the game
constexpr std::size_t most_looks = 3000;

double least_width(double y) { return 8e-16 * std::max(1.0, std::abs(y)); }

}  // namespace

void ShareSearch::offer(const Aim& aim, std::size_t at) {
  const Aim::Rated r = aim(looks_[at]);
  if (!r.admissible || !(r.value > -infinite)) return;
  // What drowns in its own rounding is no tie for what is known well.
  const double slack = best_.found ? std::min(r.tie, best_.tie) : 0;
  if (best_.found && r.value < best_.value - slack) return;
  const bool tie = best_.found && r.value <= best_.value + slack;
  if (!tie || wins_tie(looks_[at], looks_[best_.look])) best_.look = at;
  // The most that was offered, lest one tie after another lead away from it.
  if (best_.found && r.value <= best_.value) return;
  best_.found = true;
  best_.value = r.value;
  best_.tie = r.tie;
}

/// The larger surplus, then the larger share; next to a corner, the corner.
bool ShareSearch::wins_tie(const ShareLook& look, const ShareLook& best) {
  if (std::abs(best.y) == infinite && std::abs(look.y) > near_corner) return false;
  double more = 0;
  for (std::size_t j = 0; j < look.gain.size(); ++j) more += look.gain[j] - best.gain[j];
  const double money = std::max(look.money, best.money);
  return more > rounding * money || (more >= -rounding * money && look.y > best.y);
}

/// The stationary point between two looks on one smooth piece: inverse quadratic steps on the slope in a bracket. What
/// is left behind on the way may not be one piece with it.
void ShareSearch::peak(const Aim& aim, std::size_t left, std::size_t right) {
  struct Place {
    double y, slope;
  };
  Place low{looks_[left].y, aim(looks_[left]).slope}, high{looks_[right].y, aim(looks_[right]).slope};
  Place last = low, older = high, oldest = high;
  const std::uint64_t structure = looks_[left].structure;
  const std::size_t binding = aim(looks_[left]).binding;
  std::size_t best = left;
  double step = infinite;
  bool shrinks = false;
  for (int i = 0; i < 100; ++i) {
    const auto between = [](const Place& a, const Place& b) {
      return (a.y * b.slope - b.y * a.slope) / (b.slope - a.slope);
    };
    double y = between(last, older);
    if (i > 0) y = (y * oldest.slope - between(older, oldest) * last.slope) / (oldest.slope - last.slope);
    if (i % 8 == 7 || !(y > low.y && y < high.y)) y = 0.5 * (low.y + high.y);
    if (!(y > low.y && y < high.y)) break;
    const std::size_t now = look(y);
    const Aim::Rated r = aim(looks_[now]);
    if (r.admissible && r.value > seen_) seen_ = r.value;
    if (!r.admissible || looks_[now].structure != structure || r.binding != binding || !looks_[now].smooth) {
      push(aim, left, now);
      push(aim, now, right);
      return;
    }
    const double before = std::exchange(step, i == 0 ? infinite : std::abs(y - last.y));
    best = now;
    const double room = 2e-15 * std::max(1.0, std::abs(y));
    oldest = std::exchange(older, std::exchange(last, {y, r.slope}));
    // Once they do, steps shrink ever faster: the next by a larger factor than this one.
    const bool shrank = std::exchange(shrinks, before < infinite && step < 1e-2 * before);
    if (r.slope == 0 || step <= room || (shrank && shrinks && step * (step / before) <= room)) break;
    if (r.slope > 0) {
      push(aim, left, now);
      low = last, left = now;
    } else {
      push(aim, now, right);
      high = last, right = now;
    }
    if (high.y - low.y <= 2 * least_width(y)) break;
  }
  offer(aim, best);
  look_beside(aim, best, left);
  look_beside(aim, best, right);
}

/// The steps may have come from one side only: what is left on the other is looked at from near to the peak on.
void ShareSearch::look_beside(const Aim& aim, std::size_t best, std::size_t end) {
  const double y = looks_[best].y, near = 0.5 * hidden_peak_width * std::max(1.0, std::abs(y));
  const bool below = looks_[end].y < y;
  if (best == end || std::abs(looks_[end].y - y) <= 2 * near) return;
  const std::size_t now = look(below ? y - near : y + near);
  const auto push_between = [&](std::size_t a, std::size_t b) { below ? push(aim, a, b) : push(aim, b, a); };
  push_between(end, now);
  if (looks_[now].structure != looks_[best].structure) push_between(now, best);
}

BestShare ShareSearch::maximise(const Aim& aim) {
  best_ = {};
  cells_.clear();
  seen_ = -infinite;
  most_money_ = 0;
  narrow_ = blind_ = 0;
  by_share_.clear();
  for (std::size_t i = 0; i < looked_; ++i) {
    const Aim::Rated r = aim(looks_[i]);
    if (r.admissible && r.value > seen_) seen_ = r.value;
    if (r.admissible) most_money_ = std::max(most_money_, looks_[i].money);
    if (std::abs(looks_[i].y) < infinite) by_share_.push_back(i);
  }
  std::sort(by_share_.begin(), by_share_.end(),
            [&](std::size_t i, std::size_t j) { return looks_[i].y < looks_[j].y; });
  // What lies beyond the outermost looks is as good as the corner, or as they are.
  for (std::size_t i = 0; i < looked_; ++i)
    if (std::abs(looks_[i].y) == infinite) offer(aim, i);
  for (const std::size_t end : {by_share_.front(), by_share_.back()}) {
    const Aim::Rated r = aim(looks_[end]);
    if (!best_.found || (r.admissible && r.value > best_.value + 100 * std::max(r.tie, best_.tie))) offer(aim, end);
  }
  for (std::size_t k = 0; k + 1 < by_share_.size(); ++k) push(aim, by_share_[k], by_share_[k + 1]);
  std::size_t work = 0;
  while (!cells_.empty()) {
    std::pop_heap(cells_.begin(), cells_.end());
    const Cell c = cells_.back();
    cells_.pop_back();
    if (c.bound < seen_ - rounding * std::abs(seen_)) break;
    if (++work > most_looks) {
      settled_ = false;
      break;
    }
    const double from = looks_[c.left].y, to = looks_[c.right].y;
    double y = place_in(aim, c);
    if (!(y > from && y < to)) y = from + 0.5 * (to - from);
    if (is_trifle(aim, c) || !(y > from && y < to)) {
      offer(aim, c.left);
      offer(aim, c.right);
      continue;
    }
    solver_->want_gaps(looks_[c.left].structure != looks_[c.right].structure, moving_);
    const std::size_t now = look(y);
    solver_->want_gaps(false);
    const Aim::Rated r = aim(looks_[now]), a = aim(looks_[c.left]), b = aim(looks_[c.right]);
    if (r.admissible && r.value > seen_) seen_ = r.value;
    // Which end the look is like: the other cell holds what was looked for.
    const bool like_left =
        looks_[now].structure == looks_[c.left].structure && r.admissible == a.admissible && r.binding == a.binding;
    const bool like_right =
        looks_[now].structure == looks_[c.right].structure && r.admissible == b.admissible && r.binding == b.binding;
    push(aim, c.left, now, like_right && !like_left ? std::min(c.same_side, 0) - 1 : 0);
    push(aim, now, c.right, like_left && !like_right ? std::max(c.same_side, 0) + 1 : 0);
  }
  cells_.clear();
  offer_missed(aim);
  return best_;
}

/// Next to a corner rounding promises more for ever than is at both ends alike.
bool ShareSearch::is_trifle(const Aim& aim, const Cell& c) const {
  const ShareLook &l = looks_[c.left], &r = looks_[c.right];
  if (!(std::min(std::abs(l.y), std::abs(r.y)) > near_corner)) return false;
  const Aim::Rated a = aim(l), b = aim(r);
  const double tie = trifle * std::abs(a.value);
  if (!(std::abs(a.value - b.value) <= tie)) return false;
  if (c.bound <= std::max(a.value, b.value) + tie) return true;
  // Where somebody has nothing at any share, in parts of all the money.
  double weight = infinite;
  for (const double w : aim.weight)
    if (w > 0) weight = std::min(weight, w);
  const bool nobody_gains = aim.kind == Aim::Kind::least && seen_ == 0 && a.value == 0 && b.value == 0;
  return nobody_gains && c.bound <= trifle * weight * most_money_;
}

/// The best look of all, should rounding have kept its cell from offering it.
void ShareSearch::offer_missed(const Aim& aim) {
  double most = best_.found ? best_.value + best_.tie : -infinite;
  std::size_t missed = looked_;
  for (std::size_t i = 0; i < looked_; ++i) {
    const Aim::Rated r = aim(looks_[i]);
    if (r.admissible && r.value > most + (best_.found ? r.tie : 0)) most = r.value, missed = i;
  }
  if (missed < looked_) offer(aim, missed);
}

BestShare ShareSearch::maximise_with_ties(const Aim& aim) {
  BestShare best = maximise(aim);
  const bool valueless = !best.found;
  // Who is held has nothing at many shares, whether or not two neighbours show it.
  const bool nothing = aim.is_of_money() && std::abs(best.value) <= best.tie;
  if (!valueless && !best.flat && !nothing) return best;
  Aim by_surplus{Aim::Kind::gains, std::vector<double>(solver_->game().specialists.size() + 1, 1.0)};
  if (!valueless) {
    by_surplus.before = &aim;
    by_surplus.least_before = best.value - best.tie;
  }
  const BestShare second = maximise(by_surplus);
  if (!second.found) return best;
  if (!second.flat) return second;
  Aim by_share;
  by_share.kind = Aim::Kind::share;
  by_share.before = &by_surplus;
  by_share.least_before = second.value - second.tie;
  const BestShare third = maximise(by_share);
  return third.found ? third : second;
}

}  // namespace haggle::fine_tuning
