// SPDX-License-Identifier: MIT
// Certificates of games of round numbers whose bargain lies where a specialist ceases to contribute, or where the
// generalist leaps from one peak to another close by. Next to nothing is contributed there, and no utility can tell.
#include "stored_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution, oracle::Split, oracle::split_of_share;

namespace {

GeneralSpecialist specialist(const GeneralFunction& revenue, const std::vector<double>& cost) {
  GeneralSpecialist s;
  s.revenue = revenue;
  s.cost = {Family::power, cost};
  return s;
}

std::vector<Split> uniform(const GeneralGame& game, double share) {
  return std::vector<Split>(game.specialists.size(), split_of_share(share));
}

/// Two alike, r(α) = R √α and φᵢ(x) = x + 2 x^1.5.
GeneralGame two_alike() {
  GeneralGame game;
  game.cost = {Family::power, {0.5, 0.5, 2}};
  game.specialists.assign(2, specialist({Family::isoelastic, {std::exp2(2.5), 0.5}}, {1, 2, 1.5}));
  game.weight = 1.0 / 3;
  game.fixed_shares = {0.5};
  return game;
}

/// The base performance from which two_alike() add nothing: (1−δ) r'(α) = 1.
double free_ride_from(double share) { return std::pow((1 - share) * std::exp2(2.5) / 2, 2); }

/// The share at which what they add to two_alike()'s best base performance vanishes: 2 δ r'(α) = 0.5 + α.
double share_at_kink() {
  double low = 0.5, high = 0.6;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high), base = free_ride_from(middle);
    (middle * std::exp2(2.5) / std::sqrt(base) < 0.5 + base ? low : high) = middle;
  }
  return high;
}

/// Its generalist's utility has two peaks 2 % apart, one on each side of where the first and the last specialist cease
/// to contribute.
GeneralGame peaks_beside_a_kink() {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  const GeneralFunction hill{Family::hill, {8, 1, 1}};
  game.specialists = {specialist(hill, {1, 0.5, 1.5}), specialist({Family::logarithmic, {4, 0.5}}, {1, 1, 3}),
                      specialist({Family::logarithmic, {2, 0.5}}, {1, 0.25, 2}), specialist(hill, {1, 0.5, 1.5})};
  return game;
}

}  // namespace

TEST_CASE("a contribution too small for any utility is still the one whose margin is 0") {
  const GeneralGame game = two_alike();
  const double share = share_at_kink(), kink = free_ride_from(share);
  for (const double below : {1e-4, 1e-5, 1e-6, 1e-7, 1e-8})
    for (int k = 10; k < 30; ++k) {
      const double gap = 0.1 * k * below;
      CAPTURE(gap);
      const auto reply = Play(game).reply(0, split_of_share(share), kink * (1 - gap));
      // (1-δ) r' is 1 at the kink and falls as α^(-1/2): 1 + gap/2 = 1 + 3 √x.
      CHECK(std::abs(reply.contribution / std::pow(gap / 6, 2) - 1) <= 3 * gap + 1e-14 / gap);
    }
}

TEST_CASE("a contribution is found down to the smallest number") {
  GeneralGame game;
  // (1-δ) r'(α) = 4 e^(-α) = 2 x.
  game.specialists = {specialist({Family::exponential_saturation, {8, 1}}, {0, 1, 2})};
  for (const double base : {50.0, 200.0, 330.0, 500.0, 650.0, 690.0}) {
    CAPTURE(base);
    const auto reply = Play(game).reply(0, split_of_share(0.5), base);
    CHECK(std::abs(reply.contribution / (2 * std::exp(-base)) - 1) <= 1e-12);
  }
}

TEST_CASE("beside a kink the best base performance is as exact as anywhere") {
  const GeneralGame game = two_alike();
  const double share = share_at_kink(), kink = free_ride_from(share);
  for (const double side : {1.0, -1.0}) {
    const auto best = [&](double off) { return Play(game).equilibrium(uniform(game, share + off)).base_performance; };
    const double rise = (best(side * 1e-5) - kink) / 1e-5;
    for (const double below : {1e-7, 1e-8, 1e-9, 1e-10})
      for (int k = 10; k < 30; ++k) {
        const double off = 0.1 * k * below;
        CAPTURE(side * off);
        CHECK(std::abs(best(side * off) - kink - rise * off) <= 1e-4 * std::abs(rise) * off + 1e-13);
      }
  }
}

TEST_CASE("a bargain at the kink where specialists cease to contribute keeps its certificate") {
  const GeneralGame game = two_alike();
  const double share = share_at_kink();
  Outcome o = Play(game).after(uniform(game, share), free_ride_from(share));
  REQUIRE(o.taking_part() == 2);
  check_sound(game, Stored(game, o));
  for (const double other : {share - 1e-4, share + 1e-4}) {
    const Stored stored(game, Play(game).equilibrium(uniform(game, other)));
    check_wrong(game, stored);
  }
}

TEST_CASE("of two peaks beside a kink the higher one is found, and the lower costs the certificate") {
  GeneralGame game = peaks_beside_a_kink();
  game.solution = Solution::fixed;
  game.fixed_shares = {0.39892724};
  const auto splits = uniform(game, 0.39892724);
  // Solved to 40 digits: the other peak, at 1.1931578461503, pays 6.3e-7 less.
  const Outcome best = Play(game).equilibrium(splits);
  CHECK(best.base_performance == doctest::Approx(1.1651485631358).epsilon(1e-12));
  const Outcome other = Play(game).after(splits, 1.1931578461503);
  CHECK(best.generalist_utility - other.generalist_utility == doctest::Approx(6.28978e-7).epsilon(1e-5));
  check_sound(game, Stored(game, best));
  check_wrong(game, Stored(game, other));
}

TEST_CASE("where nothing pays at all, an investment that costs less than any number is none") {
  GeneralGame game;
  game.cost = {Family::power, {1, 1, 2}};
  const GeneralFunction logarithmic{Family::logarithmic, {0.5, 2}};
  game.specialists = {specialist(logarithmic, {0.5, 2, 2}), specialist({Family::isoelastic, {0.5, 1}}, {2, 1, 2}),
                      specialist(logarithmic, {0.5, 2, 2})};
  game.specialists[2].bargaining_weight = 0;
  game.fixed_shares = {0.5};
  for (const double base : {1e-300, 1e-3}) {
    Outcome o = Play(game).after(uniform(game, 1), base);
    o.deal = true;
    if (base == 1e-300)
      check_sound(game, Stored(game, o));
    else
      check_wrong(game, Stored(game, o));
  }
}
