// SPDX-License-Identifier: MIT
// What people type: revenue that starts as the same power as a cost, with the same factor at some share (the bargain is
// there what it is beside it), a first bit of investment that pays exactly what it costs, a share of exactly 0 or 1.
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

TEST_CASE("a generalist whose first bit of investment pays exactly what it costs is idle") {
  const GeneralFunction revenue{Family::logarithmic, {2, 1}};
  GeneralGame game = nash_game(power(1, 0.5, 2), 0.5, revenue, power(2, 1, 2));
  game.solution = oracle::Solution::fixed;
  for (std::size_t n = 1; n <= 2; ++n) {
    const auto table = table_of(game);
    const auto& o = table->form.outputs;
    const Columns s = solve_slowly(*table, {game});
    CHECK(s[o.status][0] == static_cast<double>(Status::solved));
    CHECK(s[o.generalist_regime][0] == static_cast<double>(fine_tuning::GeneralistRegime::idle));
    CHECK(s[o.base_performance][0] == 0);
    CHECK(s[o.generalist_utility][0] == 0);
    game.specialists.push_back({{Family::logarithmic, {1, 1}}, power(1, 1, 2)});
    game.cost.numbers[0] = 1.5;  // half of what both earn by it
  }
}

TEST_CASE("who has nothing of a revenue may have any cost: no first best then, but an equilibrium") {
  GeneralGame game = nash_game(power(0, 1, 3), 0.5, {Family::isoelastic, {2, 2.5}}, power(0.5, 1, 2));
  game.solution = oracle::Solution::fixed;
  for (const std::size_t n : {1, 2}) {
    const auto table = table_of(game);
    const auto& o = table->form.outputs;
    game.fixed_shares = {1};
    const Columns s = solve_slowly(*table, {game});
    REQUIRE(s[o.status][0] == static_cast<double>(Status::solved));
    const double scale = 2 * static_cast<double>(n), base = std::pow(scale * 2.5 / 3, 1 / (3 - 2.5));
    CHECK(s[o.base_performance][0] == doctest::Approx(base).epsilon(1e-12));
    CHECK(s[o.generalist_utility][0] ==
          doctest::Approx(scale * std::pow(base, 2.5) - base * base * base).epsilon(1e-12));
    CHECK(s[o.specialist_utility][0] == 0);
    CHECK(std::isnan(s[o.first_best_surplus][0]));
    CHECK(std::isnan(s[o.efficiency][0]));
    game.fixed_shares = {1 - 0x1p-53};
    CHECK(solved(game).status == static_cast<double>(Status::unbounded));
    game.specialists.push_back(game.specialists.front());
  }
}

TEST_CASE("where the first bit pays nobody, but just not, everyone has nothing at any share") {
  for (const oracle::Solution solution : {oracle::Solution::nash, oracle::Solution::egalitarian}) {
    GeneralGame game = nash_game(power(0.5, 2, 2), 0.5, {Family::hill, {1, 2, 1}}, power(0.5, 2, 1.5));  // r'(0) = 0.5
    game.solution = solution;
    const Bargain b = solved(game);
    CHECK(b.status == static_cast<double>(Status::solved));
    CHECK(b.share == 1);
    CHECK(b.generalist == 0);
  }
}

TEST_CASE("next to a share at which a reply is a tie, the bargain elsewhere is found") {
  // The first specialist's revenue starts as its cost does, in numbers that are not round.
  const double unit = 1e-4;
  GeneralGame game = nash_game(power(0.5 * unit, 1, 2), 0.25, hill(4 * unit * unit, 2), power(0, 1, 2));
  game.specialists[0].revenue.numbers[1] = 2 * unit;
  game.specialists.push_back(
      {{Family::exponential_saturation, {2 * unit * unit, unit}}, power(0.1 * unit, 0.25, 2), 0.1 * unit * unit});
  game.specialists.push_back({{Family::hill, {2 * unit * unit, 2 * unit, 1.5}},
                              power(0.1 * unit, 1 * std::sqrt(unit), 1.5),
                              0.1 * unit * unit});
  for (const oracle::Solution solution : {oracle::Solution::egalitarian, oracle::Solution::kalai_smorodinsky}) {
    game.solution = solution;
    CHECK(solved(game).status == static_cast<double>(Status::solved));
  }
}

TEST_CASE("a bargain next to a corner is found where it is, however small the weight") {
  // r = α, φ0 = α², φ1 = x²/2: for a small weight w of the generalist's, δ is w/2 (egalitarian), w/3 (ratios of
  // ideals).
  for (const double weight : {1e-10, 1e-12}) {
    GeneralGame game = nash_game(power(0, 1, 2), weight, {Family::isoelastic, {1, 1}}, power(0, 0.5, 2));
    game.solution = oracle::Solution::egalitarian;
    CHECK(solved(game).share / weight == doctest::Approx(0.5).epsilon(1e-6));
    game.solution = oracle::Solution::kalai_smorodinsky;
    CHECK(solved(game).share / weight == doctest::Approx(1.0 / 3).epsilon(1e-6));
  }
}

TEST_CASE("where the fixed cost is exactly what a specialist could gain, the surplus decides") {
  GeneralGame game = nash_game(power(0, 1, 2), 0.5, {Family::isoelastic, {1, 1}}, power(0, 1, 2), 0, 0.25);
  for (const oracle::Solution solution :
       {oracle::Solution::nash, oracle::Solution::egalitarian, oracle::Solution::kalai_smorodinsky,
        oracle::Solution::powerful_specialist, oracle::Solution::utilitarian}) {
    game.solution = solution;
    INFO(text(game));
    CHECK(solved(game).share == doctest::Approx(0.5215006).epsilon(1e-6));
  }
}
