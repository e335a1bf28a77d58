// SPDX-License-Identifier: MIT
// What many comparisons amount to.
#pragma once
#include <array>
#include <cstddef>
#include <string>

#include "comparison.hpp"

namespace haggle::test {

class Summary {
 public:
  void add(const Comparison& comparison);
  /// A game not compared: some revenue outgrows a cost.
  void add_unbounded() { ++unbounded_; }

  std::size_t games() const { return games_; }
  /// How often the engine is wrong.
  std::size_t findings() const { return findings_; }
  /// A table by solution, what its columns mean, and what else was counted.
  std::string text() const;

 private:
  struct Row {
    std::array<std::size_t, verdict_texts.size()> counts{};  ///< by Verdict
    double advantage = 0;                                    ///< the largest
  };
  std::string table() const;

  std::array<Row, all_solutions.size()> rows_{};  ///< by Solution; that of `fixed` stays empty
  std::size_t games_ = 0, unbounded_ = 0, refused_ = 0, findings_ = 0, wrong_stages_ = 0, cut_short_ = 0;
  std::size_t better_ideals_ = 0;
  double engine_seconds_ = 0, slowest_ = 0;
};

}  // namespace haggle::test
