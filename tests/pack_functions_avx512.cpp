// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "pack_functions_of.hpp"

haggle::test::PacksOfSet haggle::test::packs_avx512() { return packs_of<xsimd::avx512dq>(); }
#endif
