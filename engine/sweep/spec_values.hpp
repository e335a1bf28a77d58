// SPDX-License-Identifier: MIT
// What stands at one key of a spec: a number, an axis, an expression or a word.
#pragma once
#include <cstddef>
#include <string>

#include "diagnostics.hpp"
#include "spec_axes.hpp"
#include "spec_leaves.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// Fills the rows of Leaves. `label` is what messages call the key.
class ValueReader {
 public:
  ValueReader(const GameTable& game, AxisBook& book, Diagnostics& diagnostics, Leaves& out)
      : game_(game), book_(book), diagnostics_(diagnostics), out_(out) {}

  void parameter(std::size_t index, const Node& node, const std::string& label);
  /// With `several`, a text that tells one from another must not be empty.
  void word(std::size_t index, const Node& node, const std::string& label, bool several);

 private:
  void number(std::size_t index, const Node& node, const std::string& label);
  void choice(std::size_t index, const Node& node, const std::string& label);
  void varying(std::size_t index, const Node& node, const std::string& label);  ///< `{axis: …}` or `{from: …}`
  void derived(std::size_t index, const Node& from, const std::string& label);

  const GameTable& game_;
  AxisBook& book_;
  Diagnostics& diagnostics_;
  Leaves& out_;
};

}  // namespace haggle::spec
