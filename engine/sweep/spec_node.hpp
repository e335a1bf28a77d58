// SPDX-License-Identifier: MIT
// A spec as a small tree with positions: all that the rest of the reader knows of YAML.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace haggle::spec {

/// Where something stands: in the file (line and column from 1, 0 for the whole file) or in the n-th `--set`.
struct Place {
  int line = 0, column = 0;
  int override_index = -1;
};

struct Entry;

struct Node {
  enum class Kind { null, scalar, list, map } kind = Kind::null;
  std::string text;     ///< of a scalar
  bool quoted = false;  ///< a scalar that stood in quotes or in a block is text, never a number
  Place place;
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the order of the document; keys are unique

  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);  ///< only what stands here
};

struct Entry {
  std::string key;
  Place place;
  Node value;
  const Node* shared = nullptr;  ///< where the value stands when another map lends it

  const Node& node() const { return shared ? *shared : value; }
};

inline const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry.node();
  return nullptr;
}
inline Node* Node::find(std::string_view key) {
  for (Entry& entry : entries)
    if (entry.key == key && !entry.shared) return &entry.value;
  return nullptr;
}

}  // namespace haggle::spec
