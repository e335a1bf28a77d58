// SPDX-License-Identifier: MIT
#include "spec_axes.hpp"

#include <algorithm>
#include <cctype>

#include "expression.hpp"
#include "spec_schema.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::string_view results_group = "provenance";

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool contains_axis(const Dimension& dimension, std::size_t axis) {
  return std::find(dimension.axes.begin(), dimension.axes.end(), axis) != dimension.axes.end();
}

/// "the generalist's cost coefficient, φ₀(α₀) = c₀ α₀^k₀" → "Generalist's cost coefficient", as outputs are named.
std::string label_of(std::string_view meaning) {
  if (meaning.starts_with("the ")) meaning.remove_prefix(4);
  std::string label(meaning.substr(0, meaning.find_first_of(",;")));
  if (!label.empty()) label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  return label;
}

/// A parameter's path without the places in lists: "specialists[].cost.exponent".
std::string pattern_of(std::string_view path) {
  std::string pattern;
  bool index = false;
  for (const char c : path) {
    if (c == ']') index = false;
    if (!index) pattern += c;
    if (c == '[') index = true;
  }
  return pattern;
}

/// The label of an axis: that of its first parameter, or what the same number of several players has in common, "A's
/// cost exponent" and "B's cost exponent" → "Cost exponent".
std::string label_of(const GameTable& game, const std::vector<std::size_t>& parameters) {
  const Parameter& first = game.parameters[parameters.front()];
  std::string label = label_of(first.meaning);
  for (const std::size_t p : parameters)
    if (pattern_of(game.parameters[p].path) != pattern_of(first.path)) return label;
  std::size_t common = label.size();
  for (const std::size_t p : parameters) {
    const std::string other = label_of(game.parameters[p].meaning);
    const auto differ = std::mismatch(label.rbegin(), label.rend(), other.rbegin(), other.rend());
    common = std::min(common, static_cast<std::size_t>(differ.first - label.rbegin()));
  }
  const std::size_t word = common == label.size() ? 0 : label.find(' ', label.size() - common);
  return word == label.npos ? label : label_of(std::string_view(label).substr(word == 0 ? 0 : word + 1));
}

}  // namespace

std::size_t AxisBook::use(const std::string& name, std::size_t parameter, const Node& map, Place name_place) {
  auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  if (entry == entries_.end()) {
    check_name(name, name_place, "an axis");
    entries_.emplace_back();
    entry = entries_.end() - 1;
    entry->name = name;
    entry->place = name_place;
  }
  entry->parameters.push_back(parameter);
  if (std::find(entry->definitions.begin(), entry->definitions.end(), &map) == entry->definitions.end() &&
      std::any_of(map.entries.begin(), map.entries.end(), [](const auto& e) { return is_axis_definition(e.key); }))
    entry->definitions.push_back(&map);
  return static_cast<std::size_t>(entry - entries_.begin());
}

void AxisBook::check_name(const std::string& name, Place place, std::string_view what) {
  const std::string who = std::string(what) + " cannot be named " + quoted(name);
  if (!is_identifier(name))
    diagnostics_.add(place,
                     who + ": a name is letters, digits and _, does not start with a digit, and is not longer than 64");
  else if (std::any_of(game_.outputs.begin(), game_.outputs.end(), [&](const Output& o) { return o.name == name; }))
    diagnostics_.add(place, who + ": an output in the result file has that name");
  else if (std::any_of(game_.dimensions.begin(), game_.dimensions.end(), [&](const auto& d) { return d.name == name; }))
    diagnostics_.add(place, who + ": a dimension of the game's outputs has that name");
  else if (name == results_group)
    diagnostics_.add(place, who + ": a group of the result file has that name");
  else if (contains(function_names(), name) || contains(operator_words(), name))
    diagnostics_.add(place, who + ": expressions use that word");
}

void AxisBook::resolve(const Node* zip) {
  for (Entry& entry : entries_) define(entry);
  if (zip) read_zip(*zip);
  for (Entry& entry : entries_)
    if (!entry.zipped && entry.definition.sound) check_distinct(entry.definition, entry.name, diagnostics_);
  make_dimensions();
}

void AxisBook::define(Entry& entry) {
  const Parameter& first = game_.parameters[entry.parameters.front()];
  for (std::size_t p : entry.parameters)
    if (game_.parameters[p].choices.data() != first.choices.data()) {
      diagnostics_.add(entry.place, "axis " + quoted(entry.name) + " cannot serve both " + std::string(first.path) +
                                        " and " + std::string(game_.parameters[p].path) +
                                        ": words and numbers do not mix");
      return;
    }
  if (entry.definitions.empty()) {
    const std::vector<std::string_view> others = [&] {
      std::vector<std::string_view> defined;
      for (const Entry& other : entries_)
        if (!other.definitions.empty()) defined.push_back(other.name);
      return defined;
    }();
    diagnostics_.add(entry.place,
                     "axis " + quoted(entry.name) +
                         " is defined nowhere; one place must give its values, linspace, geomspace or concat" +
                         did_you_mean(entry.name, others));
    return;
  }
  for (std::size_t i = 0; i < entry.definitions.size(); ++i) {
    AxisDefinition definition =
        read_axis_definition(*entry.definitions[i], first.choices, last_key(first.path), diagnostics_);
    if (i == 0) {
      entry.definition = std::move(definition);
    } else if (definition.sound && entry.definition.sound && !same_values(definition, entry.definition)) {
      const int line = entry.definition.place.line;
      diagnostics_.add(definition.place, "axis " + quoted(entry.name) + " is defined differently" +
                                             (line ? " in line " + std::to_string(line) : " elsewhere") +
                                             "; define it once and write {axis: " + entry.name + "} here");
    }
  }
  if (first.choices.empty())
    for (std::size_t p : entry.parameters) check_domain(entry.definition, game_.parameters[p], diagnostics_);
}

void AxisBook::read_zip(const Node& zip) {
  if (zip.kind != Node::Kind::map || zip.entries.empty()) {
    diagnostics_.add(zip.place, "`zip` must be a map of names to lists of axes, as in {pair: [c0, c1]}");
    return;
  }
  for (const auto& pair : zip.entries) {
    check_name(pair.key, pair.place, "a zip");
    if (contains(names(), pair.key))
      diagnostics_.add(pair.place, "a zip cannot be named " + quoted(pair.key) + ": an axis has that name");
    read_zip_members(pair.key, pair.value);
  }
}

void AxisBook::read_zip_members(const std::string& name, const Node& list) {
  if (list.kind != Node::Kind::list || list.items.size() < 2) {
    diagnostics_.add(list.place, "`zip` " + quoted(name) + " must list two axes or more, as in [c0, c1]");
    return;
  }
  Dimension zip{name, 0, {}};
  std::uint64_t size = 0;
  for (const Node& item : list.items) {
    const auto entry =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == item.text; });
    if (item.kind != Node::Kind::scalar || entry == entries_.end()) {
      diagnostics_.add(item.place, "no axis is named " + quoted(item.text) + did_you_mean(item.text, names()));
      continue;
    }
    if (entry->zipped) {
      diagnostics_.add(item.place, "axis " + quoted(item.text) + " is zipped twice");
      continue;
    }
    entry->zipped = true;
    zip.axes.push_back(static_cast<std::size_t>(entry - entries_.begin()));
    if (!entry->definition.sound) continue;
    Axis axis;
    axis.segments = entry->definition.segments;
    if (size == 0) {
      size = axis.size();
    } else if (axis.size() != size) {
      const Place values = entry->definition.places.front().front();
      diagnostics_.add(values.override_index < 0 ? item.place : values,
                       "zipped axes must be equally long: " + quoted(item.text) + " has " +
                           std::to_string(axis.size()) + " values, those before it " + std::to_string(size));
    }
  }
  zips_.push_back(std::move(zip));
}

void AxisBook::make_dimensions() {
  for (const Entry& entry : entries_) {
    const Parameter& first = game_.parameters[entry.parameters.front()];
    Axis axis;
    axis.name = entry.name;
    axis.unit = first.unit;
    axis.long_name = label_of(game_, entry.parameters);
    axis.segments = entry.definition.segments;
    axis.labels = entry.definition.labels;
    axes_.push_back(std::move(axis));
  }
  std::vector<bool> done(axes_.size());
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (done[a]) continue;
    const auto zip = std::find_if(zips_.begin(), zips_.end(), [&](const Dimension& z) { return contains_axis(z, a); });
    Dimension dimension = zip == zips_.end() ? Dimension{axes_[a].name, 0, {a}} : *zip;
    dimension.size = axes_[a].size();
    for (std::size_t member : dimension.axes) done[member] = true;
    dimensions_.push_back(std::move(dimension));
  }
}

std::vector<std::string_view> AxisBook::names() const {
  std::vector<std::string_view> all;
  for (const Entry& entry : entries_) all.push_back(entry.name);
  return all;
}

bool AxisBook::may_be(std::size_t axis, std::string_view word) const {
  return std::find(axes_[axis].labels.begin(), axes_[axis].labels.end(), word) != axes_[axis].labels.end();
}

}  // namespace haggle::spec
