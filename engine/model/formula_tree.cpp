// SPDX-License-Identifier: MIT
// Reads a formula by precedence climbing (Pratt, "Top Down Operator Precedence", POPL 1973).
#include "formula_tree.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numbers>

#include "core/nearest.hpp"

namespace haggle::formula {
namespace {

using Op = Formula::Op;

struct Function {
  std::string_view name;
  Op op;
  double divisor = 0;
};
constexpr std::array<Function, 7> functions{{
    {"exp", Op::exp},
    {"ln", Op::ln},
    {"log", Op::ln},
    {"log10", Op::ln, std::numbers::ln10},
    {"log2", Op::ln, std::numbers::ln2},
    {"sqrt", Op::sqrt},
    {"tanh", Op::tanh},
}};
constexpr auto names_of_functions = [] {
  std::array<std::string_view, functions.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = functions[i].name;
  return names;
}();

struct Operator {
  char symbol;
  Op op;
  int precedence;
};
constexpr std::array<Operator, 5> operators{
    {{'+', Op::add, 1}, {'-', Op::subtract, 1}, {'*', Op::multiply, 2}, {'/', Op::divide, 2}, {'^', Op::power, 4}}};
constexpr int sign_precedence = 3;
constexpr std::size_t longest = 1000, deepest = 100;  // characters, and calls within calls

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  Reader(std::string_view text, std::string_view variable, std::span<const std::string_view> numbers)
      : text_(text), variable_(variable), numbers_(numbers) {}

  std::variant<Tree, std::string> read() {
    if (text_.size() > longest) return "the expression is longer than " + std::to_string(longest) + " characters";
    if (peek() == '\0' && at_ == text_.size()) return "the expression is empty";
    tree_.root = expression(0, 0);
    if (error_.empty() && at_ < text_.size()) fail(what_follows());
    if (!error_.empty()) return error_;
    return std::move(tree_);
  }

 private:
  /// The next character that is no space; the null character at the end.
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool ended() { return peek() == '\0' && at_ == text_.size(); }
  std::size_t fail(std::string reason) {
    if (error_.empty()) error_ = std::move(reason);
    return none;
  }

  /// Operators that bind at least as strongly as `precedence`.
  std::size_t expression(int precedence, std::size_t depth) {
    if (depth > deepest) return fail("the expression is nested too deeply");
    peek();
    const std::size_t start = at_;
    std::size_t left = operand(depth);
    while (error_.empty()) {
      const char symbol = peek();
      const auto* found = std::find_if(operators.begin(), operators.end(),
                                       [&](const Operator& candidate) { return candidate.symbol == symbol; });
      if (found == operators.end() || found->precedence < precedence) break;
      last_ = text_.substr(at_++, 1);
      if (symbol == '*' && at_ < text_.size() && text_[at_] == '*') return fail("write `^` for a power, not `**`");
      const bool to_the_right = symbol == '^';
      // What follows `^` is a signed operand, with its own powers: 2^-3^2 is 2^(-(3^2)).
      const std::size_t right = expression(to_the_right ? sign_precedence : found->precedence + 1, depth + 1);
      left = add({.op = found->op, .left = left, .right = right}, start);
    }
    return left;
  }

  std::size_t operand(std::size_t depth) {
    const std::size_t start = at_;
    const char c = peek();
    if (ended()) return fail("the expression ends after " + quoted(last_));
    if (c == '-' || c == '+') {
      last_ = text_.substr(at_++, 1);
      const std::size_t inner = expression(sign_precedence, depth + 1);
      return c == '+' ? inner : add({.op = Op::negate, .left = inner}, start);
    }
    if (c == '(') return parenthesis(depth, "");
    if (is_letter(c)) return name(depth);
    if (is_digit(c) || c == '.') return number();
    if (c == ')' && open_ == 0) return fail("a `)` has no `(`");
    if (last_.empty()) return fail("the expression can't begin with " + quoted(character()));
    return fail("after " + quoted(last_) + " a number or a name must follow, not " + quoted(character()));
  }

  std::size_t parenthesis(std::size_t depth, std::string_view function) {
    last_ = text_.substr(at_++, 1);
    if (peek() == ')')
      return fail(function.empty() ? "nothing stands between `(` and `)`"
                                   : quoted(function) + " needs something in its parentheses");
    ++open_;
    const std::size_t inner = expression(0, depth + 1);
    if (!error_.empty()) return none;
    if (ended()) return fail("a `(` is not closed");
    if (peek() == ',')
      return fail(function.empty() ? "a `,` has no meaning here" : quoted(function) + " takes one argument, not two");
    if (peek() != ')') return fail(what_follows());
    --open_;
    last_ = text_.substr(at_++, 1);
    return inner;
  }

  std::size_t name(std::size_t depth) {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string_view word = last_ = text_.substr(start, at_ - start);
    if (word == variable_) return add({.op = Op::variable, .shape = Shape::affine}, start);
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      if (word == numbers_[i]) return add({.op = Op::number, .number = i}, start);
    for (const Function& function : functions)
      if (word == function.name) {
        if (peek() != '(')
          return fail(quoted(word) + " is a function; write its argument in parentheses, as in `" + std::string(word) +
                      "(" + std::string(variable_) + ")`");
        const std::size_t inner = parenthesis(depth, word);
        return add({.op = function.op, .left = inner, .divisor = function.divisor}, start);
      }
    std::vector<std::string_view> known{variable_};
    known.insert(known.end(), numbers_.begin(), numbers_.end());
    known.insert(known.end(), names_of_functions.begin(), names_of_functions.end());
    if (const auto meant = nearest(word, known))
      return fail("unknown name " + quoted(word) + "; did you mean `" + std::string(*meant) + "`?");
    std::string list;
    for (const std::string_view name : known) list.append(list.empty() ? "" : ", ").append(name);
    return fail("unknown name " + quoted(word) + "; there are " + list);
  }

  std::size_t number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      std::size_t exponent = at_ + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (exponent < text_.size() && is_digit(text_[exponent])) {
        while (exponent < text_.size() && is_digit(text_[exponent])) ++exponent;
        at_ = exponent;
      }
    }
    const std::size_t end = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;  // "2x": name it whole
    const std::string_view digits = last_ = text_.substr(start, at_ - start);
    if (at_ > end) return fail(quoted(digits) + " is neither a number nor a name; write `*` to multiply");
    double value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) return fail(quoted(digits) + " is outside the range of a double");
    if (error != std::errc{} || stop != digits.data() + digits.size()) return fail(quoted(digits) + " is not a number");
    return add({.constant = value}, start);
  }

  std::size_t add(Node node, std::size_t start) {
    if (!error_.empty()) return none;
    node.text = text_.substr(start, at_ - start);
    tree_.nodes.push_back(node);
    return tree_.nodes.size() - 1;
  }

  /// Of something behind an operand that is no operator.
  std::string what_follows() {
    const char c = peek();
    if (c == ')') return "a `)` has no `(`";
    if (is_letter(c) || is_digit(c) || c == '.' || c == '(')
      return "an operator is missing between " + quoted(last_) + " and " + quoted(character());
    return "the character " + quoted(character()) + " has no meaning in an expression";
  }
  std::string_view character() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    return text_.substr(at_, end - at_);
  }

  std::string_view text_, variable_;
  std::span<const std::string_view> numbers_;
  std::size_t at_ = 0, open_ = 0;
  std::string_view last_;  ///< token
  std::string error_;
  Tree tree_;
};

}  // namespace

std::span<const std::string_view> function_names() { return names_of_functions; }

bool is_name(std::string_view text) {
  return !text.empty() && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

std::string quoted(std::string_view word) {
  std::size_t end = std::min<std::size_t>(word.size(), 40);
  while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  return "`" + std::string(word.substr(0, end)) + (end < word.size() ? "…`" : "`");
}

std::variant<Tree, std::string> read(std::string_view text, std::string_view variable,
                                     std::span<const std::string_view> numbers) {
  return Reader(text, variable, numbers).read();
}

}  // namespace haggle::formula
