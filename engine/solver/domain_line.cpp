// SPDX-License-Identifier: MIT
#include "solver/domain_line.hpp"

namespace haggle::fine_tuning {
namespace {

/// The same aim along a line of shares.
Aim aim_along(const BargainAim& aim) {
  Aim along;
  along.weight.assign(aim.factor.begin(), aim.factor.end() - 1);
  switch (aim.kind) {
    case BargainAim::Kind::product:
      along.kind = Aim::Kind::product;
      break;
    case BargainAim::Kind::least:
      along.kind = Aim::Kind::least;
      break;
    case BargainAim::Kind::sum:
      along.kind = aim.factor.back() > 0 ? Aim::Kind::performance : Aim::Kind::gains;
      break;
  }
  return along;
}

}  // namespace

std::vector<double> DomainLine::operator()(std::span<const double> shares, std::size_t domain, const BargainAim& aim) {
  if (!aim.floor.empty()) return {};
  others_.clear();
  for (const double share : shares) others_.push_back(share_of(share));
  search_.start(others_, domain);
  const BestShare best = search_.maximise(aim_along(aim));
  if (!best.found) return {};
  std::vector<double> with_it(shares.begin(), shares.end());
  with_it[domain] = search_.looks()[best.look].share.generalist;
  return with_it;
}

}  // namespace haggle::fine_tuning
