// SPDX-License-Identifier: MIT
#include "solver/domain_line.hpp"

#include <algorithm>
#include <cmath>

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

std::vector<double> DomainLine::operator()(std::span<const double> shares, std::size_t domain, const BargainAim& aim,
                                           bool windows) {
  if (!aim.floor.empty()) return {};
  start(shares, domain, windows);
  const BestShare best = search_.maximise(aim_along(aim));
  if (!best.found) return {};
  std::vector<double> with_it(shares.begin(), shares.end());
  with_it[domain] = as_number(search_.looks()[best.look], domain);
  return with_it;
}

void DomainLine::start(std::span<const double> shares, std::size_t domain, bool windows) {
  std::vector<double> line(shares.begin(), shares.end());
  line[domain] = 0;
  if (domain == domain_ && windows == windows_ && line == line_) return;
  others_.clear();
  for (const double share : shares) others_.push_back(share_of(share));
  search_.start(others_, domain, windows);
  line_ = std::move(line), domain_ = domain, windows_ = windows;
}

/// The best share may be the last before somebody leaves, or is no longer held. As a number it must be on that side.
double DomainLine::as_number(const ShareLook& look, std::size_t domain) {
  const auto is_like = [&](double share) {
    others_[domain] = share_of(share);
    solver_->forget();
    const Equilibrium& e = (*solver_)(others_);
    bool like = e.deal == look.deal && e.base == look.equilibrium.base;
    for (std::size_t i = 0; i < e.specialists.size(); ++i)
      like = like && e.specialists[i].takes_part == look.equilibrium.specialists[i].takes_part;
    return like && std::abs(e.base_performance - look.equilibrium.base_performance) <= 1e-3 * e.base_performance;
  };
  const double exact = look.share.generalist;
  const auto moved = [exact](double ulps) { return std::min(exact * (1 + ulps * 0x1p-52), 1.0); };
  // Next to the edge rounding, and what was asked before, may have it either way.
  constexpr double sure = 256;
  if (is_like(exact) && is_like(moved(-sure)) && is_like(moved(sure))) return exact;
  for (double ulps = sure; ulps < 1e8; ulps *= 2)
    for (const double way : {-ulps, ulps})
      if (is_like(moved(way)) && is_like(moved(2 * way))) return moved(2 * way);
  return exact;
}

}  // namespace haggle::fine_tuning
