// SPDX-License-Identifier: MIT
// One specialist whose first bit of adaptation costs something: contributing, riding free and idle places compete. And
// other games that the fast path has got wrong, or nearly.
#include <doctest/doctest.h>

#include <algorithm>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

using fine_tuning::Solution;

GeneralGame game_of(const GeneralFunction& cost, double weight, const GeneralFunction& revenue,
                    const GeneralFunction& adaptation) {
  GeneralGame game;
  game.cost = cost;
  game.weight = weight;
  game.specialists = {{revenue, adaptation}};
  game.fixed_shares = {0.5};
  game.solution = oracle::Solution::nash;
  return game;
}

/// On every instruction set the bargain is the slow path's, or as good.
void check_nash(const std::vector<GeneralGame>& games) {
  const auto table = table_of(games.front());
  const auto& o = table->form.outputs;
  const Columns slow = solve_slowly(*table, games);
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns fast = solve_fast(*table, games, isa);
    for (std::size_t i = 0; i < games.size(); ++i) {
      INFO(text(games[i]));
      REQUIRE(fast[o.status][i] == slow[o.status][i]);
      if (fast[o.status][i] != static_cast<double>(Status::solved)) continue;
      const double ours = nash_product(*table, fast, games[i], i), theirs = nash_product(*table, slow, games[i], i);
      INFO("shares ", fast[o.share][i], " and ", slow[o.share][i], ", products ", ours, " and ", theirs);
      CHECK((ours == theirs || std::abs(ours - theirs) <= 1e-9 * (1 + std::abs(theirs))));
    }
  }
}

}  // namespace

// With k > 3/2 the generalist's investment jumps where contributing ends, by next to nothing: a place just before it
// may be the best, the jump itself, or neither.
TEST_CASE("the best share may be next to where contributing ends") {
  check_nash({game_of({Family::power, {0, 2.7486858429591585, 2.2033917899889}}, 0.86901541567526963,
                      {Family::isoelastic, {1.2281705590963721, 0.42186495836645305}},
                      {Family::power, {0.12220645302353438, 1.1642363279869778, 1.6096133788541158}})});
  check_nash({game_of({Family::power, {0.077592723739400293, 1.4539284924118181, 2.5521202322380034}},
                      0.83385483157962415, {Family::logarithmic, {1.6335757573647416, 2.7922708974905297}},
                      {Family::power, {0.04846022319317931, 3.8515850256064899, 1.8308410716441021}})});
  check_nash({game_of({Family::power, {0, 0.43991640592245873, 1.8381638869270143}}, 0.55451228051998769,
                      {Family::hill, {1.375890238475425, 1.0331158863393275, 0.48553788593638381}},
                      {Family::power, {0.18289927116702215, 4.9601868073022537, 1.909673366688333}})});
}

TEST_CASE("riders' bargains are the slow path's") {
  Random random(71);
  for (const Family family : {Family::isoelastic, Family::logarithmic, Family::exponential_saturation, Family::hill}) {
    std::vector<GeneralGame> games;
    for (std::size_t i = 0; i < effort(250); ++i) {
      const auto cost = [&](bool linear) -> GeneralFunction {
        return {Family::power,
                {linear ? random.log_uniform(0.03, 0.2) : 0.0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)}};
      };
      GeneralFunction revenue{family, {random.log_uniform(0.5, 2), random.log_uniform(0.3, 4)}};
      if (family == Family::isoelastic) revenue.numbers[1] = random.uniform(0.2, 0.8);
      if (family == Family::hill) revenue.numbers.push_back(random.uniform(0.3, 1));
      games.push_back(game_of(cost(random.uniform(0, 1) < 0.7), random.uniform(0.1, 0.9), revenue, cost(true)));
    }
    check_nash(games);
  }
}

TEST_CASE("a specialist held at its outside option makes a deal, though nobody gains along the walk") {
  GeneralGame game = game_of({Family::power, {0, 1.1050322186637522, 2.6090359633851858}}, 0.343332,
                             {Family::logarithmic, {0.51243671179213235, 2.5653558754050874}},
                             {Family::power, {0, 4.692392007110338, 1.7348788556285393}});
  game.fixed = 0.0029767510724289649;
  game.specialists.front().fixed = 0.013604788956760117;
  const auto table = table_of(game);
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns solved = solve_fast(*table, {game}, isa);
    CHECK(solved[o.status][0] == static_cast<double>(Status::solved));
    CHECK(std::abs(solved[o.specialist_utility][0]) <= 1e-15);
    CHECK(solved[o.generalist_utility][0] > 5e-3);
  }
}

}  // namespace haggle::test
