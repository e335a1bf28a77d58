// SPDX-License-Identifier: MIT
#include <cmath>

#include "cli/commands.hpp"
#include "cli/text.hpp"
#include "haggle/core/error.hpp"
#include "haggle/model/table.hpp"
#include "sweep/spec_schema.hpp"

namespace haggle::cli {
namespace {

std::string joined(std::span<const std::string_view> words, std::string_view between) {
  std::string text;
  for (const auto word : words) text += std::string(text.empty() ? "" : between) + std::string(word);
  return text;
}

std::string domain_text(const Domain& d) {
  const bool low = std::isfinite(d.low), high = std::isfinite(d.high);
  if (low && high) return (d.low_open ? "(" : "[") + number(d.low) + ", " + number(d.high) + (d.high_open ? ")" : "]");
  if (low) return (d.low_open ? "> " : ">= ") + number(d.low);
  if (high) return (d.high_open ? "< " : "<= ") + number(d.high);
  return "any number";
}

std::string preset_text(const GameTable& game, const Parameter& p) {
  for (const Requirement& r : game.requirements)
    if (r.parameter == p.name) return "required for " + std::string(r.value);
  if (!p.preset) return "required";
  return p.choices.empty() ? number(*p.preset) : std::string(p.choices[static_cast<std::size_t>(*p.preset)]);
}

std::string description(const GameTable& game) {
  Table keys, results;
  keys.add({"key", "symbol", "domain", "default", "meaning"});
  for (const auto& p : game.parameters)
    keys.add({std::string(p.path), std::string(p.symbol), p.choices.empty() ? domain_text(p.domain) : "a word",
              preset_text(game, p), std::string(p.meaning) + (p.unit == "1" ? "" : " [" + std::string(p.unit) + "]")});
  for (const auto& w : game.words) keys.add({std::string(w.path), "", "a word, no axis", "", std::string(w.meaning)});
  Table common;
  common.add({"key", "values", "default", "meaning"});
  for (const auto& k : spec::common_keys)
    common.add({std::string(k.path), std::string(k.domain), std::string(k.preset), std::string(k.meaning)});
  results.add({"output", "unit", "meaning"});
  for (const auto& o : game.outputs) results.add({std::string(o.name), std::string(o.unit), std::string(o.long_name)});

  for (const auto& g : game.output_groups)
    results.add({std::string(g.name), "", "short for " + joined(g.members, ", ")});

  Table words;
  for (const auto& p : game.parameters)
    if (!p.choices.empty()) words.add({std::string(p.path), joined(p.choices, " | ")});
  for (const auto& w : game.words)
    if (!w.choices.empty()) words.add({std::string(w.path), joined(w.choices, " | ")});
  return std::string(game.name) + ": " + std::string(game.title) + "\n" + std::string(game.source) + "\n\n" +
         keys.text() + (words.empty() ? "" : "\n" + words.text()) +
         "\nany number or word with a domain may be an axis: {axis: NAME, values: […]}, or linspace or geomspace:\n"
         "[first, last, n], or concat: […] of those; a number may be {from: \"expression over axes\"}\n\n" +
         common.text() + "\n" + results.text();
}

}  // namespace

ExitCode games(const GamesArguments& arguments) {
  if (!arguments.game.empty()) {
    const GameEntry* game = find_game(arguments.game);
    if (game == nullptr) throw UsageError("there is no game `" + arguments.game + "`; `haggle games` lists them");
    print(description(*game->smallest));
    return done;
  }
  Table table;
  for (const GameEntry& game : haggle::games())
    table.add({std::string(game.name), std::string(game.smallest->title), std::string(game.smallest->source)});
  print(table.text(0) + "`haggle games NAME` shows a game's spec keys and outputs\n");
  return done;
}

}  // namespace haggle::cli
