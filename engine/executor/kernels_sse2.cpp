// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "haggle/core/pack.hpp"
#include "kernels.hpp"

haggle::KernelList haggle::kernels_sse2() { return list_of<Twin<Pack<xsimd::sse2>>, Pack<xsimd::sse2>>(); }
#endif
