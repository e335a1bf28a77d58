// SPDX-License-Identifier: MIT
#include "diagnostics.hpp"

#include <algorithm>
#include <tuple>

#include "core/nearest.hpp"

namespace haggle {
namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
  std::string lines;
  for (const Diagnostic& diagnostic : diagnostics) lines += (lines.empty() ? "" : "\n") + diagnostic.text();
  return lines;
}

}  // namespace

std::string Diagnostic::text() const {
  if (line == 0) return file + ": " + message;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

SpecError::SpecError(std::vector<Diagnostic> diagnostics)
    : Error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

namespace spec {

void Diagnostics::add(Place place, std::string message) { found_.push_back({place, std::move(message)}); }

void Diagnostics::throw_if_any() const {
  if (found_.empty()) return;
  std::vector<Found> sorted = found_;
  const auto key = [](const Found& f) { return std::tie(f.place.override_index, f.place.line, f.place.column); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Found& a, const Found& b) { return key(a) < key(b); });
  const auto same = [&](const Found& a, const Found& b) { return key(a) == key(b) && a.message == b.message; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());

  std::vector<Diagnostic> diagnostics;
  for (const Found& found : sorted) {
    const int set = found.place.override_index;
    if (set < 0) {
      diagnostics.push_back({file_, found.place.line, found.place.column, found.message});
    } else {
      const Override& o = overrides_[static_cast<std::size_t>(set)];
      diagnostics.push_back({"--set " + o.path + "=" + o.value, 0, 0, found.message});
    }
  }
  throw SpecError(std::move(diagnostics));
}

std::string quoted(std::string_view word) {
  constexpr std::size_t longest = 60;
  if (word.size() <= longest) return "`" + std::string(word) + "`";
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;  // not inside a UTF-8 character
  return "`" + std::string(word.substr(0, end)) + "…`";
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = nearest(word, candidates);
  return near ? "; did you mean `" + std::string(*near) + "`?" : "";
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

}  // namespace spec
}  // namespace haggle
