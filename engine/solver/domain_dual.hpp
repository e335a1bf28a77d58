// SPDX-License-Identifier: MIT
// What each domain by itself brings at a given investment of the generalist, and how the domains' shares are chosen so
// that the generalist may make that investment: a dual problem (Everett 1963, Operations Research 11, 399-417).
#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "haggle/solver/per_domain_bargain.hpp"
#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

/// What becomes of one domain at an investment and a share.
struct DomainOutcome {
  double share = 0;
  bool takes_part = false;
  double utility = 0;      ///< the specialist's; this and what follows: 0 where it stays away
  double revenue = 0;      ///< the generalist's
  double marginal = 0;     ///< what that gains by the generalist's investment
  double performance = 0;  ///< the specialist's
};

/// An investment of the generalist, with its cost and marginal cost.
struct DomainStage {
  double investment = 0, cost = 0, marginal_cost = 0;
  std::vector<std::vector<DomainOutcome>> outcomes;  ///< by domain, by share
  std::vector<std::size_t> last;  ///< of those: the last at which the specialist takes part; `unset`: it always does,
                                  ///< or never
};

/// Each domain takes the share that is best for the aim, with the generalist's revenue counted at one price and what
/// it gains by more investment at another. The first gives the generalist what the aim asks for it. The second makes
/// marginal revenue meet marginal cost or, with a specialist that takes part just from that investment on (`holder`),
/// not exceed it. Where no price does, one domain alone makes up for the rest.
class DomainDual {
 public:
  /// `game`, `aim` and `stage` must outlive it.
  DomainDual(const Play<double>& game, const BargainAim& aim, const DomainStage& stage, std::size_t holder = unset);

  /// Adds such shares, and what they would bring.
  void add_to(std::vector<DomainDeal>& found) const;

 private:
  using Picks = std::vector<DomainOutcome>;  ///< one for each domain; empty: there are none

  double value_of(const DomainOutcome& outcome, std::size_t domain) const;
  Picks picked(double level, double price) const;
  std::pair<Picks, Picks> balanced(double level) const;
  std::pair<double, double> settled_levels() const;
  std::vector<Picks> made_up_by(std::size_t domain, const Picks& picks, double DomainOutcome::*number,
                                double rise) const;
  DomainDeal deal_of(const Picks& picks) const;
  double gain(const Picks& picks) const;
  double due(double level) const;
  bool is_enough(double level) const;
  bool is_held(const Picks& picks) const;

  const Play<double>& game_;
  const BargainAim& aim_;
  const DomainStage& stage_;
  std::size_t n_, holder_;
  std::vector<std::span<const DomainOutcome>> rows_;  ///< to choose from
  std::vector<std::vector<double>> values_;           ///< of each, to the aim
  double most_revenue_ = 0, most_marginal_ = 0;       ///< of one domain
  double spread_ = 1;                                 ///< of a domain's values
  double unit_ = 1;                                   ///< of levels
};

}  // namespace haggle::fine_tuning
