// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "diagnostics.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// Replaces or creates what each `--set path=value` names: a place in the tree, or the definition of an axis of that
/// name (one scalar makes it an axis of one value). A later override sees what an earlier one did.
void apply_overrides(Node& root, const std::vector<Override>& overrides, Diagnostics& diagnostics);

}  // namespace haggle::spec
