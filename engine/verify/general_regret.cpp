// SPDX-License-Identifier: MIT
#include "haggle/verify/general_regret.hpp"

#include <algorithm>
#include <cmath>

namespace haggle::oracle::general {

Claim claim_of(const Outcome& deal) {
  Claim claim{deal.splits, deal.base_performance, {}};
  for (const SpecialistOutcome& s : deal.specialists)
    claim.performances.push_back(s.in ? s.performance : std::numeric_limits<double>::quiet_NaN());
  return claim;
}

Outcome outcome_of(const GeneralGame& game, const Claim& claim) {
  Outcome o;
  o.splits = claim.splits;
  o.base_performance = claim.base_performance;
  o.generalist_utility = -value(game.cost, claim.base_performance) - game.fixed;
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const GeneralSpecialist& s = game.specialists[i];
    const double performance = claim.performances[i];
    SpecialistOutcome specialist{false, false, 0, 0, 0, s.outside};
    if (!std::isnan(performance)) {
      const double contribution = performance - claim.base_performance, revenue = value(s.revenue, performance);
      specialist = {true,        false,   contribution,
                    performance, revenue, claim.splits[i].specialist * revenue - value(s.cost, contribution) - s.fixed};
      o.generalist_utility += claim.splits[i].generalist * revenue;
    }
    o.specialists.push_back(specialist);
  }
  o.generalist_gain = o.generalist_utility - game.outside;
  o.deal = true;
  return o;
}

double scale_of(const Play& play, const Claim& claim) {
  const GeneralGame& game = play.game();
  const Outcome o = outcome_of(game, claim);
  double most = std::max({std::abs(o.generalist_utility), o.surplus(), std::abs(game.outside)});
  for (std::size_t i = 0; i < game.specialists.size(); ++i)
    most = std::max({most, std::abs(o.specialists[i].utility), std::abs(game.specialists[i].outside)});
  // Where nothing pays at all, the largest investment that could is none: one unit then.
  for (const double investment : {play.most_investment(), 1.0})
    for (const GeneralSpecialist& s : game.specialists)
      if (most == 0) most = 1e-6 * value(s.revenue, investment);
  return most;
}

double blur_of(const GeneralGame& game, const Claim& claim, double rounding) {
  const auto spread = [](const GeneralFunction& f, double at, double off) {
    return at > 0 ? value(f, at) + std::abs(slope(f, at)) * off : 0;
  };
  const double base = claim.base_performance;
  double flows = spread(game.cost, base, base) + game.fixed;
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const double performance = claim.performances[i];
    if (std::isnan(performance)) continue;
    const GeneralSpecialist& s = game.specialists[i];
    flows += 2 * spread(s.revenue, performance, performance) + s.fixed;
    flows += spread(s.cost, performance - base, performance + base);
  }
  return rounding * flows;
}

double specialist_regret(const Play& play, const Claim& claim, std::size_t i) {
  const double claimed = outcome_of(play.game(), claim).specialists[i].utility;
  const double best =
      std::max(play.reply(i, claim.splits[i], claim.base_performance).utility, play.game().specialists[i].outside);
  return (best - claimed) / scale_of(play, claim);
}

double generalist_regret(const Play& play, const Claim& claim) {
  const GeneralGame& game = play.game();
  const double claimed = outcome_of(game, claim).generalist_utility;
  const Outcome best = play.equilibrium(claim.splits);
  // Its gain is over the better of its alternatives, idle beside nobody among them.
  const double otherwise = best.generalist_gain < 0 ? best.generalist_utility - best.generalist_gain : game.outside;
  const double reached = std::isfinite(best.generalist_utility) ? std::max(best.generalist_utility, otherwise)
                                                                : std::max(game.outside, -game.fixed);
  return (reached - claimed) / scale_of(play, claim);
}

double bargain_regret(const Play& play, const Claim& claim, const Result& best) {
  const GeneralGame& game = play.game();
  const Outcome claimed = outcome_of(game, claim);
  const double scale = scale_of(play, claim);
  const bool is_money = game.solution != Solution::kalai_smorodinsky && game.solution != Solution::max_performance;
  // Where all deals tie, at gains of 0, the surplus decides.
  const bool is_product = game.solution == Solution::nash || game.solution == Solution::egalitarian ||
                          game.solution == Solution::kalai_smorodinsky;
  if (is_product && best.objective <= (is_money ? 1e-14 * scale : 1e-14))
    return (best.outcome.surplus() - claimed.surplus()) / scale;
  Outcome lifted = claimed;
  const double rounding = blur_of(game, claim, 1e-15) + 1e-15 * scale;
  lifted.generalist_utility += rounding;
  for (SpecialistOutcome& s : lifted.specialists)
    if (s.in) s.utility += rounding;
  const double reached = objective(game, game.solution, best.ideals, lifted);
  return (best.objective - reached) / (is_money ? scale : std::max(best.objective, 1e-300));
}

}  // namespace haggle::oracle::general
