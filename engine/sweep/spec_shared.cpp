// SPDX-License-Identifier: MIT
#include "spec_shared.hpp"

#include <algorithm>
#include <charconv>

#include "spec_schema.hpp"

namespace haggle::spec {
namespace {

/// A map that stands for one number: `{axis: …}` or `{from: …}`.
bool is_number(const Node& map) {
  return std::any_of(map.entries.begin(), map.entries.end(), [](const Entry& entry) {
    return entry.key == "axis" || entry.key == "from" || is_axis_definition(entry.key);
  });
}

void fill(Node& own, const Node& shared) {
  for (const Entry& lent : shared.entries) {
    if (Node* mine = own.find(lent.key)) {
      if (mine->kind == Node::Kind::map && lent.value.kind == Node::Kind::map && !is_number(*mine) &&
          !is_number(lent.value))
        fill(*mine, lent.value);
    } else {
      own.entries.push_back({lent.key, lent.place, Node{}, &lent.value});
    }
  }
}

}  // namespace

void lend_shared(Node& root) {
  for (const Entry& shared : root.entries) {
    if (!shared.key.starts_with(shared_key(""))) continue;
    if (Node* list = root.find(std::string_view(shared.key).substr(shared_key("").size())))
      for (Node& item : list->items)
        if (item.kind == Node::Kind::map) fill(item, shared.value);
  }
}

Place place_of(const Node& root, std::string_view path) {
  const Node* at = &root;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    if (end > 0) {
      const Node* next = at->find(path.substr(0, end));
      if (!next) break;
      at = next;
    }
    path.remove_prefix(end);
    if (path.starts_with('[')) {
      std::size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (index >= at->items.size()) break;
      at = &at->items[index];
      path.remove_prefix(std::min(path.find(']') + 1, path.size()));
    }
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return at->place;
}

}  // namespace haggle::spec
