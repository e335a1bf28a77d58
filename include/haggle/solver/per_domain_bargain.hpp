// SPDX-License-Identifier: MIT
// The bargain over one revenue share for each domain (contract per_domain; arXiv 2308.04399, section 4).
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "haggle/model/fine_tuning.hpp"
#include "haggle/solver/bargain_aim.hpp"

namespace haggle::fine_tuning {

/// What is bargained, by whom. Player 0 is the generalist.
struct BargainTerms {
  Solution solution = Solution::nash;  ///< not fixed
  std::vector<double> weight;          ///< of each player, >= 0
  std::vector<double> outside;         ///< of each player
  std::size_t powerful = unset;        ///< powerful_specialist is this one; `unset`: their sum
};

struct DomainBargain {
  bool deal = false;
  std::vector<double> shares;  ///< one for each domain
  Payoffs at;
  std::vector<double> ideals;  ///< kalai_smorodinsky: each player's best utility over all deals
  double value = 0;            ///< what was maximised: BargainAim's
  std::size_t equilibria = 0;  ///< that were solved
};

/// What the terms maximise; `ideals` for kalai_smorodinsky.
BargainAim aim_of(const BargainTerms& terms, std::span<const double> ideals);

/// How often all shares are searched for them: for each player's best as well where the solution asks for that.
std::size_t searches(const BargainTerms& terms);

/// The best for an aim along one domain's share, the others as given: the shares with it; empty where there is none, or
/// for an aim that it does not take. It may know more of the game than what becomes of it at given shares. `windows`:
/// with more work, narrow ranges of the share are found as well in which things are different.
using BestAlong = std::function<std::vector<double>(std::span<const double> shares, std::size_t domain,
                                                    const BargainAim& aim, bool windows)>;

/// Shares, one for each domain, and the equilibrium there.
struct DomainDeal {
  std::vector<double> shares;
  Payoffs at;
};

/// Deals that look promising for an aim, from what is known of the game but what becomes of it at given shares: what
/// there would be at their shares if the generalist made a certain investment, from `least` to `most`.
using Promising = std::function<std::vector<DomainDeal>(const BargainAim& aim, double least, double most)>;

/// The best deal over [0,1]^n. A search: samples of all of it, improved one share at a time, then climbed from the best
/// of every kind of outcome; with more than a few domains nothing certifies that the best one is among them. `known`:
/// shares to start from as well, domain by domain (the uniform bargain: the result is at least as good). Of equally
/// good deals the one with the larger surplus, then with larger shares, the first domain's first.
DomainBargain solve_per_domain(PayoffsAt at, std::size_t domains, const BargainTerms& terms,
                               std::span<const std::vector<double>> known = {}, const BestAlong& along = {},
                               const Promising& promising = {});

}  // namespace haggle::fine_tuning
