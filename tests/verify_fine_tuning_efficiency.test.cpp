// SPDX-License-Identifier: MIT
// Certificates of the general game: a wrong word about whether the deal at hand is efficient costs them.
#include "stored_games.hpp"

using namespace haggle;
using namespace haggle::test;

// With linear revenue and quadratic costs, c₀ = 1 and c₁ = 2, shares from 1/3 to 1 are efficient.
TEST_CASE("a deal that is called efficient and is dominated, or the other way round, costs the certificate") {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  game.specialists.resize(2);
  game.specialists[0].revenue = game.specialists[1].revenue = {Family::isoelastic, {1, 1}};
  game.specialists[0].cost = game.specialists[1].cost = {Family::power, {0, 2, 2}};
  game.specialists[1].fixed = 100;
  game.solution = oracle::Solution::fixed;
  for (const double share : {0.05, 0.2, 0.3, 0.37, 0.5, 0.9}) {
    CAPTURE(share);
    game.fixed_shares = {share};
    Stored stored(game, oracle::general::solve(game).outcome);
    const bool efficient = share > 1.0 / 3;
    stored.says(efficient ? ParetoEfficient::yes : ParetoEfficient::no);
    check_sound(game, stored);
    for (const auto other : {efficient ? ParetoEfficient::no : ParetoEfficient::yes, ParetoEfficient::unsolved}) {
      stored.says(other);
      check_wrong(game, stored);
    }
  }
  // Nobody is blamed for what lies within rounding and a search's last steps of an end.
  game.fixed_shares = {1.0 / 3};
  Stored stored(game, oracle::general::solve(game).outcome);
  for (const auto either : {ParetoEfficient::yes, ParetoEfficient::no}) {
    stored.says(either);
    check_sound(game, stored);
  }
}

TEST_CASE(
    "shares of each domain that are called efficient though other shares are better for all cost the certificate") {
  GeneralGame game;
  game.cost = {Family::power, {0, 4, 2}};
  game.specialists.resize(2);
  for (GeneralSpecialist& s : game.specialists) s.revenue = {Family::isoelastic, {1, 1}};
  game.specialists[0].cost = {Family::power, {0, 0.5, 2}};
  game.specialists[1].cost = {Family::power, {0, 3, 2}};
  game.per_domain = true;
  game.solution = oracle::Solution::fixed;
  game.fixed_shares = {1, 0.3};
  Stored stored(game, oracle::general::solve(game).outcome);
  stored.says(ParetoEfficient::no);
  check_sound(game, stored);
  stored.says(ParetoEfficient::yes);
  check_wrong(game, stored);
  game.solution = oracle::Solution::nash;
  stored = Stored(game, oracle::general::solve(game).outcome);
  stored.says(ParetoEfficient::yes);
  check_sound(game, stored);
}
