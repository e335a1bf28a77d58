// SPDX-License-Identifier: MIT
// Bargains over one share for each domain in games of all families: along each share the best is found, and none of a
// row of shares, nor a random one, is better than the bargain.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "domain_games.hpp"

using namespace haggle;
using namespace haggle::test;
using namespace haggle::fine_tuning;

namespace {

GeneralGame per_domain_game(Random& random, std::size_t n) {
  GeneralGame game = nasty_game(random, {n, false, true});
  game.fixed_shares.assign(n, 0.5);
  return game;
}

double share_at(double logit) { return 1 / (1 + std::exp(-logit)); }
/// Not worse but for rounding; anything is as good as -∞, NaN is as good as nothing.
bool is_as_good(double ours, double other) {
  return other == -std::numeric_limits<double>::infinity() || ours >= other - 1e-9 * std::abs(other);
}

/// A random game's bargain: see(asked, aim, bargain).
template <class See>
void with_bargain(std::uint64_t seed, std::size_t n, Solution solution, See see) {
  Random random(seed);
  const GeneralGame game = per_domain_game(random, n);
  CAPTURE(text(game));
  Asked asked(game);
  const BargainTerms terms = asked.terms(solution);
  const DomainBargain bargain = asked.bargain(terms);
  REQUIRE(bargain.deal);
  see(asked, aim_of(terms, {}), bargain);
}

double worth_of_bargain(std::uint64_t seed, std::size_t n, Solution solution) {
  double worth = 0;
  with_bargain(seed, n, solution, [&](Asked& asked, const BargainAim& aim, const DomainBargain& bargain) {
    worth = asked.worth(aim, bargain.shares);
  });
  return worth;
}

}  // namespace

TEST_CASE("along one domain's share nothing of a row of shares is better than what is found") {
  Random random(61);
  std::size_t found = 0;
  for (std::size_t k = 0; k < effort(60); ++k) {
    const std::size_t n = 2 + k % 3, domain = k % n;
    const GeneralGame game = per_domain_game(random, n);
    CAPTURE(text(game));
    Asked asked(game);
    if (!asked.bounded) continue;
    std::vector<double> shares(n);
    for (double& share : shares) share = share_at(random.uniform(-5, 5));
    const Solution solution = aims[k % aims.size()];
    CAPTURE(static_cast<int>(solution));
    CAPTURE(domain);
    const BargainAim aim = aim_of(asked.terms(solution), {});
    const std::vector<double> best = asked.line(shares, domain, aim);
    const double ours = best.empty() ? -std::numeric_limits<double>::infinity() : asked.worth(aim, best);
    found += ours > 0;
    for (double logit = -20; logit <= 20; logit += 0.05) {
      shares[domain] = share_at(logit);
      CAPTURE(logit);
      const double other = asked.worth(aim, shares);
      CAPTURE(ours);
      CAPTURE(other);
      CHECK(is_as_good(ours, other));
    }
  }
  CHECK(is_met(found, 20));
}

TEST_CASE("no random shares, and no other share of one domain, serve a bargain by domain better") {
  Random random(62);
  for (std::size_t k = 0; k < effort(12); ++k) {
    const std::size_t n = 2 + k % 2;
    const GeneralGame game = per_domain_game(random, n);
    CAPTURE(text(game));
    Asked asked(game);
    if (!asked.bounded) continue;
    const Solution solution = aims[k % aims.size()];
    CAPTURE(static_cast<int>(solution));
    const BargainTerms terms = asked.terms(solution);
    const BargainAim aim = aim_of(terms, {});
    const DomainBargain bargain = asked.bargain(terms);
    const double ours = bargain.deal ? asked.worth(aim, bargain.shares) : -std::numeric_limits<double>::infinity();
    for (int trial = 0; trial < 1500; ++trial) {
      std::vector<double> shares(n);
      for (double& share : shares) share = share_at(random.uniform(-9, 9));
      if (trial % 3 == 0 && bargain.deal) {
        shares = bargain.shares;
        shares[static_cast<std::size_t>(trial / 3) % n] = share_at(random.uniform(-15, 15));
      }
      CHECK(is_as_good(ours, asked.worth(aim, shares)));
    }
  }
}

TEST_CASE("what a bargain by domain says its shares bring they bring to who asks for nothing else") {
  Random random(63);
  std::size_t deals = 0;
  for (std::size_t k = 0; k < effort(30); ++k) {
    const GeneralGame game = per_domain_game(random, 2);
    CAPTURE(text(game));
    Asked asked(game), alone(game);
    if (!asked.bounded) continue;
    const BargainTerms terms = asked.terms(aims[k % aims.size()]);
    const DomainBargain bargain = asked.bargain(terms);
    if (!bargain.deal) continue;
    ++deals;
    alone.payoffs(bargain.shares, alone.at);
    CHECK(alone.at.deal);
    CHECK(alone.at.utility == bargain.at.utility);
    CHECK(alone.at.base_performance == bargain.at.base_performance);
  }
  CHECK(is_met(deals, 20));
}

TEST_CASE("where hardly any shares leave everybody a gain, or money is huge beside the gains, such shares are found") {
  const auto check = [](std::uint64_t seed, std::size_t n, Solution solution) {
    with_bargain(seed, n, solution, [&](Asked&, const BargainAim& aim, const DomainBargain& bargain) {
      CHECK(aim(bargain.at) > (solution == Solution::nash ? -std::numeric_limits<double>::infinity() : 0));
    });
  };
  check(3 * 1000003 + 37, 3, Solution::egalitarian);
  check(3 * 1000003 + 32, 3, Solution::nash);
  check(2 * 1000003 + 40, 2, Solution::nash);
}

TEST_CASE("where a specialist's share hardly moves along the edge that keeps it, the others are followed to its end") {
  // All of the way is a change of 1e-7 of the second share. Steps that measure all shares alike end at 2.3455.
  CHECK(worth_of_bargain(913 * 1000003 + 13, 3, Solution::max_performance) > 2.3756);
  // 1e-3, and all of the specialists' utility at stake is a billionth of the generalist's: 2.48e-9.
  CHECK(worth_of_bargain(912 * 1000003 + 374, 2, Solution::egalitarian) > 3.08e-9);
}

TEST_CASE("a bargain that is worth much in a narrow window of shares only is found by lines across all shares") {
  CHECK(worth_of_bargain(912 * 1000003 + 348, 2, Solution::egalitarian) > 0.0259);       // elsewhere 2.3e-4
  CHECK(worth_of_bargain(913 * 1000003 + 54, 3, Solution::egalitarian) > 0.10);          // 8e-5
  CHECK(worth_of_bargain(912 * 1000003 + 56, 2, Solution::powerful_specialist) > 7.59);  // 7.31
}
