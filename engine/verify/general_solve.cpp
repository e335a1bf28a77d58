// SPDX-License-Identifier: MIT
#include "haggle/verify/general_bargain.hpp"

namespace haggle::oracle::general {
namespace {

template <class Search>
Result solve_by(const GeneralGame& game, const Search& search) {
  if (game.solution == Solution::fixed) return solve(game);
  Result result;
  if (!search.any_deal()) {
    result.outcome = no_deal(game);
    return result;
  }
  if (game.solution == Solution::kalai_smorodinsky) result.ideals = search.ideals();
  result.outcome = search.best(game.solution);
  result.objective = objective(game, game.solution, result.ideals, result.outcome);
  return result;
}

}  // namespace

Result solve(const GeneralGame& game, Effort effort) {
  if (game.solution != Solution::fixed)
    return game.per_domain ? solve(game, DomainSearch(game, effort)) : solve(game, Frontier(game, effort));
  std::vector<Split> splits;
  for (std::size_t i = 0; i < game.specialists.size(); ++i)
    splits.push_back(split_of_share(game.fixed_shares[game.per_domain ? i : 0]));
  Result result;
  result.outcome = Play(game, effort).equilibrium(splits);
  if (!result.outcome.deal) result.outcome = no_deal(game);
  return result;
}

Result solve(const GeneralGame& game, const Frontier& frontier) { return solve_by(game, frontier); }

Result solve(const GeneralGame& game, const DomainSearch& search) { return solve_by(game, search); }

}  // namespace haggle::oracle::general
