// SPDX-License-Identifier: MIT
// A revenue or a cost given as an expression in a spec: its value and derivatives, over any Real. The parser of the
// expressions over axes, muParser, gives neither derivatives nor lanes.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "haggle/model/function.hpp"
#include "haggle/model/jet.hpp"

namespace haggle {

/// An expression in one variable and named numbers: + - * / ^ ( ), exp ln (or log) log10 log2 sqrt tanh. `^` binds to
/// the right and before a sign: -a^2 is -(a^2). An empty one is 0. Derivatives are exact but for rounding, and a
/// difference of two nearly equal parts rounds as it does in the value: the slope of a/(1+a) at a = 1e12 is noise. What
/// is written as ln(1 + u) and exp(u) - 1 is computed without such a loss at small u.
class Formula {
 public:
  enum class Op : std::uint8_t {
    constant,
    variable,
    number,
    add,
    subtract,
    multiply,
    divide,
    power,          ///< with an exponent that the variable moves
    number_power,   ///< with one that it doesn't
    integer_power,  ///< u^constant, whole
    negate,
    exp,
    expm1,
    ln,
    log1p,
    sqrt,
    tanh
  };
  struct Step {
    Op op = Op::constant;
    Shape left = Shape::constant, right = Shape::constant;  ///< of its operands
    double constant = 0;
    std::size_t number = 0;
  };

  /// The formula, or what is wrong with the text, in plain words. `numbers` in the order at() gets them; it is wrong,
  /// too, for a number to be called as another, the variable or a function is.
  static std::variant<Formula, std::string> parse(std::string_view text, std::string_view variable,
                                                  std::span<const std::string_view> numbers);
  Formula() = default;

  const std::string& text() const { return text_; }
  std::string_view variable() const { return variable_; }
  /// Names of its numbers, in order.
  const std::vector<std::string>& names() const { return names_; }

  /// Where the expression is undefined (ln(-1), (-8)^(1/3)) NaN; no Real's lane looks at another.
  template <class Real>
  Jet<Real> at(const Real* numbers, Real x) const;

  static constexpr std::size_t deepest = 32;  ///< of the stack in at()

 private:
  struct Program {
    const Step* first;
    const Step* last;
  };
  /// Not inline: a file built for one instruction set must not share functions with others.
  Program program() const;

  std::string text_, variable_;
  std::vector<std::string> names_;
  std::vector<Step> steps_;  ///< in reverse Polish order
};

template <class Real>
Jet<Real> Formula::at(const Real* numbers, Real x) const {
  Jet<Real> stack[deepest + 1];  // the first is the empty formula's 0
  stack[0] = constant_jet(Real(0.0));
  Jet<Real>* top = stack;  // the last operand
  const auto apply = [&](const Jet<Real>& outer, Shape shape) { *top = compose(outer, *top, shape); };
  for (auto [step, end] = program(); step != end; ++step) {
    const Shape left = step->left, right = step->right;
    switch (step->op) {
      case Op::constant:
        *++top = constant_jet(Real(step->constant));
        break;
      case Op::variable:
        *++top = constant_jet(x);
        top->slope = Real(1.0);
        break;
      case Op::number:
        *++top = constant_jet(numbers[step->number]);
        break;
      case Op::add:
        --top;
        top[0] = top[0] + top[1];
        break;
      case Op::subtract:
        --top;
        top[0] = top[0] - top[1];
        break;
      case Op::multiply:
        --top;
        top[0] = multiply(top[0], left, top[1], right);
        break;
      case Op::divide:
        --top;
        top[0] = divide(top[0], top[1], right);
        break;
      case Op::power:
        --top;
        top[0] = compose(log_jet(top[0].value, false), top[0], left);
        top[0] = multiply(top[1], right, top[0], left == Shape::constant ? left : Shape::curved);
        apply(exp_jet(top[0].value), left == Shape::constant ? right : Shape::curved);
        break;
      case Op::number_power:
        --top;
        apply(power_jet(top[0].value, top[1].value), left);
        break;
      case Op::integer_power:
        apply(integer_power_jet(top->value, static_cast<int>(step->constant)), left);
        break;
      case Op::negate:
        *top = -*top;
        break;
      case Op::exp:
        apply(exp_jet(top->value), left);
        break;
      case Op::expm1:
        apply(expm1_jet(top->value), left);
        break;
      case Op::ln:
        apply(log_jet(top->value, false), left);
        break;
      case Op::log1p:
        apply(log_jet(top->value, true), left);
        break;
      case Op::sqrt:
        apply(sqrt_jet(top->value), left);
        break;
      case Op::tanh:
        apply(tanh_jet(top->value), left);
        break;
    }
  }
  return *top;
}

}  // namespace haggle
