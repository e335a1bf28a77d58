// SPDX-License-Identifier: MIT
#include "function_rows.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

namespace haggle::fine_tuning {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Names in an expression, each once, in the order of the text. The e of 1e3 is none.
std::vector<std::string_view> names_in(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (is_letter(text[at]) || is_digit(text[at]) || text[at] == '.') {
      while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '.')) ++end;
      const std::string_view word = text.substr(at, end - at);
      if (is_letter(word[0]) && std::find(names.begin(), names.end(), word) == names.end()) names.push_back(word);
    }
    at = end;
  }
  return names;
}

/// The numbers that the spec gives and the expression uses: any other is a key too many.
std::vector<std::string_view> numbers_of(const Outline* outline) {
  std::vector<std::string_view> used = names_in(text_at(outline, "expression"));
  const Outline* given = below(outline, "numbers");
  std::erase_if(used, [&](std::string_view name) { return !below(given, name); });
  return used;
}

/// How many of the keys below `outline` are not of that family, and how many of its numbers must be said and are not.
std::size_t misfit(const FamilyRow& row, bool expression, const Outline& outline) {
  const auto is_number = [&](std::string_view key) {
    return std::any_of(row.numbers.begin(), row.numbers.end(), [&](const auto& n) { return n.name == key; });
  };
  std::size_t wrong = 0;
  for (const Outline& entry : outline.entries)
    if (entry.key != "family" && entry.key != "fixed")
      wrong += expression ? entry.key != "expression" && entry.key != "numbers" : !is_number(entry.key);
  for (const FunctionNumber& number : row.numbers) wrong += !number.preset && !outline.find(number.name);
  return wrong;
}

/// The family that the spec names. Of a name that is none, the one whose keys stand beside it: the others are then no
/// errors more.
std::size_t family_of(const FunctionKind& kind, const Outline* outline) {
  const Outline* named = below(outline, "family");
  if (!named) return 0;
  const auto found = std::find(kind.names.begin(), kind.names.end(), named->text);
  if (found != kind.names.end()) return static_cast<std::size_t>(found - kind.names.begin());
  std::size_t best = 0;
  const auto fit = [&](std::size_t f) { return misfit(kind.rows[f], f + 1 == kind.rows.size(), *outline); };
  for (std::size_t f = 1; f < kind.rows.size(); ++f)
    if (fit(f) < fit(best)) best = f;
  return best;
}

}  // namespace

std::string subscript(std::size_t number) {
  std::string text;
  for (const char digit : std::to_string(number)) text += std::string("\xE2\x82") + static_cast<char>(digit + 0x50);
  return text;
}

FunctionForm add_function(TableBuilder& table, const FunctionKind& kind, const Outline* outline,
                          const FunctionOwner& owner) {
  FunctionForm form;
  form.family = family_of(kind, outline);
  const FamilyRow& row = kind.rows[form.family];
  const bool expression = form.family + 1 == kind.rows.size(), cost = &kind == &cost_kind;
  table.word(owner.path + ".family", "the form of " + owner.whose + (cost ? " cost function" : " revenue function"),
             kind.names, {}, kind.formulas);
  std::string formula(kind.left);
  formula.insert(formula.find('('), owner.subscript);
  for (const FunctionNumber& number : row.numbers) {
    const std::size_t at = table.parameter(
        {cost ? std::string(number.symbol) + owner.index : std::string(number.name) + owner.suffix,
         owner.path + "." + std::string(number.name), std::string(number.symbol) + owner.subscript,
         owner.whose + " " + std::string(number.meaning) + ", " + formula + " = " + std::string(row.formula),
         number.domain, number.preset});
    if (form.count++ == 0) form.first = at;
  }
  if (!expression) return form;

  const std::string who = owner.whose + (cost ? " cost" : " revenue");
  table.word(owner.path + ".expression", who + " as an expression in `" + std::string(kind.variable) + "`", {});
  const auto names = numbers_of(outline);
  if (names.size() > most_numbers)
    table.complain(owner.path + ".numbers." + std::string(names[most_numbers]),
                   "an expression has at most " + std::to_string(most_numbers) + " numbers");
  for (const std::string_view name : names) {
    if (form.count == most_numbers) break;
    const std::size_t at =
        table.parameter({std::string(cost ? "cost_" : "revenue_") + std::string(name) + "_" + owner.index,
                         owner.path + ".numbers." + std::string(name), std::string(name),
                         std::string("number ")
                             .append(name)
                             .append(" of ")
                             .append(who)
                             .append(", ")
                             .append(formula)
                             .append(" = ")
                             .append(text_at(outline, "expression"))});
    if (form.count++ == 0) form.first = at;
  }
  const std::string_view text = text_at(outline, "expression");
  if (text.empty()) return form;
  auto parsed = Formula::parse(text, kind.variable, std::span(names).first(form.count));
  if (auto* read = std::get_if<Formula>(&parsed))
    form.formula = std::move(*read);
  else
    table.complain(owner.path + ".expression", std::move(std::get<std::string>(parsed)));
  return form;
}

}  // namespace haggle::fine_tuning
