// SPDX-License-Identifier: MIT
// Shares found domain by domain for a given investment of the generalist, beside what it then does.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "domain_games.hpp"
#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using namespace haggle::fine_tuning;

namespace {

/// Revenues scale·α, costs coefficient·x²: the generalist's utility is a parabola of its investment wherever the same
/// specialists take part.
GeneralSpecialist linear_specialist(double scale, double coefficient, double fixed = 0, double outside = 0) {
  return {{Family::isoelastic, {scale, 1}}, {Family::power, {0, coefficient, 2}}, fixed, outside};
}

GeneralGame linear_game(double coefficient, const std::vector<GeneralSpecialist>& specialists) {
  GeneralGame game = test::game_of({Family::power, {0, coefficient, 2}}, 0, 0, 0.5, specialists);
  game.per_domain = true;
  game.fixed_shares.assign(specialists.size(), 0.5);
  return game;
}

}  // namespace

TEST_CASE("at the shares found for an investment the generalist makes it, and they bring what they promise") {
  Asked asked(linear_game(1.25, {linear_specialist(1, 0.75), linear_specialist(2, 3), linear_specialist(0.5, 0.25)}));
  for (const Solution solution : aims) {
    CAPTURE(static_cast<int>(solution));
    const BargainAim aim = aim_of(asked.terms(solution), {});
    for (const double investment : {0.2, 0.7, 1.2}) {
      CAPTURE(investment);
      const auto found = asked.decomposition(aim, investment, investment * (1 + 1e-12));
      CHECK_FALSE(found.empty());
      for (const DomainDeal& deal : found) {
        asked.payoffs(deal.shares, asked.at);
        CHECK(asked.at.base_performance == doctest::Approx(investment).epsilon(1e-9));
        CHECK(deal.at.performance == doctest::Approx(asked.at.performance).epsilon(1e-2));
        for (std::size_t j = 0; j < asked.at.utility.size(); ++j)
          CHECK(std::abs(deal.at.utility[j] - asked.at.utility[j]) <= 1e-2 * asked.at.money[j]);
      }
    }
  }
}

TEST_CASE("the best of the shares found over a row of investments is near the bargain") {
  Asked asked(linear_game(1.25, {linear_specialist(1, 0.75), linear_specialist(2, 3), linear_specialist(0.5, 0.25)}));
  for (const Solution solution : aims) {
    CAPTURE(static_cast<int>(solution));
    const BargainTerms terms = asked.terms(solution);
    const BargainAim aim = aim_of(terms, {});
    const DomainBargain bargain = solve_per_domain(asked.payoffs, 3, terms, {}, std::ref(asked.line));
    double best = -std::numeric_limits<double>::infinity();
    for (const DomainDeal& deal : asked.decomposition(aim, 0.7, 1.4))
      best = std::max(best, asked.worth(aim, deal.shares));
    CHECK(best > 0.95 * asked.worth(aim, bargain.shares));
  }
}

TEST_CASE("shares are found at which a specialist takes part from the given investment on") {
  // Where the second one does, more of its revenue than what a unit of investment costs is the generalist's.
  Asked asked(linear_game(1.25, {linear_specialist(1, 0.75), linear_specialist(2, 3, 0.4, 0.1)}));
  const BargainAim aim = aim_of(asked.terms(Solution::max_performance), {});
  std::size_t held = 0;
  for (const double investment : {0.8, 1.0}) {
    CAPTURE(investment);
    for (const DomainDeal& deal : asked.decomposition(aim, investment, investment * (1 + 1e-12))) {
      asked.payoffs(deal.shares, asked.at);
      if (asked.at.holder != 1) continue;
      ++held;
      CHECK(asked.at.base_performance == doctest::Approx(investment).epsilon(1e-9));
    }
  }
  CHECK(held >= 2);
}
