// SPDX-License-Identifier: MIT
// A row of the general game's table as the slow reference sees it.
#pragma once
#include <optional>
#include <span>

#include "haggle/model/fine_tuning.hpp"
#include "haggle/verify/general_game.hpp"

namespace haggle {

/// None: it has a function of a family that brute force does not know.
std::optional<oracle::GeneralGame> general_game(const fine_tuning::Form& form, std::span<const double> row);

}  // namespace haggle
