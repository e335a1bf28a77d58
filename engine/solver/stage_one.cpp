// SPDX-License-Identifier: MIT
#include "solver/stage_one.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/sampled_shape.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double at_margin = 1e-15;  ///< of marginal cost: by what rounding makes a first bit pay, or not
/// Replies that one game may take, some seconds of them; a search over the shares of eight domains takes up to a third.
constexpr std::size_t most_work = 1000000, most_work_each = 2000000;

}  // namespace

void StageOne::start(const Play<double>& game, std::span<const Share> fixed) {
  game_ = &game;
  const std::size_t n = game.specialists.size();
  repliers_.resize(n);
  share_.resize(n);
  threshold_.assign(n, 0);
  order_.resize(n);
  for (std::size_t i = 0; i < n; ++i) repliers_[i].start(game.specialists[i]);
  hint_ = 0;
  work_ = 0;
  allowed_ = 1;
  opaque_cost_ = game.cost.is_expression() && !cost_shape(game.cost).known;
  reach_ = find_reach(fixed);
}

void StageOne::forget() {
  hint_ = 0;
  threshold_.assign(threshold_.size(), 0);
  for (Replier& replier : repliers_) replier.forget();
}

bool StageOne::is_exhausted() const { return work_ > allowed_ * (most_work + most_work_each * repliers_.size()); }

/// Of the k-th's investment at `a`, from the replies at one place or, between two, from both.
double StageOne::guess(std::size_t k, double a, std::size_t near, std::size_t beyond) const {
  if (!(near < points_.size() && k < points_[near].members)) return 0;
  const Point& p = points_[near];
  const Reply& r = reply(p, k);
  double alpha = r.performance + r.by_base * (a - p.a);
  if (beyond < points_.size() && k < points_[beyond].members) {  // the cubic's with these slopes at both ends
    const Point& q = points_[beyond];
    const Reply& s = reply(q, k);
    const double h = q.a - p.a, part = (a - p.a) / h, left = 1 - part;
    alpha = left * left * (r.performance * (1 + 2 * part) + h * part * r.by_base) +
            part * part * (s.performance * (1 + 2 * left) - h * left * s.by_base);
  }
  const double x = alpha > a ? alpha - a : r.investment;
  return x < infinite ? x : r.investment;
}

/// `near` and, if it is between them, `beyond`: places whose replies tell of those here.
std::size_t StageOne::look(double t, double a, std::size_t members, std::size_t near, std::size_t beyond) {
  Point p{t, a, elastic_at(game_->cost, a), replies_.size(), members, 0, {}};
  while (p.regime + 1 < regimes_.size() && regimes_[p.regime + 1].a <= a) ++p.regime;
  work_ += members;
  for (std::size_t k = 0; k < members; ++k) replies_.push_back(repliers_[order_[k]](a, guess(k, a, near, beyond)));
  const Value v = p.value = sum(p, members);
  points_.push_back(p);
  if (v.utility > seen_) {
    seen_ = v.utility;
    seen_size_ = v.size;
    seen_slack_ = std::min(rounding, least_rounding * blur(points_.back())) * v.size + nothing;
    seen_at_ = points_.size() - 1;
    seen_noise_ = -1;
  }
  // Flat from 0 on is idleness.
  const bool peak = v.slope == 0 && v.curvature < 0 && a > smallest_argument;
  if (peak && !owner_ && !is_threshold(a)) offer(points_.size() - 1, Base::smooth);
  if (wants_gaps() && v.utility > peak_[p.regime]) peak_[p.regime] = v.utility, peak_at_[p.regime] = points_.size() - 1;
  return points_.size() - 1;
}

/// Entry thresholds at the shares that repliers_ stand at, and the order of entry.
void StageOne::prepare() {
  const std::size_t n = repliers_.size();
  points_.clear();
  replies_.clear();
  cells_.clear();
  settled_ = true;
  regimes_.clear();
  gaps_.clear();
  seen_ = -infinite;
  seen_size_ = 0;
  seen_slack_ = nothing;
  seen_at_ = 0;
  seen_noise_ = -1;
  offers_.clear();
  best_ = {};
  for (std::size_t i = 0; i < n; ++i) {
    threshold_[i] = threshold(i, threshold_[i]);
    order_[i] = i;
  }
  std::sort(order_.begin(), order_.end(), [&](std::size_t i, std::size_t j) {  // stable, and takes no room for it
    return threshold_[i] < threshold_[j] || (threshold_[i] == threshold_[j] && i < j);
  });
  within_reach_ = 0;
  while (within_reach_ < n && threshold_[order_[within_reach_]] < infinite) ++within_reach_;
}

/// A specialist's jumps where it takes part already, within reach.
std::span<const Replier::Jump> StageOne::jumps_within(std::size_t i) const {
  std::span<const Replier::Jump> jumps = repliers_[i].jumps();
  while (!jumps.empty() && !(jumps.front().base > threshold_[i] && jumps.front().base > smallest_argument))
    jumps = jumps.subspan(1);
  while (!jumps.empty() && !(jumps.back().base < reach_)) jumps = jumps.first(jumps.size() - 1);
  return jumps;
}

void StageOne::search_between_marks() {
  begin_regimes();
  const double first = std::max(threshold_[order_[0]], smallest_argument);
  const auto members_at = [&](double a) {
    std::size_t m = 0;
    while (m < within_reach_ && threshold_[order_[m]] <= a) ++m;
    return m;
  };
  marks_.assign({first, std::max(reach_, first)});
  const auto mark = [&](double a) {
    if (a > first && a < reach_) marks_.push_back(a);
  };
  for (std::size_t k = 1; k < within_reach_; ++k) mark(threshold_[order_[k]]);
  for (std::size_t k = 0; k < within_reach_; ++k) {
    mark(repliers_[order_[k]].contributes_until());
    mark(repliers_[order_[k]].contributes_from());
    mark(repliers_[order_[k]].turns_from());
    for (const Replier::Jump& j : jumps_within(order_[k])) mark(j.base), mark(std::nextafter(j.base, 0));
  }
  if (hint_ > 0) mark(hint_ * 0.7), mark(hint_ * 1.4);
  std::sort(marks_.begin(), marks_.end());
  marks_.erase(std::unique(marks_.begin(), marks_.end()), marks_.end());
  std::size_t last = 0;
  const std::size_t places = marks_.size();
  for (std::size_t m = 0; m < places; ++m) last = look(std::log(marks_[m]), marks_[m], members_at(marks_[m]), last);

  // Where utility rises from 0 on, a tiny investment is the best that idleness could be mistaken for in rounding.
  const double rise = value(points_[0], members_at(0)).slope, rounded = at_margin * points_[0].cost.slope;
  is_at_margin_ = threshold_[order_[0]] == 0 && std::abs(rise) <= rounded;
  if (threshold_[order_[0]] == 0 && rise <= rounded) offer(0, Base::zero);
  for (std::size_t m = 0; m < places; ++m)
    for (std::size_t k = 0; k < within_reach_; ++k)
      if (threshold_[order_[k]] == marks_[m]) offer(m, Base::threshold);
  for (std::size_t m = 0; m + 1 < places; ++m) {
    const bool next_to = marks_[m + 1] == std::nextafter(marks_[m], infinite);
    if (next_to && jumps({m, m + 1, 0}))
      offer(m + 1, Base::jump, m);
    else if (!next_to)
      push(m, m + 1);
  }
  search();
  // Where nothing better came of the rise from 0 on, it was one of digits.
  const bool better = best_.found && !(best_.utility < points_[0].value.utility);
  if (threshold_[order_[0]] == 0 && !better) offer(0, Base::zero);
  if (!is_seen_offered() && settled_ && !owner_) offer_seen();
  measure_gaps();
  if (!is_seen_offered()) settled_ = false;
  if (!owner_) choose();
}

void StageOne::solve(std::span<const Share> shares, Equilibrium& result) {
  for (std::size_t i = 0; i < repliers_.size(); ++i) {
    share_[i] = shares[i].generalist;
    repliers_[i].at_share(shares[i].specialist);
  }
  if (is_exhausted()) {
    best_ = {};
    gaps_.clear();
    settled_ = false;
    return report(shares, result);
  }
  prepare();
  if (within_reach_ > 0) search_between_marks();
  report(shares, result);
}

double StageOne::best_as_owner() {
  owner_ = true;
  for (Replier& replier : repliers_) replier.at_share(1);
  const std::vector<double> before = threshold_;
  const double hint = hint_;
  hint_ = 0;
  prepare();
  double best = 0;  // nobody takes part
  if (within_reach_ > 0) {
    search_between_marks();
    best = std::max(best, seen_);
  }
  threshold_ = before;
  hint_ = hint;
  owner_ = false;
  return best;
}

}  // namespace haggle::fine_tuning
