// SPDX-License-Identifier: MIT
// Revenue that starts as the same power as a cost, with the same factor at some share: what people type. The bargain is
// there what it is beside it.
#include <doctest/doctest.h>

#include "both_paths.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

GeneralFunction power(double linear, double coefficient, double exponent) {
  return {Family::power, {linear, coefficient, exponent}};
}
GeneralFunction hill(double scale, double steepness) { return {Family::hill, {scale, 1, steepness}}; }

struct Bargain {
  double status, share, generalist;
};
Bargain solved(const GeneralGame& game) {
  const auto table = table_of(game);
  const auto& o = table->form.outputs;
  const Columns s = solve_slowly(*table, {game});
  return {s[o.status][0], s[o.share][0], s[o.generalist_utility][0]};
}

void check_like_neighbours(GeneralGame game, double share) {
  const Bargain here = solved(game);
  INFO(text(game));
  REQUIRE(here.status == static_cast<double>(Status::solved));
  CHECK(here.share == doctest::Approx(share).epsilon(1e-5));
  for (const double factor : {1 - 1e-7, 1 + 1e-7}) {
    GeneralGame beside = game;
    for (GeneralSpecialist& s : beside.specialists) s.revenue.numbers[0] *= factor;
    const Bargain there = solved(beside);
    REQUIRE(there.status == here.status);
    CHECK(there.share == doctest::Approx(here.share).epsilon(1e-5));
    CHECK(there.generalist == doctest::Approx(here.generalist).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("revenue that starts as the specialist's cost does") {
  GeneralGame two = nash_game(power(0.1, 1, 3), 0.5, hill(1, 2), power(0, 1, 2));
  two.specialists.push_back(two.specialists.front());
  check_like_neighbours(two, 0.60036);
  check_like_neighbours(nash_game(power(0, 0.5, 1), 0.5, hill(2, 1), power(0, 2, 1), 0.1), 0.799256);
  GeneralGame one = nash_game(power(0.1, 1, 3), 0.5, hill(1, 2), power(0, 1, 2));
  one.solution = oracle::Solution::egalitarian;
  check_like_neighbours(one, 0.726838);
}

TEST_CASE("revenue that starts as the generalist's cost does at a share") {
  check_like_neighbours(nash_game(power(0, 0.5, 2), 0.5, hill(1, 2), power(0.1, 1, 1.5)), 0.854644);
  check_like_neighbours(nash_game(power(0, 0.97, 2), 0.5, hill(1, 2), power(0.1, 1, 2)), 0.992446);
}

TEST_CASE("a generalist whose revenue never outgrows its cost has no deal") {
  GeneralGame game = nash_game(power(0.5, 0.25, 1.25), 0.5, hill(0.5, 1), power(0.5, 1, 2));
  game.outside = 0.02;
  CHECK(solved(game).status == static_cast<double>(Status::no_deal));
}
