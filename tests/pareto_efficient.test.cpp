// SPDX-License-Identifier: MIT
// Whether the deal at hand is Pareto efficient: shares against the components of the Pareto set and against closed
// forms, and what the output says of solved games and others.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "both_paths.hpp"
#include "haggle/solver/pareto_set.hpp"
#include "haggle/sweep/spec.hpp"
#include "linear_games.hpp"

using namespace haggle;
using namespace haggle::test;
using fine_tuning::is_pareto, fine_tuning::ParetoEfficient, fine_tuning::PayoffCurve;

namespace {

struct Answer {
  Status status;
  double share;
  ParetoEfficient efficient;
};

/// What a run says that was asked for the shares and whether they are efficient, and for nothing else.
Answer asked(const GeneralGame& game) {
  const auto table = table_of(game);
  const auto& o = table->form.outputs;
  const std::vector<double> row = row_of(*table, game);
  std::vector<double> results(table->columns(), -12345.0);
  std::vector<const double*> in;
  for (const double& number : row) in.push_back(&number);
  std::vector<double*> out(results.size(), nullptr);
  for (const std::size_t column : {o.status, o.share, o.pareto_efficient}) out[column] = &results[column];
  block_solver(*table, best_instruction_set())(in.data(), out.data(), 1);
  return {static_cast<Status>(results[o.status]), results[o.share],
          static_cast<ParetoEfficient>(results[o.pareto_efficient])};
}

GeneralSpecialist linear_specialist(double coefficient, double fixed = 0) {
  GeneralSpecialist s;
  s.revenue = {Family::isoelastic, {1, 1}};
  s.cost = {Family::power, {0, coefficient, 2}};
  s.fixed = fixed;
  return s;
}

/// Linear revenue and quadratic costs, under a given share or one each.
GeneralGame linear_game(double c0, std::vector<GeneralSpecialist> specialists, std::vector<double> shares) {
  GeneralGame game;
  game.cost = {Family::power, {0, c0, 2}};
  game.specialists = std::move(specialists);
  game.per_domain = shares.size() > 1;
  game.fixed_shares = std::move(shares);
  game.solution = oracle::Solution::fixed;
  return game;
}

bool efficient_at(double share, double c0, const std::vector<GeneralSpecialist>& specialists) {
  const Answer answer = asked(linear_game(c0, specialists, {share}));
  CAPTURE(share);
  REQUIRE(answer.status == Status::solved);
  CHECK(answer.share == share);
  REQUIRE(answer.efficient != ParetoEfficient::unsolved);
  return answer.efficient == ParetoEfficient::yes;
}

}  // namespace

TEST_CASE(
    "with linear revenue and quadratic costs a share is efficient from the specialist's best to the generalist's") {
  for (const double c0 : {0.3, 1.0, 2.0})
    for (const double c1 : {0.4, 1.0, 3.0}) {
      const double low = c1 >= c0 ? (c1 - c0) / (2 * c1 - c0) : 0, high = c1 <= c0 ? c0 / (2 * c0 - c1) : 1;
      const std::vector<GeneralSpecialist> one{linear_specialist(c1)};
      CAPTURE(c0);
      CAPTURE(c1);
      for (const double part : {-1e-10, 0.0, 1e-16, 1e-10, 1e-7, 0.3, 0.7, 1 - 1e-7, 1 - 1e-10, 1.0, 1 + 1e-10})
        CHECK(efficient_at(std::clamp(low + part * (high - low), 0.0, 1.0), c0, one));
      for (const double off : {1e-5, 1e-3, 0.1}) {
        if (low - off > 0) CHECK(!efficient_at(low - off, c0, one));
        if (high + off < 1) CHECK(!efficient_at(high + off, c0, one));
      }
      CHECK(efficient_at(0, c0, one) == (low == 0));
      CHECK(efficient_at(1, c0, one) == (high == 1));
    }
}

TEST_CASE(
    "a share in the gap that an entry cost leaves in the Pareto set is not efficient, on both sides of it some are") {
  const std::vector<GeneralSpecialist> two{linear_specialist(2), linear_specialist(1, 0.25)};
  // The components: see pareto.test.cpp.
  for (const double share : {1.0 / 3, 0.5, 0.6, 2.0 / 3 - 1e-7}) CHECK(efficient_at(share, 1, two));
  for (const double share : {0.2, 1.0 / 3 - 1e-5, 0.67, 0.7}) CHECK(!efficient_at(share, 1, two));
}

TEST_CASE("shares well inside a component are Pareto, those well outside are not, wherever the jumps are") {
  std::mt19937_64 engine(71);
  std::size_t inside = 0, outside = 0;
  for (std::size_t k = 0; k < effort(30); ++k) {
    const LinearGame game = random_linear_game(engine, 1 + k % 4);
    const auto components = fine_tuning::pareto_components(PayoffCurve(game, game.specialists.size()));
    for (int i = 0; i < 12; ++i) {
      const double share = static_cast<double>(engine() >> 11) * 0x1p-53;
      const PayoffCurve curve(game, game.specialists.size(), std::span(&share, 1));
      const PayoffCurve::Node node = curve.at(share);
      if (!node.deal) continue;
      double depth = -1;
      for (const auto& c : components) depth = std::max(depth, std::min(share - c.low, c.high - share));
      double beyond = 1;
      for (const auto& c : components) beyond = std::min({beyond, std::abs(share - c.low), std::abs(share - c.high)});
      if (beyond < 1e-6) continue;
      CAPTURE(k);
      CAPTURE(share);
      CHECK(is_pareto(curve, share, node.utility) == (depth > 0));
      ++(depth > 0 ? inside : outside);
    }
  }
  CHECK(is_met(inside, 30));
  CHECK(is_met(outside, 30));
}

TEST_CASE("at a jump it is the deal that is efficient or not, and not the share") {
  // Up to ½ one gains what the other loses; beyond, both have a little less than at ½.
  const auto game = [](std::span<const double> shares, fine_tuning::Payoffs& payoffs) {
    const double share = shares.front();
    const bool after = share > 0.5;
    payoffs.deal = true, payoffs.takes_part = 1, payoffs.contributes = after;
    payoffs.utility = after ? std::vector{0.4, 0.9 - share} : std::vector{share, 1 - share};
    payoffs.money = {1, 1};
  };
  const double at = 0.5;
  const PayoffCurve curve(game, 1, std::span(&at, 1));
  CHECK(is_pareto(curve, at, std::vector{0.5, 0.5}));
  CHECK(!is_pareto(curve, at, std::vector{0.4, 0.4}));
  CHECK(!is_pareto(curve, std::nextafter(at, 1), std::vector{0.4, 0.4}));
}

TEST_CASE("what maximises an increasing function of everybody's utility is efficient") {
  Random random(72);
  std::size_t smooth = 0, nasty = 0;
  for (std::size_t k = 0; k < effort(24); ++k) {
    GeneralGame game = k % 2 == 0 ? smooth_game(random, 1 + k % 3) : nasty_game(random, {1 + k % 3});
    game.weight = std::clamp(game.weight, 0.1, 0.9);
    for (GeneralSpecialist& s : game.specialists) s.bargaining_weight = std::max(s.bargaining_weight, 0.1);
    for (const auto solution : {oracle::Solution::nash, oracle::Solution::utilitarian}) {
      game.solution = solution;
      const Answer answer = asked(game);
      CAPTURE(text(game));
      CAPTURE(answer.share);
      if (answer.status != Status::solved) continue;
      CHECK(answer.efficient == ParetoEfficient::yes);
      ++(k % 2 == 0 ? smooth : nasty);
    }
  }
  CHECK(is_met(smooth, 12));
  CHECK(is_met(nasty, 6));
}

TEST_CASE("a player's own best share is efficient where only it has that much there") {
  Random random(73);
  for (std::size_t k = 0; k < effort(12); ++k) {
    GeneralGame game = smooth_game(random, 1);
    for (const auto solution : {oracle::Solution::powerful_generalist, oracle::Solution::powerful_specialist,
                                oracle::Solution::kalai_smorodinsky, oracle::Solution::egalitarian}) {
      game.solution = solution;
      const Answer answer = asked(game);
      CAPTURE(text(game));
      CAPTURE(answer.share);
      CHECK(answer.efficient == ParetoEfficient::yes);
    }
  }
}

TEST_CASE("shares of each domain: those of its bargain are efficient, those that waste a domain are not") {
  GeneralGame game = linear_game(4, {linear_specialist(0.5), linear_specialist(3)}, {0.3, 0.3});
  for (const auto solution : {oracle::Solution::nash, oracle::Solution::utilitarian}) {
    game.solution = solution;
    CHECK(asked(game).efficient == ParetoEfficient::yes);
  }
  game.solution = oracle::Solution::fixed;
  // All of a domain's revenue to the dear generalist leaves the cheap specialist idle; both gain by changing that, and
  // enough to make good what the other specialist loses by it.
  for (const auto& shares : {std::vector{1.0, 0.3}, {1.0, 1.0}}) {
    game.fixed_shares = shares;
    CAPTURE(shares[0]);
    CAPTURE(shares[1]);
    CHECK(asked(game).efficient == ParetoEfficient::no);
  }
}

TEST_CASE("where there is no deal, none is efficient; of a game that is not solved nothing is said") {
  GeneralGame game = linear_game(1, {linear_specialist(1)}, {0.5});
  game.outside = 100;
  for (const auto solution : {oracle::Solution::fixed, oracle::Solution::nash}) {
    game.solution = solution;
    const Answer none = asked(game);
    CHECK(none.status == Status::no_deal);
    CHECK(none.efficient == ParetoEfficient::no);
  }
  game.outside = 0;
  game.cost = {Family::power, {1, 0, 2}};  // which revenue outgrows
  const Answer unbounded = asked(game);
  CHECK(unbounded.status == Status::unbounded);
  CHECK(unbounded.efficient == ParetoEfficient::unsolved);
}

TEST_CASE("nothing is computed of efficiency where it is not asked for, and other outputs are as they were") {
  Random random(74);
  std::vector<GeneralGame> games(8, smooth_game(random, 2));
  for (GeneralGame& game : games) game.solution = oracle::Solution::nash, game.weight = random.uniform(0.2, 0.8);
  const auto table = table_of(games.front());
  const auto& o = table->form.outputs;
  Solved plain(*table, games);
  CHECK(plain.out[o.pareto_efficient] == nullptr);
  CHECK(fine_tuning::TracedBlock<double>::takes(table->form, plain.out.data()));
  Solved full(*table, games);
  full.out[o.pareto_efficient] = full.outputs[o.pareto_efficient].data();
  CHECK(!fine_tuning::TracedBlock<double>::takes(table->form, full.out.data()));
  for (Solved* solved : {&plain, &full})
    block_solver(*table, best_instruction_set())(solved->in.data(), solved->out.data(), games.size());
  for (std::size_t i = 0; i < games.size(); ++i) {
    CHECK(full.outputs[o.pareto_efficient][i] == static_cast<double>(ParetoEfficient::yes));
    for (const std::size_t column : {o.share, o.generalist_utility, o.first_best_surplus})
      CHECK(full.outputs[column][i] == doctest::Approx(plain.outputs[column][i]).epsilon(1e-10));
  }
}

TEST_CASE("a spec that names the output gets the general game, with or without a section on the Pareto set") {
  const auto spec = [](const std::string& outputs, const std::string& more = "") {
    return "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1, exponent: 2}}\n"
           "specialists: [{cost: {coefficient: 1}, revenue: {elasticity: 0.8}}]\n" +
           more + "outputs: [" + outputs + "]\n";
  };
  CHECK(read_spec(spec("share"), "s").game->kernel != "fine_tuning");
  const Plan plain = read_spec(spec("share, pareto_efficient"), "s");
  CHECK(plain.game->kernel == "fine_tuning");
  CHECK(plain.game->dimensions.empty());
  CHECK(plain.game->least_block == 4);
  CHECK(read_spec(spec("pareto, pareto_efficient", "pareto: {components: 2}\n"), "s").outputs.size() == 8);
  CHECK(read_spec(spec("share", "pareto: {components: 2}\n"), "s").outputs.size() == 2);
  CHECK_THROWS_WITH_AS(read_spec(spec("pareto_eficient"), "s"), doctest::Contains("did you mean `pareto_efficient`?"),
                       SpecError);
}
