// SPDX-License-Identifier: MIT
// The last digits of the best deal, and which of several as good ones it is.
#include <algorithm>
#include <cmath>

#include "domain_search.hpp"

namespace haggle::fine_tuning {

namespace {

bool preferred(const BargainAim& aim, const DomainDeal& a, const DomainDeal& b) {
  return better(aim, a.at, a.shares, b.at, b.shares);
}

}  // namespace

DomainDeal DomainSearch::polished(DomainDeal best, const BargainAim& aim) const {
  const DomainClimb climb(at_, n_, aim), by_outcomes(at_, n_, aim, Measure::outcomes);
  // Each from where the other stops.
  for (int round = 0, in_vain = 0; round < 8 && in_vain < 2 && climb.can_start(best); ++round) {
    DomainDeal again = round % 2 == 0 ? climb(best) : by_outcomes(best);
    ++in_vain;
    if (climb.is_better(again, best)) best = std::move(again), in_vain = 0;
  }
  return best;
}

// Among specialists that are alike an exchange of shares may be as good; who stays away may be offered anything.
DomainDeal DomainSearch::with_larger_shares_first(DomainDeal deal, const BargainAim& aim) const {
  const DomainClimb climb(at_, n_, aim);
  for (std::size_t i = 0; deal.at.deal && i < n_; ++i) {
    if ((deal.at.takes_part >> i & 1) != 0 || deal.shares[i] == 1) continue;
    double beyond = 1;
    for (double tried = 1; beyond - deal.shares[i] > 1e-15; tried = deal.shares[i] + (beyond - deal.shares[i]) / 2) {
      std::vector<double> shares = deal.shares;
      shares[i] = tried;
      DomainDeal other = climb.solve(std::move(shares));
      if (preferred(aim, other, deal))
        deal = std::move(other);
      else
        beyond = tried;
    }
  }
  for (std::size_t i = 0; i < n_; ++i)
    for (std::size_t j = i + 1; j < n_; ++j) {
      if (!(deal.shares[i] < deal.shares[j])) continue;
      std::vector<double> shares = deal.shares;
      std::swap(shares[i], shares[j]);
      DomainDeal other = climb.solve(std::move(shares));
      if (preferred(aim, other, deal)) deal = std::move(other);
    }
  return deal;
}

}  // namespace haggle::fine_tuning
