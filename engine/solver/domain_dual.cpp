// SPDX-License-Identifier: MIT
#include "domain_dual.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::fine_tuning {

namespace {

using Kind = BargainAim::Kind;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int halvings = 16;
constexpr double widest = 14;        ///< of the logarithm of a level, in units
constexpr double steepest = 0.9999;  ///< of a price t/(1-t²), in units

DomainOutcome between(const DomainOutcome& a, const DomainOutcome& b, double t) {
  const auto mean = [t](double x, double y) { return x + t * (y - x); };
  return {mean(a.share, b.share),       a.takes_part,
          mean(a.utility, b.utility),   mean(a.revenue, b.revenue),
          mean(a.marginal, b.marginal), mean(a.performance, b.performance)};
}

double sum_of(const std::vector<DomainOutcome>& picks, double DomainOutcome::*number) {
  double sum = 0;
  for (const DomainOutcome& o : picks) sum += o.*number;
  return sum;
}

}  // namespace

DomainDual::DomainDual(const Play<double>& game, const BargainAim& aim, const DomainStage& stage, std::size_t holder)
    : game_(game), aim_(aim), stage_(stage), n_(stage.outcomes.size()), holder_(holder) {
  double most = 0, least = infinite;
  for (std::size_t i = 0; i < n_; ++i) {
    values_.emplace_back();
    rows_.emplace_back(stage.outcomes[i]);
    if (i == holder) rows_.back() = rows_.back().subspan(stage.last[i], 1);
    for (const DomainOutcome& o : rows_.back()) {
      const double value = value_of(o, i);
      values_.back().push_back(value);
      most_revenue_ = std::max(most_revenue_, o.revenue);
      most_marginal_ = std::max(most_marginal_, o.marginal);
      if (std::isfinite(value)) most = std::max(most, value), least = std::min(least, value);
    }
  }
  if (aim.kind != Kind::product && most > least) spread_ = most - least;
  unit_ = aim.kind == Kind::least ? 1 / spread_ : spread_ / most_revenue_;
}

void DomainDual::add_to(std::vector<DomainDeal>& found) const {
  if (!(most_revenue_ > 0 && most_marginal_ > 0)) return;
  const auto add_made_up = [&](const Picks& picks, double DomainOutcome::*number, double rise) {
    for (std::size_t i = 0; i < picks.size(); ++i)
      for (const Picks& made_up : made_up_by(i, picks, number, rise)) found.push_back(deal_of(made_up));
  };
  const auto [short_of, enough] = settled_levels();
  const auto [below, above] = balanced(enough);
  for (const Picks* picks : {&below, &above})
    add_made_up(*picks, &DomainOutcome::marginal, stage_.marginal_cost - sum_of(*picks, &DomainOutcome::marginal));
  if (is_held(below)) found.push_back(deal_of(below));
  if (const Picks picks = balanced(short_of).first; is_held(picks))
    add_made_up(picks, &DomainOutcome::revenue, due(short_of) - gain(picks));
  if (holder_ == unset) return;
  // The generalist may need more than its due, lest another investment suit it better.
  for (const double level : {unit_, 1e2 * unit_, 1e4 * unit_})
    if (const Picks picks = balanced(level).first; level > enough && is_held(picks)) found.push_back(deal_of(picks));
}

double DomainDual::value_of(const DomainOutcome& o, std::size_t i) const {
  const double factor = aim_.factor[i + 1], gain = o.takes_part ? o.utility - aim_.outside[i + 1] : 0;
  switch (aim_.kind) {
    case Kind::product:
      return factor == 0 ? 0 : gain > 0 ? factor * std::log(gain) : -infinite;
    case Kind::least:
      return factor == 0 ? infinite : factor * gain;
    case Kind::sum:
      return factor * gain + aim_.factor[0] * o.revenue + aim_.factor.back() * o.performance;
  }
  return 0;
}

/// `level`: what the generalist's revenue counts; Kind::least: the inverse of what everyone must have.
DomainDual::Picks DomainDual::picked(double level, double price) const {
  const bool is_least = aim_.kind == Kind::least;
  Picks picks;
  for (std::size_t i = 0; i < n_; ++i) {
    const std::span<const DomainOutcome> row = rows_[i];
    const std::vector<double>& values = values_[i];
    double best = -infinite;
    std::size_t pick = row.size();
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (is_least && values[k] < 1 / level) continue;
      const double value = (is_least ? row[k].revenue : values[k] + level * row[k].revenue) + price * row[k].marginal;
      if (value > best) best = value, pick = k;
    }
    if (pick == row.size()) return {};
    picks.push_back(row[pick]);
    // As far as it has what it must.
    if (is_least && pick + 1 < row.size() && row[pick + 1].takes_part && values[pick + 1] < 1 / level)
      picks.back() = between(row[pick], row[pick + 1], (values[pick] - 1 / level) / (values[pick] - values[pick + 1]));
  }
  return picks;
}

/// The two sides of the price at which marginal revenue passes marginal cost.
std::pair<DomainDual::Picks, DomainDual::Picks> DomainDual::balanced(double level) const {
  if (holder_ != unset)
    if (Picks free = picked(level, 0); is_held(free)) return {free, free};
  const double counted = aim_.kind == Kind::least ? most_revenue_ : spread_ + level * most_revenue_;
  const auto at = [&](double t) { return picked(level, counted / most_marginal_ * t / (1 - t * t)); };
  const auto is_under = [this](const Picks& picks) {
    return sum_of(picks, &DomainOutcome::marginal) < stage_.marginal_cost;
  };
  double low = -steepest, high = steepest;
  Picks below = at(low), above = at(high);
  if (below.empty() || !is_under(below) || is_under(above)) return {};
  for (int k = 0; k < halvings; ++k) {
    const double middle = low + (high - low) / 2;
    Picks picks = at(middle);
    const bool under = is_under(picks);
    (under ? low : high) = middle;
    (under ? below : above) = std::move(picks);
  }
  return {std::move(below), std::move(above)};
}

/// The smallest level that is enough, from both sides.
std::pair<double, double> DomainDual::settled_levels() const {
  if (aim_.kind == Kind::sum && is_enough(0)) return {0, 0};
  double low = -widest, high = widest;
  for (int k = 0; k < halvings; ++k) {
    const double middle = (low + high) / 2;
    (is_enough(unit_ * std::exp(middle)) ? high : low) = middle;
  }
  return {unit_ * std::exp(low), unit_ * std::exp(high)};
}

/// With the share of one domain by which a sum over all rises by so much: there may be several.
std::vector<DomainDual::Picks> DomainDual::made_up_by(std::size_t i, const Picks& picks, double DomainOutcome::*number,
                                                      double rise) const {
  std::vector<Picks> all;
  const double wanted = picks[i].*number + rise;
  const std::span<const DomainOutcome> row = rows_[i];
  for (std::size_t k = 0; k + 1 < row.size(); ++k) {
    const double t = (wanted - row[k].*number) / (row[k + 1].*number - row[k].*number);
    if (row[k].takes_part != row[k + 1].takes_part || !(t >= 0 && t <= 1)) continue;
    all.push_back(picks);
    all.back()[i] = between(row[k], row[k + 1], t);
  }
  return all;
}

DomainDeal DomainDual::deal_of(const Picks& picks) const {
  DomainDeal deal;
  Payoffs& at = deal.at;
  at.base_performance = stage_.investment;
  at.clearance = gain(picks);
  at.deal = at.clearance >= 0;
  at.utility.push_back(at.clearance + aim_.outside[0]);
  for (std::size_t i = 0; i < n_; ++i) {
    deal.shares.push_back(picks[i].share);
    at.utility.push_back(picks[i].takes_part ? picks[i].utility : aim_.outside[i + 1]);
    at.performance += picks[i].performance;
  }
  at.money.assign(n_ + 1, 0.0);
  return deal;
}

/// The generalist's.
double DomainDual::gain(const Picks& picks) const {
  return sum_of(picks, &DomainOutcome::revenue) - stage_.cost - game_.fixed - aim_.outside[0];
}

/// What the aim asks for the generalist.
double DomainDual::due(double level) const {
  const double factor = aim_.factor[0];
  return factor == 0 || aim_.kind == Kind::sum ? 0 : (aim_.kind == Kind::product ? factor : 1 / factor) / level;
}

bool DomainDual::is_enough(double level) const {
  const Picks picks = balanced(level).first;
  return picks.empty() ? aim_.kind != Kind::least : gain(picks) >= due(level);
}

/// Beyond the holder's threshold the generalist's revenue rises less than its cost.
bool DomainDual::is_held(const Picks& picks) const {
  return holder_ != unset && !picks.empty() && sum_of(picks, &DomainOutcome::marginal) <= stage_.marginal_cost;
}

}  // namespace haggle::fine_tuning
