// SPDX-License-Identifier: MIT
// The keys at the top of a spec that mean the same for every game, but for `zip`, which belongs to the axes.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "haggle/sweep/plan.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

struct Header {
  std::shared_ptr<const GameTable> game;  ///< null when the spec names none that is known
  std::string title;
  std::string where;
  Place where_place;
  std::vector<std::size_t> outputs;
  OutputFormat format;
  bool abort_on_failure = false;
};

Header read_header(const Node& root, Diagnostics& diagnostics);

}  // namespace haggle::spec
