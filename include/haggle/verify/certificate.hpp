// SPDX-License-Identifier: MIT
// Whether a stored result holds: every player's regret, and the bargain's, measured by a brute-force solver that
// works from the game's definition and shares no code with the engine.
#pragma once
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "haggle/model/table.hpp"

namespace haggle {

/// One game and what a file says of it.
struct KeptGame {
  std::span<const double> parameters;  ///< one for each row of the game's parameters
  std::span<const double> outputs;     ///< one a column (GameTable::first_column); the status is `solved` or `no_deal`
  std::span<const double> rounding;    ///< of each column, relative: 2^-52, 2^-23; infinite: the file does not keep it
  const GameTable* game = nullptr;     ///< whose rows and columns these are
};

inline constexpr double not_kept = std::numeric_limits<double>::infinity();

/// What is measured of every game.
enum class Measure : std::size_t { status, generalist, specialist, bargain, numbers };

struct MeasureMeaning {
  std::string_view name, meaning;
};
/// In Measure's order.
inline constexpr std::array<MeasureMeaning, 5> measure_meanings{{
    {"status", "a deal where the file has none, or the other way round"},
    {"generalist", "another investment would have paid the generalist more"},
    {"specialist", "another contribution would have paid the specialist more"},
    {"bargain", "another share would have served the bargain better"},
    {"numbers",
     "utilities, revenue and regimes are not those of the share and the investments, or the Pareto set is not"},
}};

/// A regret up to this, in units of the game's money (the largest of its utilities, their sum and the outside options),
/// is taken for rounding: brute force is good to about 1e-11, and an equilibrium off by δ at a kink costs δ.
inline constexpr double regret_allowed = 1e-9;

struct Certificate {
  enum class Verdict { sound, wrong, skipped } verdict = Verdict::sound;
  /// In units of the game's money; NaN: not measured, because an output it needs is not kept; infinite: the file says
  /// what no game could.
  std::array<double, measure_meanings.size()> regrets = [] {
    std::array<double, measure_meanings.size()> none{};
    none.fill(std::numeric_limits<double>::quiet_NaN());
    return none;
  }();
  std::string reason;  ///< for a person: what the file says and what brute force finds, or why the game was skipped

  double& operator[](Measure m) { return regrets[static_cast<std::size_t>(m)]; }
  double operator[](Measure m) const { return regrets[static_cast<std::size_t>(m)]; }
};

/// `effort` bounds the equilibria that brute force may compute for one game; beyond it the game is skipped. Some
/// hundreds do for most games (10 ms of a power-law game, tenths of a second and more of a general one), exponents
/// within 1e-3 of 1 or of the elasticity can take millions.
using Verifier = Certificate (*)(const KeptGame& kept, std::size_t effort);

/// Whether certificates say anything of an output of that name: not of the engine's own mark of its work, the residual,
/// nor of points along the Pareto frontier.
constexpr bool is_certified(std::string_view output) {
  return output != "residual" && !output.starts_with("frontier_");
}

/// Null when the game has no brute-force solver.
Verifier find_verifier(const GameTable& game);

}  // namespace haggle
