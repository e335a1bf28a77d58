// SPDX-License-Identifier: MIT
#include "verify/fine_tuning_claims.hpp"

#include <algorithm>
#include <cmath>

namespace haggle {
namespace {

using oracle::Split;
using oracle::general::Claim, oracle::general::Outcome, oracle::general::Play, oracle::general::Reply;
using Splits = std::vector<Split>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The part of a share that rounding may have lost, δ or 1−δ, and what it may have been.
struct SmallerPart {
  bool near_one;
  double low, high;

  explicit SmallerPart(const RoundedNumber& share) : near_one(share.value() > 0.5) {
    const double smaller = near_one ? 1 - share.value() : share.value();
    low = std::max(smaller - share.slack(), 0.0), high = std::min(smaller + share.slack(), 1.0);
  }
  bool contains(const Split& split) const { return part_of(split) >= low && part_of(split) <= high; }
  double part_of(const Split& split) const { return near_one ? split.specialist : split.generalist; }
  Split with(double part) const { return near_one ? Split{1 - part, part} : Split{part, 1 - part}; }
};

/// The split by which specialist i's contribution is its best: (1−δ) r'(αᵢ) = φ'(αᵢ−α₀).
std::optional<Split> explained(const Play& play, const KeptColumns& kept, std::size_t i) {
  const std::size_t base = kept.columns().base_performance, performance = kept.columns().performance;
  if (!kept.keeps(base) || !kept.keeps(performance)) return std::nullopt;
  const double contribution = kept.at(performance + i) - kept.at(base);
  if (!(contribution > 0)) return std::nullopt;
  const oracle::GeneralSpecialist& s = play.game().specialists[i];
  const double complement = slope(s.cost, contribution) / slope(s.revenue, kept.at(performance + i));
  if (!(complement >= 0 && complement <= 1)) return std::nullopt;
  return Split{1 - complement, complement};
}

std::vector<Splits> splits_within(const Play& play, const KeptColumns& kept, const Outcome& best) {
  const std::size_t n = kept.specialists();
  Splits as_kept;
  std::vector<SmallerPart> parts;
  bool exact = true;
  for (std::size_t i = 0; i < n; ++i) {
    const RoundedNumber share = kept.rounded(kept.share(i));
    as_kept.push_back({share.value(), 1 - share.value()});
    parts.emplace_back(share);
    exact = exact && share.slack() <= 1e-13 * std::min(share.value(), 1 - share.value());
  }
  std::vector<Splits> all{as_kept};
  if (exact) return all;

  if (best.deal) {
    Splits splits = as_kept;
    for (std::size_t i = 0; i < n; ++i)
      if (parts[i].contains(best.splits[i])) splits[i] = best.splits[i];
    all.push_back(splits);
  }
  // One share for all is explained by any one's contribution, a domain's by its own.
  for (std::size_t j = 0; j < n; ++j) {
    Splits splits = as_kept;
    for (std::size_t i = 0; i < n; ++i) {
      const auto split = explained(play, kept, kept.shares() == 1 ? j : i);
      if (split && parts[i].contains(*split)) splits[i] = *split;
    }
    all.push_back(splits);
    if (kept.shares() > 1) break;
  }
  for (int k = 0; k <= 8; ++k) {
    Splits splits;
    for (const SmallerPart& part : parts) splits.push_back(part.with(part.low + (part.high - part.low) * k / 8));
    all.push_back(splits);
  }
  if (std::any_of(parts.begin(), parts.end(), [](const SmallerPart& p) { return p.low == 0; }))
    for (int k = 1; k <= 16; ++k) {
      Splits splits = as_kept;
      for (std::size_t i = 0; i < n; ++i)
        if (parts[i].low == 0) splits[i] = parts[i].with(parts[i].high * std::pow(10.0, -k));
      all.push_back(splits);
    }
  return all;
}

}  // namespace

std::optional<bool> KeptColumns::takes_part(std::size_t i) const {
  if (keeps(columns().performance + i)) return !std::isnan(at(columns().performance + i));
  if (keeps(columns().specialist_regime + i))
    return at(columns().specialist_regime + i) != static_cast<double>(fine_tuning::SpecialistRegime::abstainer);
  return std::nullopt;
}

std::vector<Claim> claims_within(const Play& play, const KeptColumns& kept, const Outcome& best) {
  const std::size_t n = kept.specialists();
  const std::size_t base_column = kept.columns().base_performance, performance = kept.columns().performance;
  const RoundedNumber kept_base = kept.rounded(base_column);
  std::vector<Claim> claims;
  for (const Splits& splits : splits_within(play, kept, best)) {
    if (kept.keeps(base_column) && kept.keeps(performance)) {
      Claim claim{splits, kept.at(base_column), {}};
      for (std::size_t i = 0; i < n; ++i) claim.performances.push_back(kept.at(performance + i));
      claims.push_back(claim);
    }
    const Outcome reached = play.equilibrium(splits);
    Claim claim{splits, kept_base.nearest_to(reached.base_performance), {}};
    for (std::size_t i = 0; i < n; ++i) {
      const bool in = kept.takes_part(i).value_or(reached.specialists[i].in);
      const Reply reply = play.reply(i, splits[i], claim.base_performance);
      claim.performances.push_back(
          in ? std::max(kept.rounded(performance + i).nearest_to(reply.performance), claim.base_performance) : nan);
    }
    claims.push_back(claim);
  }
  return claims;
}

}  // namespace haggle
