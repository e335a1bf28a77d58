// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/solved_game.hpp"

namespace haggle::cli {

/// The k-th of an output's places along its inner dimensions, the last varying fastest: "[A]", "[3, A]"; "" when it has
/// none.
std::string place_text(const GameTable& game, const Output& output, std::size_t place);
/// The output's name and its place: "performance[A]".
std::string name_at(const GameTable& game, std::size_t output, std::size_t place);

/// What was solved but the status, a line each; then, for outputs with inner dimensions, a table for those that share
/// them with a row for each place.
std::string outputs_text(const SolvedGame& solved);
/// The same by name. Along an inner dimension an object with its labels as keys or, where it has none, an array.
nlohmann::ordered_json outputs_json(const SolvedGame& solved);

}  // namespace haggle::cli
