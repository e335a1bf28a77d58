// SPDX-License-Identifier: MIT
// Who contributes, rides free or stays away, and whether the generalist invests: what the engine says of random games,
// held against the paper's inequality and against the values of the alternatives, both written from the definition.
#include <doctest/doctest.h>

#include <cmath>

#include "fine_tuning_play.hpp"

using namespace haggle;
using namespace haggle::test;
using fine_tuning::GeneralistRegime, fine_tuning::SpecialistRegime;

namespace {

/// r'(α) and φ'(0) from the formulas of the families.
double marginal_revenue(const GeneralFunction& f, double at) {
  const auto& n = f.numbers;
  switch (f.family) {
    case Family::isoelastic:
      return n[0] * n[1] * std::pow(at, n[1] - 1);
    case Family::logarithmic:
      return n[0] / (n[1] + at);
    case Family::exponential_saturation:
      return n[0] / n[1] * std::exp(-at / n[1]);
    default: {  // Hill
      const double whole = std::pow(n[1], n[2]) + std::pow(at, n[2]);
      return n[0] * n[2] * std::pow(at, n[2] - 1) * std::pow(n[1], n[2]) / (whole * whole);
    }
  }
}
double first_bit(const GeneralFunction& cost) { return cost.numbers[0] + (cost.numbers[2] == 1 ? cost.numbers[1] : 0); }

double rising_revenue(const GeneralFunction& f, double at) { return at > 0 ? oracle::value(f, at) : 0; }

/// One to five specialists, concave revenues, a first bit of adaptation that costs something, fixed costs now and then.
GeneralGame drawn_game(Random& random, std::size_t specialists, bool concave) {
  GeneralGame game = nasty_game(random, {specialists, false, false});
  for (GeneralSpecialist& s : game.specialists) {
    if (concave && s.revenue.family == Family::isoelastic) s.revenue.numbers[1] = random.uniform(0.2, 1);
    if (concave && s.revenue.family == Family::hill) s.revenue.numbers[2] = random.uniform(0.3, 1);
    if (!concave) s.revenue = {Family::hill, {random.log_uniform(0.3, 3), random.log_uniform(0.1, 3), 4}};
    const double exponent = random.uniform(0, 1) < 0.2 ? 1 : random.uniform(1.1, 3);
    s.cost.numbers = {random.log_uniform(0.03, 3), random.log_uniform(0.03, 3), exponent};
    if (random.uniform(0, 1) < 0.5) s.fixed = s.outside = 0;
  }
  game.cost.numbers = {random.uniform(0, 1) < 0.5 ? 0 : random.log_uniform(0.01, 1), random.log_uniform(0.05, 5),
                       random.uniform(1.2, 3)};
  if (random.uniform(0, 1) < 0.7) game.fixed = game.outside = 0;
  game.solution = all_solutions[static_cast<std::size_t>(random.uniform(0, 8))];
  return game;
}

/// As a sweep solves it: the fast path first.
Played play(const GeneralGame& game) {
  const auto table = table_of(game);
  return played_of(*table, game, solve_columns(*table, {game}, best_instruction_set(), false), 0);
}

/// The most that a contribution can add to what riding free gives.
double best_of_contributing(const GeneralSpecialist& s, double rest, double base) {
  double most = -std::numeric_limits<double>::infinity();
  for (double t = -30; t < 12; t += 0.01) {
    const double x = std::exp(t);
    most = std::max(most, rest * (rising_revenue(s.revenue, base + x) - rising_revenue(s.revenue, base)) -
                              oracle::value(s.cost, x));
  }
  return most;
}

}  // namespace

TEST_CASE("where revenue is concave a specialist that takes part contributes if and only if (1-δ) r'(α₀) > φ'(0)") {
  Random random(61);
  std::size_t contributors = 0, riders = 0;
  for (std::size_t k = 0; k < effort(1500); ++k) {
    const GeneralGame game = drawn_game(random, 1 + k % 5, true);
    if (!oracle::bounded(game)) continue;
    const Played played = play(game);
    if (played.status != Status::solved || played.share > 1 - 1e-6) continue;
    INFO(text(game));
    for (std::size_t i = 0; i < game.specialists.size(); ++i) {
      const GeneralSpecialist& s = game.specialists[i];
      if (played.specialist_regime[i] == SpecialistRegime::abstainer) continue;
      const double benefit = (1 - played.share) * marginal_revenue(s.revenue, played.base_performance);
      const double burden = first_bit(s.cost);
      if (std::abs(benefit - burden) <= 1e-7 * burden) continue;  // the fast path's share is good to that
      const bool contributes = played.specialist_regime[i] == SpecialistRegime::contributor;
      CAPTURE(i);
      CAPTURE(benefit);
      CAPTURE(burden);
      CHECK(contributes == (benefit > burden));
      CHECK(contributes == (played.performance[i] > played.base_performance));
      ++(contributes ? contributors : riders);
    }
  }
  CHECK(contributors > effort(100));
  CHECK(riders > effort(100));
}

TEST_CASE("a free-rider would gain by no contribution, and a contributor gains by its own, whatever the revenue") {
  Random random(62);
  std::size_t contributors = 0, riders = 0;
  for (std::size_t k = 0; k < effort(250); ++k) {
    const GeneralGame game = drawn_game(random, 1 + k % 3, k % 2 == 0);
    if (!oracle::bounded(game)) continue;
    const Played played = play(game);
    if (played.status != Status::solved || played.share > 1 - 1e-6) continue;
    INFO(text(game));
    for (std::size_t i = 0; i < game.specialists.size(); ++i) {
      const GeneralSpecialist& s = game.specialists[i];
      if (played.specialist_regime[i] == SpecialistRegime::abstainer) continue;
      const double rest = 1 - played.share, base = played.base_performance;
      const double best = best_of_contributing(s, rest, base), money = rest * played.revenue[i];
      CAPTURE(i);
      if (played.specialist_regime[i] == SpecialistRegime::free_rider) {
        CHECK(played.performance[i] == base);
        CHECK(best <= 1e-9 * money);
        ++riders;
      } else {
        const double gained = rest * (played.revenue[i] - rising_revenue(s.revenue, base)) -
                              oracle::value(s.cost, played.performance[i] - base);
        CHECK(gained >= best - 1e-9 * money);
        CHECK(gained >= -1e-12 * money);
        ++contributors;
      }
    }
  }
  CHECK(contributors > effort(50));
  CHECK(riders > effort(20));
}

TEST_CASE(
    "beside specialists for whom adapting is too dear the generalist invests if and only if Σ δ rᵢ'(0) > φ₀'(0)") {
  Random random(63);
  std::size_t investors = 0, idlers = 0;
  for (std::size_t k = 0; k < effort(400); ++k) {
    GeneralGame game = drawn_game(random, 1 + k % 5, true);
    double rises = 0;
    for (GeneralSpecialist& s : game.specialists) {
      s.revenue = {k % 2 == 0 ? Family::logarithmic : Family::exponential_saturation,
                   {random.log_uniform(0.3, 3), random.log_uniform(0.3, 3)}};
      s.cost.numbers = {100, 1, 2};
      s.fixed = s.outside = 0;
      rises += marginal_revenue(s.revenue, 0);
    }
    game.fixed = game.outside = 0;
    game.solution = oracle::Solution::fixed;
    game.fixed_shares = {random.uniform(0.1, 0.9)};
    const double benefit = game.fixed_shares[0] * rises;
    game.cost.numbers[0] = benefit * random.log_uniform(0.5, 2);
    const Played played = play(game);
    INFO(text(game));
    REQUIRE(played.status == Status::solved);
    const bool invests = played.generalist_regime == GeneralistRegime::invests;
    CHECK(invests == (benefit > game.cost.numbers[0]));
    CHECK(invests == (played.base_performance > 0));
    for (const SpecialistRegime regime : played.specialist_regime) CHECK(regime == SpecialistRegime::free_rider);
    ++(invests ? investors : idlers);
  }
  CHECK(investors > effort(100));
  CHECK(idlers > effort(100));
}

TEST_CASE(
    "an idle generalist would gain by no investment, and one that invests gains by it, the specialists replying") {
  Random random(64);
  std::size_t investors = 0, idlers = 0;
  for (std::size_t k = 0; k < effort(150); ++k) {
    GeneralGame game = drawn_game(random, 1 + k % 3, k % 4 != 3);
    if (k % 2 == 0) game.cost.numbers[0] = random.log_uniform(0.3, 30);
    if (!oracle::bounded(game)) continue;
    const Played played = play(game);
    if (played.status != Status::solved) continue;
    INFO(text(game));
    const oracle::general::Play after(game);
    const std::vector<oracle::Split> splits(game.specialists.size(), oracle::split_of_share(played.share));
    const double money = revenue_of(played) + std::abs(game.outside) + game.fixed;
    const double idle = after.after(splits, 0).generalist_utility;
    if (played.generalist_regime == GeneralistRegime::invests) {
      CHECK(played.base_performance > 0);
      CHECK(played.generalist_utility >= idle - 1e-9 * money);
      ++investors;
    } else {
      CHECK(played.generalist_regime == GeneralistRegime::idle);
      CHECK(played.base_performance == 0);
      CHECK(std::abs(played.generalist_utility - played.share * revenue_of(played) + game.fixed) <= 1e-9 * money);
      double best = idle;
      for (double t = -30; t < 8; t += 0.05) best = std::max(best, after.after(splits, std::exp(t)).generalist_utility);
      CHECK(best <= played.generalist_utility + 1e-9 * money);
      ++idlers;
    }
  }
  CHECK(investors > effort(30));
  CHECK(idlers > effort(20));
}

TEST_CASE("without a deal nothing performs or earns, whatever solves the game") {
  Random random(65);
  for (std::size_t k = 0; k < 40; ++k) {
    GeneralGame game = smooth_game(random, 1 + k % 3);
    game.per_domain = k % 5 == 4;
    game.fixed_shares.assign(game.per_domain ? game.specialists.size() : 1, 0.5);
    game.solution = all_solutions[k % all_solutions.size()];
    game.outside = 1e4;
    double surplus = game.outside;
    for (GeneralSpecialist& s : game.specialists) surplus += s.outside = random.uniform(-1, 1);
    INFO(text(game));
    for (const Played& played : {play(game), play_globally(game)}) {
      CHECK(played.status == Status::no_deal);
      CHECK(std::isnan(played.share));
      CHECK(played.base_performance == 0);
      CHECK(played.residual == 0);
      CHECK(played.generalist_utility == game.outside);
      CHECK(played.surplus == doctest::Approx(surplus).epsilon(1e-15));
      CHECK(played.generalist_regime == GeneralistRegime::abstains);
      for (std::size_t i = 0; i < game.specialists.size(); ++i) {
        CHECK(played.performance[i] == 0);
        CHECK(played.revenue[i] == 0);
        CHECK(played.specialist_utility[i] == game.specialists[i].outside);
        CHECK(played.specialist_regime[i] == SpecialistRegime::abstainer);
      }
    }
    if (game.specialists.size() > 1 || game.per_domain) continue;
    // The same game of powers by its own kernel.
    const GeneralSpecialist& s = game.specialists.front();
    oracle::Game own{game.cost.numbers[1],
                     game.cost.numbers[2],
                     game.outside,
                     s.revenue.numbers[0],
                     s.revenue.numbers[1],
                     s.cost.numbers[1],
                     s.cost.numbers[2],
                     s.outside,
                     game.solution,
                     0.5,
                     0.5};
    const Columns solved = solve_columns(columns_of({own}), best_instruction_set());
    CHECK(solved[power_law::status_column][0] == static_cast<double>(Status::no_deal));
    CHECK(std::isnan(solved[power_law::share_column][0]));
    for (const auto column : {power_law::base_performance_column, power_law::performance_column,
                              power_law::revenue_column, power_law::residual_column})
      CHECK(solved[column][0] == 0);
  }
}
