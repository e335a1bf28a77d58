// SPDX-License-Identifier: MIT
#pragma once
#include "diagnostics.hpp"
#include "haggle/sweep/plan.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// From a spec's tree to a plan, all but its texts' names. Knows games only by their tables. What comes out is sound
/// only if nothing was diagnosed.
Plan resolve(const Node& root, Diagnostics& diagnostics);

}  // namespace haggle::spec
