// SPDX-License-Identifier: MIT
// The `Real` a kernel is written over: `double` is the reference, a pack of doubles (core/pack.hpp) is the speed.
//
// A Real has + - * /, comparisons that give a mask_t<Real>, and these functions, found by argument-dependent lookup or
// in namespace haggle: exp, expm1, log, log1p, sqrt, abs, min, max, fma(a, b, c) = a b + c, select(mask, yes, no).
// Masks have & | ! and any(), all(). Lanes never look at each other: what one lane computes depends on its own inputs
// only.
#pragma once
#include <cmath>
#include <cstddef>
#include <limits>

namespace haggle {

template <class Real>
struct RealTraits;

template <>
struct RealTraits<double> {
  using Mask = bool;
  static constexpr std::size_t lanes = 1;
  static double load(const double* from) { return *from; }
  static void store(double value, double* to) { *to = value; }
  static void leave() {}  ///< called when a kernel ends
};

template <class Real>
using mask_t = typename RealTraits<Real>::Mask;
template <class Real>
inline constexpr std::size_t lanes_v = RealTraits<Real>::lanes;

using std::abs;
using std::exp;
using std::expm1;
using std::log;
using std::log1p;
using std::sqrt;

inline double select(bool mask, double yes, double no) { return mask ? yes : no; }
inline bool select_mask(bool mask, bool yes, bool no) { return mask ? yes : no; }
/// One of the two alone.
template <class Mask>
Mask differ(Mask a, Mask b) {
  return (a & !b) | (b & !a);
}
inline double min(double a, double b) { return a < b ? a : b; }
inline double max(double a, double b) { return a > b ? a : b; }
/// Not std::fma, which is a slow function call where the processor lacks the instruction.
inline double fma(double a, double b, double c) { return a * b + c; }
inline bool any(bool mask) { return mask; }
inline bool all(bool mask) { return mask; }

template <class Real>
Real infinity() {
  return Real(std::numeric_limits<double>::infinity());
}

/// ln(a/b) of numbers above 0, whose ratio need not be a number.
template <class Real>
Real log_ratio(Real a, Real b) {
  return log(a) - log(b);
}
inline double log_ratio(double a, double b) {
  const double ratio = a / b;
  return ratio > 1e-300 && ratio < 1e300 ? log(ratio) : log(a) - log(b);
}

/// ln(1 + e^x) without overflow or cancellation.
template <class Real>
Real softplus(Real x) {
  return max(x, Real(0.0)) + log1p(exp(-abs(x)));
}

}  // namespace haggle
