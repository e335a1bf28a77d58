// SPDX-License-Identifier: MIT
#include <muParser.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "haggle/verify/general_game.hpp"

namespace haggle::oracle {

struct Expression::Evaluator {
  mu::Parser parser;
  std::vector<double> numbers;
  double at = 1;
};

Expression::Expression(const std::string& text, const std::string& variable, const std::vector<std::string>& numbers)
    : text_(text), numbers_(numbers), evaluator_(std::make_shared<Evaluator>()) {
  Evaluator& e = *evaluator_;
  e.numbers.assign(numbers.size(), 1.0);
  try {
    e.parser.DefineVar(variable, &e.at);
    for (std::size_t i = 0; i < numbers.size(); ++i) e.parser.DefineVar(numbers[i], &e.numbers[i]);
    e.parser.SetExpr(text.empty() ? "0" : text);
    e.parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw std::invalid_argument(error.GetMsg());
  }
}

double Expression::operator()(const std::vector<double>& numbers, double at) const {
  Evaluator& e = *evaluator_;
  std::copy(numbers.begin(), numbers.end(), e.numbers.begin());
  e.at = at;
  try {
    return e.parser.Eval();
  } catch (const mu::Parser::exception_type&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace haggle::oracle
