// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "haggle/sweep/spec.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// Collects everything wrong with a spec, so that all of it is reported at once.
class Diagnostics {
 public:
  Diagnostics(std::string file, const std::vector<Override>& overrides)
      : file_(std::move(file)), overrides_(overrides) {}

  void add(Place place, std::string message);
  bool empty() const { return found_.empty(); }
  /// Throws SpecError, sorted by position and without repetitions, when anything was found.
  void throw_if_any() const;

 private:
  struct Found {
    Place place;
    std::string message;
  };
  std::string file_;
  const std::vector<Override>& overrides_;
  std::vector<Found> found_;
};

/// `word`, between backticks and shortened when it is long.
std::string quoted(std::string_view word);
/// "; did you mean `nash`?" or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
/// "a, b, c"
std::string listed(std::span<const std::string_view> words);

}  // namespace haggle::spec
