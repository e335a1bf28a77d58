// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/table.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// The tree as a game sees it; its texts stay in `root`. Of a long list of numbers only the smallest and the largest:
/// an axis of a million of them is one fact about its domain.
Outline outline_of(const Node& root);

}  // namespace haggle::spec
