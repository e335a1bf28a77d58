// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "haggle/core/pack.hpp"
#include "kernels.hpp"

haggle::KernelList haggle::kernels_avx512() { return list_of<Twin<Pack<xsimd::avx512dq>>, Pack<xsimd::avx512dq>>(); }
#endif
