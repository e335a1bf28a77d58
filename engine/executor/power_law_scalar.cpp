// SPDX-License-Identifier: MIT
#include "haggle/core/real.hpp"
#include "haggle/solver/power_law_kernel.hpp"
#include "power_law_kernels.hpp"

void haggle::power_law::solve_block_scalar(const double* const* parameters, double* const* outputs,
                                           std::size_t games) noexcept {
  solve_block<double, double>(parameters, outputs, games);
}
