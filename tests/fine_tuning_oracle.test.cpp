// SPDX-License-Identifier: MIT
// The general game's global solver against the brute force of the room verify, on random nasty games.
#include <doctest/doctest.h>

#include "fine_tuning_play.hpp"

using namespace haggle;
using namespace haggle::test;
namespace general = haggle::oracle::general;
using oracle::Solution;

namespace {

constexpr double regret_allowed = 1e-9;

/// The stages by themselves: at the engine's share nobody can do better than the engine says.
void check_equilibrium(const GeneralGame& game, const general::Play& play, const Played& played) {
  const general::Outcome claim = claim_of(game, played);
  const double money = revenue_of(played) + std::abs(game.outside) + game.fixed;
  // Where the generalist holds somebody, rounding decides on which side of the threshold its investment is; where
  // somebody is about to leave whatever the investment, on which side of that the share is.
  double off = std::numeric_limits<double>::infinity(), reached = played.base_performance;
  for (const general::SpecialistOutcome& s : claim.specialists) reached = std::max(reached, s.performance);
  for (const double nudge : {0.0, 1e-15, 1e-14, 1e-13, 1e-12}) {
    const general::Outcome at_base = play.after(claim.splits, played.base_performance + nudge * reached);
    off = std::min(off, std::abs(played.generalist_utility - at_base.generalist_utility));
  }
  std::vector<oracle::Split> kept = claim.splits;
  for (oracle::Split& split : kept) split.specialist *= 1 + 1e-15;
  const general::Outcome beside = play.after(kept, played.base_performance);
  off = std::min(off, std::abs(played.generalist_utility - beside.generalist_utility));
  CHECK(off <= regret_allowed * money);
  CHECK(play.equilibrium(claim.splits).generalist_utility <= played.generalist_utility + regret_allowed * money);
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const GeneralSpecialist& s = game.specialists[i];
    const general::Reply reply = play.reply(i, claim.splits[i], played.base_performance);
    const double best = std::max(reply.utility, s.outside);
    CHECK(played.specialist_utility[i] >= s.outside - regret_allowed * money);
    CHECK(std::abs(played.specialist_utility[i] - best) <= regret_allowed * (money + s.fixed + std::abs(s.outside)));
  }
}

/// A player with weight gains no more than rounding: a product or a least gain of nothing, told from one of rounding's
/// size by chance alone.
bool hangs_on_rounding(const GeneralGame& game, const general::Outcome& outcome) {
  if (game.solution != Solution::nash && game.solution != Solution::egalitarian &&
      game.solution != Solution::kalai_smorodinsky)
    return false;
  const std::vector<double> gains = general::gains(game, outcome), weights = general::weights(game);
  double money = std::abs(outcome.generalist_utility);
  for (const general::SpecialistOutcome& s : outcome.specialists) money += s.revenue;
  for (std::size_t j = 0; j < gains.size(); ++j)
    if (weights[j] > 0 && gains[j] <= 1e-12 * money) return true;
  return false;
}

/// At the share that brute force chose, the engine finds the generalist a better investment, and what it claims holds:
/// then what brute force offers is no equilibrium.
bool is_outplayed(const GeneralGame& game, const general::Play& play, const general::Outcome& offered) {
  GeneralGame there = game;
  there.solution = Solution::fixed;
  there.fixed_shares = {offered.splits.front().generalist};
  const Played played = play_globally(there);
  if (played.status != Status::solved) return false;
  check_equilibrium(there, play, played);
  return played.generalist_utility > offered.generalist_utility + regret_allowed * revenue_of(played);
}

void check_bargain(const GeneralGame& game) {
  INFO(text(game));
  const Played played = play_globally(game);
  const general::Frontier frontier(game, 1, 200000);
  if (!frontier.complete()) return;
  const general::Result best = general::solve(game, frontier);
  if (played.status == Status::no_deal) {
    CHECK((!best.outcome.deal || best.outcome.generalist_gain <= regret_allowed * best.outcome.surplus()));
    return;
  }
  REQUIRE(played.status == Status::solved);
  check_equilibrium(game, frontier.play(), played);
  if (!best.outcome.deal || hangs_on_rounding(game, best.outcome)) return;
  const double reached = general::objective(game, game.solution, best.ideals, claim_of(game, played));
  const double missed = best.objective - reached - regret_allowed * std::abs(best.objective) -
                        10 * general::tie_of(game, game.solution, best.outcome);
  if (missed > 0 && is_outplayed(game, frontier.play(), best.outcome)) return;
  CHECK(missed <= 0);
}

void check_games(std::size_t games, const GameKind& kind, unsigned seed) {
  Random random(seed);
  for (std::size_t k = 0; k < games; ++k) {
    GeneralGame game = nasty_game(random, kind);
    if (!oracle::bounded(game)) continue;
    game.solution = all_solutions[1 + k % 7];
    if (k % 9 == 0 && kind.specialists > 1) game.powerful = 1;
    check_bargain(game);
  }
}

}  // namespace

TEST_CASE("No candidate of brute force is a better bargain than the global solver's") {
  SUBCASE("one specialist") { check_games(effort(70), {1, false, false}, 41); }
  SUBCASE("two specialists") { check_games(effort(35), {2, false, false}, 42); }
  SUBCASE("three specialists") { check_games(effort(21), {3, false, false}, 43); }
  SUBCASE("five specialists") { check_games(effort(14), {5, false, false}, 44); }
  SUBCASE("expressions") { check_games(effort(7), {2, true, false}, 45); }
}

TEST_CASE("At given shares brute force finds no better investment for anybody") {
  Random random(46);
  for (std::size_t k = 0; k < effort(250); ++k) {
    GeneralGame game = nasty_game(random, {1 + k % 5, false, false});
    if (!oracle::bounded(game)) continue;
    game.solution = Solution::fixed;
    INFO(text(game));
    const Played played = play_globally(game);
    const general::Play play(game);
    const general::Outcome best =
        play.equilibrium(std::vector(game.specialists.size(), oracle::split_of_share(game.fixed_shares.front())));
    if (played.status == Status::no_deal) {
      CHECK((!best.deal || best.generalist_gain <= regret_allowed * best.surplus()));
      continue;
    }
    REQUIRE(played.status == Status::solved);
    check_equilibrium(game, play, played);
  }
}
