// SPDX-License-Identifier: MIT
#include "verify/rounded_claims.hpp"

#include <algorithm>
#include <cmath>

namespace haggle {
namespace {

using oracle::Claim;
using oracle::Game;
using oracle::Outcome;
using oracle::Split;

/// 1−δ by the specialist's first-order condition (1−δ) r'(α₁) = φ₁'(α₁−α₀).
double complement_that_explains(const Game& game, double base, double performance) {
  const double marginal_revenue = game.scale * game.elasticity * std::pow(performance, game.elasticity - 1);
  return game.c1 * game.k1 * std::pow(performance - base, game.k1 - 1) / marginal_revenue;
}

/// The smaller of the two parts, δ or 1−δ, is what rounding may have lost.
std::vector<Split> splits_within(const Game& game, const KeptClaim& kept, const Outcome& best) {
  const double share = kept.share.value(), complement = 1 - share;
  std::vector<Split> splits{{share, complement}};
  const double smaller = std::min(share, complement);
  const double slack = kept.share.slack();
  if (slack <= 1e-13 * smaller) return splits;

  const bool near_one = complement < share;
  const double low = std::max(smaller - slack, 0.0), high = std::min(smaller + slack, 1.0);
  const auto offer = [&](double part) {
    if (!(part >= low && part <= high)) return;
    splits.push_back(near_one ? Split{1 - part, part} : Split{part, 1 - part});
  };
  if (best.deal) offer(near_one ? best.split.specialist : best.split.generalist);
  const double explained = complement_that_explains(game, kept.base_performance.value(), kept.performance.value());
  offer(near_one ? explained : 1 - explained);
  for (int i = 0; i <= 8; ++i) offer(low + (high - low) * i / 8);
  if (low == 0)
    for (int i = 1; i <= 16; ++i) offer(high * std::pow(10.0, -i));
  return splits;
}

}  // namespace

RoundedNumber::RoundedNumber(double value, double rounding)
    : value_(std::isinf(rounding) ? 0 : value),
      slack_(std::isinf(rounding) ? rounding : std::abs(value) * rounding + 1e-30 * rounding * rounding) {}

double RoundedNumber::nearest_to(double x) const { return std::clamp(x, low(), high()); }

std::vector<Claim> claims_within(const Game& game, const KeptClaim& kept, const Outcome& best) {
  const bool has_investments = std::isfinite(kept.base_performance.slack()) && std::isfinite(kept.performance.slack());
  std::vector<Claim> claims;
  for (const Split& split : splits_within(game, kept, best)) {
    if (has_investments)
      claims.push_back({split.generalist, kept.base_performance.value(), kept.performance.value(), split.specialist});
    const Outcome reply = oracle::equilibrium(game, split);
    const double base = kept.base_performance.nearest_to(reply.base_performance);
    claims.push_back(
        {split.generalist, base, std::max(kept.performance.nearest_to(reply.performance), base), split.specialist});
  }
  return claims;
}

}  // namespace haggle
