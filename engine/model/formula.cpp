// SPDX-License-Identifier: MIT
// From a formula's tree to its steps.
#include "haggle/model/formula.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "formula_tree.hpp"

namespace haggle {
namespace {

using formula::Node, formula::none, formula::Tree;
using Op = Formula::Op;
using Step = Formula::Step;

constexpr double largest_integer_power = 64;  // beyond it rounding adds up to more than a logarithm's

std::size_t operands_of(Op op) {
  switch (op) {
    case Op::constant:
    case Op::variable:
    case Op::number:
      return 0;
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power:
    case Op::number_power:
      return 2;
    default:
      return 1;
  }
}

double apply(const Node& node, double a, double b) {
  switch (node.op) {
    case Op::add:
      return a + b;
    case Op::subtract:
      return a - b;
    case Op::multiply:
      return a * b;
    case Op::divide:
      return a / b;
    case Op::power:
      return std::pow(a, b);
    case Op::negate:
      return -a;
    case Op::exp:
      return std::exp(a);
    case Op::ln:
      return node.divisor == 0 ? std::log(a) : node.divisor < 1 ? std::log2(a) : std::log10(a);
    case Op::sqrt:
      return std::sqrt(a);
    case Op::tanh:
      return std::tanh(a);
    default:
      return std::numeric_limits<double>::quiet_NaN();
  }
}

Shape shape_of(Op op, Shape a, Shape b) {
  const Shape bent = std::max(a, b);
  switch (op) {
    case Op::add:
    case Op::subtract:
    case Op::negate:
      return bent;
    case Op::multiply:
      return std::min(a, b) == Shape::constant ? bent : Shape::curved;
    case Op::divide:
      return b == Shape::constant ? a : Shape::curved;
    default:
      return bent == Shape::constant ? bent : Shape::curved;
  }
}

/// Writes the steps of a tree whose operands stand before what they are of. What no variable and no number moves is
/// computed here.
class Compiler {
 public:
  explicit Compiler(Tree tree) : tree_(std::move(tree)) {}

  std::optional<std::string> prepare() {
    for (Node& node : tree_.nodes) {
      if (operands_of(node.op) == 0) continue;
      const Node& a = tree_[node.left];
      const Node& b = tree_[node.right == none ? node.left : node.right];
      if (is_constant(a) && is_constant(b)) {
        const double value = apply(node, a.constant, b.constant);
        if (!std::isfinite(value)) return formula::quoted(node.text) + " is not a finite number";
        node = {.constant = value, .text = node.text};
        continue;
      }
      if (node.op == Op::power && b.shape == Shape::constant) settle_power(node, b);
      node.shape = shape_of(node.op, a.shape, node.right == none ? Shape::constant : b.shape);
    }
    return std::nullopt;
  }

  std::optional<std::string> compile() {
    emit(tree_.root, 0);
    if (deepest_ > Formula::deepest) return "the expression is nested too deeply";
    return std::nullopt;
  }
  std::vector<Step>& steps() { return steps_; }

 private:
  static bool is_constant(const Node& node) { return node.op == Op::constant; }
  bool is_one(std::size_t i) const { return is_constant(tree_[i]) && tree_[i].constant == 1; }
  bool is_exp(std::size_t i) const { return tree_[i].op == Op::exp; }

  static void settle_power(Node& node, const Node& exponent) {
    const double b = exponent.constant;
    node.op = Op::number_power;
    if (!is_constant(exponent)) return;
    if (b == 0.5) node.op = Op::sqrt;
    if (b == std::trunc(b) && std::abs(b) <= largest_integer_power) {
      node.op = Op::integer_power;
      node.constant = b;
    }
    if (node.op != Op::number_power) node.right = none;
  }

  void put(Op op, std::size_t before, Shape left = Shape::constant, Shape right = Shape::constant, double constant = 0,
           std::size_t number = 0) {
    steps_.push_back({op, left, right, constant, number});
    deepest_ = std::max(deepest_, before + std::max<std::size_t>(1, operands_of(op)));
  }

  /// `before`: operands that the stack holds already.
  void emit(std::size_t i, std::size_t before) {
    const Node& node = tree_[i];
    if (node.op == Op::ln && node.divisor == 0 && tree_[node.left].op == Op::add)
      for (const auto& [one, other] : both_ways(tree_[node.left]))
        if (is_one(one)) return unary(Op::log1p, other, before);
    if (node.op == Op::subtract && is_one(node.right) && is_exp(node.left))
      return unary(Op::expm1, tree_[node.left].left, before);
    if (node.op == Op::subtract && is_one(node.left) && is_exp(node.right)) {
      unary(Op::expm1, tree_[node.right].left, before);
      return put(Op::negate, before, Shape::curved);
    }
    switch (operands_of(node.op)) {
      case 0:
        return put(node.op, before, {}, {}, node.constant, node.number);
      case 1:
        emit(node.left, before);
        put(node.op, before, tree_[node.left].shape, Shape::constant, node.constant);
        break;
      default:
        emit(node.left, before);
        emit(node.right, before + 1);
        put(node.op, before, tree_[node.left].shape, tree_[node.right].shape);
    }
    if (node.divisor == 0) return;
    put(Op::constant, before + 1, {}, {}, node.divisor);
    put(Op::divide, before, Shape::curved);
  }

  void unary(Op op, std::size_t operand, std::size_t before) {
    emit(operand, before);
    put(op, before, tree_[operand].shape);
  }
  static std::array<std::pair<std::size_t, std::size_t>, 2> both_ways(const Node& node) {
    return {{{node.left, node.right}, {node.right, node.left}}};
  }

  Tree tree_;
  std::vector<Step> steps_;
  std::size_t deepest_ = 0;
};

/// Of the names that a formula is given.
std::optional<std::string> find_wrong_name(std::string_view variable, std::span<const std::string_view> numbers) {
  const auto among = [](std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string quoted = formula::quoted(numbers[i]);
    if (!formula::is_name(numbers[i])) return quoted + " is not a name: letters, digits and `_`";
    if (among(formula::function_names(), numbers[i])) return quoted + " is a function and can't name a number";
    if (numbers[i] == variable) return quoted + " is the variable and can't name a number";
    if (among(numbers.first(i), numbers[i])) return quoted + " names two numbers";
  }
  return std::nullopt;
}

}  // namespace

std::variant<Formula, std::string> Formula::parse(std::string_view text, std::string_view variable,
                                                  std::span<const std::string_view> numbers) {
  if (auto wrong = find_wrong_name(variable, numbers)) return *wrong;
  auto read = formula::read(text, variable, numbers);
  if (auto* wrong = std::get_if<std::string>(&read)) return std::move(*wrong);
  Compiler compiler(std::get<Tree>(std::move(read)));
  if (auto wrong = compiler.prepare()) return *wrong;
  if (auto wrong = compiler.compile()) return *wrong;
  Formula formula;
  formula.text_ = text;
  formula.variable_ = variable;
  formula.names_.assign(numbers.begin(), numbers.end());
  formula.steps_ = std::move(compiler.steps());
  return formula;
}

Formula::Program Formula::program() const { return {steps_.data(), steps_.data() + steps_.size()}; }

}  // namespace haggle
