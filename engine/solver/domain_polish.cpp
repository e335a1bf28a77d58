// SPDX-License-Identifier: MIT
// The last digits of the best deal, and which of several as good ones it is.
#include <algorithm>
#include <cmath>

#include "domain_search.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr double near_end = 1e-3;  ///< of a share

bool preferred(const BargainAim& aim, const DomainDeal& a, const DomainDeal& b) {
  return better(aim, a.at, a.shares, b.at, b.shares);
}

}  // namespace

DomainDeal DomainSearch::polished(DomainDeal best, const BargainAim& aim) const {
  const DomainClimb climb(at_, n_, aim), by_outcomes(at_, n_, aim, Measure::outcomes);
  // Steps shrink with what is left to a specialist: they end short of where it, or the generalist, has nothing.
  for (std::size_t i = 0; i < n_ && climb.can_start(best); ++i) {
    const double end = best.shares[i] > 0.5 ? 1 : 0, left = end - best.shares[i];
    if (left == 0 || std::abs(left) > near_end) continue;
    for (const double rest : {0.0, 1e-4}) {
      std::vector<double> shares = best.shares;
      shares[i] = end - rest * left;
      DomainDeal there = climb.solve(std::move(shares));
      if (climb.can_start(there)) there = climb(std::move(there), 30, 1e-3);
      if (climb.is_better(there, best)) best = std::move(there);
    }
  }
  // Each from where the others stop, with long first steps and with short ones: what a long one runs into may hide a
  // short one's way.
  for (int round = 0, in_vain = 0; round < 24 && in_vain < 4 && climb.can_start(best); ++round) {
    const double radius = round % 4 < 2 ? 0.1 : 1e-3;
    DomainDeal again = (round % 2 == 0 ? climb : by_outcomes)(best, 80, radius);
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
