// SPDX-License-Identifier: MIT
#include "nearest.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace haggle {
namespace {

constexpr std::size_t longest_word = 64;  // a hostile spec must not buy quadratic work with one long key

std::string lowered(std::string_view word) {
  std::string low(word);
  for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return low;
}

/// Damerau-Levenshtein distance, in its restricted form (optimal string alignment).
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(row);
  }
  return previous[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > longest_word) return std::nullopt;
  const std::string low = lowered(word);
  std::optional<std::string_view> best;
  // A third of the letters wrong is still a slip; more is another word.
  std::size_t fewest = std::max<std::size_t>(1, low.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    const std::string other = lowered(candidate);
    std::size_t distance = edits(low, other);
    // "kalai" is short for kalai_smorodinsky, not a slip for something else.
    if (low.size() >= 3 && (other.starts_with(low) || other.ends_with("_" + low)))
      distance = std::min<std::size_t>(distance, 1);
    if (distance < fewest && distance < low.size()) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace haggle
