// SPDX-License-Identifier: MIT
// One specialist with fixed costs and outside options of a size with what there is to share: deals at few shares, deals
// that leave the specialist its dues and no more, none at all.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

std::vector<GeneralGame> tight_games(const GeneralGame& shape, std::size_t count, double dues, Random& random) {
  std::vector<GeneralGame> games(count, shape);
  for (GeneralGame& game : games) {
    draw_numbers(random, game);
    GeneralSpecialist& s = game.specialists[0];
    for (GeneralFunction* cost : {&game.cost, &s.cost})
      cost->numbers = {0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)};
    s.revenue.numbers[0] = random.log_uniform(0.5, 2);
    s.revenue.numbers[1] = s.revenue.family == Family::isoelastic ? random.uniform(0.3, 1) : random.log_uniform(0.2, 5);
    if (s.revenue.family == Family::hill) s.revenue.numbers[2] = random.uniform(0.4, 1);
    game.weight = random.uniform(0.05, 0.95), s.bargaining_weight = 1;
    const auto due = [&] { return random.uniform(0, 1) < 0.7 ? random.uniform(0, dues) : 0; };
    game.fixed = due(), game.outside = due(), s.fixed = due(), s.outside = due();
    game.solution = oracle::Solution::nash;
  }
  return games;
}

/// A family a time.
template <class Each>
void for_each_family(Random& random, Each each) {
  for (const Family family : {Family::isoelastic, Family::logarithmic, Family::exponential_saturation, Family::hill}) {
    GeneralGame shape = draw_shape(random, {1});
    while (shape.specialists[0].revenue.family != family) shape = draw_shape(random, {1});
    each(shape);
  }
}

}  // namespace

// The specialist gains at next to no share, and then again where it all but stops to invest. Between two looks what it
// has turns from convex to concave: the tangent from the convex side says nothing of what is there.
TEST_CASE("a gain between two looks is not denied by a tangent of what is convex") {
  const GeneralGame game =
      nash_game({Family::power, {0, 0.41259540116849114, 1.831728856853609}}, 0.92968275522612687,
                {Family::hill, {1.6496283944605103, 1.3381165946828204, 0.50650529321319082}},
                {Family::power, {0, 1.0954705184827012, 1.2256694707737406}}, 0, 0.30446479457265135);
  const auto table = table_of(game);
  for (const InstructionSet isa : supported_instruction_sets())
    CHECK(std::abs(solve_fast(*table, {game}, isa)[table->form.outputs.share][0] - 0.372498897478) < 1e-9);
}

// It would hold the specialist at its dues for less than nothing, which is more than its outside option.
TEST_CASE("a generalist whose outside option is negative does no worse than investing nothing") {
  GeneralGame game = nash_game({Family::power, {0, 0.32087821249717857, 1.5612737149173208}}, 0.68597979882622651,
                               {Family::logarithmic, {0.68688215211953396, 4.4525580556650981}},
                               {Family::power, {0, 0.92451816126874231, 1.9723996702996947}}, 0, 0.016102158970613231);
  game.outside = -0.40159051807674473;
  check_nash({game});
}

TEST_CASE("what the fast path settles of games with hardly a deal is what the slow one finds") {
  Random random(71);
  for_each_family(random, [&](const GeneralGame& shape) {
    const auto table = table_of(shape);
    const auto& o = table->form.outputs;
    for (const double dues : {0.01, 0.03}) {
      const auto games = tight_games(shape, 250, dues, random);
      const Columns slow = solve_slowly(*table, games);
      for (const InstructionSet isa : supported_instruction_sets()) {
        const Columns fast = solve_fast(*table, games, isa);
        for (std::size_t i = 0; i < games.size(); ++i) {
          INFO(text(games[i]));
          REQUIRE(fast[o.status][i] == slow[o.status][i]);
          if (slow[o.status][i] != static_cast<double>(Status::solved)) continue;
          CHECK(std::abs(fast[o.share][i] - slow[o.share][i]) < 1e-8);
          CHECK(std::abs(fast[o.generalist_utility][i] - slow[o.generalist_utility][i]) < 1e-10);
          CHECK(std::abs(fast[o.specialist_utility][i] - slow[o.specialist_utility][i]) < 1e-9);
          CHECK(fast[o.performance][i] == doctest::Approx(slow[o.performance][i]).epsilon(1e-7));
        }
      }
    }
  });
}

TEST_CASE("the fast path settles nearly all games with hardly a deal") {
  Random random(72);
  long held = 0, refused = 0, both = 0;
  for_each_family(random, [&](const GeneralGame& shape) {
    const auto table = table_of(shape);
    const auto games = tight_games(shape, 1000, 0.05, random);
    const auto& o = table->form.outputs;
    Solved solved(*table, games);
    CHECK(left_by_fast_path(*table, solved) <= games.size() / 50);
    const Columns& outputs = solved.outputs;
    for (std::size_t i = 0; i < games.size(); ++i) {
      const double status = outputs[o.status][i];
      refused += status == static_cast<double>(Status::no_deal);
      if (status != static_cast<double>(Status::solved)) continue;
      (outputs[o.specialist_utility][i] == games[i].specialists[0].outside ? held : both) += 1;
    }
  });
  INFO(held, " held, ", refused, " without a deal, ", both, " in which both gain");
  CHECK(std::min({held, refused, both}) > 20);
}

// What the generalist can have rises in proportion to the share, convex by its logit, until the specialist lacks its
// dues; in the second there is no share beyond at which it could have them.
TEST_CASE("a deal between two looks far apart is not taken for none, for any solution") {
  GeneralGame narrow = nash_game({Family::power, {0, 214.54927946152623, 1.619076861317313}}, 0.75091803500086052,
                                 {Family::exponential_saturation, {0.51219898680546094, 0.088710261311799724}},
                                 {Family::power, {0, 0.99130913546763166, 1.4868274304170435}}, 0, 0.36669221404162278);
  narrow.outside = 0.0012091902287883699;
  GeneralGame blocked = nash_game({Family::power, {0, 0.016723225549028525, 4.8931230220562325}}, 0.20650067418739659,
                                  {Family::exponential_saturation, {1.0459073910816632, 0.071213019155133825}},
                                  {Family::power, {0, 0.032193165070796143, 4.4477515316608818}});
  blocked.outside = 0.048120111754595872, blocked.specialists[0].outside = 0.99669850541034866;
  for (GeneralGame game : {narrow, blocked})
    for (const auto solution :
         {oracle::Solution::nash, oracle::Solution::egalitarian, oracle::Solution::kalai_smorodinsky,
          oracle::Solution::utilitarian, oracle::Solution::powerful_generalist, oracle::Solution::max_performance}) {
      game.solution = solution;
      const auto table = table_of(game);
      INFO(text(game));
      for (const InstructionSet isa : supported_instruction_sets())
        CHECK(solve_fast(*table, {game}, isa)[table->form.outputs.status][0] == static_cast<double>(Status::solved));
    }
}

TEST_CASE(
    "where the specialist is left its dues no share is better for the generalist, nor any where there is no deal") {
  Random random(73);
  for_each_family(random, [&](const GeneralGame& shape) {
    const auto table = table_of(shape);
    const auto& o = table->form.outputs;
    auto games = tight_games(shape, 300, 0.03, random);
    const Columns solved = solve_fast(*table, games, best_instruction_set());
    for (GeneralGame& game : games) game.solution = oracle::Solution::fixed;
    for (double v = -7; v <= 7; v += 0.25) {
      for (GeneralGame& game : games) game.fixed_shares = {1 / (1 + std::exp(-v))};
      const Columns other = solve_fast(*table, games, best_instruction_set());
      for (std::size_t i = 0; i < games.size(); ++i) {
        const double its = games[i].specialists[0].outside;
        const bool deal = other[o.status][i] == static_cast<double>(Status::solved) &&
                          other[o.generalist_utility][i] >= games[i].outside && other[o.specialist_utility][i] >= its;
        INFO("v = ", v, text(games[i]));
        if (solved[o.status][i] == static_cast<double>(Status::no_deal)) CHECK(!deal);
        if (solved[o.status][i] != static_cast<double>(Status::solved) || solved[o.specialist_utility][i] != its)
          continue;
        if (deal) CHECK(other[o.generalist_utility][i] <= solved[o.generalist_utility][i] * (1 + 1e-12) + 1e-15);
      }
    }
  });
}

}  // namespace haggle::test
