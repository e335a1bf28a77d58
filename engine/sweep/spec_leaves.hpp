// SPDX-License-Identifier: MIT
// The part of a spec that is the game's: every parameter and word, found by walking the tree along the schema.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"
#include "haggle/sweep/plan.hpp"
#include "spec_axes.hpp"
#include "spec_node.hpp"
#include "spec_schema.hpp"

namespace haggle::spec {

/// One entry a row of GameTable::parameters (or, for `words`, of GameTable::words).
struct Leaves {
  std::vector<Source> sources;
  std::vector<Place> places;
  std::vector<bool> given;
  std::vector<bool> sound;  ///< the source is what the spec means, not what stands in for an error
  std::vector<std::string> words;
};

/// Walks `root` in the document's order, which gives `book` its axes in that order.
Leaves read_leaves(const Node& root, const SchemaNode& schema, const GameTable& game, AxisBook& book,
                   Diagnostics& diagnostics);

}  // namespace haggle::spec
