// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace haggle::spec {

/// One token of an expression: as it was written, inside the expression's text, and its meaning in a form that all
/// spellings share: "&&" and "and" are "and".
struct Token {
  std::string_view written;
  std::string_view meaning;
};

/// In an expression that is right otherwise: a number where a condition must stand, before a `?` or beside `and`, `or`
/// and `not`; with `wants_condition` also as the whole. A condition is a comparison, or several joined.
std::optional<std::string> find_number_for_condition(std::span<const Token> tokens, bool wants_condition);

}  // namespace haggle::spec
