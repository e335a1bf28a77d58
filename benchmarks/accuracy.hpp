// SPDX-License-Identifier: MIT
// How right were the shares of a block? Counters for JSON, and the same in words for people.
#pragma once
#include <benchmark/benchmark.h>

#include <string>

#include "games.hpp"

namespace haggle::bench {

struct Accuracy {
  double max_error = 0;      ///< of δ against the reference, over all games checked but those that tie
  std::size_t checked = 0;   ///< the first games of the block
  std::size_t wrong = 0;     ///< of those: off by more than 1e-9, and not as good
  std::size_t unsolved = 0;  ///< in the whole block
};

/// `block` holds the benchmarks' own games (`block_of_games`).
Accuracy accuracy_of(const Block& block, power_law::Solution solution);

/// Counters max_share_error, checked, wrong and unsolved; the label says them in words, after `label`.
void report(benchmark::State& state, const Accuracy& accuracy, const std::string& label = {});

/// Two significant digits, as 4.4e-16.
std::string scientific(double number);

/// Whether nothing reported so far was wrong or unsolved: the benchmarks' exit status.
bool all_were_right();

}  // namespace haggle::bench
