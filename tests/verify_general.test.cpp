// SPDX-License-Identifier: MIT
// The slow reference of the general game against closed forms, against the one-specialist reference, and against random
// looks at what it may have missed.
#include <doctest/doctest.h>

#include "fine_tuning_games.hpp"
#include "haggle/verify/general_regret.hpp"

using namespace haggle;
using namespace haggle::test;
using namespace haggle::oracle::general;
using oracle::split_of_logit, oracle::split_of_share, oracle::Solution, oracle::Split;

namespace {

GeneralSpecialist power_specialist(double scale, double elasticity, double c, double k) {
  GeneralSpecialist s;
  s.revenue = {Family::isoelastic, {scale, elasticity}};
  s.cost = {Family::power, {0, c, k}};
  return s;
}

GeneralGame general_of(const oracle::Game& game) {
  GeneralGame g;
  g.cost = {Family::power, {0, game.c0, game.k0}};
  g.outside = game.generalist_outside;
  g.specialists = {power_specialist(game.scale, game.elasticity, game.c1, game.k1)};
  g.specialists[0].outside = game.specialist_outside;
  g.solution = game.solution;
  g.weight = game.weight;
  g.fixed_shares = {game.fixed_share};
  return g;
}

std::vector<Split> uniform(const GeneralGame& game, double logit) {
  return std::vector<Split>(game.specialists.size(), split_of_logit(logit));
}

constexpr std::array bargained{Solution::nash,           Solution::kalai_smorodinsky,   Solution::egalitarian,
                               Solution::utilitarian,    Solution::powerful_generalist, Solution::powerful_specialist,
                               Solution::max_performance};

}  // namespace

TEST_CASE("linear revenues and quadratic costs have their closed forms, whatever the number of specialists") {
  Random random(1);
  for (const std::size_t n : {1U, 2U, 5U}) {
    GeneralGame game;
    const double c0 = random.log_uniform(0.1, 10);
    game.cost = {Family::power, {0, c0, 2}};
    std::vector<Split> splits;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      game.specialists.push_back(power_specialist(random.log_uniform(0.1, 10), 1, random.log_uniform(0.1, 10), 2));
      splits.push_back(split_of_share(random.uniform(0, 1)));
      sum += splits[i].generalist * game.specialists[i].revenue.numbers[0];
    }
    const Outcome o = Play(game).equilibrium(splits);
    double generalist = sum * sum / (4 * c0);
    CHECK(o.base_performance == doctest::Approx(sum / (2 * c0)).epsilon(1e-13));
    for (std::size_t i = 0; i < n; ++i) {
      const double rho = game.specialists[i].revenue.numbers[0], c = game.specialists[i].cost.numbers[1];
      const double delta = splits[i].generalist, rest = splits[i].specialist;
      generalist += delta * rest * rho * rho / (2 * c);
      CHECK(o.specialists[i].contribution == doctest::Approx(rest * rho / (2 * c)).epsilon(1e-13));
      CHECK(o.specialists[i].utility ==
            doctest::Approx(rest * rho * sum / (2 * c0) + rest * rest * rho * rho / (4 * c)).epsilon(1e-13));
    }
    CHECK(o.generalist_utility == doctest::Approx(generalist).epsilon(1e-13));
  }
}

TEST_CASE("the published bargains of linear revenue and quadratic costs") {
  struct Row {
    double c0, c1, nash, egalitarian, utilitarian;
  };
  for (const Row& row :
       {Row{1, 1, 0.5, 0.5, 0.5}, Row{2, 1, 0.37716, 0.42265, 1 / 3.0}, Row{1, 2, 0.62284, 0.57735, 2 / 3.0}}) {
    GeneralGame game;
    game.cost = {Family::power, {0, row.c0, 2}};
    game.specialists = {power_specialist(1, 1, row.c1, 2)};
    const Frontier frontier(game);
    const auto share = [&](Solution solution) { return frontier.best(solution).splits[0].generalist; };
    CHECK(std::abs(share(Solution::nash) - row.nash) < 6e-6);
    CHECK(std::abs(share(Solution::egalitarian) - row.egalitarian) < 6e-6);
    CHECK(std::abs(share(Solution::utilitarian) - row.utilitarian) < 1e-6);
  }
}

TEST_CASE("of two peaks the general reference takes the higher") {
  GeneralGame game;
  game.cost = {Family::power, {0, 4.822, 1.372}};
  game.specialists = {power_specialist(1, 0.491, 1.984, 1.040)};
  for (const Effort effort : {1, 3}) {
    const Outcome o = Play(game, effort).equilibrium({split_of_share(0.669)});
    CHECK(o.base_performance == doctest::Approx(3.30e-2).epsilon(0.01));
    CHECK(o.generalist_utility == doctest::Approx(0.0807).epsilon(0.002));
  }
}

TEST_CASE("a generalist whose investment its specialists would only save themselves invests exactly nothing") {
  Random random(31);
  for (std::size_t k = 0; k < effort(12); ++k) {
    GeneralGame game;
    game.cost = {Family::power, {0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)}};
    for (std::size_t i = 0; i < 1 + k % 3; ++i) {
      GeneralSpecialist s;
      const double scale = random.log_uniform(1, 10);
      s.revenue = k % 2 == 0 ? GeneralFunction{Family::logarithmic, {scale, random.uniform(0.2, 1)}}
                             : GeneralFunction{Family::isoelastic, {scale, random.uniform(0.3, 0.8)}};
      // A constant marginal cost, by either of its names.
      s.cost = {Family::power, {0, random.uniform(0.1, 0.3), 1}};
      if (k % 4 > 1) s.cost.numbers = {s.cost.numbers[1], 0, 2};
      game.specialists.push_back(s);
    }
    const double share = random.uniform(0.05, 0.6);
    CAPTURE(text(game));
    CAPTURE(share);
    const Outcome o = Play(game).equilibrium(std::vector<Split>(game.specialists.size(), split_of_share(share)));
    CHECK(o.base_performance == 0);
    for (const SpecialistOutcome& s : o.specialists) CHECK(s.contribution > 0);
  }
}

TEST_CASE("with one specialist and powers both references agree") {
  Random random(2);
  for (std::size_t k = 0; k < effort(12); ++k) {
    oracle::Game game = benchmark_box(random);
    if (k % 2 == 1) {
      const oracle::Ideals ideals = oracle::Frontier(game).ideals();
      game.generalist_outside = random.uniform(-0.2, 1.1) * ideals.generalist;
      game.specialist_outside = random.uniform(-0.2, 1.1) * ideals.specialist;
    }
    CAPTURE(text(game));
    const oracle::Frontier old(game);
    const Frontier general(general_of(game));
    for (const Solution solution : bargained) {
      game.solution = solution;
      const oracle::Result a = oracle::solve(game, old);
      const Result b = solve(general_of(game), general);
      REQUIRE(a.outcome.deal == b.outcome.deal);
      if (a.outcome.deal) CHECK(a.objective == doctest::Approx(b.objective).epsilon(1e-11));
    }
  }
}

TEST_CASE("no investment that a random look finds pays the generalist more") {
  Random random(3);
  std::size_t deals = 0;
  for (std::size_t k = 0; k < effort(60); ++k) {
    const GeneralGame game = nasty_game(random, {1 + k % 5, k % 6 == 5});
    const Play play(game);
    const auto splits = uniform(game, random.uniform(-5, 5));
    const Outcome best = play.equilibrium(splits);
    double scale = std::abs(best.generalist_utility);
    for (const SpecialistOutcome& s : best.specialists) scale = std::max(scale, s.revenue);
    CAPTURE(text(game));
    for (int look = 0; look < 100; ++look) {
      const double base = look % 2 == 0 ? play.most_investment() * random.log_uniform(1e-12, 1)
                                        : best.base_performance * (1 + random.uniform(-1, 1) * std::pow(0.5, look));
      const Outcome other = play.after(splits, base);
      if (other.taking_part() > 0) CHECK(other.generalist_utility <= best.generalist_utility + 1e-12 * scale);
    }
    deals += best.deal ? 1 : 0;
  }
  CHECK(deals > effort(60) / 3);
}

TEST_CASE("knowing nothing of the families the reference finds the same") {
  Random random(4);
  for (std::size_t k = 0; k < effort(20); ++k) {
    const GeneralGame game = nasty_game(random, {1 + k % 3});
    const auto splits = uniform(game, random.uniform(-4, 4));
    const Outcome a = Play(game, 1).equilibrium(splits), b = Play(game, 2).equilibrium(splits);
    CAPTURE(text(game));
    CHECK(a.deal == b.deal);
    if (a.deal) CHECK(a.generalist_utility == doctest::Approx(b.generalist_utility).epsilon(1e-12));
  }
}

TEST_CASE("no share that a random look finds serves a bargain better") {
  Random random(5);
  for (std::size_t k = 0; k < effort(6); ++k) {
    GeneralGame game = nasty_game(random, {1 + k % 3});
    const Frontier frontier(game);
    CAPTURE(text(game));
    std::vector<Outcome> looks;
    for (int look = 0; look < 60; ++look) {
      const Outcome o = frontier.play().equilibrium(uniform(game, random.uniform(-6, 6)));
      if (o.deal) looks.push_back(o);
    }
    for (const Solution solution : bargained) {
      game.solution = solution;
      const Result best = solve(game, frontier);
      CHECK(best.outcome.deal >= !looks.empty());
      const double tie = 1e-10 * std::abs(best.objective) + 10 * tie_of(game, solution, best.outcome);
      for (const Outcome& o : looks) CHECK(objective(game, solution, best.ideals, o) <= best.objective + tie);
    }
  }
}

TEST_CASE("with one domain a share of its own is the uniform one") {
  Random random(6);
  for (std::size_t k = 0; k < effort(3); ++k) {
    GeneralGame game = smooth_game(random, 1);
    const Frontier frontier(game);
    const DomainSearch search(game);
    for (const Solution solution : {Solution::nash, Solution::egalitarian, Solution::powerful_specialist}) {
      game.solution = solution;
      CHECK(solve(game, search).objective == doctest::Approx(solve(game, frontier).objective).epsilon(1e-11));
    }
  }
}

TEST_CASE("shares of each domain's own never serve a bargain less than a uniform one, and equal domains need none") {
  Random random(7);
  GeneralGame game = smooth_game(random, 2);
  game.solution = Solution::utilitarian;
  game.weight = 1 / 3.0;
  CHECK(solve(game, DomainSearch(game)).objective >= solve(game, Frontier(game)).objective * (1 - 1e-12));
  game.specialists[1] = game.specialists[0];
  const double one = solve(game, Frontier(game)).objective;
  CHECK(solve(game, DomainSearch(game)).objective == doctest::Approx(one).epsilon(1e-9));
}

TEST_CASE("first best: one owner of linear revenues and quadratic costs") {
  GeneralGame game;
  game.cost = {Family::power, {0, 2, 2}};
  game.specialists = {power_specialist(1, 1, 1, 2), power_specialist(3, 1, 0.5, 2)};
  // Σρ a − c₀a² + Σ ρ²/(4c): 16/8 + 1/4 + 9/2.
  CHECK(Play(game).first_best_surplus() == doctest::Approx(2 + 0.25 + 4.5).epsilon(1e-13));
  // A domain that is not worth its fixed cost is left to its outside option.
  game.specialists[0].fixed = 10;
  game.specialists[0].outside = 0.5;
  CHECK(Play(game).first_best_surplus() == doctest::Approx(9 / 8.0 + 4.5 + 0.5).epsilon(1e-13));
  // All of it is not worth what they have without.
  game.outside = 100;
  CHECK(Play(game).first_best_surplus() == doctest::Approx(100.5).epsilon(1e-15));
}

TEST_CASE("one owner does no worse than any bargain") {
  Random random(8);
  for (std::size_t k = 0; k < effort(30); ++k) {
    const GeneralGame game = nasty_game(random, {1 + k % 4});
    const Play play(game);
    const double first_best = play.first_best_surplus();
    CAPTURE(text(game));
    for (int look = 0; look < 8; ++look) {
      const Outcome o = play.equilibrium(uniform(game, random.uniform(-5, 5)));
      if (o.deal) CHECK(o.surplus() <= first_best + 1e-12 * std::abs(first_best));
    }
  }
}

TEST_CASE("an entry that only a lump of investment brings about is waited for, and the entrant is held") {
  // The second specialist enters where its revenue reaches its fixed cost; for that the generalist overinvests.
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  game.specialists = {power_specialist(1, 1, 1, 2), power_specialist(1, 1, 1, 2)};
  game.specialists[1].fixed = 0.25;
  const Outcome o = Play(game).equilibrium({split_of_share(0.5), split_of_share(0.5)});
  // Alone the first is worth δ/(2c₀) = 0.25 of base performance. The second pays (1−δ)a + 1/16 >= 1/4 from a = 3/8 on.
  CHECK(o.base_performance == doctest::Approx(0.5).epsilon(1e-12));
  game.cost.numbers[1] = 1.5;
  const Outcome held = Play(game).equilibrium({split_of_share(0.5), split_of_share(0.5)});
  CHECK(held.base_performance == doctest::Approx(0.375).epsilon(1e-15));
  CHECK(held.specialists[1].in);
  CHECK(held.specialists[1].held);
  CHECK(held.specialists[1].utility == 0);
}

TEST_CASE("a share outside the Pareto set is dominated, one inside is not") {
  GeneralGame game;
  game.cost = {Family::power, {0, 2, 2}};
  game.specialists = {power_specialist(1, 1, 1, 2)};
  // [D-optimal, G-optimal] = [0, c₀/(2c₀−c₁)] = [0, 2/3]. One that is never there, and neither gains nor loses, changes
  // nothing.
  for (const bool absent : {false, true}) {
    if (absent) game.specialists.push_back(game.specialists[0]), game.specialists[1].fixed = 100;
    const Frontier frontier(game);
    for (const double share : {0.05, 0.3, 0.6, 0.66, 0.675, 0.7, 0.95}) {
      const Outcome o = frontier.play().equilibrium(std::vector<Split>(game.specialists.size(), split_of_share(share)));
      std::vector<double> utilities{o.generalist_utility};
      for (const SpecialistOutcome& s : o.specialists) utilities.push_back(s.utility);
      const double better = dominates(frontier, utilities, o.surplus());
      CAPTURE(share);
      CHECK((better > 1e-6) == (share > 2 / 3.0));
      CHECK(better >= -1e-9);
    }
  }
}
