// SPDX-License-Identifier: MIT
#include "spec_header.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/nearest.hpp"
#include "spec_outline.hpp"
#include "spec_schema.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::array<std::string_view, 3> format_keys{"dtype", "compression", "checkpoint"};
constexpr std::array<std::string_view, 2> dtypes{"float64", "float32"};

class HeaderReader {
 public:
  HeaderReader(const Node& root, Diagnostics& diagnostics) : root_(root), diagnostics_(diagnostics) {}

  Header read() {
    if (root_.kind != Node::Kind::map) {
      diagnostics_.add(root_.place, "a spec is a map of keys: " + listed(header_keys));
      return {};
    }
    version();
    game();
    if (const Node* node = root_.find("title")) header_.title = text(*node, "title");
    if (const Node* node = root_.find("where")) {
      header_.where = text(*node, "where");
      header_.where_place = node->place;
      if (node->kind == Node::Kind::scalar && blank(header_.where)) {
        diagnostics_.add(node->place, "`where` is empty");
        header_.where.clear();
      }
    }
    // With a game, its keys are walked, and the unknown among them reported there.
    if (!header_.game)
      for (const Entry* entry : misspelt_)
        diagnostics_.add(entry->place, "unknown key " + quoted(entry->key) + did_you_mean(entry->key, header_keys));
    if (header_.game) {
      if (header_.title.empty()) header_.title = header_.game->title;
      outputs();
    }
    if (const Node* node = root_.find("output")) format(*node);
    if (const Node* node = root_.find("on_failure")) {
      if (node->kind != Node::Kind::scalar || (node->text != "record" && node->text != "abort"))
        diagnostics_.add(node->place, "on_failure must be record (the default: note it and go on) or abort");
      header_.abort_on_failure = node->text == "abort";
    }
    return std::move(header_);
  }

 private:
  static bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

  std::string text(const Node& node, std::string_view key) {
    if (node.kind == Node::Kind::scalar) return node.text;
    diagnostics_.add(node.place, quoted(key) + (node.kind == Node::Kind::null ? " has no value"
                                                                              : " must be text; put it in quotes"));
    return "";
  }

  /// The value of a key that must be there; of a misspelling of it, when there is one.
  const Node* required(std::string_view key) {
    if (const Node* node = root_.find(key)) return node;
    for (const Entry& entry : root_.entries)
      if (!is_header_key(entry.key) && nearest(entry.key, {&key, 1})) {
        misspelt_.push_back(&entry);
        return &entry.node();
      }
    return nullptr;
  }

  void version() {
    const Node* node = required("haggle");
    if (!node)
      diagnostics_.add(root_.place, "`haggle: 1` is missing: the version of the spec's language");
    else if (node->kind != Node::Kind::scalar || node->text != "1")
      diagnostics_.add(node->place, "this engine reads specs of version 1" +
                                        (node->kind == Node::Kind::scalar ? ", not " + quoted(node->text) : ""));
  }

  void game() {
    std::vector<std::string_view> names;
    for (const GameEntry& known : games()) names.push_back(known.name);
    const Node* node = required("game");
    if (!node) {
      diagnostics_.add(root_.place, "`game` is missing: one of " + listed(names));
      return;
    }
    const std::string name = text(*node, "game");
    if (node->kind != Node::Kind::scalar) return;
    if (const GameEntry* known = find_game(name))
      header_.game = known->table_for(outline_of(root_));
    else
      diagnostics_.add(node->place, "no game is named " + quoted(name) + did_you_mean(name, names) + " (one of " +
                                        listed(names) + ")");
  }

  void outputs() {
    const auto table = header_.game->outputs;
    std::set<std::size_t> chosen;
    const Node* node = root_.find("outputs");
    if (!node) {
      for (std::size_t i = 0; i < table.size(); ++i)
        if (!table[i].on_request) chosen.insert(i);
    } else if (node->kind != Node::Kind::list || node->items.empty()) {
      diagnostics_.add(node->place, "`outputs` must be a list of names, as in [share, surplus]");
    } else {
      chosen.insert(0);
      std::set<std::string> seen;
      for (const Node& item : node->items) {
        if (!choose(item, chosen)) continue;
        if (!seen.insert(item.text).second)
          diagnostics_.add(item.place, "the output " + quoted(item.text) + " is listed twice");
      }
    }
    header_.outputs.assign(chosen.begin(), chosen.end());
  }

  bool choose(const Node& item, std::set<std::size_t>& chosen) {
    const auto table = header_.game->outputs;
    const auto row = [&](std::string_view name) {
      const auto found = std::find_if(table.begin(), table.end(), [&](const Output& o) { return o.name == name; });
      return static_cast<std::size_t>(found - table.begin());
    };
    if (item.kind == Node::Kind::scalar) {
      if (const std::size_t i = row(item.text); i < table.size()) {
        chosen.insert(i);
        return true;
      }
      for (const OutputGroup& group : header_.game->output_groups)
        if (group.name == item.text) {
          for (std::string_view member : group.members) chosen.insert(row(member));
          return true;
        }
    }
    std::vector<std::string_view> names;
    for (const Output& output : table) names.push_back(output.name);
    for (const OutputGroup& group : header_.game->output_groups) names.push_back(group.name);
    const auto is_named = [&](const auto& named) { return named.name == item.text; };
    const GameTable& askable = *find_game(header_.game->name)->guide;
    if (item.kind == Node::Kind::scalar &&
        (std::ranges::any_of(askable.outputs, is_named) || std::ranges::any_of(askable.output_groups, is_named))) {
      diagnostics_.add(item.place, "the output " + quoted(item.text) +
                                       " is there when another key of the spec asks for it: see `haggle games " +
                                       std::string(header_.game->name) + "`");
      return false;
    }
    diagnostics_.add(item.place, item.kind == Node::Kind::scalar
                                     ? "no output is named " + quoted(item.text) + did_you_mean(item.text, names) +
                                           " (known: " + listed(names) + ")"
                                     : "an output is a name (known: " + listed(names) + ")");
    return false;
  }

  void format(const Node& node) {
    if (node.kind != Node::Kind::map) {
      diagnostics_.add(
          node.place, "`output` must be a map with dtype, compression or checkpoint; the list of results is `outputs`");
      return;
    }
    for (const Entry& entry : node.entries) {
      const std::string& value = entry.value.text;
      if (entry.key == "dtype") {
        if (entry.value.kind != Node::Kind::scalar || std::find(dtypes.begin(), dtypes.end(), value) == dtypes.end())
          diagnostics_.add(entry.value.place, "dtype must be float64 or float32");
        header_.format.float32 = value == "float32";
      } else if (entry.key == "compression") {
        if (value.size() == 1 && value[0] >= '0' && value[0] <= '9')
          header_.format.compression = value[0] - '0';
        else
          diagnostics_.add(entry.value.place, "compression must be a whole number, 0 (none) … 9");
      } else if (entry.key == "checkpoint") {
        const auto word = std::find(checkpointing_words.begin(), checkpointing_words.end(), value);
        if (entry.value.kind != Node::Kind::scalar || word == checkpointing_words.end())
          diagnostics_.add(entry.value.place, "checkpoint must be auto, on or off");
        else
          header_.format.checkpoint = static_cast<Checkpointing>(word - checkpointing_words.begin());
      } else {
        diagnostics_.add(entry.place, "unknown key " + quoted(entry.key) + did_you_mean(entry.key, format_keys) +
                                          " (known here: " + listed(format_keys) + ")");
      }
    }
  }

  const Node& root_;
  Diagnostics& diagnostics_;
  Header header_;
  std::vector<const Entry*> misspelt_;  ///< keys that stand for one that must be there
};

}  // namespace

Header read_header(const Node& root, Diagnostics& diagnostics) { return HeaderReader(root, diagnostics).read(); }

}  // namespace haggle::spec
