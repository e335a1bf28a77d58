// SPDX-License-Identifier: MIT
// Games in which the best investment is nothing beside what else it could be taken for: each is solved all the same.
#include <doctest/doctest.h>

#include <vector>

#include "haggle/solver/spe.hpp"
#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
namespace general = haggle::oracle::general;

namespace {

/// Solved, whatever the solution, and no worse than at any of some shares from that logit on.
void check_solved(GeneralGame game, double from = -6) {
  const general::Play play(game);
  const std::size_t n = game.specialists.size();
  for (std::size_t k = 1; k < all_solutions.size(); ++k) {
    game.solution = all_solutions[k];
    CAPTURE(text(game));
    const Played played = play_globally(game);
    REQUIRE(played.status == Status::solved);
    if (game.solution == oracle::Solution::kalai_smorodinsky) continue;
    const double reached = general::objective(game, game.solution, {}, claim_of(game, played));
    for (double logit = from; logit <= 6; logit += 0.25) {
      const general::Outcome there = play.equilibrium(std::vector(n, oracle::split_of_logit(logit)));
      if (there.deal) CHECK(general::objective(game, game.solution, {}, there) <= reached + 1e-9 * std::abs(reached));
    }
  }
}

/// The stages by themselves at a share with that logit.
void check_solved_at(GeneralGame game, double logit) {
  game.solution = oracle::Solution::fixed;
  game.fixed_shares = {oracle::split_of_logit(logit).generalist};
  CAPTURE(text(game));
  const Played played = play_globally(game);
  CHECK((played.status == Status::solved || played.status == Status::no_deal));
  const std::vector splits(game.specialists.size(), oracle::split_of_share(game.fixed_shares.front()));
  const general::Outcome there = general::Play(game).equilibrium(splits);
  CHECK((played.status == Status::solved) == there.deal);
  if (there.deal) CHECK(played.generalist_utility == doctest::Approx(there.generalist_utility).epsilon(1e-9));
}

}  // namespace

TEST_CASE("an investment of 1e-50 is not mistaken for none") {
  check_solved_at(game_of({Family::power, {0, 144.9075980451845, 1.3258706216630667}}, 0, 0, 0.32313071623809098,
                          {{{Family::isoelastic, {0.11777471509319318, 0.8887796720939255}},
                            {Family::power, {0.041268403134270354, 3.4318765238011708, 3.2931808837109595}},
                            0,
                            -0.0060568150761424241,
                            0.39309452493116903}}),
                  2.9045085);
}

TEST_CASE("a reply of 1e-126 is as good as others where marginals hardly differ") {
  const GeneralGame game =
      game_of({Family::power, {0, 185.08384317648324, 1.0066574416386178}}, 0, 0, 0.30329141173845958,
              {{{Family::exponential_saturation, {9.161797749561547, 1.6445415398346455}},
                {Family::power, {0.09553102808701143, 0.25986603984100859, 1.0046548728316342}},
                0,
                0,
                1}});
  for (const double logit : {3.4375, 3.5, 3.625, 3.75}) check_solved_at(game, logit);
}

TEST_CASE("a reply that marginals hardly settle is not searched for more than they tell") {
  // Near some share the first bit of investment costs the first specialist what it brings but for 1e-4 of it: it
  // replies with less than 1e-30, good to some nine digits, to investments of 1e-42.
  const auto game = [](const std::vector<double>& cost, const std::vector<double>& first_revenue,
                       const std::vector<double>& first_cost, const std::vector<double>& second_revenue,
                       double second_cost) {
    return game_of({Family::power, cost}, 0, 0, 0.012867230179494194,
                   {{{Family::hill, first_revenue}, {Family::power, first_cost}, 0, 0, 0.81394647946818188},
                    {{Family::hill, second_revenue}, {Family::power, {0, second_cost, 2}}, 0, 0, 0.9912857655637316}});
  };
  // At smaller shares the reference takes investments of 1e-46 for none beside a reply of 1e-15.
  check_solved(game({0, 41.907214010759283, 1.0525930218766262}, {0.54643279944196255, 0.54130747363773701, 1},
                    {0.73095439519910432, 5.8975972282048215, 1.128555756813816},
                    {4.888186397046109, 14.634138139952427, 3.6582778049651239}, 1.1538072844627867),
               -0.5);
  // Nearer to where it rides free.
  for (const double logit : {-0.994140625, -0.9942626953125})
    check_solved_at(game({0, 41.574604919394879, 1.054115155567716}, {0.5323549744514241, 0.54716131575501814, 1},
                         {0.71008382090630806, 6.1169759910032413, 1.1296644194101446},
                         {5.3676494420117784, 15.225655061672489, 3.5450638593481663}, 1.1425591929107397),
                    logit);
  // And where the generalist's slope vanishes at such a reply.
  GeneralGame last = game({0, 46.312409427137162, 1.0553478561573}, {0.5240710961897741, 0.54336627299862594, 1},
                          {0.72815494996228913, 5.6513033376796447, 1.1194687477423821},
                          {4.9249582271953924, 14.28843752085537, 3.6392402579932135}, 1.1057666077093928);
  last.solution = oracle::Solution::nash;
  CHECK(play_globally(last).status == Status::solved);
}

TEST_CASE("a revenue of powers above 1 keeps its slope where the power itself is below the smallest double") {
  check_solved(game_of({Family::power, {0.0124204281386516, 6.41197905092246, 2}}, 0, 0, 0.41,
                       {{{Family::isoelastic, {0.108072363612645, 1.57188644431943}},
                         {Family::power, {0, 78.5102016392273, 3.48288048476328}},
                         0,
                         0,
                         1}}));
}

TEST_CASE("no game takes work without end, and the next one starts afresh") {
  GeneralGame game = game_of({Family::power, {0, 1, 1.05}}, 0, 0, 0.5,
                             {{{Family::hill, {1, 1, 3}}, {Family::power, {0.1, 1, 1.1}}, 0.05, 0, 1}});
  game.solution = oracle::Solution::nash;
  const auto table = table_of(game);
  const std::vector<double> row = row_of(*table, game);
  fine_tuning::Play<double> play(table->form);
  play.read(table->form, [&](std::size_t column) { return row[column]; });
  fine_tuning::SpeSolver solver;
  REQUIRE(solver.start(play) == Status::pending);
  std::size_t solved = 0;
  while (solved < 1000000 && solver(fine_tuning::share_of(0.1 + 0.8e-6 * static_cast<double>(solved))).settled)
    ++solved;
  CHECK(solved > 5000);
  CHECK(solved < 1000000);
  CHECK(solver.is_exhausted());
  CHECK(!solver(fine_tuning::share_of(0.5)).deal);
  REQUIRE(solver.start(play) == Status::pending);
  CHECK(solver(fine_tuning::share_of(0.5)).settled);
}

TEST_CASE("an expression without a value on the way is out of its domain") {
  for (const char* revenue : {"performance + 0*ln(1 - b*performance)",
                              "performance^0.7*(1 + 0*sqrt(1 - b*performance/(1 + performance^2)))"}) {
    GeneralGame game = game_of({Family::power, {0, 1, 2}}, 0, 0, 0.5,
                               {{expression_of(revenue, "performance", {"b"}), {Family::power, {0, 1, 2}}, 0, 0, 1}});
    for (const oracle::Solution solution : {oracle::Solution::nash, oracle::Solution::utilitarian}) {
      game.solution = solution;
      CAPTURE(revenue);
      game.specialists.front().revenue.numbers = {20};
      CHECK(play_globally(game).status == Status::out_of_domain);
      game.specialists.front().revenue.numbers = {0};
      CHECK(play_globally(game).status == Status::solved);
    }
  }
}
