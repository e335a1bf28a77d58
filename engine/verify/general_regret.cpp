// SPDX-License-Identifier: MIT
#include "haggle/verify/general_regret.hpp"

#include <algorithm>
#include <cmath>

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_money(Solution solution) {
  return solution != Solution::kalai_smorodinsky && solution != Solution::max_performance;
}

}  // namespace

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

std::vector<GeneralGame> within_rounding(const GeneralGame& game, const Claim& deal) {
  const double rounding = blur_of(game, deal, 4e-15);
  std::vector<GeneralGame> games;
  for (const double specialists : {1, -1})
    for (const double generalist : {1, -1}) {
      GeneralGame& other = games.emplace_back(game);
      other.outside += generalist * rounding;
      for (GeneralSpecialist& s : other.specialists) s.outside += specialists * rounding;
    }
  return games;
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
  const bool money = is_money(game.solution);
  // Where all deals tie, at gains of 0, the surplus decides.
  const bool is_product = game.solution == Solution::nash || game.solution == Solution::egalitarian ||
                          game.solution == Solution::kalai_smorodinsky;
  const double rounding = blur_of(game, claim, 1e-15) + 1e-15 * scale;
  if (is_product && best.objective <= (money ? 1e-14 * scale : 1e-14))
    return (best.outcome.surplus() - claimed.surplus() - rounding) / scale;
  Outcome lifted = claimed;
  lifted.generalist_utility += rounding;
  for (SpecialistOutcome& s : lifted.specialists)
    if (s.in) s.utility += rounding;
  const double reached = objective(game, game.solution, best.ideals, lifted);
  return (best.objective - reached) / (money ? scale : std::max(best.objective, 1e-300));
}

double last_digits_of_shares(const Play& play, const Claim& claim, const Result& best) {
  constexpr double digits = 4 * 0x1p-53;
  const GeneralGame& game = play.game();
  const auto reached = [&](const std::vector<Split>& splits) {
    const Outcome o = play.equilibrium(splits);
    return o.taking_part() > 0 ? objective(game, game.solution, best.ideals, o) : -infinity;
  };
  // Of equilibria throughout: what the claim itself is off by is no digit's doing.
  const double here = reached(claim.splits);
  if (here == -infinity) return 0;
  double moved = 0;
  const std::size_t shares = game.per_domain ? claim.splits.size() : 1;
  for (std::size_t domain = 0; domain < shares; ++domain) {
    double calmer = infinity;
    for (const double step : {digits, -digits}) {
      std::vector<Split> splits = claim.splits;
      for (std::size_t i = 0; i < splits.size(); ++i)
        if (i == domain || !game.per_domain)
          splits[i] = {std::clamp(splits[i].generalist + step, 0.0, 1.0),
                       std::clamp(splits[i].specialist - step, 0.0, 1.0)};
      if (const double there = reached(splits); there > -infinity) calmer = std::min(calmer, std::abs(there - here));
    }
    if (calmer < infinity) moved += calmer;
  }
  return moved / (is_money(game.solution) ? scale_of(play, claim) : std::max(best.objective, 1e-300));
}

}  // namespace haggle::oracle::general
