// SPDX-License-Identifier: MIT
// Included only by the translation units that are built for one instruction set.
#pragma once
#include "haggle/core/pack.hpp"
#include "haggle/core/rough.hpp"
#include "pack_functions.hpp"

namespace haggle::test {

template <class Batch, class Function>
void each(const typename Batch::value_type* x, typename Batch::value_type* result, std::size_t count,
          Function function) {
  for (std::size_t k = 0; k < count; k += Batch::size)
    function(Batch::load_unaligned(x + k)).store_unaligned(result + k);
}

template <class Number, class Arch>
PackFunctions<Number> functions_of() {
  using Batch = xsimd::batch<Number, Arch>;
  return {
      [](const Number* x, Number* to, std::size_t n) { each<Batch>(x, to, n, [](Batch b) { return rough_exp(b); }); },
      [](const Number* x, Number* to, std::size_t n) { each<Batch>(x, to, n, [](Batch b) { return rough_log(b); }); },
      [](const Number* x, Number* to, std::size_t n) {
        each<Batch>(x, to, n, [](Batch b) { return rough_reciprocal(b); });
      },
      [](const Number* x, Number* to, std::size_t n) {
        each<Batch>(x, to, n, [](Batch b) { return fma(b, b, Batch(-1)); });
      }};
}

template <class Arch>
PacksOfSet packs_of() {
  return {functions_of<float, Arch>(), functions_of<double, Arch>()};
}

}  // namespace haggle::test
