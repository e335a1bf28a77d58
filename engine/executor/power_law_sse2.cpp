// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "haggle/core/pack.hpp"
#include "haggle/solver/power_law_kernel.hpp"
#include "power_law_kernels.hpp"

void haggle::power_law::solve_block_sse2(const double* const* parameters, double* const* outputs,
                                         std::size_t games) noexcept {
  solve_block<Twin<Pack<xsimd::sse2>>, Pack<xsimd::sse2>>(parameters, outputs, games);
}
#endif
