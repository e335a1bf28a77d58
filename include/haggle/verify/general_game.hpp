// SPDX-License-Identifier: MIT
// The slow reference for the general fine-tuning game, part one: the game as plain numbers, and its functions written
// anew from their definitions. Shares no code with the engine.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "haggle/verify/equilibrium.hpp"

namespace haggle::oracle {

enum class Family {
  isoelastic,              ///< R α^ε; numbers R, ε
  logarithmic,             ///< R ln(1 + α/h); numbers R, h
  exponential_saturation,  ///< R (1 − e^(−α/h)); numbers R, h
  hill,                    ///< R α^η/(h^η + α^η); numbers R, h, η
  power,                   ///< a cost: linear x + c x^k; numbers linear, c, k
  expression
};

/// A text with a variable and numbers, evaluated by muParser. Its copies share one evaluator: one thread at a time.
class Expression {
 public:
  /// Throws std::invalid_argument for a text that is none.
  Expression(const std::string& text, const std::string& variable, const std::vector<std::string>& numbers);
  /// `numbers` in the constructor's order. Not finite where the text has no value.
  double operator()(const std::vector<double>& numbers, double at) const;

  const std::string& text() const { return text_; }
  const std::vector<std::string>& numbers() const { return numbers_; }

 private:
  struct Evaluator;
  std::string text_;
  std::vector<std::string> numbers_;
  std::shared_ptr<Evaluator> evaluator_;
};

/// A revenue or a cost; the fixed cost of taking part is beside it.
struct GeneralFunction {
  Family family = Family::isoelastic;
  std::vector<double> numbers;
  std::shared_ptr<const Expression> expression{};
};

/// 0 at 0 whatever the family.
double value(const GeneralFunction& f, double at);

struct Derivatives {
  double first, second;
};
/// At `at` > 0. Of an expression by central differences of order eight, good to about 1e-13 and 1e-11.
Derivatives derivatives(const GeneralFunction& f, double at);
/// From the right at 0; may be infinite.
double slope(const GeneralFunction& f, double at);
/// The argument from which a revenue is concave on: 0, infinite, or an inflection; infinite where it is not known.
double concave_from(const GeneralFunction& f);
/// The exponent of the power that it grows like at infinity; NaN for an expression.
double growth(const GeneralFunction& f);

struct GeneralSpecialist {
  GeneralFunction revenue, cost{Family::power, {0, 1, 2}};
  double fixed = 0, outside = 0;
  double bargaining_weight = 1;  ///< beside the other specialists'
};

/// Revenue rises from 0, costs rise from 0. Where bounded() is not sure, results mean nothing.
struct GeneralGame {
  GeneralFunction cost{Family::power, {0, 1, 2}};
  double fixed = 0, outside = 0;
  std::vector<GeneralSpecialist> specialists;
  bool per_domain = false;
  Solution solution = Solution::nash;
  double weight = 0.5;               ///< the generalist's
  std::vector<double> fixed_shares;  ///< one, or with per_domain one for each specialist
  std::size_t powerful = npos;       ///< powerful_specialist is this one; npos: their sum
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

/// Whether specialist i, and whether the generalist, may have a part of i's revenue; under Solution::fixed, does.
bool may_earn(const GeneralGame& game, std::size_t i);
bool generalist_may_earn(const GeneralGame& game, std::size_t i);

/// Every revenue grows more slowly than the generalist's cost and its specialist's. Expressions are taken for bounded.
bool bounded(const GeneralGame& game);
/// The same at the shares that may be agreed: who has nothing of a revenue may have any cost.
bool bounded_as_agreed(const GeneralGame& game);

}  // namespace haggle::oracle
