// SPDX-License-Identifier: MIT
// S-shaped revenue: the fast path proves which of several peaks is the equilibrium, or leaves the game.
#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

GeneralFunction random_cost(Random& random, double least = 1.5, double most = 3) {
  return {Family::power, {0, random.log_uniform(0.13, 7.4), random.uniform(least, most)}};
}

GeneralFunction s_shaped(Random& random, double steepness) {
  return {Family::hill, {random.log_uniform(0.5, 2), random.log_uniform(0.22, 4.5), steepness}};
}

std::vector<GeneralGame> random_games(std::size_t count, double most_steepness, bool fixed, Random& random) {
  std::vector<GeneralGame> games;
  for (std::size_t i = 0; i < count; ++i) {
    const GeneralFunction cost = random_cost(random), revenue = s_shaped(random, random.uniform(1, most_steepness)),
                          adaptation = random_cost(random);
    games.push_back(nash_game(cost, random.uniform(0.05, 0.95), revenue, adaptation,
                              fixed ? random.uniform(0, 0.02) : 0, fixed ? random.uniform(0, 0.02) : 0));
  }
  return games;
}

/// How many of a tile's games the fast path alone leaves, the first best not being asked for.
std::size_t left_of(const std::vector<GeneralGame>& games) {
  const auto table = table_of(games.front());
  Solved solved(*table, games);
  for (const std::size_t column : {table->form.outputs.first_best_surplus, table->form.outputs.efficiency})
    solved.out[column] = nullptr;
  return left_by_fast_path(*table, solved);
}

}  // namespace

TEST_CASE("of random games with S-shaped revenue the fast path's bargains are the slow one's") {
  Random random(71);
  for (const double most_steepness : {3.0, 6.0})
    for (const bool fixed : {false, true}) check_nash(random_games(effort(300), most_steepness, fixed, random));
}

TEST_CASE("the fast path settles nearly all games with S-shaped revenue") {
  Random random(72);
  for (const bool fixed : {false, true}) {
    const std::size_t left = left_of(random_games(1000, 6, fixed, random));
    INFO("left: ", left);
    CHECK(left < 45);
  }
}

// In the second and the third the specialist adds a part in 10 000 only, for which the generalist invests all the same.
TEST_CASE("a game in which S-shaped revenue pays for nobody's costs is told from one in which it pays for one's") {
  const GeneralGame dead =
      nash_game({Family::power, {0, 5.0, 2.0}}, 0.4, {Family::hill, {0.8, 2.0, 4.0}}, {Family::power, {0, 4.0, 1.8}});
  CHECK(left_of({dead}) == 0);
  const auto table = table_of(dead);
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns solved = solve_fast(*table, {dead}, isa);
    CHECK(solved[o.status][0] == static_cast<double>(Status::solved));
    CHECK(solved[o.share][0] == 1);
    CHECK(solved[o.surplus][0] == 0);
  }
  check_nash({dead,
              nash_game({Family::power, {0, 0.14030237513091101, 2.0017423805446555}}, 0.70450242033871269,
                        {Family::hill, {0.93847586683676731, 1.7994396085869226, 4.286422166015166}},
                        {Family::power, {0, 5.7981729763438699, 1.6768307796702469}}),
              nash_game({Family::power, {0, 0.50969920592433804, 2.2599041325786264}}, 0.36141743920259845,
                        {Family::hill, {0.61052586232211525, 0.80751380561922248, 3.5280515566692969}},
                        {Family::power, {0, 2.2722596435430433, 1.5534284174950037}}),
              nash_game({Family::power, {0, 0.1923251917768633, 2.6935007694179673}}, 0.183265744366092,
                        {Family::hill, {1.1741979206162494, 1.4612757937704308, 3.8287755954575236}},
                        {Family::power, {0, 4.724533832222316, 1.5527877352049555}}, 0.0064688652893656017,
                        0.015303432451580523)});
  // Here it is the generalist that adds next to nothing.
  GeneralGame dear = nash_game({Family::power, {0, 219.56121365887381, 1.4525272127833873}}, 0.90329163729490958,
                               {Family::hill, {1.3784276971064939, 3.7286893066074831, 1.8133063224471924}},
                               {Family::power, {0, 0.0048188329151512138, 1.1671202122683211}}, 0.73323030203037809);
  dear.specialists.front().outside = 0.34636243163311514;
  check_nash({dear});
}

// The generalist invests just enough for the specialist to leave its small answer for its large one.
TEST_CASE("a bargain at which the specialist is indifferent between two investments is the slow path's") {
  check_nash({nash_game({Family::power, {0, 3.4547824714525324, 1.94}}, 0.4, {Family::hill, {0.8, 0.76, 4.72}},
                        {Family::power, {0, 1.1, 1.66}}),
              nash_game({Family::power, {0, 0.15812584558493753, 1.7444204167440915}}, 0.094871456424849898,
                        {Family::hill, {0.58331537041558357, 0.35347481510906226, 5.564941979333636}},
                        {Family::power, {0, 2.5, 1.54}})});
}

TEST_CASE("revenue that starts as a lower power than both costs has one peak at every share, for every solution") {
  Random random(73);
  for (const std::size_t specialists : {1, 3})
    for (const auto solution :
         {oracle::Solution::fixed, oracle::Solution::nash, oracle::Solution::egalitarian,
          oracle::Solution::kalai_smorodinsky, oracle::Solution::utilitarian, oracle::Solution::max_performance}) {
      std::vector<GeneralGame> games;
      for (std::size_t i = 0; i < effort(60); ++i) {
        GeneralGame game = smooth_game(random, specialists);
        game.cost = random_cost(random, 1.2, 4);
        for (GeneralSpecialist& s : game.specialists) {
          s.cost = random_cost(random, 1.2, 4);
          s.revenue = s_shaped(random, random.uniform(1, std::min(game.cost.numbers[2], s.cost.numbers[2])));
        }
        game.solution = solution;
        games.push_back(game);
      }
      const auto table = table_of(games.front());
      const auto& o = table->form.outputs;
      const Columns slow = solve_slowly(*table, games);
      for (const InstructionSet isa : supported_instruction_sets()) {
        const Columns fast = solve_fast(*table, games, isa);
        for (std::size_t i = 0; i < games.size(); ++i) {
          INFO(text(games[i]));
          REQUIRE(fast[o.status][i] == slow[o.status][i]);
          if (slow[o.status][i] != static_cast<double>(Status::solved)) continue;
          const double money = std::abs(slow[o.surplus][i]);
          CHECK(std::abs(fast[o.generalist_utility][i] - slow[o.generalist_utility][i]) <= 1e-7 * money);
          CHECK(std::abs(fast[o.surplus][i] - slow[o.surplus][i]) <= 1e-7 * money);
        }
      }
      if (solution == oracle::Solution::nash) CHECK(left_of(games) < games.size() / 4);
    }
}

}  // namespace haggle::test
