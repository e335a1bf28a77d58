// SPDX-License-Identifier: MIT
// The block solvers on varied games, one core: games/s beside the accuracy reached, and against nested Boost.Math.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "boost_peer.hpp"
#include "games.hpp"
#include "haggle/core/status.hpp"
#include "reference.hpp"

namespace haggle::bench {
namespace {

using power_law::Solution;

std::size_t block_games() { return size_from_environment("HAGGLE_BENCH_GAMES", 16384); }

const std::vector<Game>& games() {
  static const std::vector<Game> all = box_games(block_games());
  return all;
}

struct Accuracy {
  double max_error = 0;     ///< of δ, against the extended-precision reference
  std::size_t checked = 0;  ///< games with an interior δ that the reference can polish
  std::size_t unsolved = 0;
};

Accuracy accuracy_of(const Block& block, Solution solution, InstructionSet isa) {
  Accuracy accuracy;
  const std::size_t n = std::min<std::size_t>(block.games(), 2000);
  std::vector<double> best_generalist(n), best_specialist(n);
  if (solution == Solution::kalai_smorodinsky) {
    Block generalist(games(), Solution::powerful_generalist), specialist(games(), Solution::powerful_specialist);
    generalist.solve(isa);
    specialist.solve(isa);
    for (std::size_t i = 0; i < n; ++i) {
      best_generalist[i] = generalist.output(power_law::generalist_utility_column, i);
      best_specialist[i] = specialist.output(power_law::specialist_utility_column, i);
    }
  }
  for (std::size_t i = 0; i < block.games(); ++i)
    accuracy.unsolved += block.output(power_law::status_column, i) != static_cast<double>(Status::solved);
  for (std::size_t i = 0; i < n; ++i) {
    const double share = block.output(power_law::share_column, i);
    const auto reference = polished_share(games()[i], solution, share, best_generalist[i], best_specialist[i]);
    if (!reference) continue;
    ++accuracy.checked;
    accuracy.max_error = std::max(accuracy.max_error, std::abs(share - *reference));
  }
  return accuracy;
}

void report(benchmark::State& state, const Accuracy& accuracy) {
  state.counters["max_share_error"] = accuracy.max_error;
  state.counters["checked"] = static_cast<double>(accuracy.checked);
  state.counters["unsolved"] = static_cast<double>(accuracy.unsolved);
}

void solve(benchmark::State& state, Solution solution, InstructionSet isa) {
  Block block(games(), solution);
  while (state.KeepRunning()) {
    block.solve(isa);
    benchmark::ClobberMemory();
  }
  state.counters["games/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * block.games()), benchmark::Counter::kIsRate);
  if (solution != Solution::fixed) report(state, accuracy_of(block, solution, isa));
}

std::size_t peer_games() { return std::min(games().size(), size_from_environment("HAGGLE_BENCH_PEER_GAMES", 1000)); }

void peer_shares(Reply reply, std::vector<double>& shares) {
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = nested_boost_nash_share(games()[i], reply);
  benchmark::ClobberMemory();
}

void nested_boost(benchmark::State& state, Reply reply) {
  std::vector<double> shares(peer_games());
  while (state.KeepRunning()) peer_shares(reply, shares);
  const auto solved = static_cast<double>(static_cast<std::size_t>(state.iterations()) * shares.size());
  state.counters["games/s"] = benchmark::Counter(solved, benchmark::Counter::kIsRate);
  // The kernel's shares are 1e-12 or better: the difference is the peer's error.
  double max_error = 0;
  Block block(games(), Solution::nash);
  block.solve(best_instruction_set());
  for (std::size_t i = 0; i < shares.size(); ++i)
    max_error = std::max(max_error, std::abs(shares[i] - block.output(power_law::share_column, i)));
  state.counters["max_share_error"] = max_error;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Raises `best` to this run's games per second of processor time: what others do on the machine only ever takes away.
template <class Work>
void race(double& best, std::size_t games_a_time, Work work) {
  const double start = processor_seconds();
  work();
  best = std::max(best, static_cast<double>(games_a_time) / (processor_seconds() - start));
}

/// The contract: Nash, one core, over the same games, 2,000 times what nested Boost.Math does (written down as the
/// definition says, bracketed_reply) at 1e-10 or better in δ. All runners take turns, so that they meet the same clock
/// speed and neighbours.
void summary(benchmark::State& state) {
  const InstructionSet isa = best_instruction_set();
  Block block(games(), Solution::nash);
  std::vector<double> shares(std::min<std::size_t>(peer_games(), 100));
  double kernel = 0, peer = 0, tuned_peer = 0;
  while (state.KeepRunning())
    for (int turn = 0; turn < 10; ++turn) {
      for (int i = 0; i < 5; ++i) race(kernel, block.games(), [&] { block.solve(isa); });
      race(peer, shares.size(), [&] { peer_shares(Reply::bracketed, shares); });
      race(tuned_peer, shares.size(), [&] { peer_shares(Reply::newton, shares); });
    }
  state.counters["kernel_games/s"] = kernel;
  state.counters["boost_games/s"] = peer;
  state.counters["ratio"] = kernel / peer;
  state.counters["boost_newton_games/s"] = tuned_peer;
  state.counters["ratio_to_newton"] = kernel / tuned_peer;
  report(state, accuracy_of(block, Solution::nash, isa));
  state.SetLabel(std::string(name_of(isa)));
}

const int registered = [] {
  for (InstructionSet isa : supported_instruction_sets())
    for (std::size_t s = 0; s < power_law::solution_names.size(); ++s) {
      const std::string name = "solve/" + std::string(power_law::solution_names[s]) + "/" + std::string(name_of(isa));
      benchmark::RegisterBenchmark(name.c_str(), solve, static_cast<Solution>(s), isa)->Unit(benchmark::kMillisecond);
    }
  benchmark::RegisterBenchmark("nested_boost/nash/bracketed_reply", nested_boost, Reply::bracketed)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("nested_boost/nash/newton_reply", nested_boost, Reply::newton)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("summary/nash_kernel_over_nested_boost", summary)
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
  return 0;
}();

}  // namespace
}  // namespace haggle::bench
