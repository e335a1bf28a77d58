// SPDX-License-Identifier: MIT
// Which keys a spec may have, as a tree made from a game's tables.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "haggle/model/table.hpp"

namespace haggle::spec {

/// Keys at the top that mean the same for every game.
inline constexpr std::array<std::string_view, 8> header_keys{"haggle", "title",   "game",   "zip",
                                                             "where",  "outputs", "output", "on_failure"};
/// The same with what may stand below them, for a person.
struct CommonKey {
  std::string_view path, domain, preset, meaning;
};
inline constexpr std::array<CommonKey, 10> common_keys{{
    {"haggle", "1", "required", "the version of the spec's language"},
    {"title", "any text", "the game's title", "what the sweep is about"},
    {"game", "a game's name", "required", "which game is played"},
    {"zip", "{NAME: [AXIS, AXIS, …], …}", "", "axes that move together, as one dimension of that name"},
    {"where", "a condition over axes", "every point", "points outside are marked `excluded`"},
    {"outputs", "a list of outputs", "all", "what the file keeps besides `status`"},
    {"output.dtype", "float64 | float32", "float64", "how the file keeps numbers"},
    {"output.compression", "0, 1, … 9", "0", "deflate level of the file; 0: none"},
    {"output.checkpoint", "auto | on | off", "auto",
     "what is solved outlives the process; auto: once it lasts some seconds"},
    {"on_failure", "record | abort", "record", "whether a failed game ends the sweep"},
}};
/// Keys that say what an axis runs over.
inline constexpr std::array<std::string_view, 4> definition_keys{"values", "linspace", "geomspace", "concat"};

bool is_header_key(std::string_view key);
bool is_axis_definition(std::string_view key);

struct SchemaNode {
  std::string key;
  std::vector<SchemaNode> items;         ///< "specialists[0]", …: a list of maps, with as many; "[]" is a list of one
  std::optional<std::size_t> parameter;  ///< a leaf: a row of GameTable::parameters
  std::optional<std::size_t> word;       ///< a leaf: a row of GameTable::words
  std::vector<SchemaNode> children;      ///< in the order of the tables

  bool list() const { return !items.empty(); }
  bool leaf() const { return parameter || word; }
  const SchemaNode* find(std::string_view name) const;
  std::vector<std::string_view> keys() const;
};

SchemaNode make_schema(const GameTable& game);

/// "all_specialists": the key at the top that holds what all items of that list share.
std::string shared_key(std::string_view list);

/// The last key of a path: what a person calls the number in front of them ("elasticity").
std::string_view last_key(std::string_view path);

}  // namespace haggle::spec
