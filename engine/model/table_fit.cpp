// SPDX-License-Identifier: MIT
#include "table_fit.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

namespace haggle {
namespace {

std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return x;
}

class Fit {
 public:
  Fit(const GameTable& table, const Outline& outline) : table_(table), outline_(outline) { collect_axes(outline); }

  bool holds() const {
    for (const Outline& entry : outline_.entries) {
      const std::string key(entry.key);
      if (key == "outputs" ? !has_outputs(entry) : begins_path(key) && !below(entry, key)) return false;
    }
    return true;
  }

 private:
  void collect_axes(const Outline& node) {
    if (const Outline* axis = node.find("axis")) axes_[axis->text].push_back(&node);
    for (const Outline& entry : node.entries) collect_axes(entry);
    for (const Outline& item : node.items) collect_axes(item);
  }

  bool has_outputs(const Outline& wanted) const {
    const auto known = [&](const Outline& item) {
      return std::any_of(table_.outputs.begin(), table_.outputs.end(),
                         [&](const auto& o) { return o.name == item.text; }) ||
             std::any_of(table_.output_groups.begin(), table_.output_groups.end(),
                         [&](const auto& g) { return g.name == item.text; });
    };
    return std::all_of(wanted.items.begin(), wanted.items.end(), known);
  }

  /// Whether some row's path goes on from `path`.
  bool begins_path(const std::string& path) const {
    const auto goes_on = [&](std::string_view whole) {
      return whole.size() > path.size() && whole.starts_with(path) &&
             (whole[path.size()] == '.' || whole[path.size()] == '[');
    };
    return std::any_of(table_.parameters.begin(), table_.parameters.end(),
                       [&](const auto& p) { return goes_on(p.path); }) ||
           std::any_of(table_.words.begin(), table_.words.end(), [&](const auto& w) { return goes_on(w.path); });
  }

  bool below(const Outline& node, const std::string& path) const {
    for (const Parameter& parameter : table_.parameters)
      if (parameter.path == path) return parameter.choices.empty() ? numbers_fit(parameter, node) : true;
    for (const Word& word : table_.words)
      if (word.path == path)
        return word.choices.empty() ||
               std::find(word.choices.begin(), word.choices.end(), node.text) != word.choices.end();
    if (!begins_path(path)) return false;
    if (node.items.size() > 1) return false;
    return std::all_of(node.items.begin(), node.items.end(),
                       [&](const Outline& item) { return entries(item, path + "[]"); }) &&
           entries(node, path);
  }

  bool entries(const Outline& node, const std::string& path) const {
    return std::all_of(node.entries.begin(), node.entries.end(),
                       [&](const Outline& entry) { return below(entry, path + "." + std::string(entry.key)); });
  }

  bool numbers_fit(const Parameter& parameter, const Outline& node) const {
    if (const Outline* axis = node.find("axis")) {
      const auto definitions = axes_.find(axis->text);
      return definitions == axes_.end() ||
             std::all_of(definitions->second.begin(), definitions->second.end(),
                         [&](const Outline* definition) { return values_fit(parameter, *definition); });
    }
    const auto x = number_in(node.text);
    return !x || parameter.domain.contains(*x);
  }

  /// The ends of a linspace or geomspace, every number of a list. What they say beside is the reader's business.
  bool values_fit(const Parameter& parameter, const Outline& definition) const {
    const auto fits = [&](const Outline& item) {
      const auto x = number_in(item.text);
      return !x || parameter.domain.contains(*x);
    };
    for (const Outline& entry : definition.entries) {
      const bool spaced = entry.key == "linspace" || entry.key == "geomspace";
      const auto last = spaced && entry.items.size() > 2 ? entry.items.begin() + 2 : entry.items.end();
      if (!std::all_of(entry.items.begin(), last, fits)) return false;
      for (const Outline& piece : entry.items)
        if (!values_fit(parameter, piece) || !std::all_of(piece.items.begin(), piece.items.end(), fits)) return false;
    }
    return true;
  }

  const GameTable& table_;
  const Outline& outline_;
  std::map<std::string_view, std::vector<const Outline*>> axes_;
};

}  // namespace

bool fits(const GameTable& table, const Outline& outline) { return Fit(table, outline).holds(); }

}  // namespace haggle
