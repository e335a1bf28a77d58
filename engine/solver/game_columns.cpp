// SPDX-License-Identifier: MIT
#include "solver/game_columns.hpp"

#include <limits>

namespace haggle::fine_tuning {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

double code(auto enumerator) { return static_cast<double>(static_cast<int>(enumerator)); }

}  // namespace

void GameColumns::write_equilibrium(std::size_t game, std::span<const Share> shares, const Equilibrium& e) const {
  const bool invests = e.base_performance > 0;
  bool both_gain_and_invest = false;
  for (std::size_t i = 0; i < e.specialists.size(); ++i) {
    const SpecialistMove& s = e.specialists[i];
    put_each(o().performance, i, game, s.performance);
    put_each(o().specialist_utility, i, game, s.utility);
    put_each(o().revenue, i, game, s.revenue);
    put_each(o().specialist_regime, i, game,
             code(!s.takes_part      ? SpecialistRegime::abstainer
                  : s.investment > 0 ? SpecialistRegime::contributor
                                     : SpecialistRegime::free_rider));
    both_gain_and_invest = both_gain_and_invest || (invests && s.takes_part && s.investment > 0 &&
                                                    shares[i].generalist > 0 && shares[i].specialist > 0);
    if (form_->contract == Contract::per_domain) put_each(o().share, i, game, shares[i].generalist);
  }
  if (form_->contract == Contract::uniform) put(o().share, game, shares.front().generalist);
  put(o().status, game, code(Status::solved));
  put(o().base_performance, game, e.base_performance);
  put(o().generalist_utility, game, e.generalist_utility);
  put(o().surplus, game, e.surplus());
  put(o().generalist_regime, game, code(invests ? GeneralistRegime::invests : GeneralistRegime::idle));
  put(o().residual, game, e.residual);
  put(o().profit_sharing, game, code(both_gain_and_invest ? ProfitSharing::yes : ProfitSharing::no));
}

void GameColumns::write_apart(std::size_t game, Status status, const Play<double>& play) const {
  const bool apart = status == Status::no_deal;
  double surplus = play.outside;
  for (std::size_t i = 0; i < play.specialists.size(); ++i) {
    const double outside = play.specialists[i].outside;
    surplus += outside;
    put_each(o().performance, i, game, apart ? 0 : no_number);
    put_each(o().specialist_utility, i, game, apart ? outside : no_number);
    put_each(o().revenue, i, game, apart ? 0 : no_number);
    put_each(o().specialist_regime, i, game, code(apart ? SpecialistRegime::abstainer : SpecialistRegime::unsolved));
    if (form_->contract == Contract::per_domain) put_each(o().share, i, game, no_number);
  }
  if (form_->contract == Contract::uniform) put(o().share, game, no_number);
  put(o().status, game, code(status));
  put(o().base_performance, game, apart ? 0 : no_number);
  put(o().generalist_utility, game, apart ? play.outside : no_number);
  put(o().surplus, game, apart ? surplus : no_number);
  put(o().generalist_regime, game, code(apart ? GeneralistRegime::abstains : GeneralistRegime::unsolved));
  put(o().residual, game, apart ? 0 : no_number);
  put(o().profit_sharing, game, code(apart ? ProfitSharing::no : ProfitSharing::unsolved));
  write_efficient(game, apart ? std::optional(false) : std::nullopt);  // a Pareto set is one of deals
  if (apart) return;
  write_first_best(game, no_number, no_number);
  write_components(game, {}, false);
  for (std::size_t k = 0; k < form_->frontier; ++k) write_frontier(game, k, {}, {});
}

void GameColumns::write_first_best(std::size_t game, double first_best, double surplus) const {
  put(o().first_best_surplus, game, first_best);
  put(o().efficiency, game, first_best > 0 ? surplus / first_best : no_number);
}

void GameColumns::write_efficient(std::size_t game, std::optional<bool> efficient) const {
  put(o().pareto_efficient, game,
      code(!efficient   ? ParetoEfficient::unsolved
           : *efficient ? ParetoEfficient::yes
                        : ParetoEfficient::no));
}

void GameColumns::write_components(std::size_t game, std::span<const ShareInterval> components, bool known) const {
  put(o().pareto_components, game, known ? static_cast<double>(components.size()) : no_number);
  for (std::size_t k = 0; k < form_->components; ++k) {
    const bool there = k < components.size();
    put_each(o().pareto_share_low, k, game, there ? components[k].low : no_number);
    put_each(o().pareto_share_high, k, game, there ? components[k].high : no_number);
  }
}

void GameColumns::write_frontier(std::size_t game, std::size_t point, std::span<const double> shares,
                                 std::span<const double> utility) const {
  const std::size_t n = form_->specialists.size(), each = form_->contract == Contract::uniform ? 1 : n;
  for (std::size_t i = 0; i < each; ++i)
    put_each(o().frontier_share, point * each + i, game, i < shares.size() ? shares[i] : no_number);
  put_each(o().frontier_generalist_utility, point, game, utility.empty() ? no_number : utility[0]);
  for (std::size_t i = 0; i < n; ++i)
    put_each(o().frontier_specialist_utility, point * n + i, game, utility.empty() ? no_number : utility[i + 1]);
}

}  // namespace haggle::fine_tuning
