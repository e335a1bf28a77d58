// SPDX-License-Identifier: MIT
// S-shaped revenue that starts as nearly the power of somebody's cost: where nothing else pays, the bargain is over
// next to nothing, or over nothing at all.
#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

/// By how much revenue's first power is below the lower of both costs' exponents, or above, and what costs are.
struct Draw {
  double least_gap, most_gap, least_cost, most_cost;
};

std::vector<GeneralGame> faint_games(std::size_t count, const Draw& draw, Random& random) {
  std::vector<GeneralGame> games;
  for (std::size_t i = 0; i < count; ++i) {
    const double gap = random.log_uniform(draw.least_gap, draw.most_gap), steepness = random.uniform(1.3, 3),
                 other = random.uniform(1.4, 3.5);
    const bool generalist = i % 2 == 0;
    GeneralFunction cost{
        Family::power, {0, random.log_uniform(draw.least_cost, draw.most_cost), generalist ? steepness + gap : other}};
    GeneralFunction adaptation{
        Family::power, {0, random.log_uniform(draw.least_cost, draw.most_cost), generalist ? other : steepness + gap}};
    if (i % 3 == 1) (generalist ? adaptation : cost).numbers[0] = random.log_uniform(0.01, 0.3);
    games.push_back(nash_game(cost, random.uniform(0.05, 0.95),
                              {Family::hill, {random.log_uniform(0.5, 2), random.log_uniform(0.5, 4.5), steepness}},
                              adaptation));
  }
  return games;
}

/// Of a tile's games those with a performance below `faint` that the fast path leaves, and how many such there are.
struct Count {
  std::size_t left = 0, all = 0;
};
Count count_faint(const std::vector<GeneralGame>& games, double faint) {
  const auto table = table_of(games.front());
  const Columns slow = solve_slowly(*table, games);
  Solved solved(*table, games, false);
  const std::size_t left = left_by_fast_path(*table, solved);
  const auto is_faint = [&](std::size_t i) { return slow[table->form.outputs.performance][i] < faint; };
  Count count;
  for (std::size_t i = 0; i < games.size(); ++i) count.all += is_faint(i);
  for (std::size_t k = 0; k < left; ++k) count.left += is_faint(solved.where[k]);
  return count;
}

}  // namespace

TEST_CASE("bargains over next to nothing are the slow path's") {
  Random random(401);
  for (const double most_cost : {3.0, 30.0}) check_nash(faint_games(effort(400), {0.02, 0.4, 0.5, most_cost}, random));
}

TEST_CASE("of bargains over next to nothing the fast path settles nearly all") {
  Random random(402);
  const Count count = count_faint(faint_games(512, {0.05, 0.2, 2, 30}, random), 1e-4);
  CHECK(count.all > 250);
  CHECK(count.left < count.all / 10);
}

TEST_CASE("where revenue starts as a slightly higher power than both costs have, nobody invests unless much pays") {
  Random random(403);
  std::vector<GeneralGame> games;
  for (std::size_t i = 0; i < 512; ++i) {
    const double steepness = random.uniform(1.5, 3);
    const auto cost = [&] {
      return GeneralFunction{Family::power,
                             {0, random.log_uniform(0.5, 20), steepness - random.log_uniform(0.003, 0.3)}};
    };
    const GeneralFunction own = cost(), its = cost();
    games.push_back(nash_game(own, random.uniform(0.05, 0.95),
                              {Family::hill, {random.log_uniform(0.5, 2), random.log_uniform(0.3, 4), steepness}},
                              its));
  }
  check_nash(games);
  const Count count = count_faint(games, 1e-30);
  CHECK(count.all > 200);
  CHECK(count.left < count.all / 20);
}

// Floats, in which claims are proven, tell too little of these.
TEST_CASE("a game is not without a deal because its money or its performances are counted in small units") {
  check_nash(
      {nash_game({Family::power, {5.2636492920804309e-10, 5.6869598055806471e-09, 1.9970328441633545}},
                 0.26372443867274697, {Family::hill, {0.3827869011835689, 2363.5565544716719, 4.7247103842564382}},
                 {Family::power, {5.3658363826955231e-05, 9.973060070848034e-25, 6.436584696901356}}),
       nash_game({Family::power, {0, 1.4042754046548936e-05, 2.0179509377497431}}, 0.091472533282402679,
                 {Family::hill, {1605.2009397950844, 2952.8755048697631, 3.1686136285266722}},
                 {Family::power, {0.025873689840323757, 1.3915537771844078e-14, 5.7990521193734486}})});
  // An idle generalist's investment is no number but 0.
  check_nash({nash_game({Family::power, {4.0768837102171743e+40, 3.6289723718693142e+48, 1.36}}, 0.090159598095436583,
                        {Family::hill, {1642919836331730.5, 2.9058486605919663e-26, 1.1370712322033512}},
                        {Family::power, {0, 9.0746953515440406e+80, 2.6219722812805131}})});
  Random random(404);
  std::vector<GeneralGame> games = faint_games(effort(300), {0.02, 0.4, 0.5, 10}, random);
  for (GeneralGame& game : games) {
    const double money = random.log_uniform(1e-9, 1e9), unit = random.log_uniform(1e-9, 1e9);
    auto& side = game.specialists.front();
    side.revenue.numbers[0] *= money, side.revenue.numbers[1] *= unit;
    for (GeneralFunction* cost : {&game.cost, &side.cost}) {
      cost->numbers[0] *= money / unit;
      cost->numbers[1] *= money / std::pow(unit, cost->numbers[2]);
    }
  }
  check_nash(games);
}

}  // namespace haggle::test
