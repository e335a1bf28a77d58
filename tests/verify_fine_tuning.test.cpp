// SPDX-License-Identifier: MIT
// Certificates of the general game: brute force's own answers get them, and so do they with any output left out or in
// single precision; what cannot be judged gets none.
#include "stored_games.hpp"

using namespace haggle;
using namespace haggle::test;

TEST_CASE("brute force's own answer gets its certificate, in single precision and with outputs left out, too") {
  Random random(21);
  for (std::size_t k = 0; k < effort(10); ++k) {
    const GeneralGame game = drawn_game(random, k);
    const Outcome best = oracle::general::solve(game).outcome;
    Stored stored(game, best);
    check_sound(game, stored);
    if (!best.deal) continue;
    stored.round_to_float();
    check_sound(game, stored);
    stored.drop(stored.columns().base_performance);
    check_sound(game, stored);
    stored.drop(stored.columns().share);
    check_sound(game, stored);
  }
}

TEST_CASE("no deal where there is one, and a deal where there is none") {
  Random random(26);
  GeneralGame game = smooth_game(random, 2);
  check_wrong(game, Stored(game, oracle::general::no_deal(game)));
  const Outcome best = oracle::general::solve(game).outcome;
  game.outside = 100 * best.surplus();
  check_sound(game, Stored(game, oracle::general::no_deal(game)));
  check_wrong(game, Stored(game, best));
}

TEST_CASE("a general game beyond the effort is skipped, not judged") {
  Random random(28);
  const GeneralGame game = smooth_game(random, 2);
  const Stored stored(game, oracle::general::solve(game).outcome);
  CHECK(stored.certify(10).verdict == Verdict::skipped);
}

TEST_CASE("a revenue that outgrows a cost has no equilibrium to keep") {
  Random random(29);
  GeneralGame game = smooth_game(random, 2);
  const Outcome best = oracle::general::solve(game).outcome;
  game.specialists[1].revenue.numbers[1] = 5;
  const Certificate certificate = Stored(game, best).certify();
  CHECK(certificate.verdict == Verdict::wrong);
  CHECK(certificate[Measure::status] > regret_allowed);
}
