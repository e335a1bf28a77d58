// SPDX-License-Identifier: MIT
// A Real good to about 1e-7 and several times faster: for finding out where to look closely.
#pragma once
#include <concepts>
#include <cstdint>
#if defined(__AVX2__)
#include "haggle/core/pack.hpp"
#endif
#include "haggle/core/twin.hpp"

namespace haggle {

// Exponential, logarithm and reciprocal to 3e-7 relative, in floats to 5e-7 (the logarithm's also near 1), for
// arguments of moderate size; twice an argument's own rounding comes on top. The polynomials interpolate 2^x on [-1/2,
// 1/2] and ln(1+x)/x on [-1/4, 1/2] at Chebyshev's nodes.
template <class Real>
Real rough_exp(Real x) {
  return exp(x);
}
template <class Real>
Real rough_log(Real x) {
  return log(x);
}
template <class Real>
Real rough_reciprocal(Real x) {
  return Real(1.0) / x;
}

#if defined(__AVX512F__)
inline Pack<xsimd::avx512dq> rough_exp(Pack<xsimd::avx512dq> x) {
  const __m512d t = _mm512_mul_pd(x, _mm512_set1_pd(1.4426950408889634));
  const __m512d whole = _mm512_roundscale_pd(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512d f = _mm512_sub_pd(t, whole), f2 = _mm512_mul_pd(f, f);
  const auto c = [](double value) { return _mm512_set1_pd(value); };
  const __m512d low = _mm512_fmadd_pd(f, c(0.6931471880262287), c(1.0000000754548972));
  const __m512d middle = _mm512_fmadd_pd(f, c(0.05550357114219194), c(0.24022107485308267));
  const __m512d high = _mm512_fmadd_pd(f, c(0.0013390863364616103), c(0.009676031918324871));
  return _mm512_scalef_pd(_mm512_fmadd_pd(f2, _mm512_fmadd_pd(f2, high, middle), low), whole);
}
inline Pack<xsimd::avx512dq> rough_log(Pack<xsimd::avx512dq> x) {
  const __m512d m = _mm512_getmant_pd(x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_nan);
  const auto c = [](double value) { return _mm512_set1_pd(value); };
  const __m512d power = _mm512_getexp_pd(_mm512_mul_pd(x, c(4.0 / 3.0)));
  const __m512d t = _mm512_sub_pd(m, c(1.0)), t2 = _mm512_mul_pd(t, t), t4 = _mm512_mul_pd(t2, t2);
  const __m512d a = _mm512_fmadd_pd(t, c(-0.5000017744312734), c(1.0000001601623723));
  const __m512d b = _mm512_fmadd_pd(t, c(-0.24978826540437463), c(0.33329473757288586));
  const __m512d d = _mm512_fmadd_pd(t, c(-0.17357405732383574), c(0.20119603069897002));
  const __m512d e = _mm512_fmadd_pd(t, c(-0.0650838147229062), c(0.14006881751117775));
  const __m512d p = _mm512_fmadd_pd(t4, _mm512_fmadd_pd(t2, e, d), _mm512_fmadd_pd(t2, b, a));
  return _mm512_fmadd_pd(power, c(0.69314718055994530942), _mm512_mul_pd(t, p));
}
inline Pack<xsimd::avx512dq> rough_reciprocal(Pack<xsimd::avx512dq> x) {
  const __m512d y = _mm512_rcp14_pd(x);
  return _mm512_mul_pd(y, _mm512_fnmadd_pd(x, y, _mm512_set1_pd(2.0)));
}
#endif

#if defined(__AVX2__)
inline Pack<xsimd::fma3<xsimd::avx2>> rough_exp(Pack<xsimd::fma3<xsimd::avx2>> x) {
  const auto c = [](double value) { return _mm256_set1_pd(value); };
  const __m256d t = _mm256_mul_pd(x, c(1.4426950408889634));
  const __m256d whole = _mm256_round_pd(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m256d f = _mm256_sub_pd(t, whole), f2 = _mm256_mul_pd(f, f);
  const __m256d low = _mm256_fmadd_pd(f, c(0.6931471880262287), c(1.0000000754548972));
  const __m256d middle = _mm256_fmadd_pd(f, c(0.05550357114219194), c(0.24022107485308267));
  const __m256d high = _mm256_fmadd_pd(f, c(0.0013390863364616103), c(0.009676031918324871));
  // Beyond these exponents it is 0 or infinite. Added to 1.5 * 2^52, a whole number stands in the last bits.
  const __m256d exponent = _mm256_min_pd(_mm256_max_pd(whole, c(-1023)), c(1024));
  const __m256i bits = _mm256_castpd_si256(_mm256_add_pd(exponent, c(6755399441055744.0)));
  const __m256i scale = _mm256_slli_epi64(_mm256_add_epi64(bits, _mm256_set1_epi64x(1023)), 52);
  return _mm256_mul_pd(_mm256_fmadd_pd(f2, _mm256_fmadd_pd(f2, high, middle), low), _mm256_castsi256_pd(scale));
}
inline Pack<xsimd::fma3<xsimd::avx2>> rough_log(Pack<xsimd::fma3<xsimd::avx2>> x) {
  const auto c = [](double value) { return _mm256_set1_pd(value); };
  // x = m 2^power, 3/4 <= m < 3/2. Whole numbers below 2^52 are the last bits of 2^52 more.
  constexpr long long one = 1023LL << 52, half = 1LL << 51;
  const __m256i bits = _mm256_castpd_si256(x);
  const __m256i biased = _mm256_srli_epi64(_mm256_add_epi64(bits, _mm256_set1_epi64x(half)), 52);
  const __m256i whole = _mm256_or_si256(biased, _mm256_castpd_si256(c(4503599627370496.0)));
  const __m256d power = _mm256_sub_pd(_mm256_castsi256_pd(whole), c(4503599627370496.0 + 1023));
  const __m256d m = _mm256_castsi256_pd(
      _mm256_add_epi64(_mm256_sub_epi64(bits, _mm256_slli_epi64(biased, 52)), _mm256_set1_epi64x(one)));
  const __m256d t = _mm256_sub_pd(m, c(1.0)), t2 = _mm256_mul_pd(t, t), t4 = _mm256_mul_pd(t2, t2);
  const __m256d a = _mm256_fmadd_pd(t, c(-0.5000017744312734), c(1.0000001601623723));
  const __m256d b = _mm256_fmadd_pd(t, c(-0.24978826540437463), c(0.33329473757288586));
  const __m256d d = _mm256_fmadd_pd(t, c(-0.17357405732383574), c(0.20119603069897002));
  const __m256d e = _mm256_fmadd_pd(t, c(-0.0650838147229062), c(0.14006881751117775));
  const __m256d p = _mm256_fmadd_pd(t4, _mm256_fmadd_pd(t2, e, d), _mm256_fmadd_pd(t2, b, a));
  const __m256d result = _mm256_fmadd_pd(power, c(0.69314718055994530942), _mm256_mul_pd(t, p));
  const __m256d usual = _mm256_and_pd(_mm256_cmp_pd(x, c(std::numeric_limits<double>::min()), _CMP_GE_OQ),
                                      _mm256_cmp_pd(x, c(std::numeric_limits<double>::max()), _CMP_LE_OQ));
  if (_mm256_movemask_pd(usual) == 15) return result;
  return _mm256_blendv_pd(log(x), result, usual);
}
#endif

#if defined(__AVX2__)
// The same of packs of floats, for arguments up to 1e38; what is not a positive number of theirs has no logarithm.
template <class Arch>
xsimd::batch<float, Arch> rough_exp(xsimd::batch<float, Arch> x) {
  using Batch = xsimd::batch<float, Arch>;
  const auto c = [](double value) { return Batch(static_cast<float>(value)); };
  const Batch t = x * c(1.4426950408889634), whole = xsimd::nearbyint(t);
  const Batch f = t - whole, f2 = f * f;
  const Batch low = fma(f, c(0.6931471880262287), c(1.0000000754548972));
  const Batch middle = fma(f, c(0.05550357114219194), c(0.24022107485308267));
  const Batch high = fma(f, c(0.0013390863364616103), c(0.009676031918324871));
  const Batch exponent = xsimd::min(xsimd::max(whole, c(-127)), c(128));
  const auto scale = (xsimd::to_int(exponent) + 127) << 23;
  return fma(f2, fma(f2, high, middle), low) * xsimd::bitwise_cast<Batch>(scale);
}
template <class Arch>
xsimd::batch<float, Arch> rough_log(xsimd::batch<float, Arch> x) {
  using Batch = xsimd::batch<float, Arch>;
  using Bits = xsimd::batch<std::int32_t, Arch>;
  const auto c = [](double value) { return Batch(static_cast<float>(value)); };
  // x = m 2^power, 3/4 <= m < 3/2.
  const Bits bits = xsimd::bitwise_cast<Bits>(x), biased = (bits + (1 << 22)) >> 23;
  const Batch power = xsimd::to_float(biased - 127);
  const Batch t = xsimd::bitwise_cast<Batch>(bits - (biased << 23) + (127 << 23)) - c(1.0);
  const Batch t2 = t * t, t4 = t2 * t2;
  const Batch a = fma(t, c(-0.5000017744312734), c(1.0000001601623723));
  const Batch b = fma(t, c(-0.24978826540437463), c(0.33329473757288586));
  const Batch d = fma(t, c(-0.17357405732383574), c(0.20119603069897002));
  const Batch e = fma(t, c(-0.0650838147229062), c(0.14006881751117775));
  const Batch p = fma(t4, fma(t2, e, d), fma(t2, b, a));
  const auto usual = (x >= Batch(std::numeric_limits<float>::min())) & (x <= Batch(std::numeric_limits<float>::max()));
  return xsimd::select(usual, fma(power, c(0.69314718055994530942), t * p),
                       Batch(std::numeric_limits<float>::quiet_NaN()));
}
template <class Arch>
xsimd::batch<float, Arch> rough_reciprocal(xsimd::batch<float, Arch> x) {
  const xsimd::batch<float, Arch> y = xsimd::reciprocal(x);
  return y * fnma(x, y, xsimd::batch<float, Arch>(2.0F));
}
#endif

#if defined(__AVX512F__)
inline xsimd::batch<float, xsimd::avx512dq> rough_exp(xsimd::batch<float, xsimd::avx512dq> x) {
  const auto c = [](double value) { return _mm512_set1_ps(static_cast<float>(value)); };
  const __m512 t = _mm512_mul_ps(x, c(1.4426950408889634));
  const __m512 whole = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 f = _mm512_sub_ps(t, whole), f2 = _mm512_mul_ps(f, f);
  const __m512 low = _mm512_fmadd_ps(f, c(0.6931471880262287), c(1.0000000754548972));
  const __m512 middle = _mm512_fmadd_ps(f, c(0.05550357114219194), c(0.24022107485308267));
  const __m512 high = _mm512_fmadd_ps(f, c(0.0013390863364616103), c(0.009676031918324871));
  // No denormals: they cost a hundred cycles each.
  const __mmask16 normal = _mm512_cmp_ps_mask(t, c(-126), _CMP_NLT_UQ);
  return _mm512_maskz_scalef_ps(normal, _mm512_fmadd_ps(f2, _mm512_fmadd_ps(f2, high, middle), low), whole);
}
inline xsimd::batch<float, xsimd::avx512dq> rough_log(xsimd::batch<float, xsimd::avx512dq> x) {
  const __m512 m = _mm512_getmant_ps(x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_nan);
  const auto c = [](double value) { return _mm512_set1_ps(static_cast<float>(value)); };
  // From 3/2 of a power of two on, half a unit of the exponent more reaches the next.
  const __m512i bits = _mm512_add_epi32(_mm512_castps_si512(x), _mm512_set1_epi32(1 << 22));
  const __m512 power = _mm512_getexp_ps(_mm512_castsi512_ps(bits));
  const __m512 t = _mm512_sub_ps(m, c(1.0)), t2 = _mm512_mul_ps(t, t), t4 = _mm512_mul_ps(t2, t2);
  const __m512 a = _mm512_fmadd_ps(t, c(-0.5000017744312734), c(1.0000001601623723));
  const __m512 b = _mm512_fmadd_ps(t, c(-0.24978826540437463), c(0.33329473757288586));
  const __m512 d = _mm512_fmadd_ps(t, c(-0.17357405732383574), c(0.20119603069897002));
  const __m512 e = _mm512_fmadd_ps(t, c(-0.0650838147229062), c(0.14006881751117775));
  const __m512 p = _mm512_fmadd_ps(t4, _mm512_fmadd_ps(t2, e, d), _mm512_fmadd_ps(t2, b, a));
  constexpr int no_positive_number = 0xff;  // not a number, 0, infinite, without all digits, negative
  return _mm512_mask_mov_ps(_mm512_fmadd_ps(power, c(0.69314718055994530942), _mm512_mul_ps(t, p)),
                            _mm512_fpclass_ps_mask(x, no_positive_number), c(NAN));
}
#endif

template <class Half>
Twin<Half> rough_exp(Twin<Half> x) {
  return {rough_exp(x.a), rough_exp(x.b)};
}
template <class Half>
Twin<Half> rough_log(Twin<Half> x) {
  return {rough_log(x.a), rough_log(x.b)};
}
template <class Half>
Twin<Half> rough_reciprocal(Twin<Half> x) {
  return {rough_reciprocal(x.a), rough_reciprocal(x.b)};
}

/// `Fine` with rough functions.
template <class Fine>
struct Rough {
  using Exact = Fine;
  using Mask = mask_t<Fine>;
  Fine value;

  Rough() = default;
  explicit Rough(Fine fine) : value(fine) {}
  explicit Rough(double number) requires(!std::same_as<Fine, double>) : value(fine_of(number)) {}

  friend Rough operator+(Rough x, Rough y) { return Rough(x.value + y.value); }
  friend Rough operator-(Rough x, Rough y) { return Rough(x.value - y.value); }
  friend Rough operator*(Rough x, Rough y) { return Rough(x.value * y.value); }
  friend Rough operator/(Rough x, Rough y) { return Rough(x.value * rough_reciprocal(y.value)); }
  Rough operator-() const { return Rough(-value); }

  friend Mask operator<(Rough x, Rough y) { return x.value < y.value; }
  friend Mask operator>(Rough x, Rough y) { return x.value > y.value; }
  friend Mask operator<=(Rough x, Rough y) { return x.value <= y.value; }
  friend Mask operator>=(Rough x, Rough y) { return x.value >= y.value; }
  friend Mask operator==(Rough x, Rough y) { return x.value == y.value; }
  friend Mask operator!=(Rough x, Rough y) { return x.value != y.value; }

  friend Rough exp(Rough x) { return Rough(rough_exp(x.value)); }
  friend Rough log(Rough x) { return Rough(rough_log(x.value)); }
  /// Relative to the result, as log1p: both are quotients of a small number and what rounding made of it.
  friend Rough expm1(Rough x) {
    const Rough small = x * (Rough(1.0) + x * (Rough(0.5) + x * (Rough(1.0 / 6) + x * Rough(1.0 / 24))));
    return select(abs(x) < Rough(0.03), small, exp(x) - Rough(1.0));
  }
  friend Rough log1p(Rough x) {
    const Rough small = x * (Rough(1.0) - x * (Rough(0.5) - x * (Rough(1.0 / 3) - x * Rough(0.25))));
    return select(abs(x) < Rough(0.01), small, log(Rough(1.0) + x));
  }
  friend Rough sqrt(Rough x) { return Rough(sqrt(x.value)); }
  friend Rough abs(Rough x) { return Rough(abs(x.value)); }
  friend Rough min(Rough x, Rough y) { return Rough(min(x.value, y.value)); }
  friend Rough max(Rough x, Rough y) { return Rough(max(x.value, y.value)); }
  friend Rough fma(Rough x, Rough y, Rough z) { return Rough(fma(x.value, y.value, z.value)); }
  friend Rough select(Mask mask, Rough yes, Rough no) { return Rough(select(mask, yes.value, no.value)); }

 private:
  static Fine fine_of(double number) {
    if constexpr (requires { typename Fine::value_type; })
      return Fine(static_cast<typename Fine::value_type>(number));
    else
      return Fine(number);
  }
};

template <class Fine>
struct RealTraits<Rough<Fine>> {
  using Mask = mask_t<Fine>;
  static constexpr std::size_t lanes = lanes_v<Fine>;
  static Rough<Fine> load(const double* from) { return Rough<Fine>(RealTraits<Fine>::load(from)); }
  static void store(Rough<Fine> value, double* to) { RealTraits<Fine>::store(value.value, to); }
};

/// Twice as many rough lanes in floats, with a float's range and digits; void where there are none.
template <class Real>
struct SwiftOf {
  using Type = void;
};
#if defined(__AVX2__)
template <class Arch>
struct SwiftOf<xsimd::batch<double, Arch>> {
  using Type = Rough<xsimd::batch<float, Arch>>;
};
template <>
struct SwiftOf<Pack<xsimd::sse2>> {
  using Type = void;
};
#endif
template <class Real>
using Swift = typename SwiftOf<Real>::Type;

/// Numbers of that kind have only a float's digits.
template <class Real>
inline constexpr bool is_swift_v = false;
#if defined(__AVX2__)
template <class Arch>
inline constexpr bool is_swift_v<Rough<xsimd::batch<float, Arch>>> = true;
#endif

}  // namespace haggle
