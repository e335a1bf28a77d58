// SPDX-License-Identifier: MIT
// Packs of doubles as a `Real`, on xsimd. Included only by the translation units that are built for one instruction
// set: every function here is a template over that set, so that no two sets share a symbol.
#pragma once
#include <xsimd/xsimd.hpp>

#include "haggle/core/real.hpp"

namespace haggle {

template <class Arch>
using Pack = xsimd::batch<double, Arch>;

template <class Arch>
struct RealTraits<xsimd::batch<double, Arch>> {
  using Mask = xsimd::batch_bool<double, Arch>;
  static constexpr std::size_t lanes = Pack<Arch>::size;
  static Pack<Arch> load(const double* from) { return Pack<Arch>::load_unaligned(from); }
  static void store(Pack<Arch> value, double* to) { value.store_unaligned(to); }
};

template <class Arch>
Pack<Arch> select(xsimd::batch_bool<double, Arch> mask, Pack<Arch> yes, Pack<Arch> no) {
  return xsimd::select(mask, yes, no);
}
template <class Arch>
xsimd::batch_bool<double, Arch> select_mask(xsimd::batch_bool<double, Arch> mask, xsimd::batch_bool<double, Arch> yes,
                                            xsimd::batch_bool<double, Arch> no) {
  return (mask & yes) | ((!mask) & no);
}
template <class Arch>
bool any(xsimd::batch_bool<double, Arch> mask) {
  return xsimd::any(mask);
}
template <class Arch>
bool all(xsimd::batch_bool<double, Arch> mask) {
  return xsimd::all(mask);
}

}  // namespace haggle
