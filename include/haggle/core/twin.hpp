// SPDX-License-Identifier: MIT
// Two Reals side by side as one. An iteration that waits for its own last result leaves a processor half idle; a
// second, independent one beside it fills the gaps.
#pragma once
#include "haggle/core/real.hpp"

namespace haggle {

template <class Half>
struct TwinMask {
  Half a, b;
  friend TwinMask operator&(TwinMask x, TwinMask y) { return {x.a & y.a, x.b & y.b}; }
  friend TwinMask operator|(TwinMask x, TwinMask y) { return {x.a | y.a, x.b | y.b}; }
  TwinMask operator!() const { return {!a, !b}; }
  friend bool any(TwinMask x) { return any(x.a | x.b); }
  friend bool all(TwinMask x) { return all(x.a & x.b); }
  friend TwinMask select_mask(TwinMask mask, TwinMask yes, TwinMask no) {
    return {select_mask(mask.a, yes.a, no.a), select_mask(mask.b, yes.b, no.b)};
  }
};

template <class Half>
struct Twin {
  using Mask = TwinMask<mask_t<Half>>;
  Half a, b;

  Twin() = default;
  explicit Twin(double both) : a(both), b(both) {}
  Twin(Half first, Half second) : a(first), b(second) {}

  friend Twin operator+(Twin x, Twin y) { return {x.a + y.a, x.b + y.b}; }
  friend Twin operator-(Twin x, Twin y) { return {x.a - y.a, x.b - y.b}; }
  friend Twin operator*(Twin x, Twin y) { return {x.a * y.a, x.b * y.b}; }
  friend Twin operator/(Twin x, Twin y) { return {x.a / y.a, x.b / y.b}; }
  Twin operator-() const { return {-a, -b}; }

  friend Mask operator<(Twin x, Twin y) { return {x.a < y.a, x.b < y.b}; }
  friend Mask operator>(Twin x, Twin y) { return {x.a > y.a, x.b > y.b}; }
  friend Mask operator<=(Twin x, Twin y) { return {x.a <= y.a, x.b <= y.b}; }
  friend Mask operator>=(Twin x, Twin y) { return {x.a >= y.a, x.b >= y.b}; }
  friend Mask operator==(Twin x, Twin y) { return {x.a == y.a, x.b == y.b}; }
  friend Mask operator!=(Twin x, Twin y) { return {x.a != y.a, x.b != y.b}; }

  friend Twin exp(Twin x) { return {exp(x.a), exp(x.b)}; }
  friend Twin expm1(Twin x) { return {expm1(x.a), expm1(x.b)}; }
  friend Twin log(Twin x) { return {log(x.a), log(x.b)}; }
  friend Twin log1p(Twin x) { return {log1p(x.a), log1p(x.b)}; }
  friend Twin sqrt(Twin x) { return {sqrt(x.a), sqrt(x.b)}; }
  friend Twin abs(Twin x) { return {abs(x.a), abs(x.b)}; }
  friend Twin min(Twin x, Twin y) { return {min(x.a, y.a), min(x.b, y.b)}; }
  friend Twin max(Twin x, Twin y) { return {max(x.a, y.a), max(x.b, y.b)}; }
  friend Twin fma(Twin x, Twin y, Twin z) { return {fma(x.a, y.a, z.a), fma(x.b, y.b, z.b)}; }
  friend Twin select(Mask mask, Twin yes, Twin no) {
    return {select(mask.a, yes.a, no.a), select(mask.b, yes.b, no.b)};
  }
};

template <class Half>
struct RealTraits<Twin<Half>> {
  using Mask = typename Twin<Half>::Mask;
  static constexpr std::size_t lanes = 2 * lanes_v<Half>;
  static Twin<Half> load(const double* from) {
    return {RealTraits<Half>::load(from), RealTraits<Half>::load(from + lanes_v<Half>)};
  }
  static void store(Twin<Half> value, double* to) {
    RealTraits<Half>::store(value.a, to);
    RealTraits<Half>::store(value.b, to + lanes_v<Half>);
  }
};

template <class Real>
inline constexpr bool is_twin_v = false;
template <class Half>
inline constexpr bool is_twin_v<Twin<Half>> = true;

}  // namespace haggle
