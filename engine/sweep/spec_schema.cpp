// SPDX-License-Identifier: MIT
#include "spec_schema.hpp"

#include <algorithm>
#include <charconv>

namespace haggle::spec {
namespace {

SchemaNode& insert(SchemaNode& root, std::string_view path) {
  SchemaNode* at = &root;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    std::string_view key = path.substr(0, dot);
    const std::size_t bracket = std::min(key.find('['), key.size());
    const std::string_view index = key.substr(bracket);
    key = key.substr(0, bracket);
    auto child = std::find_if(at->children.begin(), at->children.end(), [&](const auto& c) { return c.key == key; });
    if (child == at->children.end()) {
      at->children.emplace_back();
      child = at->children.end() - 1;
      child->key = key;
    }
    at = &*child;
    if (!index.empty()) {
      std::size_t i = 0;
      std::from_chars(index.data() + 1, index.data() + index.size(), i);  // "[]" leaves it 0
      if (at->items.size() <= i) at->items.resize(i + 1);
      at = &at->items[i];
    }
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return *at;
}

}  // namespace

bool is_header_key(std::string_view key) {
  return std::find(header_keys.begin(), header_keys.end(), key) != header_keys.end();
}

bool is_axis_definition(std::string_view key) {
  return std::find(definition_keys.begin(), definition_keys.end(), key) != definition_keys.end();
}

const SchemaNode* SchemaNode::find(std::string_view name) const {
  for (const SchemaNode& child : children)
    if (child.key == name) return &child;
  return nullptr;
}

std::vector<std::string_view> SchemaNode::keys() const {
  std::vector<std::string_view> all;
  for (const SchemaNode& child : children) all.push_back(child.key);
  return all;
}

SchemaNode make_schema(const GameTable& game) {
  SchemaNode root;
  for (std::size_t i = 0; i < game.parameters.size(); ++i) insert(root, game.parameters[i].path).parameter = i;
  for (std::size_t i = 0; i < game.words.size(); ++i) insert(root, game.words[i].path).word = i;
  return root;
}

std::string shared_key(std::string_view list) { return "all_" + std::string(list); }

std::string_view last_key(std::string_view path) { return path.substr(path.rfind('.') + 1); }

}  // namespace haggle::spec
