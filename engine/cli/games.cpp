// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <set>

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

std::string domain_text(const Word& w) { return std::string(w.domain.empty() ? "a word" : w.domain) + ", no axis"; }

std::string preset_text(const Word& w) {
  if (!w.preset.empty()) return std::string(w.preset);
  return w.choices.empty() ? "required" : std::string(w.choices.front());
}

/// "specialists[0].cost" → "specialists[].cost": a key as it is for every item of a list.
std::string any_item(std::string_view path) {
  std::string text;
  for (bool index = false; const char c : path) {
    index = index && c != ']';
    if (!index) text += c;
    index = index || c == '[';
  }
  return text;
}

/// A spec that says `word` at `path`, and `items` entries in every list on the way there.
Outline outline_with(std::string_view path, std::string_view word, std::size_t items = 1) {
  Outline outline;
  if (path.empty()) {
    outline.text = word;
    return outline;
  }
  const std::size_t end = std::min(path.find('.'), path.size());
  std::string_view key = path.substr(0, end);
  Outline entry = outline_with(path.substr(std::min(end + 1, path.size())), word);
  if (const std::size_t bracket = key.find('['); bracket != key.npos) {
    key = key.substr(0, bracket);
    Outline list;
    list.items.assign(items, entry);
    entry = std::move(list);
  }
  entry.key = key;
  outline.entries.push_back(std::move(entry));
  return outline;
}

class Description {
 public:
  explicit Description(const GameEntry& entry) : entry_(entry), game_(*entry.guide) {
    keys_.add({"key", "symbol", "domain", "default", "meaning"});
    for (const Parameter& p : game_.parameters) add(game_, p);
    for (const Word& w : game_.words) {
      seen_.insert(any_item(w.path));
      keys_.add({any_item(w.path), "", domain_text(w), preset_text(w), std::string(w.meaning)});
    }
  }

  std::string text() const {
    Table common, results, words;
    common.add({"key", "values", "default", "meaning"});
    for (const auto& k : spec::common_keys)
      common.add({std::string(k.path), std::string(k.domain), std::string(k.preset), std::string(k.meaning)});
    results.add({"output", "unit", "meaning"});
    for (const auto& o : game_.outputs)
      results.add({std::string(o.name), std::string(o.unit),
                   std::string(o.long_name) + (o.on_request ? " (only when `outputs` names it)" : "")});
    for (const auto& g : game_.output_groups)
      results.add({std::string(g.name), "", "short for " + joined(g.members, ", ")});
    for (const Parameter& p : game_.parameters)
      if (!p.choices.empty()) words.add({any_item(p.path), joined(p.choices, " | ")});
    for (const Word& w : game_.words)
      if (!w.choices.empty()) words.add({any_item(w.path), joined(w.choices, " | ")});
    return std::string(game_.name) + ": " + std::string(game_.title) + "\n" + std::string(game_.source) + "\n\n" +
           keys_.text() + several() + (words.empty() ? "" : "\n" + words.text()) + choices() +
           "\nany number or word with a domain may be an axis: {axis: NAME, values: […]}, or linspace or geomspace:\n"
           "[first, last, n], or concat: […] of those; a number may be {from: \"expression over axes\"}\n\n" +
           common.text() + "\n" + results.text();
  }

 private:
  void add(const GameTable& game, const Parameter& p) {
    seen_.insert(any_item(p.path));
    keys_.add({any_item(p.path), std::string(p.symbol), p.choices.empty() ? domain_text(p.domain) : "a word",
               preset_text(game, p), meaning(p)});
  }

  static std::string meaning(const Parameter& p) {
    return std::string(p.meaning) + (p.unit == "1" ? "" : " [" + std::string(p.unit) + "]");
  }

  /// The keys of `game` that the simplest spec's table has not, or that stand below `map`; `indent` before each.
  std::string beyond(const GameTable& game, const std::string& indent, const std::string& map = "none") const {
    Table rows;
    for (const Parameter& p : game.parameters)
      if (const std::string path = any_item(p.path);
          (!seen_.contains(path) || path.starts_with(map + ".")) && p.path.find("[1]") == p.path.npos)
        rows.add({indent + path, std::string(p.symbol), domain_text(p.domain), preset_text(game, p), meaning(p)});
    for (const Word& w : game.words)
      if (const std::string path = any_item(w.path); !seen_.contains(path) && w.path.find("[1]") == w.path.npos)
        rows.add({indent + path, "", domain_text(w), preset_text(w), std::string(w.meaning)});
    return rows.empty() ? "" : rows.text();
  }

  /// Keys that are there only when a list has more than one entry, and the map that all entries share.
  std::string several() const {
    std::set<std::string> lists;
    for (const Parameter& p : game_.parameters)
      if (const std::size_t bracket = p.path.find('['); bracket != p.path.npos)
        lists.emplace(p.path.substr(0, bracket));
    std::string text;
    for (const std::string& list : lists)
      text += "\nwith more than one of `" + list + "`, also\n" +
              beyond(*entry_.table_for(outline_with(list + "[0]", "", 2)), "") + "\n`" + spec::shared_key(list) +
              ": {…}` holds what all of them share: the keys of one, below which each may still say its own\n";
    return text;
  }

  /// What each choice of a word means, and the keys that only it brings.
  std::string choices() const {
    std::string text;
    std::set<const std::string_view*> shown;
    for (const Word& w : game_.words) {
      if (w.choices.size() < 2 || !shown.insert(w.choices.data()).second) continue;
      for (std::size_t c = 0; c < w.choices.size(); ++c) {
        const bool explained = c < w.choice_meanings.size();
        const std::string map = explained ? any_item(w.path.substr(0, w.path.rfind('.'))) : "none";
        const std::string keys = beyond(*entry_.table_for(outline_with(w.path, w.choices[c])), "  ", map);
        if (keys.empty() && !explained) continue;
        text += "\n" + std::string(last_key(w)) + ": " + std::string(w.choices[c]) +
                (explained ? ", " + std::string(w.choice_meanings[c]) : "") + "\n" + keys;
      }
    }
    return text;
  }

  /// "revenue.family", "contract": enough to know it by.
  static std::string_view last_key(const Word& w) {
    const std::string_view last = spec::last_key(w.path);
    if (w.choice_meanings.empty()) return last;
    const std::string_view parent = spec::last_key(w.path.substr(0, w.path.size() - last.size() - 1));
    return w.path.substr(w.path.size() - last.size() - 1 - parent.size());
  }

  const GameEntry& entry_;
  const GameTable& game_;
  Table keys_;
  std::set<std::string> seen_;
};

}  // namespace

ExitCode games(const GamesArguments& arguments) {
  if (!arguments.game.empty()) {
    const GameEntry* game = find_game(arguments.game);
    if (game == nullptr) throw UsageError("there is no game `" + arguments.game + "`; `haggle games` lists them");
    print(Description(*game).text());
    return done;
  }
  Table table;
  for (const GameEntry& game : haggle::games())
    table.add({std::string(game.name), std::string(game.guide->title), std::string(game.guide->source)});
  print(table.text(0) + "`haggle games NAME` shows a game's spec keys and outputs\n");
  return done;
}

}  // namespace haggle::cli
