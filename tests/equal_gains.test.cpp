// SPDX-License-Identifier: MIT
// Egalitarian and Kalai-Smorodinsky bargains where the gain of one player is a small part of revenue: the share at
// which the scaled gains are equal has to be known to more digits than they.
#include <doctest/doctest.h>

#include "fine_tuning_play.hpp"
#include "window_games.hpp"

namespace haggle::test {
namespace {

using oracle::Solution;

double generalist_gain(const GeneralGame& game, const Played& played) {
  return played.generalist_utility - game.outside;
}
double specialist_gain(const GeneralGame& game, const Played& played) {
  return played.specialist_utility[0] - game.specialists[0].outside;
}

GeneralGame with_solution(GeneralGame game, Solution solution) {
  game.solution = solution;
  return game;
}

/// By the engine's own ideals under `kalai_smorodinsky`.
void check_equal_gains(const GeneralGame& game, Solution solution) {
  double of_generalist = game.weight, of_specialist = 1 - game.weight;
  if (solution == Solution::kalai_smorodinsky) {
    const GeneralGame first = with_solution(game, Solution::powerful_generalist);
    const GeneralGame second = with_solution(game, Solution::powerful_specialist);
    of_generalist *= generalist_gain(first, play_globally(first));
    of_specialist *= specialist_gain(second, play_globally(second));
  }
  const GeneralGame bargain = with_solution(game, solution);
  for (const Played& played : {play_globally(bargain), play_by_kernel(bargain)}) {
    REQUIRE(played.status == Status::solved);
    const double ratio =
        generalist_gain(game, played) / of_generalist / (specialist_gain(game, played) / of_specialist);
    CHECK(std::abs(ratio - 1) < 2e-10);
  }
}

}  // namespace

TEST_CASE("scaled gains are equal where hardly anything of revenue is left to gain") {
  // The search for an ideal left hundreds of looks within rounding of each other.
  check_equal_gains(
      game_of({Family::power, {0.13930050679336209, 76.016937468489076, 1.4026863098107656}}, 0, 0, 0.46733700695160146,
              {{{Family::hill, {0.26296332574757075, 11.198593948100722, 1.9417159694001058}},
                {Family::power, {0, 0.12758049145837472, 2.8256137651996305}},
                5.4188143138927483e-08}}),
      Solution::kalai_smorodinsky);
  check_equal_gains(game_of({Family::power, {0, 170.06211678733212, 1.0268334780473654}}, 0, 0, 0.4353508737032773,
                            {{{Family::isoelastic, {1.7800060428056408, 0.16327751549472239}},
                              {Family::power, {0, 0.0042054420086363106, 1.014409537029636}},
                              3.3552758221264636}}),
                    Solution::kalai_smorodinsky);
  // A step of 6e-12 logits moves the generalist's gain, 4e-4 of revenue, by 1e-8.
  check_equal_gains(game_of({Family::power, {0, 0.27872832987664992, 2.2325069372047261}}, 0, 0.35403376438513651,
                            0.00015077534278104196,
                            {{{Family::isoelastic, {2.0019176365762625, 0.46146237753108188}},
                              {Family::power, {0, 0.045475499427903951, 1.4044306390558934}},
                              0,
                              0.28789694047006387}}),
                    Solution::egalitarian);
}

}  // namespace haggle::test
