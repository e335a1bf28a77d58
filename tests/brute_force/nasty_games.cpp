// SPDX-License-Identifier: MIT
#include "nasty_games.hpp"

#include "equilibria.hpp"

namespace haggle::test {
namespace {

bool chance(Random& random, double p) { return random.uniform(0, 1) < p; }

/// 1 but for `least` to `most`, more often below it.
double near_one(Random& random, double least, double most) {
  const double side = chance(random, 0.7) ? -1 : 1;
  return 1 + side * random.log_uniform(least, most);
}

void draw_exponents(Random& random, GeneralGame& game) {
  const auto bend = [&](GeneralFunction& cost, double outgrown) {
    double& exponent = cost.numbers[2];
    // As in draw_cost(): exponents near 1 yes, money of 1e100 no.
    if (chance(random, 0.35))
      exponent = std::max(outgrown, 1.0) + random.log_uniform(outgrown > 0.6 ? 0.05 : 3e-3, 0.15);
  };
  double outgrown = 0;
  for (GeneralSpecialist& s : game.specialists) {
    if (s.revenue.family == Family::hill && chance(random, 0.5)) s.revenue.numbers[2] = random.uniform(1.5, 6);
    const double elasticity = s.revenue.family == Family::isoelastic ? s.revenue.numbers[1] : 0;
    outgrown = std::max(outgrown, elasticity);
    bend(s.cost, elasticity);
  }
  bend(game.cost, outgrown);
}

void draw_weights(Random& random, GeneralGame& game) {
  if (chance(random, 0.1)) game.weight = random.log_uniform(1e-4, 0.05);
  if (chance(random, 0.1))
    for (GeneralSpecialist& s : game.specialists)
      if (chance(random, 0.5)) s.bargaining_weight = random.log_uniform(1e-4, 1);
}

/// Fixed costs and outside options near what nothing fixed would leave the players at some share.
void draw_break_evens(Random& random, GeneralGame& game) {
  const auto part_of = [](double money, double part) {
    return std::isfinite(money) && money > 1e-6 ? part * money : 0.0;
  };
  const oracle::general::Outcome free = Equilibria(game).at(random.uniform(-3, 3)).outcome;
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    GeneralSpecialist& s = game.specialists[i];
    const double money = free.specialists[i].utility;
    if (chance(random, 0.45))
      s.fixed = part_of(money, chance(random, 0.5) ? near_one(random, 1e-9, 0.1) : random.uniform(0, 1.3));
    if (!chance(random, 0.3)) continue;
    if (chance(random, 0.2))
      s.outside = -part_of(money, random.uniform(0, 1));
    else
      s.outside = part_of(money - s.fixed, chance(random, 0.3) ? near_one(random, 1e-9, 0.1) : random.uniform(0, 1.1));
  }
  const double money = free.generalist_utility;
  if (chance(random, 0.2)) game.fixed = part_of(money, random.uniform(0, 1.1));
  if (chance(random, 0.25)) game.outside = part_of(money - game.fixed, random.uniform(0, 1.1));
}

/// One player's fixed cost near the largest at which any share makes a deal with it; left alone where there is none.
void draw_last_deal(Random& random, GeneralGame& game) {
  const bool generalist = chance(random, 0.3);
  const auto i = static_cast<std::size_t>(random.uniform(0, static_cast<double>(game.specialists.size())));
  double& fixed = generalist ? game.fixed : game.specialists[i].fixed;
  const double before = fixed;
  const auto makes_deals = [&](double cost) {
    fixed = cost;
    Equilibria equilibria(game);
    if (equilibria.status() != Status::pending) return false;
    for (double logit = -8; logit <= 8; logit += 0.4) {
      const oracle::general::Outcome outcome = equilibria.at(logit).outcome;
      if (outcome.deal && (generalist || outcome.specialists[i].in)) return true;
    }
    return false;
  };
  double low = 0, high = 1e4;
  const bool bracketed = makes_deals(low) && !makes_deals(high);
  for (int k = 0; bracketed && k < 34; ++k) {
    const double middle = low > 0 ? std::sqrt(low * high) : k == 0 ? 1 : 0.1 * high;
    if (middle < 1e-9) break;
    (makes_deals(middle) ? low : high) = middle;
  }
  fixed = low > 0 ? low * near_one(random, 1e-9, 1e-2) : before;
}

}  // namespace

GeneralGame very_nasty_game(Random& random, std::size_t specialists) {
  GeneralGame game = draw_shape(random, {specialists, false, false});
  draw_numbers(random, game);
  draw_exponents(random, game);
  game.fixed = game.outside = 0;
  for (GeneralSpecialist& s : game.specialists) s.fixed = s.outside = 0;
  draw_weights(random, game);
  draw_break_evens(random, game);
  if (chance(random, 0.35)) draw_last_deal(random, game);
  return game;
}

}  // namespace haggle::test
