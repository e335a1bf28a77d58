// SPDX-License-Identifier: MIT
#include "haggle/solver/per_domain_bargain.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "domain_search.hpp"

namespace haggle::fine_tuning {

namespace {

BargainAim utility_of(const BargainTerms& terms, std::size_t player) {
  BargainAim aim{BargainAim::Kind::sum, std::vector<double>(terms.outside.size() + 1, 0.0), terms.outside};
  aim.factor[player] = 1;
  return aim;
}

BargainAim surplus(const BargainTerms& terms) {
  BargainAim aim = utility_of(terms, 0);
  std::fill(aim.factor.begin(), aim.factor.end() - 1, 1.0);
  return aim;
}

/// Gains of all who count, as far as the worst off: above 0 where a product is.
BargainAim least_gain(const BargainAim& product) {
  BargainAim aim = product;
  aim.kind = BargainAim::Kind::least;
  for (double& f : aim.factor) f = f > 0 ? 1 : 0;
  return aim;
}

}  // namespace

BargainAim aim_of(const BargainTerms& terms, std::span<const double> ideals) {
  BargainAim aim = utility_of(terms, 0);
  const std::size_t players = terms.outside.size();
  switch (terms.solution) {
    case Solution::nash:
      aim.kind = BargainAim::Kind::product;
      std::ranges::copy(terms.weight, aim.factor.begin());
      break;
    case Solution::kalai_smorodinsky:
    case Solution::egalitarian:
      aim.kind = BargainAim::Kind::least;
      aim.factor[0] = 0;
      for (std::size_t j = 0; j < players; ++j) {
        const double best = terms.solution == Solution::egalitarian ? 1 : ideals[j] - terms.outside[j];
        if (terms.weight[j] > 0 && best > 0) aim.factor[j] = 1 / (terms.weight[j] * best);
      }
      break;
    case Solution::utilitarian:
      std::ranges::copy(terms.weight, aim.factor.begin());
      break;
    case Solution::powerful_specialist:
      aim.factor[0] = 0;
      for (std::size_t j = 1; j < players; ++j) aim.factor[j] = terms.powerful == unset || terms.powerful == j - 1;
      break;
    case Solution::max_performance:
      aim.factor[0] = 0;
      aim.factor.back() = 1;
      break;
    case Solution::fixed:
    case Solution::powerful_generalist:
      break;
  }
  return aim;
}

std::size_t searches(const BargainTerms& terms) {
  return terms.solution == Solution::kalai_smorodinsky ? terms.outside.size() + 1 : 1;
}

DomainBargain solve_per_domain(PayoffsAt at, std::size_t domains, const BargainTerms& terms,
                               std::span<const std::vector<double>> known, const BestAlong& along,
                               const Promising& promising) {
  DomainBargain bargain;
  const auto counted = [&](std::span<const double> shares, Payoffs& out) {
    ++bargain.equilibria;
    at(shares, out);
  };
  DomainSearch search(counted, domains, known);
  search.look_along(along);
  search.look_where(promising);
  if (terms.solution == Solution::kalai_smorodinsky) {
    std::vector<BargainAim> own;
    for (std::size_t j = 0; j <= domains; ++j) own.push_back(utility_of(terms, j));
    const std::vector<DomainDeal> best_ones = search.best_for_each(own);
    for (std::size_t j = 0; j <= domains; ++j) {
      const DomainDeal& best = best_ones[j];
      const double gain = best.at.deal ? best.at.utility[j] - terms.outside[j] : 0;
      const bool gains = best.at.deal && gain > 0x1p-44 * best.at.money[j];
      bargain.ideals.push_back(gains ? best.at.utility[j] : terms.outside[j]);
    }
  }
  BargainAim aim = aim_of(terms, bargain.ideals);
  const auto nobody_counts = [](const BargainAim& a) {
    return std::ranges::all_of(a.factor, [](double f) { return f == 0; });
  };
  if (nobody_counts(aim)) aim = surplus(terms);
  bool level = search.is_level(aim);
  if (level && search.look_for_gains(aim)) level = search.is_level(aim);
  DomainDeal best = search.best(level && aim.kind == BargainAim::Kind::product ? least_gain(aim) : aim);
  if (level && best.at.deal) {
    // No deal of the sample serves the aim better than others. Perhaps the search found one; else the surplus decides.
    const DomainDeal& any = search.any();
    if (aim.kind == BargainAim::Kind::product && std::isfinite(aim(best.at)))
      best = DomainClimb(counted, domains, aim)(std::move(best));
    else if (!any.at.deal || !(aim(best.at) - aim(any.at) > aim.tie(best.at)))
      best = search.best(surplus(terms));
  }
  bargain.deal = best.at.deal;
  bargain.value = best.at.deal ? aim(best.at) : 0;
  bargain.shares = std::move(best.shares);
  bargain.at = std::move(best.at);
  return bargain;
}

}  // namespace haggle::fine_tuning
