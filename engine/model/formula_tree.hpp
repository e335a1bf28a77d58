// SPDX-License-Identifier: MIT
// The text of a formula as a tree, before it becomes steps.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "haggle/model/formula.hpp"

namespace haggle::formula {

inline constexpr std::size_t none = static_cast<std::size_t>(-1);

struct Node {
  Formula::Op op = Formula::Op::constant;
  Shape shape = Shape::constant;
  double constant = 0;
  std::size_t number = 0;
  std::size_t left = none, right = none;  ///< operands: indices into Tree::nodes
  std::string_view text{};                ///< what it was written as
  double divisor = 0;                     ///< of a logarithm that is not natural: its result is divided by this
};

struct Tree {
  std::vector<Node> nodes;
  std::size_t root = none;

  const Node& operator[](std::size_t i) const { return nodes[i]; }
};

/// The functions that a formula may call.
std::span<const std::string_view> function_names();

/// [A-Za-z_][A-Za-z0-9_]*
bool is_name(std::string_view text);

/// Or what is wrong, in plain words.
std::variant<Tree, std::string> read(std::string_view text, std::string_view variable,
                                     std::span<const std::string_view> numbers);

/// `word` in backticks, shortened when it is long.
std::string quoted(std::string_view word);

}  // namespace haggle::formula
