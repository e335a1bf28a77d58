// SPDX-License-Identifier: MIT
#include "expression.hpp"

#include <muParser.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "diagnostics.hpp"
#include "expression_tokens.hpp"
#include "text.hpp"

namespace haggle {
namespace {

constexpr std::array<std::string_view, 26> functions{
    "abs", "acos",  "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg",  "cos",  "cosh", "exp", "ln",
    "log", "log10", "log2",  "max",  "min",   "rint", "sign",  "sin",   "sinh", "sqrt", "sum",  "tan", "tanh"};
constexpr std::array<std::string_view, 3> words{"and", "or", "not"};
constexpr std::size_t longest = 1000, deepest = 50;

/// How a comparison or a joint is spelled for muParser: not as one of its own operators, which take NaN for false or
/// for true. Where a number is undefined, so is what is said of it.
struct TruthOperator {
  std::string_view word;
  const char* spelled;
  int precedence;
  double (*apply)(double, double);
};
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
bool is_nan(double x) { return x != x; }
double known(bool truth, double a, double b) { return is_nan(a) || is_nan(b) ? undefined : truth ? 1.0 : 0.0; }
constexpr std::array<TruthOperator, 8> truth_operators{{
    {"<", "#<", mu::prCMP, [](double a, double b) { return known(a < b, a, b); }},
    {"<=", "#<=", mu::prCMP, [](double a, double b) { return known(a <= b, a, b); }},
    {">", "#>", mu::prCMP, [](double a, double b) { return known(a > b, a, b); }},
    {">=", "#>=", mu::prCMP, [](double a, double b) { return known(a >= b, a, b); }},
    {"==", "#==", mu::prCMP, [](double a, double b) { return known(a == b, a, b); }},
    {"!=", "#!=", mu::prCMP, [](double a, double b) { return known(a != b, a, b); }},
    {"and", "#and", mu::prLAND, [](double a, double b) { return a == 0 || b == 0 ? 0 : known(true, a, b); }},
    {"or", "#or", mu::prLOR,
     [](double a, double b) {
       const bool yes = (a != 0 && !is_nan(a)) || (b != 0 && !is_nan(b));
       return yes ? 1 : known(false, a, b);
     }},
}};

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Walks the tokens once: refuses what muParser would take in another sense (assignment, lists, text, chained
/// comparisons), finds unknown names, and spells `and`, `or`, `not` as muParser does.
class Reader {
 public:
  Reader(std::string_view text, std::span<const std::string_view> names) : text_(text), names_(names) {}

  std::optional<std::string> read() {
    if (text_.size() > longest) return "the expression is longer than " + std::to_string(longest) + " characters";
    comparisons_.push_back(0);
    while (at_ < text_.size())
      if (auto error = token()) return error;
    if (spelled_.empty()) return "the expression is empty";
    if (comparisons_.size() > 1) return "a parenthesis is not closed";
    std::sort(used_.begin(), used_.end());
    used_.erase(std::unique(used_.begin(), used_.end()), used_.end());
    return std::nullopt;
  }

  const std::string& spelled() const { return spelled_; }
  const std::vector<std::size_t>& used() const { return used_; }
  const std::vector<spec::Token>& tokens() const { return tokens_; }

 private:
  static bool letter(char c) { return spec::is_identifier({&c, 1}); }
  static bool digit(char c) { return c >= '0' && c <= '9'; }

  std::optional<std::string> token() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at_;
      return std::nullopt;
    }
    if (letter(c)) return name();
    if (digit(c) || c == '.') return number();
    return symbol();
  }

  std::optional<std::string> name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]))) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (word == "and" || word == "or") {
      comparisons_.back() = 0;
      return emit(word, word);
    }
    if (word == "not") return emit(word, word);
    if (contains(functions, word)) return emit(word, word);
    if (const auto axis = std::find(names_.begin(), names_.end(), word); axis != names_.end()) {
      used_.push_back(static_cast<std::size_t>(axis - names_.begin()));
      return emit(word, word);
    }
    std::vector<std::string_view> known(names_.begin(), names_.end());
    known.insert(known.end(), functions.begin(), functions.end());
    return "no axis is named " + spec::quoted(word) + spec::did_you_mean(word, known);
  }

  std::optional<std::string> number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (digit(text_[at_]) || text_[at_] == '.')) ++at_;
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      std::size_t exponent = at_ + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (exponent < text_.size() && digit(text_[exponent])) {
        while (exponent < text_.size() && digit(text_[exponent])) ++exponent;
        at_ = exponent;
      }
    }
    const std::size_t end = at_;
    while (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]))) ++at_;  // "2c0": name it whole
    const std::string_view digits = text_.substr(start, at_ - start);
    if (at_ > end) return spec::quoted(digits) + " is neither a number nor a name; write `*` to multiply";
    const auto value = spec::read_number(digits);
    if (const auto* reason = std::get_if<std::string>(&value)) return *reason;
    // Respelled, because muParser's own reader stops at forms such as "1.".
    return emit(digits, spec::write_number(std::get<double>(value)));
  }

  std::optional<std::string> symbol() {
    for (std::string_view two : {"<=", ">=", "==", "!=", "&&", "||"})
      if (text_.substr(at_, 2) == two) {
        at_ += 2;
        if (two == "&&" || two == "||") {
          comparisons_.back() = 0;
          return emit(text_.substr(at_ - 2, 2), two == "&&" ? "and" : "or");
        }
        return comparison(two);
      }
    const char c = text_[at_++];
    const std::string_view one = text_.substr(at_ - 1, 1);
    switch (c) {
      case '<':
      case '>':
        return comparison(one);
      case '(':
        if (comparisons_.size() > deepest) return "the expression is nested too deeply";
        comparisons_.push_back(0);
        return emit(one, one);
      case ')':
        if (comparisons_.size() == 1) return "a `)` has no `(`";
        comparisons_.pop_back();
        return emit(one, one);
      case ',':
        if (comparisons_.size() == 1) return "a `,` stands outside a function's parentheses";
        comparisons_.back() = 0;
        return emit(one, one);
      case '?':
      case ':':
        comparisons_.back() = 0;
        return emit(one, one);
      case '+':
      case '-':
      case '*':
      case '/':
      case '^':
        return emit(one, one);
      case '=':
        return "a single `=` has no meaning here; write `==` to compare";
      case '!':
        return "write `not` instead of `!`";
      default:
        break;
    }
    return "the character " + spec::quoted(character(at_ - 1)) + " has no meaning in an expression";
  }

  std::string_view character(std::size_t start) {
    std::size_t end = start + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    return text_.substr(start, end - start);
  }

  /// `symbol` has just been read.
  std::optional<std::string> comparison(std::string_view symbol) {
    if (++comparisons_.back() > 1)
      return "comparisons cannot be chained; join two of them, as in `0.1 < c0 and c0 < 1`";
    return emit(text_.substr(at_ - symbol.size(), symbol.size()), symbol);
  }

  std::optional<std::string> emit(std::string_view written, std::string_view word) {
    const auto truth = std::find_if(truth_operators.begin(), truth_operators.end(),
                                    [&](const TruthOperator& o) { return o.word == word; });
    const std::string_view token = truth != truth_operators.end() ? truth->spelled : word == "not" ? "!" : word;
    // muParser wants a function's parenthesis right behind its name.
    spelled_.append(spelled_.empty() || token == "(" ? "" : " ").append(token);
    // A number is respelled, but what it means to others is that it is one.
    tokens_.push_back({written, truth != truth_operators.end() ? truth->word : word == "not" ? "not" : written});
    return std::nullopt;
  }

  std::string_view text_;
  std::span<const std::string_view> names_;
  std::size_t at_ = 0;
  std::string spelled_;
  std::vector<spec::Token> tokens_;
  std::vector<std::size_t> used_;
  std::vector<int> comparisons_;  ///< one entry an open parenthesis: comparisons since the last logical operator
};

std::string explain(const mu::Parser::exception_type& error) {
  std::string token = error.GetToken();
  while (!token.empty() && token.back() == ' ') token.pop_back();
  switch (error.GetCode()) {
    case mu::ecUNEXPECTED_EOF:
      return "the expression ends too early";
    case mu::ecTOO_FEW_PARAMS:
      return "the function " + spec::quoted(token) + " needs more arguments";
    case mu::ecTOO_MANY_PARAMS:
      return "the function " + spec::quoted(token) + " has too many arguments";
    case mu::ecMISSING_ELSE_CLAUSE:
      return "a `?` has no `:`";
    case mu::ecMISPLACED_COLON:
      return "a `:` has no `?`";
    case mu::ecMISSING_PARENS:
      return "a parenthesis is not closed";
    case mu::ecUNEXPECTED_ARG_SEP:
      return "a `,` stands outside a function's parentheses";
    case mu::ecINTERNAL_ERROR:
      token.clear();  // muParser's own words
      break;
    default:
      break;
  }
  if (token == "!") token = "not";
  if (token.starts_with('#')) token.erase(0, 1);
  return token.empty() ? "the expression cannot be read"
                       : "the expression cannot be read from " + spec::quoted(token) + " on";
}

}  // namespace

std::span<const std::string_view> function_names() { return functions; }
std::span<const std::string_view> operator_words() { return words; }

struct Expression::Compiled {
  mu::Parser parser;
  std::vector<std::size_t> used;
  std::vector<double> values;

  Compiled(const Reader& reader, std::span<const std::string_view> names)
      : used(reader.used()), values(used.size(), 1.0) {
    parser.ClearConst();  // `_e` and `_pi` may name axes
    // `not` binds more loosely than comparisons and more tightly than `and`.
    parser.DefineInfixOprt(
        "!", [](double x) { return x == 0   ? 1.0
                                   : x != x ? x
                                            : 0.0; }, mu::prLAND + 1);
    for (const TruthOperator& o : truth_operators)
      parser.DefineOprt(o.spelled, o.apply, o.precedence, mu::oaLEFT, true);
    for (std::size_t k = 0; k < used.size(); ++k) parser.DefineVar(std::string(names[used[k]]), &values[k]);
    // muParser 2.3 compares an operator's whole name with what is left of the text, beyond its end.
    parser.SetExpr(reader.spelled() + "     ");
  }
};

std::optional<std::string> Expression::find_error(std::string_view text, std::span<const std::string_view> names,
                                                  bool condition) {
  Reader reader(text, names);
  if (auto error = reader.read()) return error;
  try {
    Compiled compiled(reader, names);
    int results = 0;
    compiled.parser.Eval(results);
    if (results != 1) return "the expression has more than one value";
  } catch (const mu::Parser::exception_type& error) {
    return explain(error);
  }
  return spec::find_number_for_condition(reader.tokens(), condition);
}

Expression::Expression(std::string_view text, std::span<const std::string_view> names) {
  Reader reader(text, names);
  reader.read();
  compiled_ = std::make_unique<Compiled>(reader, names);
}
Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;

const std::vector<std::size_t>& Expression::used() const { return compiled_->used; }
void Expression::set(std::size_t k, double value) { compiled_->values[k] = value; }
double Expression::operator()() const { return compiled_->parser.Eval(); }

}  // namespace haggle
