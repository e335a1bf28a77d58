// SPDX-License-Identifier: MIT
// Single lanes of Reals in memory: for what every lane does on its own.
#pragma once
#include <cstring>
#include <type_traits>

#include "haggle/core/real.hpp"

namespace haggle {

template <class Real>
inline constexpr std::size_t lane_size = sizeof(Real) / lanes_v<Real>;

template <class Real>
double lane_of(const Real& from, std::size_t lane) {
  static_assert(std::is_trivially_copyable_v<Real>);
  std::conditional_t<lane_size<Real> == sizeof(float), float, double> number;
  static_assert(sizeof number == lane_size<Real>);
  std::memcpy(&number, reinterpret_cast<const std::byte*>(&from) + lane * lane_size<Real>, sizeof number);
  return number;
}

/// Of something made of Reals alone.
template <class Real, class Reals>
void copy_lane(Reals& to, std::size_t lane_to, const Reals& from, std::size_t lane_from) {
  static_assert(std::is_trivially_copyable_v<Reals> && sizeof(Reals) % sizeof(Real) == 0);
  std::byte* target = reinterpret_cast<std::byte*>(&to) + lane_to * lane_size<Real>;
  const std::byte* source = reinterpret_cast<const std::byte*>(&from) + lane_from * lane_size<Real>;
  for (std::size_t at = 0; at < sizeof(Reals); at += sizeof(Real))
    std::memcpy(target + at, source + at, lane_size<Real>);
}

}  // namespace haggle
