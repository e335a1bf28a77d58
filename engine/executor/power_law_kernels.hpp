// SPDX-License-Identifier: MIT
// One translation unit an instruction set, each built with its own flags. They define nothing but these functions and
// templates over their own pack type: a test reads their symbols.
#pragma once
#include <cstddef>

namespace haggle::power_law {

void solve_block_scalar(const double* const* parameters, double* const* outputs, std::size_t games) noexcept;
void solve_block_sse2(const double* const* parameters, double* const* outputs, std::size_t games) noexcept;
void solve_block_avx2(const double* const* parameters, double* const* outputs, std::size_t games) noexcept;
void solve_block_avx512(const double* const* parameters, double* const* outputs, std::size_t games) noexcept;

}  // namespace haggle::power_law
