// SPDX-License-Identifier: MIT
// Nash bargains by nested Boost.Math, and the kernel against them: the contract of this project.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "accuracy.hpp"
#include "boost_peer.hpp"
#include "games.hpp"
#include "groups.hpp"
#include "reference.hpp"
#include "runner.hpp"

namespace haggle::bench {
namespace {

using power_law::Solution;

std::size_t peer_games() {
  return std::min(block_of_games().size(), size_from_environment("HAGGLE_BENCH_PEER_GAMES", 1000));
}

void peer_shares(Reply reply, std::vector<double>& shares) {
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = nested_boost_nash_share(block_of_games()[i], reply);
  benchmark::ClobberMemory();
}

void nested_boost(benchmark::State& state, Reply reply) {
  std::vector<double> shares(peer_games());
  while (state.KeepRunning()) peer_shares(reply, shares);
  const auto solved = static_cast<double>(static_cast<std::size_t>(state.iterations()) * shares.size());
  state.counters["games/s"] = benchmark::Counter(solved, benchmark::Counter::kIsRate);
  double max_error = 0;
  const std::size_t checked = std::min(shares.size(), references().size());
  for (std::size_t i = 0; i < checked; ++i)
    max_error = std::max(max_error, std::abs(shares[i] - references()[i].share(Solution::nash)));
  state.counters["max_share_error"] = max_error;
  state.counters["checked"] = static_cast<double>(checked);
  state.SetLabel("share error " + scientific(max_error) + " over " + std::to_string(checked) + " games");
}

/// The contract: Nash, one core, over the same games, 2,000 times what nested Boost.Math does (written down as the
/// definition says, bracketed_reply) at 1e-10 or better in δ. Turn by turn, so that all meet the same clock speed and
/// neighbours; equally many turns, equally long.
void summary(benchmark::State& state) {
  const InstructionSet isa = best_instruction_set();
  Block block(block_of_games(), Solution::nash);
  std::vector<double> shares(std::min<std::size_t>(peer_games(), 100));
  Runner kernel(block.games(), [&] { block.solve(isa); });
  Runner peer(shares.size(), [&] { peer_shares(Reply::bracketed, shares); });
  Runner tuned_peer(shares.size(), [&] { peer_shares(Reply::newton, shares); });
  while (state.KeepRunning()) {
    const double seconds = std::min({peer.call_seconds(), peer.call_seconds(), peer.call_seconds()});
    for (Runner* runner : {&kernel, &tuned_peer}) runner->take_turns_of(seconds);
    for (int turn = 0; turn < turns; ++turn)
      for (Runner* runner : {&kernel, &peer, &tuned_peer}) runner->turn();
  }
  state.counters["kernel_games/s"] = kernel.best();
  state.counters["boost_games/s"] = peer.best();
  state.counters["boost_newton_games/s"] = tuned_peer.best();
  state.counters["ratio_of_bests"] = kernel.best() / peer.best();
  state.counters["ratio_of_medians"] = kernel.median() / peer.median();
  state.counters["ratio_of_bests_to_newton"] = kernel.best() / tuned_peer.best();
  state.counters["ratio_of_medians_to_newton"] = kernel.median() / tuned_peer.median();
  report(state, accuracy_of(block, Solution::nash), std::string(name_of(isa)));
}

}  // namespace

void add_race() {
  benchmark::RegisterBenchmark("nested_boost/nash/bracketed_reply", nested_boost, Reply::bracketed)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("nested_boost/nash/newton_reply", nested_boost, Reply::newton)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("summary/nash_kernel_over_nested_boost", summary)
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace haggle::bench
