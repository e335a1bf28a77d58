// SPDX-License-Identifier: MIT
// Games by their numbers, and a share that a bargain must be as good as.
#pragma once
#include <doctest/doctest.h>

#include "fine_tuning_play.hpp"

namespace haggle::test {

inline GeneralGame game_of(const GeneralFunction& cost, double fixed, double outside, double weight,
                           const std::vector<GeneralSpecialist>& specialists) {
  GeneralGame game;
  game.cost = cost;
  game.fixed = fixed;
  game.outside = outside;
  game.weight = weight;
  game.specialists = specialists;
  game.fixed_shares = {0.5};
  return game;
}

/// By the numbers of the reference, the bargain is no worse than a share with that logit.
inline void check_as_good(GeneralGame game, oracle::Solution solution, double logit, double tolerance = 1e-9) {
  game.solution = solution;
  CAPTURE(text(game));
  const Played played = play_globally(game);
  REQUIRE(played.status == Status::solved);
  const std::size_t n = game.specialists.size();
  const oracle::general::Outcome there =
      oracle::general::Play(game).equilibrium(std::vector(n, oracle::split_of_logit(logit)));
  REQUIRE(there.deal);
  oracle::general::Ideals ideals;
  if (solution == oracle::Solution::kalai_smorodinsky) {  // here with one weight only: any will do
    ideals.push_back(there.generalist_utility);
    for (const oracle::general::SpecialistOutcome& s : there.specialists) ideals.push_back(s.utility);
  }
  const double candidate = oracle::general::objective(game, solution, ideals, there);
  CHECK(candidate > 0);
  CHECK(oracle::general::objective(game, solution, ideals, claim_of(game, played)) >= candidate * (1 - tolerance));
}

}  // namespace haggle::test
