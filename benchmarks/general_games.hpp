// SPDX-License-Identifier: MIT
// Varied random games with general functions, the same on every machine.
#pragma once
#include <vector>

#include "games.hpp"

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
  bool linear = false;                  ///< every other game has linear costs on both sides
  bool fixed = false;                   ///< every other game has fixed costs on both sides
};

GeneralGame general_game(const GameKind& kind, Random& random);

}  // namespace haggle::bench
