// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstddef>

#include "haggle/core/real.hpp"
#include "haggle/core/twin.hpp"

namespace haggle {

/// Coefficients of a polynomial, lowest power first. Seen as homogeneous in (s, t) at z = s/t, multiplying by (1+z) is
/// multiplying by one, and coefficients that are all non-negative prove that it is non-negative for every z > 0.
template <class Real, std::size_t N>
using Polynomial = std::array<Real, N>;

template <class Real, std::size_t N>
Real evaluate(const Polynomial<Real, N>& a, Real z) {
  Real value = a[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) value = fma(value, z, a[i]);
  return value;
}

/// z a'(z)
template <class Real, std::size_t N>
Real evaluate_log_slope(const Polynomial<Real, N>& a, Real z) {
  Real value = Real(static_cast<double>(N - 1)) * a[N - 1];
  for (std::size_t i = N - 1; i-- > 1;) value = fma(value, z, Real(static_cast<double>(i)) * a[i]);
  return value * z;
}

template <class Real, std::size_t N, std::size_t M>
Polynomial<Real, N + M - 1> operator*(const Polynomial<Real, N>& a, const Polynomial<Real, M>& b) {
  Polynomial<Real, N + M - 1> c;
  c.fill(Real(0.0));
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = 0; j < M; ++j) c[i + j] = fma(a[i], b[j], c[i + j]);
  return c;
}

template <class Real, std::size_t N>
Polynomial<Real, N> operator+(const Polynomial<Real, N>& a, const Polynomial<Real, N>& b) {
  Polynomial<Real, N> c;
  for (std::size_t i = 0; i < N; ++i) c[i] = a[i] + b[i];
  return c;
}

template <class Real, std::size_t N>
Polynomial<Real, N> scaled(Real factor, const Polynomial<Real, N>& a) {
  Polynomial<Real, N> c;
  for (std::size_t i = 0; i < N; ++i) c[i] = factor * a[i];
  return c;
}

/// z (a' b - a b')
template <class Real, std::size_t N>
Polynomial<Real, 2 * N - 1> wronskian(const Polynomial<Real, N>& a, const Polynomial<Real, N>& b) {
  Polynomial<Real, 2 * N - 1> w;
  w.fill(Real(0.0));
  for (std::size_t i = 1; i < N; ++i)
    for (std::size_t j = 0; j < i; ++j)
      w[i + j] = fma(Real(static_cast<double>(i - j)), fma(a[i], b[j], -(a[j] * b[i])), w[i + j]);
  return w;
}

template <class Real, std::size_t N>
mask_t<Real> all_non_negative(const Polynomial<Real, N>& a) {
  Real least = a[0];
  for (std::size_t i = 1; i < N; ++i) least = min(least, a[i]);
  return least >= Real(0.0);
}

/// One half of a twin's coefficients: long products keep to the processor's registers better one half at a time.
template <class Half, std::size_t N>
Polynomial<Half, N> half(const Polynomial<Twin<Half>, N>& a, Half Twin<Half>::*which) {
  Polynomial<Half, N> b;
  for (std::size_t i = 0; i < N; ++i) b[i] = a[i].*which;
  return b;
}

/// a(z + shift), by Horner's scheme repeated.
template <class Real, std::size_t N>
Polynomial<Real, N> shifted(Polynomial<Real, N> a, Real shift) {
  for (std::size_t i = 0; i + 1 < N; ++i)
    for (std::size_t j = N - 1; j-- > i;) a[j] = fma(shift, a[j + 1], a[j]);
  return a;
}

/// z^(N-1) a(1/z)
template <class Real, std::size_t N>
Polynomial<Real, N> reversed(const Polynomial<Real, N>& a) {
  Polynomial<Real, N> b;
  for (std::size_t i = 0; i < N; ++i) b[i] = a[N - 1 - i];
  return b;
}

}  // namespace haggle
