// SPDX-License-Identifier: MIT
// Shares for each domain that look promising once the generalist's investment is given: then no domain's outcome
// depends on another's share.
#pragma once
#include <vector>

#include "domain_dual.hpp"

namespace haggle::fine_tuning {

/// For each investment of a row the domains' shares by their dual problem. Nothing says that at those shares the
/// generalist makes that investment and no other: they are to start from.
class DomainDecomposition {
 public:
  /// Of a game, which must outlive it.
  explicit DomainDecomposition(const Play<double>& game) : game_(&game) {}

  /// A Promising.
  std::vector<DomainDeal> operator()(const BargainAim& aim, double least, double most);

 private:
  struct Row {
    double least, most;
    std::vector<DomainStage> stages;
  };

  std::vector<DomainStage> tabulated(double least, double most) const;
  void tabulate_domain(std::size_t domain, std::vector<DomainStage>& stages) const;

  const Play<double>* game_;
  std::vector<Row> rows_;  ///< the first that was asked for, and the last
};

}  // namespace haggle::fine_tuning
