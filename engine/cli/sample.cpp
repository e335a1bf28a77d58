// SPDX-License-Identifier: MIT
#include "cli/sample.hpp"

namespace haggle::cli {

std::optional<GridIndex> Shuffle::next() {
  if (drawn_ == points_) return std::nullopt;
  // std::uniform_int_distribution differs between libraries; the bias of a remainder is below 2^-24 for 2^40 points.
  const std::uint64_t pick = drawn_ + random_() % (points_ - drawn_);
  const auto at = [&](std::uint64_t place) {
    const auto found = moved_.find(place);
    return found == moved_.end() ? place : found->second;
  };
  const std::uint64_t picked = at(pick);
  moved_[pick] = at(drawn_);
  moved_.erase(drawn_++);
  return GridIndex{picked};
}

}  // namespace haggle::cli
