// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

#include "spec_node.hpp"

namespace haggle::spec {

/// `all_specialists: {…}` lends every item of the list `specialists` what that does not say itself, key by key down to
/// numbers and words; so for any list at the top. `root` must stay where it is: the lent values are not copied.
void lend_shared(Node& root);

/// Where a path ("specialists[1].revenue.expression") stands below `root`, or the deepest part of it that is there.
Place place_of(const Node& root, std::string_view path);

}  // namespace haggle::spec
