// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "haggle/verify/general_bargain.hpp"
#include "verify/general_root.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// How far two outcomes are apart in what a smooth curve would change little; 1 is as much as neighbours may be.
/// Revenues count beside the largest that each specialist has in any deal: where all is next to nothing, nothing is
/// chosen.
double distance(const Outcome& a, const Outcome& b, const std::vector<double>& most) {
  double far = 0;
  for (std::size_t i = 0; i < a.specialists.size(); ++i) {
    const SpecialistOutcome &s = a.specialists[i], &t = b.specialists[i];
    if (!s.in && !t.in) continue;
    if (s.in != t.in) return 2;
    const double larger = std::max(s.revenue, t.revenue);
    if (!(larger > 0)) continue;
    far = std::max(far, std::abs(s.revenue - t.revenue) / most[i] / 0.05);
    if (s.performance > 0 && t.performance > 0)
      far = std::max(far, std::abs(a.base_performance / s.performance - b.base_performance / t.performance) *
                              std::min(larger / most[i], 1.0) / 0.05);
  }
  return far;
}

bool invests(const Outcome& o) {
  double most = 0;
  for (const SpecialistOutcome& s : o.specialists) most = std::max(most, s.in ? s.performance : 0);
  return o.base_performance > 1e-9 * most;
}

bool same_kind(const Outcome& a, const Outcome& b) {
  if (a.deal != b.deal || invests(a) != invests(b)) return false;
  const auto moves = [](const SpecialistOutcome& s) { return s.contribution > 1e-9 * s.performance; };
  for (std::size_t i = 0; i < a.specialists.size(); ++i) {
    const SpecialistOutcome &s = a.specialists[i], &t = b.specialists[i];
    if (s.in != t.in || moves(s) != moves(t)) return false;
  }
  return true;
}

/// Whether two outcomes are one but for rounding, whoever is in: nobody has more or less, nothing performs otherwise.
bool same_in_effect(const Outcome& a, const Outcome& b) {
  double money = std::abs(a.generalist_utility), off = std::abs(a.generalist_utility - b.generalist_utility);
  double performance = 0, change = 0;
  for (std::size_t i = 0; i < a.specialists.size(); ++i) {
    const SpecialistOutcome &s = a.specialists[i], &t = b.specialists[i];
    money = std::max(money, std::abs(s.utility));
    off = std::max(off, std::abs(s.utility - t.utility));
    performance = std::max(performance, s.in ? s.performance : 0);
    change = std::max(change, std::abs((s.in ? s.performance : 0) - (t.in ? t.performance : 0)));
  }
  return a.deal == b.deal && off <= 1e-11 * money && change <= 1e-11 * performance;
}

}  // namespace

Frontier::Frontier(const GeneralGame& game, Effort effort, std::size_t most_equilibria)
    : play_(game, effort), most_equilibria_(most_equilibria) {
  const auto ends = [&](Split split) { return play_.equilibrium(std::vector<Split>(game.specialists.size(), split)); };
  std::vector<Point> scan{{-infinity, ends({0, 1})}};
  // Fine where shares are neither tiny nor nearly 1, then coarser out to the last double below 1.
  std::vector<double> logits;
  for (int i = 0; i <= 50 * effort; ++i) logits.push_back(0.1 * i / effort);
  for (int i = 1; i <= 12 * effort; ++i) logits.push_back(5 + 0.25 * i / effort);
  for (int i = 1; i <= 28 * effort; ++i) logits.push_back(8 + 1.0 * i / effort);
  for (std::size_t i = logits.size(); i-- > 1;) scan.push_back(at(-logits[i]));
  for (const double logit : logits) scan.push_back(at(logit));
  scan.push_back({infinity, ends({1, 0})});
  points_ = scan;

  // Sets of shares narrower than the spacing, where there is a deal at all or one specialist is in.
  std::vector<Point> found;
  seek([](const Outcome& o) { return std::max(-o.generalist_gain, 0.0); }, found);
  for (std::size_t i = 0; i < game.specialists.size(); ++i)
    seek([&](const Outcome& o) { return std::max(o.shortfalls[i], -o.generalist_gain); }, found);
  const auto by_logit = [](const Point& a, const Point& b) { return a.logit < b.logit; };
  scan.insert(scan.end(), found.begin(), found.end());
  std::sort(scan.begin(), scan.end(), by_logit);

  points_ = scan;
  most_.assign(game.specialists.size(), 0);
  for (const Point& p : points_)
    for (std::size_t i = 0; i < most_.size(); ++i)
      if (p.outcome.deal) most_[i] = std::max(most_[i], p.outcome.specialists[i].revenue);
  const double most = *std::max_element(most_.begin(), most_.end());
  for (double& m : most_) m = std::max(m, 0.01 * most);
  for (std::size_t i = 1; i + 2 < scan.size(); ++i) refine(scan[i], scan[i + 1]);
  std::sort(points_.begin(), points_.end(), by_logit);
}

Frontier::Point Frontier::at(double logit) const {
  ++equilibria_;
  const std::size_t n = play_.game().specialists.size();
  return {logit, play_.equilibrium(std::vector<Split>(n, split_of_logit(logit)))};
}

template <class Lack>
void Frontier::seek(Lack lack, std::vector<Point>& found) const {
  for (std::size_t i = 2; i + 2 < points_.size(); ++i) {
    const double before = lack(points_[i - 1].outcome), here = lack(points_[i].outcome),
                 after = lack(points_[i + 1].outcome);
    if (!(here > 0 && here <= before && here <= after && here < infinity)) continue;
    // Drawn on, no slope seen so far would get there.
    if (here > 3 * std::max(before - here, after - here)) continue;
    bool done = false;
    const auto look = [&](double logit) {
      if (done) return 0.0;
      const Point point = at(logit);
      const double value = lack(point.outcome);
      if (value <= 0) done = true, found.push_back(point);
      return -value;
    };
    golden(look, points_[i - 1].logit, points_[i + 1].logit);
  }
}

void Frontier::refine(const Point& a, const Point& b) {
  if (!complete() || (!a.outcome.deal && !b.outcome.deal)) return;
  const double width = b.logit - a.logit, far = distance(a.outcome, b.outcome, most_);
  // A kink that is no jump brings performances together as its sides are brought together.
  if (same_kind(a.outcome, b.outcome) ? far < 1 : width < 1e-4 && far < 10 * width && a.outcome.deal == b.outcome.deal)
    return;
  if (width < 1e-6 && same_in_effect(a.outcome, b.outcome)) return;
  const double middle = a.logit + 0.5 * width;
  if (!(width > 4e-16 * std::max(1.0, std::abs(middle)) && middle > a.logit && middle < b.logit)) return;
  const Point point = at(middle);
  refine(a, point);
  points_.push_back(point);
  refine(point, b);
}

bool Frontier::any_deal() const {
  return std::any_of(points_.begin(), points_.end(), [](const Point& p) { return p.outcome.deal; });
}

const Outcome& Frontier::best_for_generalist() const {
  const auto less = [](const Point& a, const Point& b) {
    return a.outcome.generalist_gain < b.outcome.generalist_gain;
  };
  return std::max_element(points_.begin(), points_.end(), less)->outcome;
}

template <class Value>
Outcome Frontier::highest(Value value) const {
  const std::size_t n = points_.size();
  std::vector<double> values;
  for (const Point& p : points_) values.push_back(value(p.outcome));
  std::vector<std::size_t> peaks;
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] > -infinity && (i == 0 || values[i] >= values[i - 1]) && (i + 1 == n || values[i] >= values[i + 1]))
      peaks.push_back(i);
  std::stable_sort(peaks.begin(), peaks.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  if (peaks.size() > 4) peaks.resize(4);

  Outcome best;
  double best_value = -infinity;
  const auto offer = [&](const Outcome& o) {
    const double v = value(o);
    if (v == -infinity || v < best_value) return v;
    if (v == best_value && o.surplus() < best.surplus()) return v;
    if (v == best_value && o.surplus() == best.surplus() && o.splits[0].generalist < best.splits[0].generalist)
      return v;
    best = o, best_value = v;
    return v;
  };
  for (const std::size_t i : peaks) {
    offer(points_[i].outcome);
    const double here = points_[i].logit;
    if (!std::isfinite(here)) continue;
    // What cannot reach the best by the slopes on its two sides need not be looked at closely.
    const double before = i > 0 ? values[i - 1] : -infinity, after = i + 1 < n ? values[i + 1] : -infinity;
    if (std::isfinite(before) && std::isfinite(after) &&
        values[i] + 2 * std::max(values[i] - before, values[i] - after) < best_value)
      continue;
    // A jump is no part of the neighbourhood: its two sides are points of their own.
    const auto side = [&](std::size_t j) {
      const double there = points_[j].logit;
      return std::isfinite(there) && std::abs(there - here) > 1e-12 ? there : here;
    };
    const double low = i > 0 ? side(i - 1) : here, high = i + 1 < n ? side(i + 1) : here;
    if (low < high) golden([&](double logit) { return offer(at(logit).outcome); }, low, high);
  }
  return best;
}

template <class Value>
Outcome Frontier::maximise(Value value, Solution solution) const {
  const auto rational = [&](const Outcome& o) { return o.deal ? value(o) : -infinity; };
  Outcome best = highest(rational);
  if (!best.deal) return best;
  // A flat stretch, unlike the top of a peak, holds several points of the scan: there the larger surplus decides.
  const double tie = value(best) - 1e-13 * std::abs(value(best)) - tie_of(play_.game(), solution, best);
  const auto tied =
      std::count_if(points_.begin(), points_.end(), [&](const Point& p) { return rational(p.outcome) >= tie; });
  if (tied < 4) return best;
  return highest([&](const Outcome& o) { return rational(o) >= tie ? o.surplus() : -infinity; });
}

double Frontier::most(const std::function<double(const Outcome&)>& value) const {
  const auto rational = [&](const Outcome& o) { return o.deal ? value(o) : -infinity; };
  return any_deal() ? value(highest(rational)) : -infinity;
}

Ideals Frontier::ideals() const {
  if (!any_deal()) return {};
  Ideals all{maximise([](const Outcome& o) { return o.generalist_utility; }, Solution::powerful_generalist)
                 .generalist_utility};
  for (std::size_t i = 0; i < play_.game().specialists.size(); ++i) {
    const auto value = [i](const Outcome& o) { return o.specialists[i].utility; };
    all.push_back(value(highest([&](const Outcome& o) { return o.deal ? value(o) : -infinity; })));
  }
  return all;
}

Outcome Frontier::best(Solution solution) const {
  const Ideals ideal = solution == Solution::kalai_smorodinsky ? ideals() : Ideals{};
  if (solution == Solution::kalai_smorodinsky && ideal.empty()) return {};
  return maximise([&](const Outcome& o) { return objective(play_.game(), solution, ideal, o); }, solution);
}

double dominates(const Frontier& frontier, const std::vector<double>& utilities, double scale) {
  return frontier.most([&](const Outcome& o) { return improvement(o, utilities, scale); });
}

}  // namespace haggle::oracle::general
