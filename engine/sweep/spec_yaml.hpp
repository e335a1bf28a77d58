// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string_view>

#include "diagnostics.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// Reads one YAML document of plain keys: no tags, anchors, aliases or merge keys, at most 32 levels deep, valid UTF-8.
/// With `override_index` >= 0 every place in the tree is that `--set`. None when the text is not such a document; what
/// is wrong then stands in `diagnostics` (as do repeated keys, of which the first is kept).
std::optional<Node> parse_yaml(std::string_view text, int override_index, Diagnostics& diagnostics);

}  // namespace haggle::spec
