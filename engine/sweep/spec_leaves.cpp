// SPDX-License-Identifier: MIT
#include "spec_leaves.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/nearest.hpp"
#include "spec_values.hpp"

namespace haggle::spec {
namespace {

class LeafReader {
 public:
  LeafReader(const SchemaNode& schema, const GameTable& game, AxisBook& book, Diagnostics& diagnostics)
      : schema_(schema), game_(game), diagnostics_(diagnostics), values_(game, book, diagnostics, out_) {
    for (const Parameter& parameter : game.parameters) {
      Source source;
      source.constant = parameter.preset.value_or(0);
      out_.sources.push_back(std::move(source));
    }
    out_.places.resize(game.parameters.size());
    out_.given.resize(game.parameters.size());
    for (const Parameter& parameter : game.parameters) out_.sound.push_back(parameter.preset.has_value());
    for (const Word& word : game.words)
      out_.words.emplace_back(word.preset.empty() && !word.choices.empty() ? word.choices.front() : word.preset);
    if (const GameEntry* entry = find_game(game.name)) guide_ = make_schema(*entry->guide);
    for (const SchemaNode& child : guide_.children)
      if (!schema.find(child.key)) askable_.push_back(child.key);
    for (const SchemaNode& child : schema.children)
      if (child.list()) shared_keys_.push_back(shared_key(child.key));
  }

  Leaves read(const Node& root) {
    walk_map(schema_, root, "");
    for (const PassedOver& key : passed_over_)
      if (!taken_.contains(&key.entry->node())) unknown_key(*key.schema, *key.entry, false);
    return std::move(out_);
  }

 private:
  /// A key that some items of a list share and one cannot use: an error only if none can.
  struct PassedOver {
    const SchemaNode* schema;
    const Entry* entry;
  };

  void walk_map(const SchemaNode& schema, const Node& node, const std::string& path) {
    if (node.kind != Node::Kind::map) {
      diagnostics_.add(node.place, quoted(path) + (node.kind == Node::Kind::null ? " has no value" : "") +
                                       (node.kind == Node::Kind::null ? "; it has the keys " : " must be a map of ") +
                                       listed(schema.keys()));
      return;
    }
    const bool top = path.empty();
    std::vector<const SchemaNode*> misspelt;
    for (const Entry& entry : node.entries) {
      if (top && is_header_key(entry.key)) continue;
      if (top && contains(shared_keys_, entry.key)) {
        lends_ = true;
        shared(entry);
        continue;
      }
      const bool outer = std::exchange(shared_, shared_ || entry.shared);
      const SchemaNode* child = schema.find(entry.key);
      if (!child) {
        // What stands below a misspelt key is read as what it was meant for: it is not missing, only misspelt.
        child = meant(schema, node, entry.key, top);
        if (shared_ && !child)
          passed_over_.push_back({&schema, &entry});
        else
          unknown_key(schema, entry, top);
        if (child) misspelt.push_back(child);
      } else if (shared_) {
        taken_.insert(&entry.node());
      }
      if (child) value(*child, entry.node(), (top ? "" : path + ".") + child->key);
      shared_ = outer;
    }
    for (const SchemaNode& child : schema.children)
      if (!node.find(child.key) && std::find(misspelt.begin(), misspelt.end(), &child) == misspelt.end())
        missing(child, (top ? "" : path + ".") + child.key, node.place);
  }

  void value(const SchemaNode& schema, const Node& node, const std::string& path) {
    if (schema.parameter)
      values_.parameter(*schema.parameter, node, label(game_.parameters[*schema.parameter].path));
    else if (schema.word)
      values_.word(*schema.word, node, label(game_.words[*schema.word].path), several_);
    else if (schema.list())
      walk_list(schema, node, path);
    else
      walk_map(schema, node, path);
  }

  /// A table has as many items as the spec lists, or as many as the game can have.
  void walk_list(const SchemaNode& schema, const Node& node, const std::string& path) {
    if (node.kind != Node::Kind::list)
      return diagnostics_.add(node.place,
                              quoted(path) + " must be a list; begin the first line of each entry with `- `");
    if (node.items.empty()) return diagnostics_.add(node.place, quoted(path) + " is empty; it lists one or more");
    if (node.items.size() > schema.items.size())
      diagnostics_.add(node.items[schema.items.size()].place, "the game " + std::string(game_.name) + " has at most " +
                                                                  std::to_string(schema.items.size()) + " " + path +
                                                                  "; " + std::to_string(node.items.size()) + " given");
    several_ = schema.items.size() > 1;
    for (std::size_t i = 0; i < std::min(node.items.size(), schema.items.size()); ++i)
      walk_map(schema.items[i], node.items[i], path + "[" + std::to_string(i) + "]");
    several_ = false;
  }

  /// The map that lends the items of a list their common values is read where they take them.
  void shared(const Entry& entry) {
    if (entry.value.kind != Node::Kind::map)
      diagnostics_.add(entry.value.place, quoted(entry.key) + (entry.value.kind == Node::Kind::null
                                                                   ? " has no value"
                                                                   : " must be a map of what they share"));
  }

  static bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  std::vector<std::string_view> known_keys(const SchemaNode& schema, bool top) const {
    std::vector<std::string_view> known = schema.keys();
    if (top) known.insert(known.end(), askable_.begin(), askable_.end());
    if (top) known.insert(known.end(), shared_keys_.begin(), shared_keys_.end());
    if (top) known.insert(known.end(), header_keys.begin(), header_keys.end());
    return known;
  }

  /// What a person calls a number or word: its key, or all of its path where others have the same.
  std::string label(std::string_view path) const {
    if (!several_) return std::string(last_key(path));
    return shared_ ? shared_key(path.substr(0, path.find('['))) + std::string(path.substr(path.find(']') + 1))
                   : std::string(path);
  }

  /// The child that the first unknown key near its name stands for, unless it is there under its own name.
  const SchemaNode* meant(const SchemaNode& schema, const Node& node, const std::string& key, bool top) const {
    const std::vector<std::string_view> known = known_keys(schema, top);
    const auto near = nearest(key, known);
    if (!near || node.find(*near)) return nullptr;
    for (const Entry& entry : node.entries) {
      if (entry.key == key) return schema.find(*near);
      if (nearest(entry.key, known) == near && !schema.find(entry.key)) return nullptr;
    }
    return nullptr;
  }

  void unknown_key(const SchemaNode& schema, const Entry& entry, bool top) {
    const std::vector<std::string_view> known = known_keys(schema, top);
    std::string hint = did_you_mean(entry.key, known);
    if (hint.empty()) hint = elsewhere(entry.key);
    const SchemaNode* there = counterpart(guide_, schema_, schema);
    const std::string what =
        hint.empty() && there && there->find(entry.key)
            ? " is a key here only beside other values of the spec: see `haggle games " + std::string(game_.name) + "`"
            : "";
    diagnostics_.add(entry.place, (what.empty() ? "unknown key " : "") + quoted(entry.key) + what + hint +
                                      " (known here: " + listed(known) + ")");
  }

  /// Of `wanted`, somewhere in the tree `at`, in the tree of all that the game's specs may ask for.
  static const SchemaNode* counterpart(const SchemaNode& guide, const SchemaNode& at, const SchemaNode& wanted) {
    if (&at == &wanted) return &guide;
    for (const SchemaNode& child : at.children)
      if (const SchemaNode* same = guide.find(child.key))
        if (const SchemaNode* found = counterpart(*same, child, wanted)) return found;
    for (const SchemaNode& item : at.items)
      if (guide.list())
        if (const SchemaNode* found = counterpart(guide.items.front(), item, wanted)) return found;
    return nullptr;
  }

  /// A key that is right but stands in the wrong place.
  std::string elsewhere(const std::string& key) const {
    for (const Parameter& parameter : game_.parameters)
      if (key == last_key(parameter.path) || key == parameter.name)
        return "; did you mean `" + std::string(parameter.path) + "`?";
    for (const Word& word : game_.words)
      if (key == last_key(word.path)) return "; did you mean `" + std::string(word.path) + "`?";
    return "";
  }

  void missing(const SchemaNode& schema, const std::string& path, Place place) {
    if (schema.list() && lends_)
      return diagnostics_.add(
          place, quoted(path) + " is missing: a list with an entry for each, which may be empty, as in [{}, {}]");
    if (schema.parameter && !game_.parameters[*schema.parameter].preset)
      diagnostics_.add(place,
                       quoted(path) + " is missing: " + std::string(game_.parameters[*schema.parameter].meaning));
    if (schema.parameter) out_.places[*schema.parameter] = place;
    if (schema.word && game_.words[*schema.word].choices.empty() && game_.words[*schema.word].preset.empty())
      diagnostics_.add(place, quoted(path) + " is missing: " + std::string(game_.words[*schema.word].meaning));
    for (const SchemaNode& child : schema.children) missing(child, path + "." + child.key, place);
    for (std::size_t i = 0; i < schema.items.size(); ++i)
      for (const SchemaNode& child : schema.items[i].children)
        missing(child, path + "[" + std::to_string(i) + "]." + child.key, place);
  }

  const SchemaNode& schema_;
  SchemaNode guide_;  ///< of all that a spec of this game may ask for
  const GameTable& game_;
  Diagnostics& diagnostics_;
  std::vector<std::string> askable_;  ///< keys at the top that bring rows with them, and are not in this spec
  std::vector<std::string> shared_keys_;
  std::vector<PassedOver> passed_over_;
  std::set<const Node*> taken_;
  bool lends_ = false;    ///< a map of what the items of a list share was seen
  bool several_ = false;  ///< below a list with more than one item
  bool shared_ = false;   ///< what is read was lent by the map that the items share
  Leaves out_;
  ValueReader values_;
};

}  // namespace

Leaves read_leaves(const Node& root, const SchemaNode& schema, const GameTable& game, AxisBook& book,
                   Diagnostics& diagnostics) {
  return LeafReader(schema, game, book, diagnostics).read(root);
}

}  // namespace haggle::spec
