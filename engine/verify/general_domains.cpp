// SPDX-License-Identifier: MIT
// Contract per_domain: the best shares of each domain, by grid and by climbing without derivatives.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "haggle/verify/general_bargain.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double farthest = 36;  ///< logits beyond are the ends

Split split_at(double logit) {
  if (logit <= -farthest) return {0, 1};
  if (logit >= farthest) return {1, 0};
  return split_of_logit(logit);
}

double logit_of(const Split& split) {
  return split.generalist <= 0   ? -infinity
         : split.specialist <= 0 ? infinity
                                 : std::log(split.generalist / split.specialist);
}

/// −∞, the ticks mirrored, ∞.
std::vector<double> ladder(const std::vector<double>& ticks) {
  std::vector<double> all{-infinity, 0, infinity};
  for (const double tick : ticks) all.push_back(tick), all.push_back(-tick);
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<double> ladder_for(std::size_t domains, Effort effort) {
  std::vector<double> ticks;
  const double step = (domains == 2 ? 0.5 : 1.0) / effort;
  for (double tick = step; tick <= (domains == 2 ? 4.01 : 3.01); tick += step) ticks.push_back(tick);
  for (const double tick : {6.0, 9.0, 14.0})
    if (domains == 2 || tick == 6) ticks.push_back(tick);
  return ladder(ticks);
}

}  // namespace

DomainSearch::DomainSearch(const GeneralGame& game, Effort effort, const std::vector<Shares>& starts)
    : play_(game, effort), effort_(effort) {
  const std::size_t n = game.specialists.size();
  const auto add = [&](const Logits& logits) { points_.push_back({logits, at(logits)}); };
  for (const Shares& shares : starts) {
    Logits logits;
    for (const Split& split : shares) logits.push_back(logit_of(split));
    // As given, not as its logits round.
    points_.push_back({logits, play_.equilibrium(shares)});
  }
  if (n <= 3) {
    const std::vector<double> steps = n == 1 ? ladder_for(2, 4 * effort) : ladder_for(n, effort);
    std::vector<std::size_t> place(n, 0);
    for (bool more = true; more;) {
      Logits logits;
      for (const std::size_t p : place) logits.push_back(steps[p]);
      add(logits);
      more = false;
      for (std::size_t i = 0; i < n && !more; ++i) more = ++place[i] < steps.size() || (place[i] = 0);
    }
    return;
  }
  // A fixed sequence of draws, whatever the game: results do not depend on what was asked before.
  std::mt19937_64 random(20240513);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (double logit = -6; logit <= 6; logit += 0.25) add(Logits(n, logit));
  for (int k = 0; k < 600 * effort; ++k) {
    Logits logits;
    for (std::size_t i = 0; i < n; ++i) {
      const double u = uniform();
      logits.push_back(u < 0.05 ? -infinity : u > 0.95 ? infinity : 8 * (uniform() - 0.5) * (u < 0.3 ? 2 : 1));
    }
    add(logits);
  }
}

Outcome DomainSearch::at(const Logits& logits) const {
  Shares shares;
  for (const double logit : logits) shares.push_back(split_at(logit));
  return play_.equilibrium(shares);
}

/// Nelder and Mead's simplex over the logits that are finite, begun anew from where it ends until that helps no more.
template <class Value>
DomainSearch::Point DomainSearch::climb(const Point& start, double step, Value value) const {
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < start.logits.size(); ++i)
    if (std::isfinite(start.logits[i])) free.push_back(i);
  Point best = start;
  double best_value = value(start.outcome);
  if (free.empty()) return best;

  struct Vertex {
    Logits logits;
    double value;
  };
  const auto offer = [&](const Logits& logits) {
    Point point{logits, at(logits)};
    const double v = value(point.outcome);
    if (v > best_value) best = std::move(point), best_value = v;
    return Vertex{logits, v};
  };
  const std::size_t m = free.size();
  for (int restart = 0; restart < 6; ++restart) {
    const double before = best_value;
    std::vector<Vertex> simplex{{best.logits, best_value}};
    for (std::size_t k = 0; k < m; ++k) {
      Logits logits = best.logits;
      // Turned at each restart: an edge along which nothing improves is another's diagonal.
      for (std::size_t j = 0; j < m; ++j)
        logits[free[j]] += step * (j == k ? 1 : 0.4 * std::cos(1.0 + restart * 2.1 + static_cast<double>(j + 2 * k)));
      simplex.push_back(offer(logits));
    }
    for (int move = 0; move < 150 * static_cast<int>(m); ++move) {
      std::stable_sort(simplex.begin(), simplex.end(),
                       [](const Vertex& a, const Vertex& b) { return a.value > b.value; });
      double size = 0;
      for (const Vertex& v : simplex)
        for (const std::size_t i : free) size = std::max(size, std::abs(v.logits[i] - simplex[0].logits[i]));
      const double spread = simplex[0].value - simplex[m].value;
      if (size < 1e-12 || (size < 1e-3 && spread <= 1e-14 * std::abs(simplex[0].value))) break;
      Vertex& worst = simplex.back();
      Logits centre = best.logits;
      for (const std::size_t i : free) {
        double sum = 0;
        for (std::size_t k = 0; k < m; ++k) sum += simplex[k].logits[i];
        centre[i] = sum / static_cast<double>(m);
      }
      const auto along = [&](double by) {
        Logits logits = centre;
        for (const std::size_t i : free) logits[i] += by * (centre[i] - worst.logits[i]);
        return offer(logits);
      };
      const Vertex reflected = along(1);
      if (reflected.value > simplex[0].value) {
        const Vertex expanded = along(2);
        worst = expanded.value > reflected.value ? expanded : reflected;
      } else if (reflected.value > simplex[m - 1].value) {
        worst = reflected;
      } else {
        const Vertex contracted = along(reflected.value > worst.value ? 0.5 : -0.5);
        if (contracted.value > worst.value) {
          worst = contracted;
        } else {
          for (std::size_t k = 1; k <= m; ++k) {
            Logits logits = simplex[k].logits;
            for (const std::size_t i : free) logits[i] = 0.5 * (logits[i] + simplex[0].logits[i]);
            simplex[k] = offer(logits);
          }
        }
      }
    }
    if (!(best_value > before + 1e-12 * std::abs(best_value))) break;
    step *= 0.5;
  }
  return best;
}

template <class Value>
Outcome DomainSearch::maximise(Value value) const {
  const auto rational = [&](const Outcome& o) { return o.deal ? value(o) : -infinity; };
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t p = 0; p < points_.size(); ++p)
    if (const double v = rational(points_[p].outcome); v > -infinity) order.emplace_back(v, p);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  // The best of each neighbourhood: not within a step of one already chosen.
  std::vector<std::size_t> starts;
  const double step = points_.front().logits.size() == 2 ? 0.5 : 1.0;
  for (const auto& [v, place] : order) {
    const std::size_t p = place;
    const auto near = [&](std::size_t q) {
      for (std::size_t i = 0; i < points_[p].logits.size(); ++i) {
        const double a = points_[p].logits[i], b = points_[q].logits[i];
        if (a != b && !(std::abs(a - b) < 1.5 * step / effort_)) return false;
      }
      return true;
    };
    if (std::none_of(starts.begin(), starts.end(), near)) starts.push_back(p);
    if (starts.size() == 5 * static_cast<std::size_t>(effort_)) break;
  }
  Outcome best;
  double best_value = -infinity;
  for (const std::size_t p : starts) {
    const Point top = climb(points_[p], 0.4 * step / effort_, rational);
    const double v = rational(top.outcome);
    if (v > best_value || (v == best_value && top.outcome.surplus() > best.surplus()))
      best = top.outcome, best_value = v;
  }
  return best;
}

bool DomainSearch::any_deal() const {
  return std::any_of(points_.begin(), points_.end(), [](const Point& p) { return p.outcome.deal; });
}

const Outcome& DomainSearch::best_for_generalist() const {
  const auto less = [](const Point& a, const Point& b) {
    return a.outcome.generalist_gain < b.outcome.generalist_gain;
  };
  return std::max_element(points_.begin(), points_.end(), less)->outcome;
}

Ideals DomainSearch::ideals() const {
  if (!any_deal()) return {};
  Ideals all{maximise([](const Outcome& o) { return o.generalist_utility; }).generalist_utility};
  for (std::size_t i = 0; i < play_.game().specialists.size(); ++i)
    all.push_back(maximise([i](const Outcome& o) { return o.specialists[i].utility; }).specialists[i].utility);
  return all;
}

Outcome DomainSearch::best(Solution solution) const {
  const Ideals ideal = solution == Solution::kalai_smorodinsky ? ideals() : Ideals{};
  if (!any_deal()) return {};
  const GeneralGame& game = play_.game();
  Outcome best = maximise([&](const Outcome& o) { return objective(game, solution, ideal, o); });
  // All deals tie where some player gains nothing in any: there the larger surplus decides.
  const double top = objective(game, solution, ideal, best), tie = tie_of(game, solution, best);
  if (std::abs(top) > tie) return best;
  return maximise(
      [&](const Outcome& o) { return objective(game, solution, ideal, o) >= top - tie ? o.surplus() : -infinity; });
}

double DomainSearch::dominates(const std::vector<double>& utilities, double scale) const {
  const auto better = [&](const Outcome& o) { return improvement(o, utilities, scale); };
  return any_deal() ? better(maximise(better)) : -infinity;
}

}  // namespace haggle::oracle::general
