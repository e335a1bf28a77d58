// SPDX-License-Identifier: MIT
// The functions of one instruction set's packs, to be called from a test that is built for none.
#pragma once
#include <cstddef>

namespace haggle::test {

/// A whole number of packs at a time: `count` is a multiple of 16.
template <class Number>
struct PackFunctions {
  using Of = void (*)(const Number* x, Number* result, std::size_t count);
  Of rough_exp, rough_log, rough_reciprocal;
  Of squares_less_one;  ///< fma(x, x, -1)
};

struct PacksOfSet {
  PackFunctions<float> floats;
  PackFunctions<double> doubles;
};
PacksOfSet packs_avx2();
PacksOfSet packs_avx512();

}  // namespace haggle::test
