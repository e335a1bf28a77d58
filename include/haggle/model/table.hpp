// SPDX-License-Identifier: MIT
// What the rest of the house knows of a game: names, units, domains. Nothing here computes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// A key of the spec that takes a word and never an axis: one of `choices`, or with no choices any text. When the spec
/// is silent it is `preset`; without one the first choice; without choices the spec must say.
struct Word {
  std::string_view path;  ///< "specialists[].revenue.family"
  std::string_view meaning;
  std::span<const std::string_view> choices{};
  std::string_view preset{};
  std::span<const std::string_view> choice_meanings{};  ///< one a choice, or none
  std::string_view domain{};  ///< what a text that is no name must be: "a whole number, 1 … 64"
};

/// Something wrong with a spec that only its game can see. `path` as in Parameter::path: where it stands.
struct Complaint {
  std::string path, message;
};

/// What some numbers must heed together for there to be a game: neighbours among the parameters, and nothing else,
/// decide. `path` as in Complaint.
struct Law {
  std::string path;
  std::size_t first = 0, count = 0;
  /// What is wrong with these `count` numbers, none of them NaN.
  std::function<std::optional<std::string>(const double* numbers)> find_flaw;
};

struct Code {
  std::int8_t value;
  std::string_view name;
};

/// A dimension that outputs have beside the grid's: the specialists, the components of a set.
struct InnerDimension {
  std::string_view name;
  std::string_view long_name;
  std::size_t size = 1;
  std::span<const std::string_view> labels{};  ///< `size` of them, or none: then its coordinate is 0 … size-1
};

/// One result of a game. Its values are doubles in a kernel; with `codes` they are stored as int8.
struct Output {
  std::string_view name;
  std::string_view unit;
  std::string_view long_name;
  std::span<const Code> codes{};
  std::span<const std::size_t> dimensions{};  ///< indices into GameTable::dimensions, the last varying fastest
  bool on_request = false;                    ///< kept only when the spec's `outputs` names it
};

/// A word in a spec's `outputs:` that stands for several of them: "utility" for both players' utilities.
struct OutputGroup {
  std::string_view name;
  std::span<const std::string_view> members;
};

struct GameTable;

/// What a game asks of a spec whose keys and numbers are right each by itself.
struct GameRules {
  /// What is wrong whatever the axes say. `constants` has a value for each parameter, NaN where it varies.
  std::vector<Complaint> (*complaints)(const GameTable& table, std::span<const double> constants);
  /// A law over constants that they break is among the complaints; any other makes the games that break it
  /// out_of_domain. They refer to the table.
  std::vector<Law> (*laws)(const GameTable& table);
};

/// Row `i` of a game's parameters is `parameters[i][game]`, column `c` of its outputs (GameTable::first_column)
/// `outputs[c][game]`; a null output column is not wanted. Neighbours in a block never influence each other's bits.
/// Throws std::bad_alloc and nothing else: what becomes of a game is a status.
using BlockKernel = void (*)(const GameTable& table, const double* const* parameters, double* const* outputs,
                             std::size_t games);

/// A kernel with the table that it is to solve.
struct BlockSolver {
  BlockKernel kernel = nullptr;
  const GameTable* table = nullptr;
  void operator()(const double* const* parameters, double* const* outputs, std::size_t games) const {
    kernel(*table, parameters, outputs, games);
  }
};

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
  std::span<const InnerDimension> dimensions{};
  std::string_view kernel = name;    ///< which solver solves it
  std::size_t least_block = 4096;    ///< games of a block, at least: fewer where a game may take milliseconds
  const GameRules* rules = nullptr;  ///< null: none beyond each number's domain

  /// Values that a game has of an output.
  constexpr std::size_t width(std::size_t output) const {
    std::size_t values = 1;
    for (const std::size_t d : outputs[output].dimensions) values *= dimensions[d].size;
    return values;
  }
  /// An output's first column in a block of outputs; the last row's end is columns().
  constexpr std::size_t first_column(std::size_t output) const {
    std::size_t column = 0;
    for (std::size_t o = 0; o < output; ++o) column += width(o);
    return column;
  }
  constexpr std::size_t columns() const { return first_column(outputs.size()); }
};

/// A spec as a game sees it: only what decides which parameters and outputs its table has.
struct Outline {
  std::string_view key;            ///< of an entry of a map
  std::string_view text;           ///< of a scalar
  std::vector<Outline> entries{};  ///< of a map
  std::vector<Outline> items{};    ///< of a list

  const Outline* find(std::string_view wanted) const {
    for (const Outline& entry : entries)
      if (entry.key == wanted) return &entry;
    return nullptr;
  }
};

/// A game of the house. Its table is made for each spec.
struct GameEntry {
  std::string_view name;
  const GameTable* guide;  ///< the table of a spec that asks for all that there is, and says nothing of its players
  /// Whatever the outline, a table comes out: of the nearest game, whose keys then tell what is wrong with the spec.
  std::shared_ptr<const GameTable> (*table_for)(const Outline& outline);
};

/// Every game of the house.
std::span<const GameEntry> games();

/// Null when there is no such game.
const GameEntry* find_game(std::string_view name);

}  // namespace haggle
