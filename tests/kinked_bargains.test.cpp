// SPDX-License-Identifier: MIT
// Bargains by the fast path where the generalist begins to invest at some share: there its specialist's gain has a kink
// upwards, and the bargain a peak on either side, or gains a player there what it had lost before.
#include <array>

#include "both_paths.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

struct Dues {
  double fixed = 0, outside = 0;
};

GeneralGame game(double weight, std::array<double, 3> cost, Dues own, const GeneralFunction& revenue,
                 std::array<double, 3> adaptation, Dues its) {
  const auto power = [](const std::array<double, 3>& numbers) {
    return GeneralFunction{Family::power, {numbers.begin(), numbers.end()}};
  };
  GeneralGame game = nash_game(power(cost), weight, revenue, power(adaptation), own.fixed, its.fixed);
  game.outside = own.outside, game.specialists.front().outside = its.outside;
  return game;
}

const GeneralFunction half_power{Family::isoelastic, {0.5, 0.5}}, quarter_power{Family::isoelastic, {0.5, 0.25}};
GeneralFunction logarithm(double scale, double reference) { return {Family::logarithmic, {scale, reference}}; }

void check_near(const std::vector<GeneralGame>& games) {
  Random random(4);
  check_nash(games);
  check_nash(near(games, 12, random));
}

}  // namespace

TEST_CASE("a second peak beyond the share from which the generalist invests is not lost") {
  check_near({game(0.5, {0.1, 2, 4}, {0.01, 0}, half_power, {0, 0.1, 4}, {0, 0.1}),
              game(0.9, {0.2, 2, 4}, {0, 0.02}, half_power, {0, 2, 2.5}, {0, 0.1})});
  check_near({game(0.9, {0.2, 1, 4}, {0, 0.02}, logarithm(1, 2), {0, 0.1, 2.5}, {0.05, 0}),
              game(0.9, {0.2, 5, 4}, {0.01, 0.02}, logarithm(1, 1), {0, 0.1, 2}, {0.01, 0.02}),
              game(0.75, {0.2, 5, 4}, {0, 0.02}, logarithm(1, 2), {0, 2, 3}, {0.05, 0})});
}

TEST_CASE("a kink beyond which the specialist gains again what it had lost is not passed over") {
  std::vector<GeneralGame> games;
  for (int k = 0; k <= 10; ++k)
    games.push_back(
        game(0.4 + 0.05 * k, {0.06948691053715766, 0.3, 2.5}, {}, logarithm(0.6, 1), {0, 0.2, 3}, {0.07, 0.1}));
  check_nash(games);
  check_near({game(0.8, {0.07, 0.1, 3}, {}, half_power, {0, 0.2, 3}, {0, 0.25}),
              game(0.8, {0.3, 0.3, 4}, {}, {Family::isoelastic, {1, 0.5}}, {0, 0.2, 3}, {0, 0.2})});
}

TEST_CASE("riding free is a bargain where the specialist would have too little of what comes first") {
  check_near({game(0.5, {0.2, 5, 2.5}, {0.05, 0}, quarter_power, {0.5, 5, 2.5}, {0.01, 0.1})});
}

TEST_CASE("bargains of round numbers are those of the slow path") {
  Random random(8);
  const auto pick = [&](std::initializer_list<double> of) {
    return of.begin()[static_cast<std::size_t>(random.uniform(0, static_cast<double>(of.size())))];
  };
  const auto cost = [&] {
    return std::array{pick({0, 0, 0.1, 0.2, 0.5}), pick({0.1, 0.5, 1, 2, 5}), pick({1.25, 1.5, 2, 2.5, 3, 4})};
  };
  const auto dues = [&] { return Dues{pick({0, 0, 0.01, 0.05}), pick({0, 0, 0.02, 0.1, 0.2})}; };
  const auto revenue = [&](Family family) -> GeneralFunction {
    if (family == Family::isoelastic) return {family, {pick({0.5, 1, 2}), pick({0.25, 0.5, 1})}};
    if (family == Family::hill)
      return {family, {pick({0.5, 1, 2, 5}), pick({0.25, 0.5, 1, 2}), pick({1, 1.5, 2, 3, 4, 6})}};
    return {family, {pick({0.5, 1, 2}), pick({0.5, 1, 2})}};
  };
  for (const Family family : {Family::isoelastic, Family::logarithmic, Family::exponential_saturation, Family::hill}) {
    std::vector<GeneralGame> games;
    for (int i = 0; i < 150; ++i)
      games.push_back(game(pick({0.1, 0.5, 0.75, 0.9}), cost(), dues(), revenue(family), cost(), dues()));
    check_nash(games);
  }
}
