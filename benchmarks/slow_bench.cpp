// SPDX-License-Identifier: MIT
// Nash bargains off the fast path, one core, the best instruction set: games/s, and for a handful of games how much
// anyone could gain on the engine's answer, by the tests' brute force.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "accuracy.hpp"
#include "games.hpp"
#include "groups.hpp"
#include "haggle/core/status.hpp"
#include "haggle/verify/regret.hpp"

namespace haggle::bench {
namespace {

using power_law::Solution;

/// Parts of their best utilities without outside options that the players get without a deal are drawn up to these.
struct Outside {
  double generalist = 0, specialist = 0;
};

struct Family {
  const char* name;
  Game (*draw)(Random&);
  Outside outside;
};

/// The generalist's utility often has two peaks in its investment.
Game two_peaked(Random& random) {
  Game g = box_game(random);
  g.k1 = random.uniform(1.005, 1.05);
  return g;
}

Game extreme(Random& random) {
  Game g{};
  g.k0 = random.uniform(1.05, 8);
  g.k1 = random.uniform(1.05, 8);
  g.elasticity = random.uniform(0.05, 0.95) * std::min(g.k0, g.k1);
  g.c0 = std::exp(random.uniform(-20, 20));
  g.c1 = std::exp(random.uniform(-20, 20));
  g.weight = random.uniform(0.001, 0.999);
  return g;
}

constexpr Family families[] = {
    {"generalist_outside", box_game, {0.6, 0}},
    {"specialist_outside", box_game, {0, 0.6}},
    {"both_outside", box_game, {0.4, 0.4}},
    {"two_peaked", two_peaked, {}},
    {"two_peaked_both_outside", two_peaked, {0.4, 0.4}},
    {"extreme", extreme, {}},
};

std::vector<Game> games_of(const Family& family) {
  Random random(20260102);
  std::vector<Game> games(size_from_environment("HAGGLE_BENCH_SLOW_GAMES", 1024));
  for (Game& game : games) game = family.draw(random);
  Block generalist(games, Solution::powerful_generalist), specialist(games, Solution::powerful_specialist);
  generalist.solve(best_instruction_set());
  specialist.solve(best_instruction_set());
  for (std::size_t i = 0; i < games.size(); ++i) {
    games[i].generalist_outside =
        random.uniform(0, family.outside.generalist) * generalist.output(power_law::generalist_utility_column, i);
    games[i].specialist_outside =
        random.uniform(0, family.outside.specialist) * specialist.output(power_law::specialist_utility_column, i);
  }
  return games;
}

/// The largest gain, relative, of a player or the bargain on the engine's answer; infinite where it says solved and
/// there is no deal, or the other way round.
double regret_of(const Game& g, const Block& block, std::size_t i) {
  oracle::Game game;
  game.c0 = g.c0, game.k0 = g.k0, game.generalist_outside = g.generalist_outside;
  game.elasticity = g.elasticity;
  game.c1 = g.c1, game.k1 = g.k1, game.specialist_outside = g.specialist_outside;
  game.weight = g.weight;
  const oracle::Result best = oracle::solve(game);
  const bool solved = block.output(power_law::status_column, i) == static_cast<double>(Status::solved);
  if (!solved || !best.outcome.deal) return solved == best.outcome.deal ? 0 : INFINITY;
  const oracle::Claim claim{block.output(power_law::share_column, i),
                            block.output(power_law::base_performance_column, i),
                            block.output(power_law::performance_column, i)};
  return std::max({oracle::specialist_regret(game, claim), oracle::generalist_regret(game, claim),
                   oracle::bargain_regret(game, claim, best)});
}

void slow(benchmark::State& state, const Family& family) {
  const std::vector<Game> games = games_of(family);
  Block block(games, Solution::nash);
  while (state.KeepRunning()) {
    block.solve(best_instruction_set());
    benchmark::ClobberMemory();
  }
  state.counters["games/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * block.games()), benchmark::Counter::kIsRate);

  std::size_t no_deal = 0, unsolved = 0, wrong = 0;
  for (std::size_t i = 0; i < games.size(); ++i) {
    const double status = block.output(power_law::status_column, i);
    no_deal += status == static_cast<double>(Status::no_deal);
    unsolved += status != static_cast<double>(Status::solved) && status != static_cast<double>(Status::no_deal);
  }
  const std::size_t checked = std::min(games.size(), size_from_environment("HAGGLE_BENCH_SLOW_CHECKED", 6));
  double max_regret = 0;
#pragma omp parallel for schedule(dynamic) reduction(max : max_regret) reduction(+ : wrong)
  for (std::size_t i = 0; i < checked; ++i) {
    const double regret = regret_of(games[i], block, i);
    wrong += !(regret <= 1e-9);
    max_regret = std::fmax(max_regret, regret);
  }
  state.counters["max_regret"] = max_regret;
  state.counters["checked"] = static_cast<double>(checked);
  state.counters["wrong"] = static_cast<double>(wrong);
  state.counters["no_deal"] = static_cast<double>(no_deal);
  state.counters["unsolved"] = static_cast<double>(unsolved);
  state.SetLabel(std::string(name_of(best_instruction_set())) + ", regret " + scientific(max_regret) + ", " +
                 std::to_string(wrong) + " of " + std::to_string(checked) + " wrong, " + std::to_string(unsolved) +
                 " unsolved, " + std::to_string(no_deal) + " of " + std::to_string(games.size()) + " no deal");
}

}  // namespace

void add_slow_paths() {
  for (const Family& family : families)
    benchmark::RegisterBenchmark((std::string("slow/nash/") + family.name).c_str(), slow, family)
        ->Unit(benchmark::kMillisecond);
}

}  // namespace haggle::bench
