// SPDX-License-Identifier: MIT
#include "domain_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "low_discrepancy.hpp"

namespace haggle::fine_tuning {

namespace {

double distance(const DomainDeal& a, const DomainDeal& b) {
  double far = 0;
  for (std::size_t i = 0; i < a.shares.size(); ++i) far = std::max(far, std::abs(a.shares[i] - b.shares[i]));
  return far;
}

}  // namespace

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

// Each share in turn to the best along it, or of a row of values.
DomainDeal DomainSearch::scanned(DomainDeal deal, const BargainAim& aim, int steps, int sweeps, bool windows) const {
  const DomainClimb climb(at_, n_, aim);
  std::vector<double> values;
  for (int k = 0; k <= steps; ++k) values.push_back(static_cast<double>(k) / steps);
  for (double edge = 0.5 / steps; edge > 1e-7; edge /= steps > 16 ? 2 : 5)
    values.insert(values.end(), {edge, 1 - edge});
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    const std::vector<double> before = deal.shares;
    for (std::size_t i = 0; i < n_; ++i) {
      DomainDeal best = deal;
      const auto consider = [&](std::vector<double> shares) {
        if (shares == deal.shares) return;
        DomainDeal trial = climb.solve(std::move(shares));
        if (climb.is_better(trial, best)) best = std::move(trial);
      };
      std::vector<double> found = along_ ? along_(deal.shares, i, aim, windows) : std::vector<double>();
      if (!found.empty()) {
        consider(std::move(found));
      } else {
        for (const double value : values) {
          std::vector<double> shares = deal.shares;
          shares[i] = value;
          consider(std::move(shares));
        }
      }
      deal = std::move(best);
    }
    if (deal.shares == before) break;
  }
  return deal;
}

// The best of each kind of outcome: who takes part, who contributes, what ends the generalist's investment.
std::vector<DomainDeal> DomainSearch::starts(const BargainAim& aim) const {
  std::vector<const DomainDeal*> order;
  for (const DomainDeal& deal : sample_) order.push_back(&deal);
  const DomainClimb climb(at_, n_, aim);
  std::ranges::stable_sort(order, [&](const DomainDeal* a, const DomainDeal* b) { return climb.is_better(*a, *b); });
  std::vector<DomainDeal> chosen;
  const std::size_t most = n_ <= 3 ? 16 : 12;
  for (const DomainDeal* deal : order) {
    if (chosen.size() >= most) break;
    const bool seen = std::ranges::any_of(
        chosen, [&](const DomainDeal& c) { return c.at.same_regime(deal->at) && distance(c, *deal) < 0.25; });
    if (!seen) chosen.push_back(*deal);
  }
  return chosen;
}

// For each aim the best along lines across the box, where the sample may have missed what is narrow. The generalist may
// build for a domain only where it gets all but a few hundredths of every other; where it gets all, those others gain
// nothing, and the aim tells nothing.
std::vector<std::vector<DomainDeal>> DomainSearch::scouted(std::span<const BargainAim> aims) const {
  std::vector<std::vector<DomainDeal>> found(aims.size());
  if (!along_ || n_ == 1) return found;
  for (const double rest : {0.0, 0.6, 0.95, 0.995})
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t k = 0; k < aims.size(); ++k) {
        std::vector<double> shares = along_(std::vector<double>(n_, rest), i, aims[k], true);
        if (!shares.empty()) found[k].push_back(DomainClimb(at_, n_, aims[k]).solve(std::move(shares)));
      }
  for (std::size_t k = 0; k < aims.size(); ++k) {
    const DomainClimb climb(at_, n_, aims[k]);
    std::ranges::stable_sort(found[k], [&](const DomainDeal& a, const DomainDeal& b) { return climb.is_better(a, b); });
    found[k].resize(std::min<std::size_t>(found[k].size(), 2));
  }
  return found;
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
  const auto can_climb = [&](const DomainDeal& deal) { return deal.at.deal && std::isfinite(aim(deal.at)); };
  // All go a few steps, the better third some more, by either measure, and so on.
  for (int turns = 6; turns < 100; turns *= 3) {
    for (std::size_t k = turns > 6 ? std::min<std::size_t>(from.size(), 3) : 0; k-- > 0;)
      if (can_climb(from[k])) from.push_back(by_outcomes(from[k], turns));
    for (std::size_t k = 0; k < from.size(); ++k)
      if (can_climb(from[k])) from[k] = climb(std::move(from[k]), turns);
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
    best = can_climb(elsewhere) ? climb(std::move(elsewhere)) : std::move(elsewhere);
  }
  // Each from where the other stops.
  for (int round = 0, in_vain = 0; round < 8 && in_vain < 2 && can_climb(best); ++round) {
    DomainDeal again = round % 2 == 0 ? climb(best) : by_outcomes(best);
    ++in_vain;
    if (climb.is_better(again, best)) best = std::move(again), in_vain = 0;
  }
  return with_larger_shares_first(std::move(best), aim);
}

DomainDeal DomainSearch::good(const BargainAim& aim, std::span<const DomainDeal> others) const {
  const DomainClimb climb(at_, n_, aim);
  std::vector<DomainDeal> from;
  for (int k = 0; k < 4; ++k) {
    const DomainDeal* next = nullptr;
    for (const std::span<const DomainDeal> deals : {others, std::span<const DomainDeal>(sample_)})
      for (const DomainDeal& deal : deals) {
        if (!deal.at.deal || !std::isfinite(aim(deal.at))) continue;
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

namespace {

bool preferred(const BargainAim& aim, const DomainDeal& a, const DomainDeal& b) {
  return better(aim, a.at, a.shares, b.at, b.shares);
}

}  // namespace

// Among specialists that are alike an exchange of shares may be as good; who stays away may be offered anything.
DomainDeal DomainSearch::with_larger_shares_first(DomainDeal deal, const BargainAim& aim) const {
  const DomainClimb climb(at_, n_, aim);
  for (std::size_t i = 0; deal.at.deal && i < n_; ++i) {
    if ((deal.at.takes_part >> i & 1) != 0 || deal.shares[i] == 1) continue;
    double beyond = 1;
    for (double tried = 1; beyond - deal.shares[i] > 1e-15; tried = deal.shares[i] + (beyond - deal.shares[i]) / 2) {
      std::vector<double> shares = deal.shares;
      shares[i] = tried;
      DomainDeal other = climb.solve(std::move(shares));
      if (preferred(aim, other, deal))
        deal = std::move(other);
      else
        beyond = tried;
    }
  }
  for (std::size_t i = 0; i < n_; ++i)
    for (std::size_t j = i + 1; j < n_; ++j) {
      if (!(deal.shares[i] < deal.shares[j])) continue;
      std::vector<double> shares = deal.shares;
      std::swap(shares[i], shares[j]);
      DomainDeal other = climb.solve(std::move(shares));
      if (preferred(aim, other, deal)) deal = std::move(other);
    }
  return deal;
}

}  // namespace haggle::fine_tuning
