// SPDX-License-Identifier: MIT
// General games in plain double, whatever they are like.
#pragma once
#include "haggle/model/fine_tuning.hpp"

namespace haggle::fine_tuning {

/// Solves the `count` games at `where` in the block, whatever their contract, functions and solution. Compiled once.
void solve_one_by_one(const Form& form, const double* const* parameters, double* const* outputs,
                      const std::size_t* where, std::size_t count);

}  // namespace haggle::fine_tuning
