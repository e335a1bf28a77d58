// SPDX-License-Identifier: MIT
#include "haggle/solver/domain_frontier.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain_search.hpp"
#include "low_discrepancy.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr double distinct = 1e-6;
constexpr double rounding = 0x1p-44;

/// Everyone has at least what it has there; someone has more by `gain` of its unit.
bool dominates(const Payoffs& a, const Payoffs& b, std::span<const double> unit, double gain) {
  if (!a.deal) return false;
  bool better = false;
  for (std::size_t j = 0; j < unit.size(); ++j) {
    const double rise = a.utility[j] - b.utility[j];
    if (rise < -rounding * (a.money[j] + b.money[j])) return false;
    better = better || rise > std::max(gain * unit[j], rounding * (a.money[j] + b.money[j]));
  }
  return better;
}

class Frontier {
 public:
  Frontier(PayoffsAt at, std::size_t domains, std::span<const double> outside, double effort)
      : at_(at), n_(domains), outside_(outside.begin(), outside.end()), search_(at, domains, {}, effort) {
    unit_.assign(n_ + 1, 0.0);
    for (const DomainDeal& deal : search_.sample()) see(deal);
  }

  bool any_deal() const { return search_.any().at.deal; }
  std::span<const double> unit() const { return unit_; }
  const DomainSearch& search() const { return search_; }

  /// Gains of that size become units.
  void see(const DomainDeal& deal) {
    for (std::size_t j = 0; deal.at.deal && j <= n_; ++j)
      unit_[j] = std::max(unit_[j], deal.at.utility[j] - outside_[j]);
  }

  BargainAim aim(BargainAim::Kind kind, std::span<const double> weights) const {
    BargainAim aim{kind, std::vector<double>(n_ + 2, 0.0), outside_};
    for (std::size_t j = 0; j <= n_; ++j)
      if (unit_[j] > 0 && weights[j] > 0)
        aim.factor[j] = kind == BargainAim::Kind::least ? 1 / (weights[j] * unit_[j]) : weights[j] / unit_[j];
    return aim;
  }

  DomainDeal good(const BargainAim& aim) const { return search_.good(aim, found_); }

  /// Where everyone has at least as much and all together, in their units, more; the deal itself when there is no such.
  DomainDeal improved(const DomainDeal& deal) const {
    BargainAim more = aim(BargainAim::Kind::sum, std::vector<double>(n_ + 1, 1.0));
    more.outside = more.floor = deal.at.utility;
    for (std::size_t j = 0; j <= n_; ++j) more.floor[j] -= rounding / 2 * deal.at.money[j];
    return DomainClimb(at_, n_, more)(deal, 30);
  }

  /// The deal joins those found, unless one of them dominates it or is all but the same; those that it dominates go.
  void keep(DomainDeal deal) {
    if (!deal.at.deal) return;
    deal = improved(deal);
    const auto same = [&](const DomainDeal& f) {
      for (std::size_t j = 0; j <= n_; ++j)
        if (std::abs(f.at.utility[j] - deal.at.utility[j]) > distinct * unit_[j]) return false;
      return true;
    };
    for (const DomainDeal& f : found_)
      if (dominates(f.at, deal.at, unit_, 0) || same(f)) return;
    std::erase_if(found_, [&](const DomainDeal& f) { return dominates(deal.at, f.at, unit_, 0); });
    found_.push_back(std::move(deal));
  }

  std::vector<DomainDeal>& found() { return found_; }

 private:
  PayoffsAt at_;
  std::size_t n_;
  std::vector<double> outside_, unit_;
  DomainSearch search_;
  std::vector<DomainDeal> found_;
};

/// Element `index` of a sequence evenly spread over the weights that sum to 1, all above 0.
std::vector<double> spread_weights(std::size_t index, std::size_t players) {
  std::vector<double> weights(players);
  double sum = 0;
  for (std::size_t j = 0; j < players; ++j) sum += weights[j] = -std::log(halton(index + 1, j));
  for (double& w : weights) w = std::max(w / sum, 1e-3);
  return weights;
}

}  // namespace

std::vector<FrontierPoint> domain_frontier(PayoffsAt at, std::size_t domains, std::span<const double> outside,
                                           std::size_t count) {
  Frontier frontier(at, domains, outside, 0.5);
  std::vector<FrontierPoint> points;
  if (!frontier.any_deal()) return points;
  const std::size_t players = domains + 1;
  std::vector<DomainDeal> own;
  for (std::size_t j = 0; j < players; ++j) {
    std::vector<double> weights(players, 0.0);
    weights[j] = 1;
    own.push_back(frontier.good(frontier.aim(BargainAim::Kind::sum, weights)));
    frontier.see(own.back());
  }
  for (std::size_t j = 0; j < players && j < count; ++j) frontier.keep(std::move(own[j]));
  for (std::size_t k = 0; k < 3 * count && frontier.found().size() < count; ++k) {
    const std::vector<double> weights = spread_weights(k / 2, players);
    const auto kind = k % 2 == 0 ? BargainAim::Kind::sum : BargainAim::Kind::least;
    frontier.keep(frontier.good(frontier.aim(kind, weights)));
  }
  std::ranges::sort(frontier.found(), {}, [](const DomainDeal& f) { return f.at.utility; });
  for (DomainDeal& f : frontier.found()) points.push_back({std::move(f.shares), std::move(f.at.utility)});
  return points;
}

bool is_pareto(PayoffsAt at, std::span<const double> shares, std::span<const double> outside, double tolerance) {
  DomainDeal deal{{shares.begin(), shares.end()}, {}};
  at(deal.shares, deal.at);
  if (!deal.at.deal) return false;
  Frontier frontier(at, shares.size(), outside, 1);
  frontier.see(deal);
  const auto dominated_by = [&](const DomainDeal& other) {
    return dominates(other.at, deal.at, frontier.unit(), tolerance);
  };
  if (std::ranges::any_of(frontier.search().sample(), dominated_by)) return false;
  if (dominated_by(frontier.improved(deal))) return false;
  // Where all who can gain do, or all but one, who keeps what it has.
  frontier.found().push_back(deal);
  BargainAim all = frontier.aim(BargainAim::Kind::least, std::vector<double>(shares.size() + 1, 1.0));
  all.outside = deal.at.utility;
  for (std::size_t left = 0; left <= shares.size() + 1; ++left) {
    BargainAim some = all;
    if (left > 0) {
      some.factor[left - 1] = 0;
      some.floor.assign(shares.size() + 1, -std::numeric_limits<double>::infinity());
      some.floor[left - 1] = deal.at.utility[left - 1] - rounding / 2 * deal.at.money[left - 1];
    }
    DomainDeal other = frontier.good(some);
    if (dominated_by(other) || dominated_by(frontier.improved(other))) return false;
  }
  return true;
}

}  // namespace haggle::fine_tuning
