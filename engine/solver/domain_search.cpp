// SPDX-License-Identifier: MIT
#include "domain_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "low_discrepancy.hpp"

namespace haggle::fine_tuning {

DomainSearch::DomainSearch(PayoffsAt at, std::size_t domains, std::span<const std::vector<double>> known, double effort)
    : at_(at), n_(domains), effort_(effort) {
  for (const auto& shares : known) add(shares);
  for (int i = 0; i <= 32; ++i) add(std::vector<double>(n_, i / 32.0));
  for (const double edge : {0x1p-7, 0x1p-10, 0x1p-14}) {
    add(std::vector<double>(n_, edge));
    add(std::vector<double>(n_, 1 - edge));
  }
  for (std::size_t corner = 0; corner < std::size_t{1} << n_; ++corner) {
    std::vector<double> shares(n_);
    for (std::size_t i = 0; i < n_; ++i) shares[i] = static_cast<double>(corner >> i & 1);
    add(std::move(shares));
  }
  // One share after the other ahead of the rest: a generalist that gets most of a domain invests all that keeps it.
  for (std::size_t i = 0; i < n_ && n_ > 1; ++i)
    for (const double rest : {0.0, 0.25, 0.5, 0.75})
      for (double logit = -2; logit < 9.5; logit += 0.5) {
        std::vector<double> shares(n_, rest);
        shares[i] = 1 / (1 + std::exp(-logit));
        add(std::move(shares));
      }
  spread_out(static_cast<std::size_t>(effort_ * std::min(240.0 * static_cast<double>(n_), 1600.0)));
  if (!any().at.deal) look_for_a_deal();
}

void DomainSearch::spread_out(std::size_t points) {
  for (const std::size_t last = spread_ + points; spread_ < last && n_ > 1; ++spread_) {
    const bool face = spread_ % 4 == 1, corner = spread_ % 4 == 3;
    const std::size_t index = face || corner ? spread_ / 4 : spread_ / 2;
    std::vector<double> shares(n_);
    for (std::size_t i = 0; i < n_; ++i) shares[i] = halton(index + 1, i);
    if (face) shares[index % n_] = static_cast<double>(index / n_ % 2);
    if (corner)  // as many near the corners as between them
      for (double& share : shares) share = 1 / (1 + std::exp(9 * (1 - 2 * share)));
    add(std::move(shares));
  }
}

// Where the generalist is nearest to taking part, a compass search for where it does.
void DomainSearch::look_for_a_deal() {
  const auto clearance = [](const DomainDeal& deal) { return deal.at.clearance; };
  std::vector<DomainDeal> from = sample_;
  std::ranges::stable_sort(from, std::ranges::greater(), clearance);
  from.resize(std::min<std::size_t>(from.size(), 6));
  for (DomainDeal& deal : from)
    for (double step = 0.1; step > 1e-6 && !any().at.deal;) {
      bool nearer = false;
      for (std::size_t k = 0; k < 2 * n_ && !nearer; ++k) {
        std::vector<double> shares = deal.shares;
        shares[k / 2] = std::clamp(shares[k / 2] + (k % 2 == 0 ? step : -step), 0.0, 1.0);
        add(std::move(shares));
        nearer = clearance(sample_.back()) > clearance(deal);
        if (nearer) deal = sample_.back();
      }
      if (!nearer) step /= 2;
    }
}

void DomainSearch::add(std::vector<double> shares) {
  DomainDeal deal{std::move(shares), {}};
  at_(deal.shares, deal.at);
  sample_.push_back(std::move(deal));
  if (!sample_[deal_].at.deal) deal_ = sample_.size() - 1;
}

bool DomainSearch::is_level(const BargainAim& aim) const {
  double low = std::numeric_limits<double>::infinity(), high = -low, tie = 0;
  for (const DomainDeal& deal : sample_) {
    if (!deal.at.deal) continue;
    const double value = aim(deal.at);
    low = std::min(low, value);
    if (value > high) high = value, tie = aim.tie(deal.at);
  }
  return low == high || high - low <= tie;
}

std::vector<DomainDeal> DomainSearch::best_for_each(std::span<const BargainAim> aims) {
  const bool any_level = std::ranges::any_of(aims, [this](const BargainAim& aim) { return is_level(aim); });
  if (any().at.deal && spread_ < 4000 && any_level) spread_out(4000 - spread_);  // whatever there is, is rare
  std::vector<std::vector<DomainDeal>> lines = scouted(aims);
  std::vector<DomainDeal> best_ones;
  for (std::size_t k = 0; k < aims.size(); ++k) best_ones.push_back(best(aims[k], std::move(lines[k])));
  return best_ones;
}

DomainDeal DomainSearch::best(const BargainAim& aim, std::vector<DomainDeal> scouted) const {
  const DomainClimb climb(at_, n_, aim), by_outcomes(at_, n_, aim, Measure::outcomes);
  std::vector<DomainDeal> from = starts(aim);
  // Just before a specialist leaves the generalist may have to invest far more than anywhere else, within 1e-8 of its
  // share, wherever the others' are: no sample has that, lines from each kind of outcome do.
  const std::size_t scans = n_ <= 3 ? 3 : 1, kinds = std::min(from.size(), n_ <= 2 ? 8 : n_ <= 4 ? 12 : scans);
  for (std::size_t k = 0; k < kinds && (along_ || k < scans); ++k) {
    DomainDeal better_one = scanned(from[k], aim, n_ <= 3 ? 16 : 8, k < scans ? 2 : 1, k == 0);
    if (!climb.is_better(better_one, from[k])) continue;
    if (k < scans)
      from.push_back(std::move(better_one));
    else
      from[k] = std::move(better_one);
  }
  const auto by_aim = [&](const DomainDeal& a, const DomainDeal& b) { return climb.is_better(a, b); };
  std::ranges::move(scouted, std::back_inserter(from));
  std::ranges::move(promising(aim, *std::ranges::min_element(from, by_aim)), std::back_inserter(from));
  // All go a few steps, the better third some more, by either measure, and so on.
  for (int turns = 6; turns < 100; turns *= 3) {
    for (std::size_t k = turns > 6 ? std::min<std::size_t>(from.size(), 3) : 0; k-- > 0;)
      if (climb.can_start(from[k])) from.push_back(by_outcomes(from[k], turns));
    for (std::size_t k = 0; k < from.size(); ++k)
      if (climb.can_start(from[k])) from[k] = climb(std::move(from[k]), turns);
    std::ranges::stable_sort(from, by_aim);
    const auto same = [&](const DomainDeal& a, const DomainDeal& b) {
      return distance(a, b) < 1e-3 && a.at.same_regime(b.at);
    };
    from.erase(std::unique(from.begin(), from.end(), same), from.end());
    from.resize(std::max<std::size_t>(1, (from.size() + 1) / 3));
  }
  DomainDeal best = from.front();
  for (int round = 0; round < 3; ++round) {
    DomainDeal elsewhere = scanned(best, aim, 32, 1, false);
    if (!climb.is_better(elsewhere, best)) break;
    best = climb.can_start(elsewhere) ? climb(std::move(elsewhere)) : std::move(elsewhere);
  }
  return with_larger_shares_first(polished(std::move(best), aim), aim);
}

DomainDeal DomainSearch::good(const BargainAim& aim, std::span<const DomainDeal> others) const {
  const DomainClimb climb(at_, n_, aim);
  std::vector<DomainDeal> from;
  for (int k = 0; k < 4; ++k) {
    const DomainDeal* next = nullptr;
    for (const std::span<const DomainDeal> deals : {others, std::span<const DomainDeal>(sample_)})
      for (const DomainDeal& deal : deals) {
        if (!climb.can_start(deal)) continue;
        const bool near = std::ranges::any_of(from, [&](const DomainDeal& f) { return distance(f, deal) < 0.1; });
        if (!near && (next == nullptr || climb.is_better(deal, *next))) next = &deal;
      }
    if (next != nullptr) from.push_back(*next);
  }
  if (from.empty()) return any();
  for (DomainDeal& deal : from) deal = climb(std::move(deal), 8);
  std::ranges::stable_sort(from, [&](const DomainDeal& a, const DomainDeal& b) { return climb.is_better(a, b); });
  return climb(std::move(from.front()));
}

}  // namespace haggle::fine_tuning
