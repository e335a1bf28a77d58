// SPDX-License-Identifier: MIT
#include "verify/efficiency_claim.hpp"

#include <algorithm>
#include <cmath>

#include "haggle/core/status.hpp"
#include "haggle/verify/general_bargain.hpp"
#include "verify/deal_moves.hpp"

namespace haggle {
namespace {

using fine_tuning::ParetoEfficient;
using oracle::GeneralGame;
using oracle::general::Frontier, oracle::general::Outcome;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double stretch = 1e-3;        ///< of the shares
constexpr double clear_in_many = 1e-4;  ///< of the money, per_domain

/// No code but yes and no is right of a game that has equilibria at all shares.
bool may_be_unknown(const GeneralGame& game) {
  if (game.solution != oracle::Solution::fixed) return false;
  bool expressions = game.cost.expression != nullptr;
  for (const auto& s : game.specialists) expressions = expressions || s.revenue.expression || s.cost.expression;
  return expressions || !oracle::bounded(game);
}

/// A deal among those of other shares.
class Leaving {
 public:
  Leaving(const Frontier& frontier, double share) : moves_(frontier.play()), share_(share) {
    for (const Frontier::Point& p : frontier.points())
      if (p.outcome.deal) deals_.push_back(p.outcome);
    for (const double off : {stretch, stretch / 10, -stretch / 10, -stretch})
      if (const auto o = beside(off)) deals_.push_back(*o);
    for (const Outcome& o : deals_) moves_.count(o);
    std::ranges::sort(deals_, {}, [](const Outcome& o) { return o.splits[0].generalist; });
    // Beside a jump a rounded share does not say on which side the deal is: what holds on both does.
    for (const double off : {0.0, 1e-9, -1e-9})
      if (const auto o = beside(off)) here_.push_back(*o);
  }

  /// What everyone concerned gains by it, somewhere.
  double gain() const {
    double least = here_.empty() ? 0 : infinite;
    for (const Outcome& o : here_) least = std::min(least, moves_.best_exit(o, deals_));
    return least > DealMoves::clear ? least : 0;
  }

  /// What somebody loses by it, everywhere.
  double loss() const {
    double least = infinite;
    for (const Outcome& o : here_) {
      if (!loses_nearby(o)) return 0;
      for (const int side : {-1, 1}) least = std::min(least, moves_.least_loss(o, beyond(side), least));
    }
    return least > DealMoves::clear && least < infinite ? least : 0;
  }

 private:
  /// None: no deal there, or no such share.
  std::optional<Outcome> beside(double off) const {
    const double share = share_ + off;
    if (!(share >= 0 && share <= 1)) return std::nullopt;
    Outcome o = moves_.at(oracle::split_of_share(share));
    return o.deal ? std::optional(std::move(o)) : std::nullopt;
  }
  std::vector<Outcome> beyond(int side) const {
    std::vector<Outcome> found;
    for (const Outcome& o : deals_)
      if (side * (o.splits[0].generalist - share_) >= stretch * (1 - 1e-9)) found.push_back(o);
    return found;
  }
  /// The first steps cost somebody in proportion; what turns within a stretch is not decided here.
  bool loses_nearby(const Outcome& from) const {
    for (const int side : {-1, 1}) {
      const auto far = beside(side * stretch);
      const double whole = far ? moves_.loss(from, *far) : DealMoves::clear;
      if (!(whole >= DealMoves::clear)) return false;
      // A leap within may lift what others fall by, for a while.
      for (const double part : {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 1e-1, 1e-2})
        if (const auto near = beside(side * part * stretch))
          if (!(moves_.loss(from, *near) >= 0.5 * part * whole)) return false;
    }
    return true;
  }

  DealMoves moves_;
  double share_;
  std::vector<Outcome> deals_, here_;
};

/// What somebody gains in some deal where nobody loses.
double gain_in_many(const GeneralGame& game, const KeptColumns& kept) {
  const auto& c = kept.columns();
  std::vector<oracle::Split> splits;
  std::vector<double> utilities{kept.at(c.generalist_utility)};
  for (std::size_t i = 0; i < kept.specialists(); ++i) {
    if (!(kept.rounding(kept.share(i)) < 1e-10)) return 0;
    splits.push_back(oracle::split_of_share(kept.at(kept.share(i))));
    utilities.push_back(kept.at(c.specialist_utility + i));
  }
  if (!kept.keeps(c.generalist_utility) || !kept.keeps(c.specialist_utility)) return 0;
  const oracle::general::DomainSearch search(game, 1, {splits});
  const Outcome deal = search.play().equilibrium(splits);
  if (!deal.deal) return 0;
  const double scale = oracle::general::scale_of(search.play(), oracle::general::claim_of(deal));
  const double gain = search.dominates(utilities, scale);
  return gain > clear_in_many ? gain : 0;
}

}  // namespace

double efficiency_off(const GeneralGame& game, const KeptColumns& kept, std::size_t effort) {
  const auto& c = kept.columns();
  if (!kept.keeps(c.pareto_efficient) || kept.at(c.status) != static_cast<double>(Status::solved)) return 0;
  const double code = kept.at(c.pareto_efficient);
  const bool yes = code == static_cast<double>(ParetoEfficient::yes);
  if (!yes && code != static_cast<double>(ParetoEfficient::no)) {
    const bool unsolved = code == static_cast<double>(ParetoEfficient::unsolved);
    return unsolved && may_be_unknown(game) ? 0 : infinite;
  }
  if (!kept.keeps(c.share) || kept.rounding(c.share) > 1e-10) return 0;
  if (game.per_domain) return yes && effort >= 3000 ? gain_in_many(game, kept) : 0;
  const Frontier frontier(game, 1, effort);
  if (!frontier.complete()) return 0;
  const Leaving leaving(frontier, kept.at(c.share));
  return yes ? leaving.gain() : leaving.loss();
}

}  // namespace haggle
