// SPDX-License-Identifier: MIT
#include "expression_tokens.hpp"

#include <algorithm>
#include <initializer_list>

#include "diagnostics.hpp"

namespace haggle::spec {
namespace {

using Tokens = std::span<const Token>;

/// Finds an operator outside all parentheses; the length of `tokens` when there is none.
std::size_t find_outside(Tokens tokens, std::initializer_list<std::string_view> operators) {
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view word = tokens[i].meaning;
    if (depth == 0 && std::find(operators.begin(), operators.end(), word) != operators.end()) return i;
    depth += word == "(" ? 1 : word == ")" ? -1 : 0;
  }
  return tokens.size();
}

/// The `:` of the `?` that stands at 0.
std::size_t find_colon(Tokens tokens) {
  int open = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view word = tokens[i].meaning;
    if (word == "?" || word == "(") ++open;
    if (word == ")" || (word == ":" && --open == 0)) {
      if (word == ":") return i;
      --open;
    }
  }
  return tokens.size();
}

class KindReader {
 public:
  std::optional<std::string> error;

  void need_condition(Tokens tokens) {
    if (const auto [condition, yes, no] = split_choice(tokens); !no.empty()) {
      for (const Tokens part : {condition, yes, no}) need_condition(part);
      return;
    }
    if (is_condition(tokens) || error || tokens.empty()) return;
    const char* first = tokens.front().written.data();
    const std::string_view text(
        first, static_cast<std::size_t>(tokens.back().written.data() - first) + tokens.back().written.size());
    const std::string whole = quoted(text);
    error = whole + " is a number, not a condition; write a comparison, as in `" + std::string(text.substr(0, 40)) +
            (text.size() > 40 ? "…" : "") + (tokens.size() > 1 ? " > 0`" : " != 0`");
  }

  /// Looks at everything inside, too.
  bool is_condition(Tokens tokens) {
    if (tokens.empty()) return false;
    if (const auto [condition, yes, no] = split_choice(tokens); !no.empty()) {
      need_condition(condition);
      const bool both = is_condition(yes);
      return is_condition(no) && both;
    }
    for (const std::string_view joint : {"or", "and"})
      if (const std::size_t at = find_outside(tokens, {joint}); at < tokens.size()) {
        need_condition(tokens.first(at));
        need_condition(tokens.subspan(at + 1));
        return true;
      }
    if (tokens.front().meaning == "not") {
      need_condition(tokens.subspan(1));
      return true;
    }
    if (const std::size_t at = find_outside(tokens, {"<", "<=", ">", ">=", "==", "!="}); at < tokens.size()) {
      is_condition(tokens.first(at));
      is_condition(tokens.subspan(at + 1));
      return true;
    }
    return parentheses(tokens);
  }

 private:
  struct Choice {
    Tokens condition, yes, no;
  };

  /// The parts of `condition ? yes : no`; `no` is empty when there is no such choice outside the parentheses.
  static Choice split_choice(Tokens tokens) {
    const std::size_t mark = find_outside(tokens, {"?"});
    const std::size_t colon = mark + find_colon(tokens.subspan(mark));
    if (colon >= tokens.size()) return {};
    return {tokens.first(mark), tokens.subspan(mark + 1, colon - mark - 1), tokens.subspan(colon + 1)};
  }

  /// Of a piece without operators of truth outside its parentheses: a condition only if they enclose all of it.
  bool parentheses(Tokens tokens) {
    bool condition = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].meaning != "(") continue;
      const std::size_t start = i + 1;
      for (int depth = 1; depth > 0 && ++i < tokens.size();)
        depth += tokens[i].meaning == "(" ? 1 : tokens[i].meaning == ")" ? -1 : 0;
      condition =
          arguments(tokens.subspan(start, std::min(i, tokens.size()) - start)) && start == 1 && i + 1 == tokens.size();
    }
    return condition;
  }

  /// What stands between parentheses: one expression or, of a function, several. The last one's kind.
  bool arguments(Tokens tokens) {
    while (true) {
      const std::size_t comma = find_outside(tokens, {","});
      const bool condition = is_condition(tokens.first(comma));
      if (comma == tokens.size()) return condition;
      tokens = tokens.subspan(comma + 1);
    }
  }
};

}  // namespace

std::optional<std::string> find_number_for_condition(std::span<const Token> tokens, bool wants_condition) {
  KindReader reader;
  if (wants_condition)
    reader.need_condition(tokens);
  else
    reader.is_condition(tokens);
  return reader.error;
}

}  // namespace haggle::spec
