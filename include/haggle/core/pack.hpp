// SPDX-License-Identifier: MIT
// Packs of doubles, and of twice as many floats, as a `Real`, on xsimd. Included only by the translation units that are
// built for one instruction set: every function here has that set in its type, so that no two sets share a symbol.
#pragma once
#include <sleef.h>

#include <xsimd/xsimd.hpp>

#include "haggle/core/real.hpp"

namespace haggle {

template <class Arch>
using Pack = xsimd::batch<double, Arch>;

template <class Number, class Arch>
struct RealTraits<xsimd::batch<Number, Arch>> {
  using Batch = xsimd::batch<Number, Arch>;
  using Mask = xsimd::batch_bool<Number, Arch>;
  static constexpr std::size_t lanes = Batch::size;
  static Batch load(const double* from) { return Batch::load_unaligned(from); }
  static void store(Batch value, double* to) { value.store_unaligned(to); }
  /// Left with their upper halves in use, the registers make scalar code after a kernel up to 8 times slower.
  static void leave() {
#if defined(__AVX__)
    _mm256_zeroupper();
#endif
  }
};

// select(), any() and all() are xsimd's own.
template <class Number, class Arch>
xsimd::batch_bool<Number, Arch> select_mask(xsimd::batch_bool<Number, Arch> mask, xsimd::batch_bool<Number, Arch> yes,
                                            xsimd::batch_bool<Number, Arch> no) {
  return (mask & yes) | ((!mask) & no);
}
// Logarithms are SLEEF's, good to 3.5 units in the last place: the fast path spends a third of its time in them, and
// with these it is a sixth faster than with xsimd's.
inline Pack<xsimd::sse2> exp(Pack<xsimd::sse2> x) { return Sleef_expd2_u10sse2(x); }
inline Pack<xsimd::sse2> log(Pack<xsimd::sse2> x) { return Sleef_logd2_u35sse2(x); }
#if defined(__AVX2__)
inline Pack<xsimd::fma3<xsimd::avx2>> exp(Pack<xsimd::fma3<xsimd::avx2>> x) { return Sleef_expd4_u10avx2(x); }
inline Pack<xsimd::fma3<xsimd::avx2>> log(Pack<xsimd::fma3<xsimd::avx2>> x) { return Sleef_logd4_u35avx2(x); }
#endif
#if defined(__AVX512F__)
inline Pack<xsimd::avx512dq> exp(Pack<xsimd::avx512dq> x) { return Sleef_expd8_u10avx512f(x); }
inline Pack<xsimd::avx512dq> log(Pack<xsimd::avx512dq> x) { return Sleef_logd8_u35avx512f(x); }
// xsimd 8's for AVX-512 round twice and take two steps.
inline Pack<xsimd::avx512dq> fma(Pack<xsimd::avx512dq> x, Pack<xsimd::avx512dq> y, Pack<xsimd::avx512dq> z) {
  return _mm512_fmadd_pd(x, y, z);
}
inline xsimd::batch<float, xsimd::avx512dq> fma(xsimd::batch<float, xsimd::avx512dq> x,
                                                xsimd::batch<float, xsimd::avx512dq> y,
                                                xsimd::batch<float, xsimd::avx512dq> z) {
  return _mm512_fmadd_ps(x, y, z);
}
inline xsimd::batch<float, xsimd::avx512dq> fnma(xsimd::batch<float, xsimd::avx512dq> x,
                                                 xsimd::batch<float, xsimd::avx512dq> y,
                                                 xsimd::batch<float, xsimd::avx512dq> z) {
  return _mm512_fnmadd_ps(x, y, z);
}
#endif

}  // namespace haggle
