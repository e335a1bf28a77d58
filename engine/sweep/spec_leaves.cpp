// SPDX-License-Identifier: MIT
#include "spec_leaves.hpp"

#include <algorithm>
#include <array>

#include "core/nearest.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::array<std::string_view, 6> leaf_keys{"axis", "from", "values", "linspace", "geomspace", "concat"};

class LeafReader {
 public:
  LeafReader(const SchemaNode& schema, const GameTable& game, AxisBook& book, Diagnostics& diagnostics)
      : schema_(schema), game_(game), book_(book), diagnostics_(diagnostics) {
    for (const Parameter& parameter : game.parameters) {
      Source source;
      source.constant = parameter.preset.value_or(0);
      out_.sources.push_back(std::move(source));
    }
    out_.places.resize(game.parameters.size());
    out_.given.resize(game.parameters.size());
    for (const Word& word : game.words) out_.words.emplace_back(word.choices.empty() ? "D" : word.choices.front());
  }

  Leaves read(const Node& root) {
    walk_map(schema_, root, "");
    return std::move(out_);
  }

 private:
  void walk_map(const SchemaNode& schema, const Node& node, const std::string& path) {
    if (node.kind != Node::Kind::map) {
      diagnostics_.add(node.place, quoted(path) + (node.kind == Node::Kind::null ? " has no value" : "") +
                                       (node.kind == Node::Kind::null ? "; it has the keys " : " must have the keys ") +
                                       listed(schema.keys()));
      return;
    }
    const bool top = path.empty();
    std::vector<const SchemaNode*> misspelt;
    for (const Entry& entry : node.entries) {
      if (top && is_header_key(entry.key)) continue;
      const SchemaNode* child = schema.find(entry.key);
      if (!child) {
        unknown_key(schema, entry, top);
        // What stands below a misspelt key is read as what it was meant for: it is not missing, only misspelt.
        child = meant(schema, node, entry.key, top);
        if (!child) continue;
        misspelt.push_back(child);
      }
      const std::string below = (top ? "" : path + ".") + child->key;
      if (child->parameter)
        leaf(*child->parameter, entry.value);
      else if (child->word)
        word(*child->word, entry.value);
      else if (child->list)
        walk_list(*child, entry.value, below);
      else
        walk_map(*child, entry.value, below);
    }
    for (const SchemaNode& child : schema.children)
      if (!node.find(child.key) && std::find(misspelt.begin(), misspelt.end(), &child) == misspelt.end())
        missing(child, (top ? "" : path + ".") + child.key, node.place);
  }

  void walk_list(const SchemaNode& schema, const Node& node, const std::string& path) {
    const std::string one = path.ends_with('s') ? path.substr(0, path.size() - 1) : path;
    if (node.kind != Node::Kind::list) {
      diagnostics_.add(node.place, quoted(path) + " must be a list of one " + one + "; begin its first line with `- `");
      return;
    }
    if (node.items.size() != 1) {
      diagnostics_.add(node.items.empty() ? node.place : node.items[1].place,
                       "the game " + std::string(game_.name) + " solves games with one " + one + "; " +
                           std::to_string(node.items.size()) + " given");
      return;
    }
    walk_map(schema, node.items.front(), path + "[0]");
  }

  static std::vector<std::string_view> known_keys(const SchemaNode& schema, bool top) {
    std::vector<std::string_view> known = schema.keys();
    if (top) known.insert(known.end(), header_keys.begin(), header_keys.end());
    return known;
  }

  /// The child that the first unknown key near its name stands for, unless it is there under its own name.
  static const SchemaNode* meant(const SchemaNode& schema, const Node& node, const std::string& key, bool top) {
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
    diagnostics_.add(entry.place, "unknown key " + quoted(entry.key) + hint + " (known here: " + listed(known) + ")");
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
    if (schema.parameter && !game_.parameters[*schema.parameter].preset)
      diagnostics_.add(place,
                       quoted(path) + " is missing: " + std::string(game_.parameters[*schema.parameter].meaning));
    if (schema.parameter) out_.places[*schema.parameter] = place;
    for (const SchemaNode& child : schema.children)
      missing(child, path + (schema.list ? "[0]." : ".") + child.key, place);
  }

  void word(std::size_t index, const Node& node) {
    const Word& word = game_.words[index];
    const std::string label(last_key(word.path));
    if (node.kind != Node::Kind::scalar) {
      diagnostics_.add(node.place, label + (node.kind == Node::Kind::null ? " has no value"
                                                                          : " takes one word and cannot be an axis"));
    } else if (!word.choices.empty() &&
               std::find(word.choices.begin(), word.choices.end(), node.text) == word.choices.end()) {
      diagnostics_.add(node.place, label + " cannot be " + quoted(node.text) + did_you_mean(node.text, word.choices) +
                                       " (one of " + listed(word.choices) + ")");
    } else {
      out_.words[index] = node.text;
    }
  }

  void leaf(std::size_t index, const Node& node) {
    out_.given[index] = true;
    out_.places[index] = node.place;
    const Parameter& parameter = game_.parameters[index];
    const std::string label(last_key(parameter.path));
    switch (node.kind) {
      case Node::Kind::null:
        return diagnostics_.add(node.place, label + " has no value");
      case Node::Kind::list:
        return diagnostics_.add(
            node.place, label + " cannot be a bare list; name an axis, as in {axis: " + label + ", values: [" +
                            (parameter.choices.empty() ? "1, 2" : std::string(parameter.choices.front())) + "]}");
      case Node::Kind::scalar:
        return parameter.choices.empty() ? number(index, node) : choice(index, node);
      case Node::Kind::map:
        return varying(index, node);
    }
  }

  void number(std::size_t index, const Node& node) {
    const Parameter& parameter = game_.parameters[index];
    const std::string label(last_key(parameter.path));
    if (node.quoted) return diagnostics_.add(node.place, label + " must be a number; take away the quotes");
    const auto read = read_number(node.text);
    if (const auto* reason = std::get_if<std::string>(&read))
      return diagnostics_.add(node.place, label + " " + *reason);
    const double x = std::get<double>(read);
    if (!parameter.domain.contains(x))
      return diagnostics_.add(node.place, label + " = " + node.text + " must be " + describe(parameter.domain));
    out_.sources[index].constant = x;
  }

  void choice(std::size_t index, const Node& node) {
    const Parameter& parameter = game_.parameters[index];
    const auto found = std::find(parameter.choices.begin(), parameter.choices.end(), node.text);
    if (found == parameter.choices.end())
      return diagnostics_.add(node.place, std::string(last_key(parameter.path)) + " cannot be " + quoted(node.text) +
                                              did_you_mean(node.text, parameter.choices) + " (one of " +
                                              listed(parameter.choices) + ")");
    out_.sources[index].constant = static_cast<double>(found - parameter.choices.begin());
  }

  /// `{axis: …}` or `{from: …}`.
  void varying(std::size_t index, const Node& node) {
    const std::string label(last_key(game_.parameters[index].path));
    for (const Entry& entry : node.entries)
      if (std::find(leaf_keys.begin(), leaf_keys.end(), entry.key) == leaf_keys.end())
        diagnostics_.add(entry.place, "unknown key " + quoted(entry.key) + did_you_mean(entry.key, leaf_keys) +
                                          " (known here: " + listed(leaf_keys) + ")");
    const Node *axis = node.find("axis"), *from = node.find("from");
    if (from && node.entries.size() > 1)
      return diagnostics_.add(node.place, label + " is either derived, {from: \"2*c0\"}, or an axis, not both");
    if (from) return derived(index, *from);
    if (!axis)
      return diagnostics_.add(node.place,
                              label + " must be a number, {axis: NAME, …} or {from: \"…\"}; an axis needs a name");
    if (axis->kind != Node::Kind::scalar) return diagnostics_.add(axis->place, "an axis' name must be a word");
    out_.sources[index].kind = Source::Kind::axis;
    out_.sources[index].axis = book_.use(axis->text, index, node, axis->place);
  }

  void derived(std::size_t index, const Node& from) {
    const Parameter& parameter = game_.parameters[index];
    out_.places[index] = from.place;
    if (!parameter.choices.empty())
      return diagnostics_.add(from.place, std::string(last_key(parameter.path)) + " is a word and cannot be derived");
    if (from.kind != Node::Kind::scalar)
      return diagnostics_.add(from.place, "`from` must be an expression in quotes, as in \"2*c0\"");
    out_.sources[index].kind = Source::Kind::derived;
    out_.sources[index].expression = from.text;
  }

  const SchemaNode& schema_;
  const GameTable& game_;
  AxisBook& book_;
  Diagnostics& diagnostics_;
  Leaves out_;
};

}  // namespace

Leaves read_leaves(const Node& root, const SchemaNode& schema, const GameTable& game, AxisBook& book,
                   Diagnostics& diagnostics) {
  return LeafReader(schema, game, book, diagnostics).read(root);
}

}  // namespace haggle::spec
