// SPDX-License-Identifier: MIT
// Varied random games with general functions, the same on every machine.
#pragma once
#include <memory>
#include <vector>

#include "games.hpp"
#include "haggle/model/fine_tuning.hpp"

namespace haggle::bench {

/// r(α), in the order of the engine's families. `b` is its second number (ε or h), `c` Hill's η.
enum class RevenueFamily { isoelastic, logarithmic, exponential_saturation, hill };
struct GeneralRevenue {
  RevenueFamily family;
  double scale, b, c;
};

/// linear x + c x^k, and what taking part costs.
struct GeneralCost {
  double linear, coefficient, exponent, fixed;
};

struct GeneralSpecialist {
  GeneralRevenue revenue;
  GeneralCost cost;
};

struct GeneralGame {
  GeneralCost cost;  ///< the generalist's
  double weight;     ///< the generalist's; the specialists share the rest equally
  std::vector<GeneralSpecialist> specialists;
};

/// What users may ask of a block of games: all of one shape.
struct GameKind {
  const char* name;
  std::vector<RevenueFamily> families;  ///< one a specialist
  bool linear = false;                  ///< half of the games have linear costs, on both sides
  bool linear_adaptation = false;       ///< half of the games have linear costs, the specialists' only
  bool fixed = false;                   ///< half of the games have fixed costs, on both sides
  bool s_shaped = false;                ///< Hill's exponents are from 1 to 6, else up to 1
};

GeneralGame general_game(const GameKind& kind, Random& random);

/// Games of one kind as a block of the engine's.
class GeneralBlock {
 public:
  /// `first_best`: that output is asked for.
  GeneralBlock(const GameKind& kind, const std::vector<GeneralGame>& games, fine_tuning::Solution solution,
               bool first_best = false);
  GeneralBlock(const GeneralBlock&) = delete;
  GeneralBlock& operator=(const GeneralBlock&) = delete;
  void solve(InstructionSet isa);
  /// The first `count` games by the slow path alone.
  void solve_slowly(std::size_t count);
  std::size_t games() const { return games_; }
  double status(std::size_t game) const { return outputs_[form().outputs.status][game]; }
  double share(std::size_t game) const { return outputs_[form().outputs.share][game]; }
  double first_best(std::size_t game) const { return outputs_[form().outputs.first_best_surplus][game]; }
  /// Takes the share of a game as given: for blocks of the solution `fixed`.
  void set_share(std::size_t game, double share) { parameters_[table_->form.share][game] = share; }
  /// What the bargain maximises: the logarithm of the Nash product, the egalitarian least. NaN for others.
  double objective(std::size_t game) const;
  double nash_product(std::size_t game) const;  ///< its logarithm; NaN where somebody loses

 private:
  const fine_tuning::Form& form() const { return table_->form; }

  std::size_t games_;
  fine_tuning::Solution solution_;
  std::shared_ptr<const fine_tuning::Table> table_;
  std::vector<std::vector<double>> parameters_, outputs_;
  std::vector<const double*> in_;
  std::vector<double*> out_;
};

}  // namespace haggle::bench
