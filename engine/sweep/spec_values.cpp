// SPDX-License-Identifier: MIT
#include "spec_values.hpp"

#include <algorithm>
#include <array>

#include "spec_schema.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::array<std::string_view, 6> leaf_keys{"axis", "from", "values", "linspace", "geomspace", "concat"};

}  // namespace

void ValueReader::word(std::size_t index, const Node& node, const std::string& label, bool several) {
  const Word& word = game_.words[index];
  if (node.kind != Node::Kind::scalar) {
    diagnostics_.add(node.place, label + (node.kind == Node::Kind::null ? " has no value"
                                                                        : " takes one word and cannot be an axis"));
  } else if (!word.choices.empty() &&
             std::find(word.choices.begin(), word.choices.end(), node.text) == word.choices.end()) {
    diagnostics_.add(node.place, label + " cannot be " + quoted(node.text) + did_you_mean(node.text, word.choices) +
                                     " (one of " + listed(word.choices) + ")");
  } else if (node.text.empty() && word.choices.empty() && (word.preset.empty() || several)) {
    diagnostics_.add(node.place, label + " is empty");
  } else {
    out_.words[index] = node.text;
  }
}

void ValueReader::parameter(std::size_t index, const Node& node, const std::string& label) {
  out_.given[index] = true;
  out_.places[index] = node.place;
  out_.sound[index] = false;
  const Parameter& parameter = game_.parameters[index];
  switch (node.kind) {
    case Node::Kind::null:
      return diagnostics_.add(node.place, label + " has no value");
    case Node::Kind::list:
      return diagnostics_.add(
          node.place,
          label + " cannot be a bare list; name an axis, as in {axis: " + std::string(last_key(parameter.path)) +
              ", values: [" + (parameter.choices.empty() ? "1, 2" : std::string(parameter.choices.front())) + "]}");
    case Node::Kind::scalar:
      return parameter.choices.empty() ? number(index, node, label) : choice(index, node, label);
    case Node::Kind::map:
      return varying(index, node, label);
  }
}

void ValueReader::number(std::size_t index, const Node& node, const std::string& label) {
  const Parameter& parameter = game_.parameters[index];
  if (node.quoted) return diagnostics_.add(node.place, label + " must be a number; take away the quotes");
  const auto read = read_number(node.text);
  if (const auto* reason = std::get_if<std::string>(&read)) return diagnostics_.add(node.place, label + " " + *reason);
  const double x = std::get<double>(read);
  if (!parameter.domain.contains(x))
    return diagnostics_.add(node.place, label + " = " + node.text + " must be " + describe(parameter.domain));
  out_.sources[index].constant = x;
  out_.sound[index] = true;
}

void ValueReader::choice(std::size_t index, const Node& node, const std::string& label) {
  const Parameter& parameter = game_.parameters[index];
  const auto found = std::find(parameter.choices.begin(), parameter.choices.end(), node.text);
  if (found == parameter.choices.end())
    return diagnostics_.add(node.place, label + " cannot be " + quoted(node.text) +
                                            did_you_mean(node.text, parameter.choices) + " (one of " +
                                            listed(parameter.choices) + ")");
  out_.sources[index].constant = static_cast<double>(found - parameter.choices.begin());
}

void ValueReader::varying(std::size_t index, const Node& node, const std::string& label) {
  for (const Entry& entry : node.entries)
    if (std::find(leaf_keys.begin(), leaf_keys.end(), entry.key) == leaf_keys.end())
      diagnostics_.add(entry.place, "unknown key " + quoted(entry.key) + did_you_mean(entry.key, leaf_keys) +
                                        " (known here: " + listed(leaf_keys) + ")");
  const Node *axis = node.find("axis"), *from = node.find("from");
  if (from && node.entries.size() > 1)
    return diagnostics_.add(node.place, label + " is either derived, {from: \"2*c0\"}, or an axis, not both");
  if (from) return derived(index, *from, label);
  if (!axis)
    return diagnostics_.add(node.place,
                            label + " must be a number, {axis: NAME, …} or {from: \"…\"}; an axis needs a name");
  if (axis->kind != Node::Kind::scalar) return diagnostics_.add(axis->place, "an axis' name must be a word");
  out_.sources[index].kind = Source::Kind::axis;
  out_.sources[index].axis = book_.use(axis->text, index, node, axis->place);
}

void ValueReader::derived(std::size_t index, const Node& from, const std::string& label) {
  const Parameter& parameter = game_.parameters[index];
  out_.places[index] = from.place;
  if (!parameter.choices.empty()) return diagnostics_.add(from.place, label + " is a word and cannot be derived");
  if (from.kind != Node::Kind::scalar)
    return diagnostics_.add(from.place, "`from` must be an expression in quotes, as in \"2*c0\"");
  out_.sources[index].kind = Source::Kind::derived;
  out_.sources[index].expression = from.text;
}

}  // namespace haggle::spec
