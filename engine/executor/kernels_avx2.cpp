// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "haggle/core/pack.hpp"
#include "kernels.hpp"

haggle::KernelList haggle::kernels_avx2() {
  return list_of<Twin<Pack<xsimd::fma3<xsimd::avx2>>>, Pack<xsimd::fma3<xsimd::avx2>>>();
}
#endif
