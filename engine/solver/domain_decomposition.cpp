// SPDX-License-Identifier: MIT
#include "domain_decomposition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "haggle/solver/spe.hpp"
#include "reply.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr int fewest_stages = 8;
constexpr double widest_step = 0.4;  ///< of the logarithm of an investment
constexpr int newton_steps = 8;
constexpr double clear_of_rounding = 0x1p-51;  ///< of a share
constexpr double most_steep = 1e6;             ///< of performance, by the generalist's investment

/// Close to each other in the middle, and geometrically close to the ends.
std::vector<double> share_row() {
  std::vector<double> row{0, 1};
  for (double logit = 0.1; logit < 30; logit += logit < 3 ? 0.25 : logit < 8 ? 0.5 : 1.5)
    for (const double side : {-logit, logit}) row.push_back(share_at_logit(side).generalist);
  std::ranges::sort(row);
  return row;
}

}  // namespace

std::vector<DomainDeal> DomainDecomposition::operator()(const BargainAim& aim, double least, double most) {
  std::vector<DomainDeal> found;
  if (!(least > 0 && most < std::numeric_limits<double>::infinity())) return found;
  // What is asked for first is asked for again, for other aims.
  const auto is_asked = [&](const Row& row) { return row.least == least && row.most == most; };
  if (rows_.empty() || !is_asked(rows_.front())) {
    if (rows_.size() > 1) rows_.pop_back();
    rows_.push_back({least, most, tabulated(least, most)});
  }
  for (const DomainStage& stage : (is_asked(rows_.front()) ? rows_.front() : rows_.back()).stages) {
    DomainDual(*game_, aim, stage).add_to(found);
    for (std::size_t i = 0; i < stage.last.size(); ++i)
      if (stage.last[i] != unset) DomainDual(*game_, aim, stage, i).add_to(found);
  }
  return found;
}

std::vector<DomainStage> DomainDecomposition::tabulated(double least, double most) const {
  const std::size_t n = game_->specialists.size();
  const double way = std::log(most / least);
  const int steps = std::max(fewest_stages - 1, static_cast<int>(std::ceil(way / widest_step)));
  std::vector<DomainStage> stages;
  for (int k = 0; k <= steps; ++k) {
    const double investment = most * std::exp(-way * k / steps);
    const auto cost = game_->cost(investment);
    if (!std::isfinite(cost.value) || !std::isfinite(cost.slope)) continue;
    stages.push_back({investment, cost.value, cost.slope, std::vector<std::vector<DomainOutcome>>(n),
                      std::vector<std::size_t>(n, unset)});
  }
  for (std::size_t i = 0; i < n; ++i) tabulate_domain(i, stages);
  return stages;
}

void DomainDecomposition::tabulate_domain(std::size_t domain, std::vector<DomainStage>& stages) const {
  const Specialist<double>& specialist = game_->specialists[domain];
  Replier replier;
  replier.start(specialist);
  double guess = 0;
  const auto outcome = [&](const DomainStage& stage, double share) {
    const Reply reply = replier(stage.investment, guess);
    guess = reply.investment;
    return DomainOutcome{share,
                         true,
                         reply.utility - specialist.fixed,
                         share * reply.revenue,
                         share * reply.slope * std::min(reply.by_base, most_steep),
                         reply.performance};
  };
  for (const double share : share_row()) {
    replier.at_share(share_of(share).specialist);
    guess = 0;
    for (DomainStage& stage : stages) {
      const DomainOutcome there = outcome(stage, share);
      const bool is_known = std::isfinite(there.utility + there.revenue + there.marginal + there.performance);
      const bool takes_part = is_known && there.utility >= specialist.outside;
      stage.outcomes[domain].push_back(takes_part ? there : DomainOutcome{share});
    }
  }
  // The last share at which it takes part, by Newton's method: utility falls by all of revenue, ever less.
  for (DomainStage& stage : stages) {
    std::vector<DomainOutcome>& row = stage.outcomes[domain];
    const auto out = std::ranges::find(row, false, &DomainOutcome::takes_part);
    if (out == row.begin() || out == row.end()) continue;
    DomainOutcome last = *(out - 1);
    guess = 0;
    const auto move_to = [&](double share) {
      replier.at_share(share_of(share).specialist);
      last = outcome(stage, share);
    };
    for (int k = 0; k < newton_steps; ++k) {
      const double share = last.share + (last.utility - specialist.outside) * last.share / last.revenue;
      if (!(share > last.share && share < 1)) break;
      move_to(share);
    }
    move_to(last.share * (1 - clear_of_rounding));
    stage.last[domain] = static_cast<std::size_t>(out - row.begin());
    row.insert(out, last);
  }
}

}  // namespace haggle::fine_tuning
