// SPDX-License-Identifier: MIT
// Bargains over one share for each domain, against a grid of shares with a compass search from its best points.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "haggle/solver/per_domain_bargain.hpp"
#include "linear_games.hpp"

using namespace haggle;
using namespace haggle::fine_tuning;
using haggle::test::LinearGame;

namespace {

constexpr Solution bargained[] = {
    Solution::nash,           Solution::kalai_smorodinsky,   Solution::egalitarian,
    Solution::utilitarian,    Solution::powerful_generalist, Solution::powerful_specialist,
    Solution::max_performance};

BargainTerms terms_of(const LinearGame& game, Solution solution, std::mt19937_64* weights = nullptr) {
  const std::size_t players = game.specialists.size() + 1;
  BargainTerms terms{solution, std::vector<double>(players, 1.0), {game.outside}, unset};
  for (const auto& s : game.specialists) terms.outside.push_back(s.outside);
  if (weights != nullptr)
    for (double& w : terms.weight) w = 0.1 + static_cast<double>((*weights)() >> 11) * 0x1p-53;
  const double sum = std::accumulate(terms.weight.begin(), terms.weight.end(), 0.0);
  for (double& w : terms.weight) w /= sum;
  return terms;
}

Payoffs at(const LinearGame& game, const std::vector<double>& shares) {
  Payoffs payoffs;
  game(shares, payoffs);
  return payoffs;
}

/// Money, or a ratio, that grows with what is aimed at: a product's geometric mean.
double worth(const BargainAim& aim, const Payoffs& payoffs) {
  if (!payoffs.deal) return -std::numeric_limits<double>::infinity();
  return aim.kind == BargainAim::Kind::product ? std::exp(aim(payoffs)) : aim(payoffs);
}

struct Found {
  double worth = -std::numeric_limits<double>::infinity();
  std::vector<double> shares;
};

/// From there to wherever a step along an axis, or in a few random directions, is uphill.
Found compass(const LinearGame& game, const BargainAim& aim, Found found, double step) {
  std::mt19937_64 engine(1);
  const std::size_t n = found.shares.size();
  for (; step > 1e-7; step /= 2)
    for (bool uphill = true; uphill;) {
      uphill = false;
      for (std::size_t k = 0; k < 6 * n; ++k) {
        std::vector<double> shares = found.shares;
        for (std::size_t i = 0; i < n; ++i) {
          const double random = 2 * (static_cast<double>(engine() >> 11) * 0x1p-53) - 1;
          const double by = k >= 2 * n ? random : k / 2 != i ? 0 : k % 2 == 0 ? 1 : -1;
          shares[i] = std::clamp(shares[i] + step * by, 0.0, 1.0);
        }
        const double value = worth(aim, at(game, shares));
        if (!(value > found.worth)) continue;
        uphill = uphill || value > found.worth + 1e-12 * std::abs(found.worth);
        found = {value, std::move(shares)};
      }
    }
  return found;
}

class Grid {
 public:
  Grid(const LinearGame& game, std::size_t cells) : game_(game), cells_(cells) {
    const std::size_t n = game.specialists.size();
    std::size_t points = 1;
    for (std::size_t i = 0; i < n; ++i) points *= cells + 1;
    for (std::size_t k = 0; k < points; ++k) {
      std::vector<double> shares(n);
      for (std::size_t i = 0, rest = k; i < n; ++i, rest /= cells + 1)
        shares[i] = static_cast<double>(rest % (cells + 1)) / static_cast<double>(cells);
      Payoffs payoffs = at(game, shares);
      payoffs.slope.clear();
      if (payoffs.deal) points_.push_back({std::move(shares), std::move(payoffs)});
    }
  }

  bool any_deal() const { return !points_.empty(); }
  double best_utility(std::size_t player) const {
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& p : points_) best = std::max(best, p.payoffs.utility[player]);
    return best;
  }
  Found best(const BargainAim& aim) const {
    std::vector<Found> all;
    for (const auto& p : points_) all.push_back({worth(aim, p.payoffs), p.shares});
    std::ranges::stable_sort(all, std::ranges::greater(), &Found::worth);
    Found best;
    for (const std::size_t k : {0, 1, 3, 9, 27}) {
      if (k >= all.size()) break;
      Found reached = compass(game_, aim, all[k], 1 / static_cast<double>(cells_));
      if (reached.worth > best.worth) best = std::move(reached);
    }
    return best;
  }

 private:
  struct Point {
    std::vector<double> shares;
    Payoffs payoffs;
  };
  LinearGame game_;
  std::size_t cells_;
  std::vector<Point> points_;
};

void compare(std::uint64_t seed, int games, std::size_t n, std::size_t cells) {
  std::mt19937_64 engine(seed);
  for (int k = 0; k < games; ++k) {
    CAPTURE(k);
    const LinearGame game = test::random_linear_game(engine, n);
    const Grid grid(game, cells);
    for (const Solution solution : bargained) {
      CAPTURE(static_cast<int>(solution));
      const BargainTerms terms = terms_of(game, solution, k % 3 == 1 ? &engine : nullptr);
      const DomainBargain bargain = solve_per_domain(game, n, terms);
      if (grid.any_deal()) REQUIRE(bargain.deal);
      if (!bargain.deal) continue;
      if (solution == Solution::kalai_smorodinsky)
        for (std::size_t j = 0; grid.any_deal() && j <= n; ++j) {
          const double money = std::abs(grid.best_utility(j)) + std::abs(terms.outside[j]);
          CHECK(bargain.ideals[j] >= grid.best_utility(j) - 1e-9 * money);
        }
      const BargainAim aim = aim_of(terms, bargain.ideals);
      const double ours = worth(aim, bargain.at), brute = grid.best(aim).worth;
      CAPTURE(ours);
      CAPTURE(brute);
      CHECK(ours >= brute - 1e-9 * std::abs(brute));
    }
  }
}

}  // namespace

TEST_CASE("no grid of two domains' shares, with a compass, finds a better bargain") { compare(21, 30, 2, 40); }

TEST_CASE("no coarse grid of three domains' shares, with a compass, finds a better bargain") { compare(22, 8, 3, 12); }

TEST_CASE("one domain's bargain is the one over its share") {
  for (const auto& [c0, c1, nash, egalitarian, sum] :
       {std::array{1.0, 1.0, 0.5, 0.5, 0.5}, std::array{2.0, 1.0, 0.37716, 0.42265, 1.0 / 3},
        std::array{1.0, 2.0, 0.62284, 0.57735, 2.0 / 3}}) {  // model's table
    const LinearGame game{c0, 0, 0, {{1, c1}}};
    const auto share = [&](Solution s) { return solve_per_domain(game, 1, terms_of(game, s)).shares[0]; };
    CHECK(std::abs(share(Solution::nash) - nash) < 6e-6);
    CHECK(std::abs(share(Solution::egalitarian) - egalitarian) < 6e-6);
    CHECK(std::abs(share(Solution::utilitarian) - sum) < 1e-7);
    CHECK(std::abs(share(Solution::powerful_generalist) - (c1 <= c0 ? c0 / (2 * c0 - c1) : 1)) < 1e-7);
  }
}

// S = Σ δᵢ ρᵢ: dΣU/dδⱼ = 0 is ρⱼ Σ(1-δᵢ)ρᵢ/c₀ = δⱼ ρⱼ²/cⱼ, all specialists inside.
TEST_CASE("the largest surplus of linear games solves its first-order conditions in every domain") {
  const LinearGame game{
      1.5, 0, 0, {{1, 1}, {0.7, 2}, {1.3, 0.8}, {0.9, 1.1}, {1.1, 3}, {0.5, 0.4}, {0.8, 5}, {1.2, 0.6}}};
  const DomainBargain bargain = solve_per_domain(game, 8, terms_of(game, Solution::utilitarian));
  REQUIRE(bargain.deal);
  double left = 0;
  for (std::size_t i = 0; i < 8; ++i) left += (1 - bargain.shares[i]) * game.specialists[i].scale;
  for (std::size_t j = 0; j < 8; ++j) {
    const auto& s = game.specialists[j];
    const double wanted = std::min(1.0, left / game.coefficient * s.coefficient / s.scale);
    CHECK(std::abs(bargain.shares[j] - wanted) < 1e-6);
  }
}

TEST_CASE("a share for each domain serves the bargain at least as well as one for all") {
  std::mt19937_64 engine(23);
  for (int k = 0; k < 12; ++k) {
    const std::size_t n = 2 + static_cast<std::size_t>(k) % 4;
    const LinearGame game = test::random_linear_game(engine, n);
    for (const Solution solution :
         {Solution::nash, Solution::egalitarian, Solution::utilitarian, Solution::powerful_generalist,
          Solution::powerful_specialist, Solution::max_performance}) {
      const BargainTerms terms = terms_of(game, solution);
      const BargainAim aim = aim_of(terms, {});
      std::vector<double> uniform;
      double most = -std::numeric_limits<double>::infinity();
      for (int i = 0; i <= 1000; ++i)
        if (const double value = worth(aim, at(game, std::vector<double>(n, i / 1000.0))); value > most) {
          most = value;
          uniform.assign(n, i / 1000.0);
        }
      if (uniform.empty()) continue;
      const DomainBargain bargain = solve_per_domain(game, n, terms, std::array{uniform});
      REQUIRE(bargain.deal);
      CHECK(worth(aim, bargain.at) >= most - 1e-14 * std::abs(most));
    }
  }
}

TEST_CASE("domains that are alike can get unlike shares, and then the first gets the larger one") {
  int unlike = 0;
  std::mt19937_64 engine(24);
  for (int k = 0; k < 30; ++k) {
    LinearGame game = test::random_linear_game(engine, 2);
    game.specialists[1] = game.specialists[0];
    const BargainTerms terms = terms_of(game, Solution::utilitarian);
    const DomainBargain bargain = solve_per_domain(game, 2, terms);
    if (!bargain.deal) continue;
    const Payoffs exchanged = at(game, {bargain.shares[1], bargain.shares[0]});
    CHECK(std::abs(exchanged.surplus() - bargain.at.surplus()) <= 1e-13 * (exchanged.money[0] + exchanged.money[1]));
    CHECK(bargain.shares[0] >= bargain.shares[1] - 1e-7);
    unlike += bargain.shares[0] > bargain.shares[1] + 1e-3;
  }
  CHECK(unlike > 0);
}

TEST_CASE("without a deal nobody gets more than its outside option") {
  const LinearGame game{1, 0, 50, {{1, 1, 0, 0, 0.25}, {1, 1}}};
  for (const Solution solution : bargained) {
    const DomainBargain bargain = solve_per_domain(game, 2, terms_of(game, solution));
    CHECK(!bargain.deal);
    CHECK(bargain.at.utility == std::vector<double>{50, 0.25, 0});
  }
}

TEST_CASE("a bargain is the same each time, and in any unit of money") {
  std::mt19937_64 engine(25);
  for (int k = 0; k < 6; ++k) {
    LinearGame game = test::random_linear_game(engine, 3);
    std::vector<DomainBargain> before;
    for (const Solution solution : bargained) before.push_back(solve_per_domain(game, 3, terms_of(game, solution)));
    for (std::size_t s = 0; s < before.size(); ++s)
      CHECK(solve_per_domain(game, 3, terms_of(game, bargained[s])).shares == before[s].shares);
    for (double* money : {&game.coefficient, &game.fixed, &game.outside}) *money *= 1024;
    for (auto& s : game.specialists)
      for (double* money : {&s.scale, &s.coefficient, &s.linear, &s.fixed, &s.outside}) *money *= 1024;
    for (std::size_t s = 0; s < before.size(); ++s) {
      const DomainBargain after = solve_per_domain(game, 3, terms_of(game, bargained[s]));
      REQUIRE(after.deal == before[s].deal);
      if (bargained[s] == Solution::nash || !after.deal) continue;
      const BargainAim aim = aim_of(terms_of(game, bargained[s]), after.ideals);
      const double unit =
          bargained[s] == Solution::max_performance || bargained[s] == Solution::kalai_smorodinsky ? 1 : 1024;
      CHECK(std::abs(aim(after.at) - unit * before[s].value) <= 1e-9 * unit * std::abs(before[s].value));
    }
  }
}
