// SPDX-License-Identifier: MIT
// Points evenly spread over a box: Halton 1960, Numerische Mathematik 2.
#pragma once
#include <cstddef>

namespace haggle {

/// Coordinate `dimension` (below 10) of the sequence's element `index`, in (0, 1) from index 1 on.
inline double halton(std::size_t index, std::size_t dimension) {
  constexpr std::size_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29};
  const std::size_t base = primes[dimension];
  double value = 0, digit = 1;
  for (; index > 0; index /= base) value += static_cast<double>(index % base) * (digit /= static_cast<double>(base));
  return value;
}

}  // namespace haggle
