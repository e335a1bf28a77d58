// SPDX-License-Identifier: MIT
#include "haggle/sweep/axis.hpp"

#include <algorithm>
#include <limits>

namespace haggle {
namespace {

std::uint64_t length(const Axis::Segment& segment) {
  if (const auto* values = std::get_if<std::vector<double>>(&segment)) return values->size();
  return std::get<Spaced>(segment).n;
}

}  // namespace

std::uint64_t Axis::size() const {
  std::uint64_t n = 0;
  for (const Segment& segment : segments) n += length(segment);
  return n;
}

double Axis::value(std::uint64_t i) const {
  for (const Segment& segment : segments) {
    const std::uint64_t n = length(segment);
    if (i >= n) {
      i -= n;
      continue;
    }
    if (const auto* values = std::get_if<std::vector<double>>(&segment)) return (*values)[i];
    return std::get<Spaced>(segment).value(i);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

bool Axis::geometric() const {
  return !segments.empty() && std::all_of(segments.begin(), segments.end(), [](const Segment& segment) {
    const auto* spaced = std::get_if<Spaced>(&segment);
    return spaced && spaced->geometric;
  });
}

}  // namespace haggle
