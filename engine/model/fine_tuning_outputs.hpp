// SPDX-License-Identifier: MIT
#pragma once
#include "table_builder.hpp"

namespace haggle::fine_tuning {

/// Adds the game's outputs, their dimensions and groups, and notes their columns in the form, whose specialists,
/// contract, components and frontier are there already. Rows that mean the same as in the power-law game are its rows.
void add_outputs(TableBuilder& table);

}  // namespace haggle::fine_tuning
