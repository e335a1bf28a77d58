// SPDX-License-Identifier: MIT
#include "spec_override.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "spec_schema.hpp"
#include "spec_yaml.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

struct Step {
  std::string key;
  std::optional<std::size_t> index;
};

/// "specialists[0].revenue.elasticity" → its steps; none when it is no such path.
std::optional<std::vector<Step>> split(std::string_view path) {
  std::vector<Step> steps;
  while (true) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    std::string_view part = path.substr(0, dot);
    Step step;
    if (const std::size_t bracket = part.find('['); bracket != part.npos) {
      std::size_t index = 0;
      const char* first = part.data() + bracket + 1;
      const char* last = part.data() + part.size();
      const auto [end, error] = std::from_chars(first, last, index);
      if (error != std::errc{} || end + 1 != last || *end != ']') return std::nullopt;
      step.index = index;
      part = part.substr(0, bracket);
    }
    if (!is_identifier(part)) return std::nullopt;
    step.key = part;
    steps.push_back(std::move(step));
    if (dot == path.size()) return steps;
    path.remove_prefix(dot + 1);
  }
}

/// Every map in the tree that says `axis: NAME`, with its name, in the document's order. Such a map is a leaf: what a
/// wrong spec puts below it is no axis, and must not be one, since redefining the outer would take the inner away.
void collect_axes(Node& node, std::vector<std::pair<std::string, Node*>>& found) {
  if (const Node* axis = node.find("axis"); axis && axis->kind == Node::Kind::scalar) {
    found.emplace_back(axis->text, &node);
    return;
  }
  for (Node& item : node.items) collect_axes(item, found);
  for (Entry& entry : node.entries) collect_axes(entry.value, found);
}

bool redefine_axis(Node& root, const std::string& name, const Node& value, Place place, Diagnostics& diagnostics) {
  std::vector<std::pair<std::string, Node*>> found;
  collect_axes(root, found);
  std::erase_if(found, [&](const auto& axis) { return axis.first != name; });
  if (found.empty()) return false;
  std::vector<Entry> definition;
  if (value.kind == Node::Kind::map) {
    for (const Entry& entry : value.entries) {
      if (entry.key != "axis")
        definition.push_back(entry);
      else if (entry.value.text != name)
        diagnostics.add(place, "this redefines the axis " + quoted(name) + " and cannot rename it");
    }
  } else {
    Node values = value;
    if (value.kind != Node::Kind::list) {
      values = Node{};
      values.kind = Node::Kind::list;
      values.place = place;
      values.items.push_back(value);
    }
    definition.push_back({"values", place, std::move(values)});
  }
  for (auto& [_, map] : found)
    std::erase_if(map->entries, [](const Entry& entry) { return is_axis_definition(entry.key); });
  auto& first = found.front().second->entries;
  first.insert(first.end(), definition.begin(), definition.end());
  return true;
}

/// The node that the steps lead to, made where it is missing. Null when something on the way is of another kind.
Node* reach(Node& root, const std::vector<Step>& steps, Place place, Diagnostics& diagnostics) {
  Node* at = &root;
  std::string so_far;
  const auto become = [&](Node::Kind kind, std::string_view what) {
    if (at->kind == Node::Kind::null) {
      at->kind = kind;
      at->place = place;
    }
    if (at->kind == kind) return true;
    diagnostics.add(place, quoted(so_far) + " is not a " + std::string(what));
    return false;
  };
  for (const Step& step : steps) {
    if (!become(Node::Kind::map, "map")) return nullptr;
    if (!at->find(step.key)) at->entries.push_back({step.key, place, Node{}});
    at = at->find(step.key);
    so_far += (so_far.empty() ? "" : ".") + step.key;
    if (!step.index) continue;
    if (!become(Node::Kind::list, "list")) return nullptr;
    if (*step.index > at->items.size()) {
      diagnostics.add(place, quoted(so_far) + " has " + std::to_string(at->items.size()) + " entries; the next is [" +
                                 std::to_string(at->items.size()) + "]");
      return nullptr;
    }
    if (*step.index == at->items.size()) at->items.emplace_back();
    at = &at->items[*step.index];
    so_far += "[" + std::to_string(*step.index) + "]";
  }
  return at;
}

}  // namespace

void apply_overrides(Node& root, const std::vector<Override>& overrides, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const Place place{0, 0, static_cast<int>(i)};
    auto value = parse_yaml(overrides[i].value, place.override_index, diagnostics);
    if (!value) continue;
    const auto steps = split(overrides[i].path);
    if (!steps || steps->size() > 16) {
      diagnostics.add(place, quoted(overrides[i].path) +
                                 " is no path; write it as in `specialists[0].revenue.elasticity`, or name an axis");
      continue;
    }
    const Step& first = steps->front();
    const bool alone = steps->size() == 1 && !first.index && !root.find(first.key) && !is_header_key(first.key);
    if (alone) {
      if (redefine_axis(root, first.key, *value, place, diagnostics)) continue;
      std::vector<std::pair<std::string, Node*>> axes;
      collect_axes(root, axes);
      const std::vector<std::string_view> names = [&] {
        std::vector<std::string_view> all;
        for (const auto& axis : axes) all.push_back(axis.first);
        return all;
      }();
      if (const std::string hint = did_you_mean(first.key, names); !hint.empty()) {
        diagnostics.add(place, "no key or axis is named " + quoted(first.key) + hint);
        continue;
      }
    }
    if (Node* node = reach(root, *steps, place, diagnostics)) *node = std::move(*value);
  }
}

}  // namespace haggle::spec
