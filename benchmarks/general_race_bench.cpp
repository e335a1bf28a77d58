// SPDX-License-Identifier: MIT
// The general game, contract uniform: its kernel, with all that the fast path leaves to the slow one, against nested
// Boost.Math over the same games.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "accuracy.hpp"
#include "general_boost_peer.hpp"
#include "general_games.hpp"
#include "groups.hpp"
#include "haggle/core/status.hpp"
#include "runner.hpp"

namespace haggle::bench {
namespace {

using fine_tuning::Solution;

std::vector<GeneralGame> games_of(const GameKind& kind, std::size_t count) {
  Random random(20260102);
  std::vector<GeneralGame> games(count);
  for (GeneralGame& game : games) game = general_game(kind, random);
  return games;
}

/// What is raced for.
struct Task {
  Solution solution = Solution::nash;
  bool first_best = false;  ///< beside the bargain
};

/// Against the slow path: a share is wrong if it is another one and the bargain is worse there.
Accuracy accuracy_of(const GeneralBlock& fast, GeneralBlock& slow, std::size_t checked, bool first_best) {
  Accuracy accuracy;
  accuracy.checked = checked;
  slow.solve_slowly(checked);
  for (std::size_t i = 0; i < checked; ++i) {
    if (slow.status(i) == static_cast<double>(Status::not_converged)) continue;  // nothing to compare with
    if (fast.status(i) != slow.status(i)) {
      ++accuracy.wrong;
      continue;
    }
    if (first_best && !(std::abs(fast.first_best(i) / slow.first_best(i) - 1) <= 1e-11)) ++accuracy.wrong;
    if (fast.status(i) != static_cast<double>(Status::solved)) continue;
    const double error = std::abs(fast.share(i) - slow.share(i));
    if (error <= 1e-9) {
      accuracy.max_error = std::max(accuracy.max_error, error);
    } else {
      const double ours = fast.objective(i), theirs = slow.objective(i);
      if (!(ours >= theirs - 1e-11 * (1 + std::abs(theirs)))) ++accuracy.wrong;
    }
  }
  return accuracy;
}

/// Of the first `count` games with a Nash bargain, the part in which the product at the peer's share is worse by more
/// than 1e-6, as the engine sees both.
double wrong_shares(const GameKind& kind, std::vector<GeneralGame> games, std::size_t count, Search search) {
  games.resize(std::min(count, games.size()));
  GeneralBlock ours(kind, games, Solution::nash), theirs(kind, games, Solution::fixed);
  for (std::size_t i = 0; i < games.size(); ++i)
    theirs.set_share(i, general_boost_share(games[i], Solution::nash, Reply::bracketed, search));
  for (GeneralBlock* block : {&ours, &theirs}) block->solve(best_instruction_set());
  double deals = 0, wrong = 0;
  for (std::size_t i = 0; i < games.size(); ++i) {
    const double best = ours.nash_product(i);
    if (ours.status(i) != static_cast<double>(Status::solved) || !std::isfinite(best)) continue;
    deals += 1;
    wrong += theirs.nash_product(i) >= best - 1e-6 ? 0 : 1;
  }
  return wrong / deals;
}

void race(benchmark::State& state, const GameKind& kind, Task task) {
  const std::size_t n = kind.families.size();
  const std::size_t count = std::max<std::size_t>(256, size_from_environment("HAGGLE_BENCH_GAMES", 16384) / (2 * n));
  const std::vector<GeneralGame> games = games_of(kind, count);
  const InstructionSet isa = best_instruction_set();
  GeneralBlock block(kind, games, task.solution, task.first_best);
  const std::size_t peers = std::max<std::size_t>(1, (kind.s_shaped ? 16 : 64) / n);
  Runner kernel(count, [&] { block.solve(isa); });
  const auto peer_with = [&](std::size_t some, Reply reply, Search search) {
    return Runner(some, [&games, some, reply, search, task] {
      double sum = 0;
      for (std::size_t i = 0; i < some; ++i) {
        sum += general_boost_share(games[i], task.solution, reply, search);
        if (task.first_best) sum += general_boost_first_best(games[i], reply);
      }
      benchmark::DoNotOptimize(sum);
    });
  };
  Runner peer = peer_with(peers, Reply::bracketed, Search::one_peak),
         tuned_peer = peer_with(peers, Reply::newton, Search::one_peak),
         careful_peer = peer_with(peers, Reply::bracketed, Search::every_peak);
  const bool uneven = kind.linear || kind.linear_adaptation || kind.fixed || kind.s_shaped;
  const bool careful = (n == 1 || uneven) && task.solution == Solution::nash && !task.first_best;
  while (state.KeepRunning()) {
    const double seconds = std::max(0.01, std::min(peer.call_seconds(), peer.call_seconds()));
    std::vector<Runner*> racers{&kernel, &peer};
    if (!kind.s_shaped) racers.push_back(&tuned_peer);
    if (careful) racers.push_back(&careful_peer);
    for (Runner* runner : racers) runner->take_turns_of(seconds);
    for (int turn = 0; turn < turns; ++turn)
      for (Runner* runner : racers) runner->turn();
  }
  state.counters["kernel_games/s"] = kernel.best();
  state.counters["boost_games/s"] = peer.best();
  state.counters["ratio_of_bests"] = kernel.best() / peer.best();
  state.counters["ratio_of_medians"] = kernel.median() / peer.median();
  if (!kind.s_shaped) {
    state.counters["boost_newton_games/s"] = tuned_peer.best();
    state.counters["ratio_of_bests_to_newton"] = kernel.best() / tuned_peer.best();
  }
  if (careful) {
    state.counters["boost_every_peak_games/s"] = careful_peer.best();
    state.counters["ratio_of_bests_to_every_peak"] = kernel.best() / careful_peer.best();
    state.counters["boost_wrong"] = wrong_shares(kind, games, 1024 / n, Search::one_peak);
    state.counters["boost_every_peak_wrong"] = wrong_shares(kind, games, 1024 / n, Search::every_peak);
  }
  const std::size_t checked = std::min(count, size_from_environment("HAGGLE_BENCH_CHECKED", 2048) / n + 1);
  GeneralBlock slow(kind, games, task.solution, task.first_best);
  report(state, accuracy_of(block, slow, checked, task.first_best), std::string(name_of(isa)));
}

GameKind kind_of(std::size_t specialists) {
  GameKind kind{"", {}};
  for (std::size_t i = 0; i < specialists; ++i) kind.families.push_back(static_cast<RevenueFamily>(i % 4));
  return kind;
}

}  // namespace

void add_general_race() {
  const auto add = [](const std::string& name, const GameKind& kind, Task task = {}) {
    benchmark::RegisterBenchmark(("general/" + name).c_str(),
                                 [kind, task](benchmark::State& state) { race(state, kind, task); })
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  };
  constexpr std::array names{"isoelastic", "logarithmic", "exponential_saturation", "hill"};
  for (std::size_t f = 0; f < names.size(); ++f) {
    GameKind kind{names[f], {static_cast<RevenueFamily>(f)}};
    add(std::string("one/") + names[f], kind);
    kind.fixed = true;
    add(std::string("one_with_fixed_costs/") + names[f], kind);
    kind.fixed = false, kind.linear_adaptation = true;
    add(std::string("one_with_linear_adaptation/") + names[f], kind);
    kind.linear_adaptation = false, kind.linear = true;
    add(std::string("one_with_linear_costs/") + names[f], kind);
  }
  GameKind shaped{"s_shaped", {RevenueFamily::hill}};
  shaped.s_shaped = true;
  add("one/hill_s_shaped", shaped);
  shaped.fixed = true;
  add("one_with_fixed_costs/hill_s_shaped", shaped);
  shaped.fixed = false, shaped.linear_adaptation = true;
  add("one_with_linear_adaptation/hill_s_shaped", shaped);
  shaped.linear_adaptation = false, shaped.linear = true;
  add("one_with_linear_costs/hill_s_shaped", shaped);
  for (const std::size_t n : {2, 4, 8, 16, 32, 64}) add("specialists/" + std::to_string(n), kind_of(n));
  for (const std::size_t n : {2, 8}) {
    const std::string of = "/" + std::to_string(n);
    GameKind kind = kind_of(n);
    kind.linear_adaptation = true;
    add("specialists_with_linear_adaptation" + of, kind);
    kind.linear_adaptation = false, kind.linear = true;
    add("specialists_with_linear_costs" + of, kind);
    kind.linear = false, kind.fixed = true;
    add("specialists_with_fixed_costs" + of, kind);
    kind.fixed = false, kind.s_shaped = true;
    add("specialists_s_shaped" + of, kind);
  }
  for (const std::size_t n : {1, 8}) {
    const std::string with = "/" + std::to_string(n);
    add("kalai_smorodinsky" + with, kind_of(n), {Solution::kalai_smorodinsky});
    add("egalitarian" + with, kind_of(n), {Solution::egalitarian});
    add("with_first_best" + with, kind_of(n), {Solution::nash, true});
  }
}

}  // namespace haggle::bench
