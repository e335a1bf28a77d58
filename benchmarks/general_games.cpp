// SPDX-License-Identifier: MIT
#include "general_games.hpp"

#include <cmath>

namespace haggle::bench {
namespace {

GeneralRevenue random_revenue(RevenueFamily family, Random& random) {
  GeneralRevenue r{family, std::exp(random.uniform(-0.7, 0.7)), std::exp(random.uniform(-1.5, 1.5)), 0};
  if (family == RevenueFamily::isoelastic) r.b = random.uniform(0.3, 1);
  if (family == RevenueFamily::hill) r.c = random.uniform(0.4, 1);
  return r;
}

}  // namespace

GeneralGame general_game(const GameKind& kind, Random& random) {
  const bool linear = random.uniform(0, 1) < 0.5 && kind.linear;
  const bool fixed = random.uniform(0, 1) < 0.5 && kind.fixed;
  const auto cost = [&](double scale) {
    GeneralCost c{};
    c.coefficient = scale * std::exp(random.uniform(-2, 2));
    c.exponent = random.uniform(1.5, 3);
    c.linear = random.uniform(0, 0.2) * (linear ? scale : 0);
    c.fixed = random.uniform(0, 0.02) * (fixed ? scale : 0);
    return c;
  };
  GeneralGame g{};
  // As many specialists as pay for it.
  g.cost = cost(static_cast<double>(kind.families.size()));
  g.weight = random.uniform(0.05, 0.95);
  for (const RevenueFamily family : kind.families) {
    const GeneralRevenue revenue = random_revenue(family, random);
    g.specialists.push_back({revenue, cost(1)});
  }
  return g;
}

}  // namespace haggle::bench
