// SPDX-License-Identifier: MIT
// What the rest of the house knows of a game: names, units, domains. Nothing here computes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace haggle {

/// The values a number may take. Ends are included unless said otherwise.
struct Domain {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  /// NaN and infinities are never inside.
  constexpr bool contains(double x) const {
    return x - x == 0.0 && (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
};

/// One number or one choice of a game. Its value is a double everywhere; a choice is the index into `choices`.
struct Parameter {
  std::string_view name;    ///< short and unique, snake_case: "elasticity"
  std::string_view path;    ///< where it stands in a spec: "specialists[].revenue.elasticity"
  std::string_view symbol;  ///< as in the paper: "ε"
  std::string_view unit;    ///< UDUNITS, "1" for a pure number
  std::string_view meaning;
  Domain domain{};
  std::optional<double> preset{};               ///< the value when the spec is silent; none: the spec must say
  std::span<const std::string_view> choices{};  ///< not empty: categorical
};

/// "`parameter` must be given when `choice` may take `value`", e.g. a share when the solution may be `fixed`.
struct Requirement {
  std::string_view parameter;
  std::string_view choice;
  std::string_view value;
};

/// A key of the spec that takes a word and never an axis: one of `choices`, or with no choices any label.
struct Word {
  std::string_view path;  ///< "specialists[].revenue.family"
  std::string_view meaning;
  std::span<const std::string_view> choices{};
};

struct Code {
  std::int8_t value;
  std::string_view name;
};

/// One result of a game. Its value is a double in a kernel; with `codes` it is stored as int8.
struct Output {
  std::string_view name;
  std::string_view unit;
  std::string_view long_name;
  std::span<const Code> codes{};
};

/// A word in a spec's `outputs:` that stands for several of them: "utility" for both players' utilities.
struct OutputGroup {
  std::string_view name;
  std::span<const std::string_view> members;
};

/// Row `i` of every game's parameters is `parameters[i][game]`, of its outputs `outputs[i][game]`; a null output column
/// is not wanted. Neighbours in a block never influence each other's bits.
using BlockSolver = void (*)(const double* const* parameters, double* const* outputs, std::size_t games) noexcept;

/// A game as sweep, executor, storage and command line see it.
struct GameTable {
  std::string_view name;  ///< as in the spec's `game:`
  std::string_view title;
  std::string_view source;  ///< paper and section
  std::span<const Parameter> parameters;
  std::span<const Output> outputs;  ///< the first is always `status`
  std::span<const Requirement> requirements;
  std::span<const Word> words;
  std::span<const OutputGroup> output_groups{};
};

/// Every game of the house.
std::span<const GameTable* const> games();

/// Null when there is no such game.
const GameTable* find_game(std::string_view name);

}  // namespace haggle
