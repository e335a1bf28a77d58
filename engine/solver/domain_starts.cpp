// SPDX-License-Identifier: MIT
// Where the search for the best deal climbs from.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "domain_search.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr std::size_t most_promising = 4;

/// Of each regime, and of each regime's shares that are so far apart.
std::vector<DomainDeal> best_of_each_kind(std::span<const DomainDeal> deals, const DomainClimb& climb, std::size_t most,
                                          double apart) {
  std::vector<const DomainDeal*> order;
  for (const DomainDeal& deal : deals) order.push_back(&deal);
  std::ranges::stable_sort(order, [&](const DomainDeal* a, const DomainDeal* b) { return climb.is_better(*a, *b); });
  std::vector<DomainDeal> chosen;
  for (const DomainDeal* deal : order) {
    if (chosen.size() == most) break;
    const bool seen = std::ranges::any_of(
        chosen, [&](const DomainDeal& c) { return c.at.same_regime(deal->at) && distance(c, *deal) < apart; });
    if (!seen) chosen.push_back(*deal);
  }
  return chosen;
}

}  // namespace

// The best of each kind of outcome: who takes part, who contributes, what ends the generalist's investment.
std::vector<DomainDeal> DomainSearch::starts(const BargainAim& aim) const {
  return best_of_each_kind(sample_, DomainClimb(at_, n_, aim), n_ <= 3 ? 16 : 12, 0.25);
}

// Each share in turn to the best along it, or of a row of values.
DomainDeal DomainSearch::scanned(DomainDeal deal, const BargainAim& aim, int steps, int sweeps, bool windows) const {
  const DomainClimb climb(at_, n_, aim);
  std::vector<double> values;
  for (int k = 0; k <= steps; ++k) values.push_back(static_cast<double>(k) / steps);
  for (double edge = 0.5 / steps; edge > 1e-7; edge /= steps > 16 ? 2 : 5)
    values.insert(values.end(), {edge, 1 - edge});
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    const std::vector<double> before = deal.shares;
    for (std::size_t i = 0; i < n_; ++i) {
      DomainDeal best = deal;
      const auto consider = [&](std::vector<double> shares) {
        if (shares == deal.shares) return;
        DomainDeal trial = climb.solve(std::move(shares));
        if (climb.is_better(trial, best)) best = std::move(trial);
      };
      std::vector<double> found = along_ ? along_(deal.shares, i, aim, windows) : std::vector<double>();
      if (!found.empty()) {
        consider(std::move(found));
      } else {
        for (const double value : values) {
          std::vector<double> shares = deal.shares;
          shares[i] = value;
          consider(std::move(shares));
        }
      }
      deal = std::move(best);
    }
    if (deal.shares == before) break;
  }
  return deal;
}

// For each aim the best along lines across the box, where the sample may have missed what is narrow. The generalist may
// build for a domain only where it gets all but a few hundredths of every other; where it gets all, those others gain
// nothing, and the aim tells nothing.
std::vector<std::vector<DomainDeal>> DomainSearch::scouted(std::span<const BargainAim> aims) const {
  std::vector<std::vector<DomainDeal>> found(aims.size());
  if (!along_ || n_ == 1) return found;
  for (const double rest : {0.0, 0.6, 0.95, 0.995})
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t k = 0; k < aims.size(); ++k) {
        std::vector<double> shares = along_(std::vector<double>(n_, rest), i, aims[k], true);
        if (!shares.empty()) found[k].push_back(DomainClimb(at_, n_, aims[k]).solve(std::move(shares)));
      }
  for (std::size_t k = 0; k < aims.size(); ++k) {
    const DomainClimb climb(at_, n_, aims[k]);
    std::ranges::stable_sort(found[k], [&](const DomainDeal& a, const DomainDeal& b) { return climb.is_better(a, b); });
    found[k].resize(std::min<std::size_t>(found[k].size(), 2));
  }
  return found;
}

// What becomes of the deals that promise more than the best one known, which the best of them replaces on the way, and
// of so many that promise less: climbs from there may lead beyond it.
std::vector<DomainDeal> DomainSearch::promising(const BargainAim& aim, DomainDeal& best, double least, double most,
                                                std::size_t of_less) const {
  const DomainClimb climb(at_, n_, aim);
  std::vector<DomainDeal> found, promises = promising_(aim, least, most);
  std::ranges::stable_sort(promises, [&](const DomainDeal& a, const DomainDeal& b) { return climb.is_better(a, b); });
  for (DomainDeal& promise : promises) {
    if (!promise.at.deal || (!climb.gains(promise, best) && of_less-- == 0)) break;
    found.push_back(climb.solve(std::move(promise.shares)));
    if (climb.gains(found.back(), best)) best = found.back();
  }
  return found;
}

// The best few of those, over all investments and then near the best one.
std::vector<DomainDeal> DomainSearch::promising(const BargainAim& aim, DomainDeal best) const {
  if (!promising_ || n_ == 1) return {};
  double most = 0;
  for (const DomainDeal& deal : sample_)
    if (deal.at.deal) most = std::max(most, deal.at.base_performance);
  std::vector<DomainDeal> found = promising(aim, best, 2e-4 * most, 2 * most, 12);
  for (const double beyond : {1.5, 1.12, 1.03}) {
    const double near = best.at.base_performance;
    std::ranges::move(promising(aim, best, near / beyond, near * beyond, 0), std::back_inserter(found));
  }
  return best_of_each_kind(found, DomainClimb(at_, n_, aim), most_promising, 0.1);
}

}  // namespace haggle::fine_tuning
