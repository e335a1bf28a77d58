// SPDX-License-Identifier: MIT
// Where hardly any shares leave everybody a gain: from the few of the sample in which most gain, one gainer more at a
// time.
#include <algorithm>
#include <functional>
#include <numeric>

#include "domain_search.hpp"

namespace haggle::fine_tuning {

namespace {

/// Who counts and gains, for a fact: 1 each. Who does not count: 0, as those who gain nothing.
std::vector<double> gainers(const DomainDeal& deal, const BargainAim& aim) {
  std::vector<double> all(aim.factor.size(), 0.0);
  for (std::size_t j = 0; deal.at.deal && j < aim.outside.size(); ++j)
    all[j] = aim.factor[j] > 0 && deal.at.utility[j] - aim.outside[j] > 1e-13 * deal.at.money[j] ? 1 : 0;
  return all;
}
double count(const std::vector<double>& gainers) { return std::accumulate(gainers.begin(), gainers.end(), 0.0); }

}  // namespace

bool DomainSearch::look_for_gains(const BargainAim& aim) {
  if (!along_ || aim.kind == BargainAim::Kind::sum) return false;
  const auto counting = std::count_if(aim.factor.begin(), aim.factor.end() - 1, [](double f) { return f > 0; });
  std::vector<const DomainDeal*> order;
  for (const DomainDeal& deal : sample_)
    if (deal.at.deal) order.push_back(&deal);
  std::ranges::stable_sort(order, std::ranges::greater(), [&](const DomainDeal* d) { return count(gainers(*d, aim)); });
  std::vector<DomainDeal> from;
  for (const DomainDeal* deal : order) {
    const bool seen = std::ranges::any_of(from, [&](const DomainDeal& f) { return f.at.same_regime(deal->at); });
    if (!seen) from.push_back(*deal);
    if (from.size() == (n_ <= 3 ? 8 : 3)) break;
  }
  for (DomainDeal& deal : from) {
    while (count(gainers(deal, aim)) < static_cast<double>(counting) && add_gainer(deal, aim)) continue;
    if (count(gainers(deal, aim)) < static_cast<double>(counting)) continue;
    sample_.push_back(std::move(deal));
    return true;
  }
  return false;
}

bool DomainSearch::add_gainer(DomainDeal& deal, const BargainAim& aim) const {
  const DomainClimb climb(at_, n_, aim);
  BargainAim more{BargainAim::Kind::product, gainers(deal, aim), aim.outside};
  const double before = count(more.factor);
  for (std::size_t j = 0; j < aim.outside.size(); ++j) {
    if (!(aim.factor[j] > 0) || more.factor[j] > 0) continue;
    more.factor[j] = 1;
    for (std::size_t i = 0; i < n_; ++i) {
      std::vector<double> shares = along_(deal.shares, i, more, false);
      if (shares.empty()) continue;
      DomainDeal trial = climb.solve(std::move(shares));
      if (!(count(gainers(trial, aim)) > before)) continue;
      deal = std::move(trial);
      return true;
    }
    more.factor[j] = 0;
  }
  return false;
}

}  // namespace haggle::fine_tuning
