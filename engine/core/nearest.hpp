// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace haggle {

/// The candidate a misspelt word was most likely meant to be: fewest insertions, deletions, replacements and swaps of
/// neighbours, ignoring case. None when nothing is near. The first candidate wins a tie.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace haggle
