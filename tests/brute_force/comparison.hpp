// SPDX-License-Identifier: MIT
// One game solved by the engine for every bargaining solution, beside the best that brute force finds for each.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "fine_tuning_games.hpp"

namespace haggle::test {

/// What became of one solution of one game.
enum class Verdict {
  as_good,        ///< brute force finds no better choice than the engine's
  beaten,         ///< it does
  wrong_stage,    ///< it seems to, at a share at which the engine's own equilibrium is not the slow reference's
  missed_deal,    ///< the engine says no_deal, and there is one
  unsolved,       ///< the engine gives neither an equilibrium nor no_deal
  no_deal,        ///< both find none
  narrow_deal,    ///< only the engine finds one
  marginal_deal,  ///< the engine says no_deal, and the generalist's gain from those that there are is rounding
  same_share,     ///< a better choice at the engine's own share, but for its last digits
  steep_ideal,    ///< an ideal utility of kalai_smorodinsky hangs on the last digits of its share
  tiny_gain,      ///< some player's gain at the best deal, or the utilities' sum, is rounding
  tiny_money,     ///< no deal has any money to speak of
};

struct VerdictText {
  std::string_view heading, meaning;
};

/// By Verdict.
inline constexpr std::array<VerdictText, 12> verdict_texts{{
    {"as good", "no share found is better than the engine's by more than 1e-9"},
    {"BEATEN", "a better share was found"},
    {"WRONG", "the engine's equilibrium at a share offered as better pays the generalist less than the reference's"},
    {"MISSED", "the engine says no_deal, and there is a deal"},
    {"UNSOLVED", "the engine gives neither an equilibrium nor no_deal"},
    {"no deal", "neither finds any"},
    {"narrow", "only the engine finds a deal"},
    {"marginal", "the engine says no_deal, and the deals there are gain less than 1e-9 of the money"},
    {"share", "a better share agrees with the engine's to 64 ulps of its logit"},
    {"ideal", "an ideal utility changes by more than 1e-9 within 3 ulps of its share's logit"},
    {"gain", "some player's gain at the best deal, or the utilities' sum, is below 1e-11 of the money"},
    {"money", "no deal has money above 1e-60"},
}};

/// Both have a choice, and doubles can tell which is better.
constexpr bool is_compared(Verdict verdict) {
  return verdict == Verdict::as_good || verdict == Verdict::beaten || verdict == Verdict::wrong_stage;
}

struct Judgement {
  oracle::Solution solution{};
  Verdict verdict{};
  double advantage = 0;  ///< of brute force's choice, relative, above ties; where compared
};

struct Comparison {
  /// One for each solution, powerful_specialist of several specialists twice: their sum, and the second alone.
  std::vector<Judgement> judgements;
  std::vector<std::string> findings;  ///< a line for all that is wrong, with the game's text
  std::size_t wrong_stages = 0;       ///< of four random shares
  bool refused = false;               ///< the engine does not take the game up: no judgements
  bool cut_short = false;             ///< brute force was (DenseSearch::is_cut_short)
  std::size_t better_ideals = 0;      ///< players whose ideal utility the engine found to be higher than brute force
  double engine_seconds = 0, slowest = 0;  ///< for all solutions, for the slowest
};

/// Which of the engine's solvers is judged.
enum class Path {
  kernel,  ///< what a run has: the fast path, and the global solver for what that leaves
  global,  ///< the global solver alone
};

/// Of a bounded game. `step` as in DenseSearch; `random` for the shares at which stages are checked.
Comparison compare(const GeneralGame& game, double step, Path path, Random& random);

}  // namespace haggle::test
