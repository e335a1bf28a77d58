// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "haggle/sweep/plan.hpp"
#include "spec_node.hpp"
#include "spec_schema.hpp"

namespace haggle::spec {

/// The plan as a spec with every default written out. Keys stand in the order of the game's tables, but where there are
/// axes in that of `root`, which is the order of the dimensions. `words` holds one word a row of GameTable::words.
/// With `arrays_only`, what changes no bit of the arrays (title, checkpoint, on_failure) is left out.
std::string write_canonical(const Node& root, const SchemaNode& schema, const Plan& plan,
                            const std::vector<std::string>& words, bool arrays_only);

}  // namespace haggle::spec
