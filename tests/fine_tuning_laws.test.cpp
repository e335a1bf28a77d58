// SPDX-License-Identifier: MIT
// The general game's global solver against closed forms, against the power-law game's own kernel, and against laws that
// any equilibrium keeps.
#include <doctest/doctest.h>

#include "fine_tuning_play.hpp"
#include "haggle/solver/spe.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

namespace {

GeneralSpecialist linear_specialist(double scale, double coefficient) {
  return {{Family::isoelastic, {scale, 1}}, {Family::power, {0, coefficient, 2}}, 0, 0, 1};
}

/// Linear revenues and quadratic costs: model.md, closed forms.
GeneralGame linear_game(double c0, std::vector<GeneralSpecialist> specialists) {
  GeneralGame game;
  game.cost = {Family::power, {0, c0, 2}};
  game.specialists = std::move(specialists);
  game.fixed_shares = {0.5};
  return game;
}

/// A function of performance that is worth money, in units so much smaller.
GeneralFunction in_units(GeneralFunction f, double money, double performance) {
  std::vector<double>& n = f.numbers;
  switch (f.family) {
    case Family::power:
      n[0] *= money / performance, n[1] *= money / std::pow(performance, n[2]);
      break;
    case Family::isoelastic:
      n[0] *= money / std::pow(performance, n[1]);
      break;
    default:
      n[0] *= money, n[1] *= performance;
  }
  return f;
}
GeneralGame in_units(GeneralGame game, double money, double performance) {
  game.cost = in_units(game.cost, money, performance);
  game.fixed *= money, game.outside *= money;
  for (GeneralSpecialist& s : game.specialists) {
    s.revenue = in_units(s.revenue, money, performance), s.cost = in_units(s.cost, money, performance);
    s.fixed *= money, s.outside *= money;
  }
  return game;
}

/// Two numbers of money, where `unit` is of the size of what they were made from.
void check_money(double a, double b, double unit, double part = 1e-9) {
  CHECK(std::abs(a - b) <= part * (std::abs(a) + std::abs(b) + unit));
}

/// Everybody's utility; shares may differ where the objective is flat.
void check_same_outcome(const Played& a, const Played& b, double money = 1) {
  REQUIRE(a.status == b.status);
  if (a.status != Status::solved) return;
  const double unit = revenue_of(a) * money;
  check_money(a.generalist_utility * money, b.generalist_utility, unit);
  check_money(a.surplus * money, b.surplus, unit);
}

}  // namespace

TEST_CASE("One specialist with linear revenue and quadratic costs bargains as the closed forms say") {
  struct Row {
    double c0, c1, nash, egalitarian, utilitarian;
  };
  for (const Row& row :
       {Row{1, 1, 0.5, 0.5, 0.5}, Row{2, 1, 0.37716, 0.42265, 1.0 / 3}, Row{1, 2, 0.62284, 0.57735, 2.0 / 3}}) {
    GeneralGame game = linear_game(row.c0, {linear_specialist(1, row.c1)});
    const auto share = [&](Solution solution) {
      game.solution = solution;
      const Played played = play_globally(game);
      REQUIRE(played.status == Status::solved);
      return played.share;
    };
    CHECK(share(Solution::nash) == doctest::Approx(row.nash).epsilon(2e-5));
    CHECK(share(Solution::egalitarian) == doctest::Approx(row.egalitarian).epsilon(2e-5));
    CHECK(std::abs(share(Solution::utilitarian) - row.c1 / (row.c0 + row.c1)) < 1e-10);
    const double for_g = row.c1 <= row.c0 ? row.c0 / (2 * row.c0 - row.c1) : 1;
    const double for_d = row.c1 >= row.c0 ? (row.c1 - row.c0) / (2 * row.c1 - row.c0) : 0;
    CHECK(std::abs(share(Solution::powerful_generalist) - for_g) < 1e-10);
    CHECK(std::abs(share(Solution::powerful_specialist) - for_d) < 1e-10);
  }
}

TEST_CASE("Many specialists with linear revenues and quadratic costs play as the closed form says") {
  Random random(31);
  for (std::size_t n : {1u, 2u, 5u, 17u, 64u}) {
    std::vector<GeneralSpecialist> specialists;
    for (std::size_t i = 0; i < n; ++i)
      specialists.push_back(linear_specialist(random.log_uniform(0.1, 10), random.log_uniform(0.1, 10)));
    GeneralGame game = linear_game(random.log_uniform(0.1, 10), specialists);
    game.solution = Solution::fixed;
    for (const double share : {0.0, 0.3, 0.8, 1.0}) {
      game.fixed_shares = {share};
      const Played played = play_globally(game);
      REQUIRE(played.status == Status::solved);
      double sum = 0, own = 0;
      for (const GeneralSpecialist& s : specialists) {
        const double scale = s.revenue.numbers[0], c = s.cost.numbers[1];
        sum += share * scale;
        own += share * (1 - share) * scale * scale / (2 * c);
      }
      const double c0 = game.cost.numbers[1];
      CHECK(played.base_performance == doctest::Approx(sum / (2 * c0)).epsilon(1e-13));
      CHECK(played.generalist_utility == doctest::Approx(sum * sum / (4 * c0) + own).epsilon(1e-13));
      for (std::size_t i = 0; i < n; ++i) {
        const double scale = specialists[i].revenue.numbers[0], c = specialists[i].cost.numbers[1];
        const double utility =
            (1 - share) * scale * sum / (2 * c0) + (1 - share) * (1 - share) * scale * scale / (4 * c);
        CHECK(played.specialist_utility[i] == doctest::Approx(utility).epsilon(1e-13));
      }
    }
  }
}

TEST_CASE("Of two peaks of the generalist's utility the higher one is played") {
  GeneralGame game;  // model.md: local maxima near 1.6e-4 and 3.3e-2
  game.cost = {Family::power, {0, 4.822, 1.372}};
  game.specialists = {{{Family::isoelastic, {1, 0.491}}, {Family::power, {0, 1.984, 1.040}}}};
  game.fixed_shares = {0.669};
  game.solution = Solution::fixed;
  const Played played = play_globally(game);
  CHECK(played.base_performance == doctest::Approx(3.30e-2).epsilon(5e-3));
  CHECK(played.generalist_utility == doctest::Approx(0.0807).epsilon(5e-3));
}

TEST_CASE("A bargain right of two jumps is found, be the measure falling on either side of them") {
  for (const double size : {3.348, 3.757, 4.215, 4.465}) {
    GeneralGame game;
    game.cost = {Family::power, {0, 0.25, 2}};
    game.specialists = {
        {{Family::logarithmic, {1.5, 1}}, {Family::power, {0.2, 0.5, 2}}, 0, 0, 1},
        {{Family::logarithmic, {size, 1}}, {Family::power, {0.1418598 * size, 0.25, 2}}, 0.2, 0, 1},
    };
    game.weight = 1.0 / 3;
    game.fixed_shares = {0.5};
    game.solution = Solution::nash;
    const auto product = [](const Played& p) {
      return p.generalist_utility * p.specialist_utility[0] * p.specialist_utility[1];
    };
    const double found = product(play_globally(game));
    game.solution = Solution::fixed;
    for (double share = 0.3; share < 0.8; share += 0.002) {
      game.fixed_shares = {share};
      CHECK(product(play_globally(game)) <= found * (1 + 1e-12));
    }
  }
}

TEST_CASE("One specialist with powers only: the same as the power-law game's own kernel") {
  Random random(32);
  const std::size_t games = effort(600);
  for (std::size_t k = 0; k < games; ++k) {
    oracle::Game power = benchmark_box(random);
    if (k % 3 == 0) power.k1 = 1 + random.log_uniform(0.01, 0.3);
    if (k % 4 == 0) power.elasticity = random.uniform(1, 1.2) * std::min({1.2, power.k0 / 1.3, power.k1 / 1.3});
    if (power.elasticity >= 0.98 * std::min(power.k0, power.k1)) continue;
    if (k % 5 == 0) power.specialist_outside = random.uniform(-0.1, 0.1);
    if (k % 7 == 0) power.generalist_outside = random.uniform(-0.1, 0.1);
    power.solution = all_solutions[k % all_solutions.size()];
    GeneralGame game;
    game.cost = {Family::power, {0, power.c0, power.k0}};
    game.outside = power.generalist_outside;
    game.specialists = {{{Family::isoelastic, {power.scale, power.elasticity}},
                         {Family::power, {0, power.c1, power.k1}},
                         0,
                         power.specialist_outside,
                         1}};
    game.solution = power.solution;
    game.weight = power.weight;
    game.fixed_shares = {power.fixed_share};
    INFO(test::text(power));
    const Equilibrium expected = play(power);
    const Played played = play_globally(game);
    CHECK(played.status == expected.status);
    if (played.status != Status::solved || expected.status != Status::solved) continue;
    CHECK(std::abs(played.share - expected.share) < 1e-8);
    check_money(played.generalist_utility, expected.generalist_utility, expected.revenue);
    check_money(played.specialist_utility[0], expected.specialist_utility, expected.revenue);
  }
}

TEST_CASE("Everybody's reply rises with the base performance") {
  Random random(33);
  for (std::size_t k = 0; k < effort(40); ++k) {
    GeneralGame game = nasty_game(random, {1, false, false});
    game.outside = -1e9;
    game.fixed = game.specialists[0].fixed = game.specialists[0].outside = 0;
    // The generalist's cost decides its investment; the reply to it must not fall.
    const auto table = table_of(game);
    double base = -1, performance = 0;
    for (double coefficient = 1e6; coefficient > 1e-4; coefficient *= 0.3) {
      game.cost.numbers[game.cost.numbers.size() > 1 ? 1 : 0] = coefficient;
      game.solution = Solution::fixed;
      const Played played = play_globally(game);
      if (played.status != Status::solved) continue;
      INFO(text(game));
      CHECK(played.base_performance >= base * (1 - 1e-12));
      CHECK(played.performance[0] >= performance * (1 - 1e-12));
      base = played.base_performance;
      performance = played.performance[0];
    }
  }
}

TEST_CASE("The order of specialists, one who never takes part, the units of money and of performance: none matters") {
  Random random(34);
  for (std::size_t k = 0; k < effort(60); ++k) {
    GeneralGame game = nasty_game(random, {1 + k % 4, false, false});
    if (!oracle::bounded(game)) continue;
    game.solution = all_solutions[1 + k % 7];
    INFO(text(game));
    const Played plain = play_globally(game);

    GeneralGame reversed = game;
    std::reverse(reversed.specialists.begin(), reversed.specialists.end());
    check_same_outcome(plain, play_globally(reversed));

    {
      GeneralGame larger = game;
      const GeneralSpecialist idle{{Family::exponential_saturation, {1, 1}},
                                   {Family::power, {0, 1, 2}},
                                   2,
                                   0,
                                   0};  // a fixed cost of all it could get
      larger.specialists.push_back(idle);
      const Played played = play_globally(larger);
      REQUIRE(played.status == plain.status);
      if (plain.status == Status::solved)
        check_money(plain.generalist_utility, played.generalist_utility, revenue_of(plain));
    }

    for (const auto& [money, performance] : {std::pair(1024.0, 1.0), {1e8, 1e8}, {1e-8, 1e-6}, {1.0, 1e20}})
      check_same_outcome(plain, play_globally(in_units(game, money, performance)), money);
  }
}

TEST_CASE("A specialist whose first bit of investment costs something bargains alike in any unit of performance") {
  for (const double steepness : {0.9, 1.0, 1.02, 1.5, 3.0}) {
    GeneralGame game = linear_game(2, {});
    game.cost.numbers[0] = 0.1;
    game.specialists = {{{Family::hill, {4, 1, steepness}}, {Family::power, {0.1, 0.25, 2}}, 0.1},
                        {{Family::exponential_saturation, {4, 2}}, {Family::power, {0.1, 1, 2}}}};
    for (const Solution solution : {Solution::nash, Solution::egalitarian, Solution::utilitarian}) {
      game.solution = solution;
      INFO(text(game));
      const Played plain = play_globally(game);
      for (const double unit : {1e8, 1e25, 1e-8}) check_same_outcome(plain, play_globally(in_units(game, 1, unit)));
    }
  }
}

TEST_CASE("Specialists alike in everything get the same") {
  Random random(35);
  for (std::size_t k = 0; k < effort(40); ++k) {
    GeneralGame game = nasty_game(random, {1, false, false});
    if (!oracle::bounded(game)) continue;
    game.solution = all_solutions[1 + k % 7];
    game.specialists[0].bargaining_weight = 1;
    game.specialists.resize(2 + k % 3, game.specialists.front());
    INFO(text(game));
    const Played played = play_globally(game);
    if (played.status != Status::solved) continue;
    for (std::size_t i = 1; i < game.specialists.size(); ++i) {
      CHECK(played.specialist_regime[i] == played.specialist_regime[0]);
      check_money(played.specialist_utility[i], played.specialist_utility[0], revenue_of(played), 1e-12);
    }
  }
}

// The owner's marginal revenue is r'(α), not what of it a reply makes of α₀.
TEST_CASE("one owner of S-shaped revenues has as much as by brute force") {
  Random random(37);
  std::size_t several = 0;
  for (std::size_t k = 0; k < effort(60); ++k) {
    GeneralGame game = smooth_game(random, 1 + k % 3);
    game.cost.numbers = {0, random.log_uniform(0.1, 10), random.uniform(1.02, 6)};
    for (GeneralSpecialist& s : game.specialists) {
      s.revenue = {Family::hill, {random.log_uniform(0.3, 3), random.log_uniform(0.2, 5), random.uniform(1, 15)}};
      s.cost.numbers = {0, random.log_uniform(0.1, 10), random.uniform(1.02, 6)};
    }
    game.solution = Solution::fixed;
    game.fixed_shares = {static_cast<double>(k / 3 % 3) / 2};  // and so whatever share has been looked at before
    INFO(text(game));
    const double best = oracle::general::Play(game).first_best_surplus(), ours = play_globally(game).first_best_surplus;
    CHECK(ours >= best * (1 - 1e-9));
    CHECK(ours <= best * (1 + 1e-6));
    several += game.specialists.size() > 1 && best > 1e-3;
  }
  CHECK(is_met(several, 20));
  GeneralGame game = smooth_game(random, 2);
  game.cost.numbers = {0, 7.2230056590625153, 4.3579004365215512};
  game.specialists[0].revenue = {Family::hill, {0.52914912004260717, 1.1802232832513504, 13.511791462229141}};
  game.specialists[0].cost.numbers = {0, 0.43682551874064457, 2.3143272544909066};
  game.specialists[1].revenue = {Family::hill, {1.4002661950686766, 0.5118887744295828, 2.7745058942412419}};
  game.specialists[1].cost.numbers = {0, 0.17807427731640829, 1.2204463409723305};
  game.solution = Solution::fixed;
  game.fixed_shares = {0};
  CHECK(play_globally(game).first_best_surplus == doctest::Approx(1.09741546922).epsilon(1e-11));
  // Newton's steps would go to and fro between two places.
  game = smooth_game(random, 3);
  game.cost.numbers = {0, 0.055713258375024971, 1.843902064837212};
  game.specialists[0].revenue = {Family::hill, {0.61940852653076961, 0.59865655032954179, 5.8669206997992056}};
  game.specialists[0].cost.numbers = {0, 3.8209964508995178, 4.5742647560842729};
  game.specialists[1].revenue = {Family::hill, {1.1220785052853943, 1.0549614604487236, 107.05575884730538}};
  game.specialists[1].cost.numbers = {0, 0.34986652033877935, 1.5964917672261696};
  game.specialists[2].revenue = {Family::hill, {0.48022029131391958, 3.5547500000660941, 3.6601768813648174}};
  game.specialists[2].cost.numbers = {0.0010495449754746248, 0.003575530092047639, 2.0145163448180385};
  const double best = oracle::general::Play(game).first_best_surplus();
  CHECK(play_globally(game).first_best_surplus == doctest::Approx(best).epsilon(1e-6));
}

TEST_CASE("No deal makes more than one owner of all would") {
  Random random(36);
  for (std::size_t k = 0; k < effort(150); ++k) {
    GeneralGame game = nasty_game(random, {1 + k % 3, false, false});
    if (!oracle::bounded(game)) continue;
    game.solution = Solution::utilitarian;
    game.weight = 1.0 / static_cast<double>(1 + game.specialists.size());
    INFO(text(game));
    const Played played = play_globally(game);
    if (played.status != Status::solved) continue;
    CHECK(played.first_best_surplus >= played.surplus - 1e-11 * revenue_of(played));
    if (played.first_best_surplus > 0)
      CHECK(played.efficiency == doctest::Approx(played.surplus / played.first_best_surplus));
    else
      CHECK(std::isnan(played.efficiency));
  }
  // One owner of linear revenue and quadratic costs: α₀ = 1/(2c₀), x = 1/(2c₁).
  GeneralGame game = linear_game(2, {linear_specialist(1, 1)});
  CHECK(play_globally(game).first_best_surplus == doctest::Approx(1.0 / 8 + 1.0 / 4).epsilon(1e-13));
}
