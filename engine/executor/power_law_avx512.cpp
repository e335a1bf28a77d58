// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "haggle/core/pack.hpp"
#include "haggle/solver/power_law_kernel.hpp"
#include "power_law_kernels.hpp"

void haggle::power_law::solve_block_avx512(const double* const* parameters, double* const* outputs,
                                           std::size_t games) noexcept {
  solve_block<Twin<Pack<xsimd::avx512dq>>, Pack<xsimd::avx512dq>>(parameters, outputs, games);
}
#endif
