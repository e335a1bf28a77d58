// SPDX-License-Identifier: MIT
// The rows of one function of the game: its family's numbers, or those that its expression names.
#pragma once
#include <string>

#include "family_rows.hpp"
#include "table_builder.hpp"

namespace haggle::fine_tuning {

/// Whose function it is, and how its rows are told from others'.
struct FunctionOwner {
  std::string path;       ///< "specialists[1].cost"
  std::string whose;      ///< "D2's"
  std::string subscript;  ///< of symbols: "₂", or nothing
  std::string suffix;     ///< of names: "_2", or nothing
  std::string index;      ///< of expressions' numbers and of one-letter names: "2"
};

/// Adds the word `family`, the numbers in the order of the family, or the text of the expression and its numbers in
/// the order in which it names them.
FunctionForm add_function(TableBuilder& table, const FunctionKind& kind, const Outline* outline,
                          const FunctionOwner& owner);

/// "c₁", "₁₀": digits as subscripts.
std::string subscript(std::size_t number);

}  // namespace haggle::fine_tuning
