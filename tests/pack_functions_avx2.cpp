// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "pack_functions_of.hpp"

haggle::test::PacksOfSet haggle::test::packs_avx2() { return packs_of<xsimd::fma3<xsimd::avx2>>(); }
#endif
