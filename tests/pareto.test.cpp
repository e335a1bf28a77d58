// SPDX-License-Identifier: MIT
// Pareto sets along one share, against closed forms and against a grid of shares compared one by one.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "haggle/solver/domain_frontier.hpp"
#include "haggle/solver/pareto_set.hpp"
#include "linear_games.hpp"

using namespace haggle;
using namespace haggle::fine_tuning;
using haggle::test::LinearGame;

namespace {

std::vector<ShareInterval> components_of(const LinearGame& game) {
  return pareto_components(PayoffCurve(game, game.specialists.size()));
}

/// Whether some share serves everyone at least as well as a given point and someone better: a grid, then golden
/// section on the least gain around the grid's best shares.
class Comparison {
 public:
  Comparison(const LinearGame& game, std::size_t shares) : game_(game), unit_(game.specialists.size() + 1) {
    for (std::size_t i = 0; i <= shares; ++i) grid_.push_back(at(static_cast<double>(i) / static_cast<double>(shares)));
    for (const Payoffs& p : grid_)
      for (std::size_t j = 0; j < unit_.size(); ++j) unit_[j] = std::max(unit_[j], p.money[j]);
  }

  Payoffs at(double share) const {
    Payoffs payoffs;
    game_(std::vector<double>(game_.specialists.size(), share), payoffs);
    return payoffs;
  }
  const std::vector<Payoffs>& grid() const { return grid_; }

  /// Who may lose what, and who must gain what, in units of the players' money. Next to a share someone loses less than
  /// rounding where another gains, so that to tell a dominated share *surely* takes more gain than to tell it perhaps.
  struct Standard {
    double loss, gain;
  };
  static constexpr Standard surely{0, 1e-8}, perhaps{1e-15, 1e-13};

  bool dominated(const Payoffs& target, Standard standard, bool between_grid_shares = true) const {
    std::vector<double> gains;
    for (const Payoffs& p : grid_) gains.push_back(least_gain(p, target, standard));
    if (const double best = *std::ranges::max_element(gains); best >= 0 || !between_grid_shares) return best >= 0;
    for (std::size_t i = 0; i < gains.size(); ++i) {
      const bool peak = (i == 0 || gains[i] >= gains[i - 1]) && (i + 1 == gains.size() || gains[i] >= gains[i + 1]);
      if (peak && gains[i] > -0.003 && polished_gain(i, target, standard) >= 0) return true;
    }
    return false;
  }

 private:
  /// Negative where someone loses, or nobody gains.
  double least_gain(const Payoffs& p, const Payoffs& target, Standard standard) const {
    double least = 1, most = 0;
    for (std::size_t j = 0; j < unit_.size(); ++j) {
      const double gain = (p.utility[j] - target.utility[j]) / std::max(unit_[j], 1e-300);
      least = std::min(least, std::abs(gain) <= standard.loss ? 0 : gain);
      most = std::max(most, gain);
    }
    return !p.deal ? -1 : most > standard.gain ? least : std::min(least, -1e-16);
  }
  /// Narrow peaks stand beside kinks and jumps, and the target itself has a gain near 0: many short searches.
  double polished_gain(std::size_t i, const Payoffs& target, Standard standard) const {
    constexpr int parts = 64;
    const double cell = 1 / static_cast<double>(grid_.size() - 1), from = (static_cast<double>(i) - 1) * cell;
    const auto gain = [&](double share) { return least_gain(at(std::clamp(share, 0.0, 1.0)), target, standard); };
    double best = -1;
    for (int part = 0; part < 2 * parts && best < 0; ++part) {
      double low = from + part * cell / parts, high = low + cell / parts;
      for (int k = 0; k < 45 && best < 0; ++k) {
        const double a = low + 0.381966 * (high - low), b = low + 0.618034 * (high - low);
        const double ga = gain(a), gb = gain(b);
        best = std::max({best, ga, gb});
        (ga < gb ? low : high) = ga < gb ? a : b;
      }
    }
    return best;
  }

  LinearGame game_;
  std::vector<double> unit_;
  std::vector<Payoffs> grid_;
};

/// How far a share is inside a component; negative outside of all.
double depth(const std::vector<ShareInterval>& components, double share) {
  double most = -1;
  for (const ShareInterval& c : components) most = std::max(most, std::min(share - c.low, c.high - share));
  return most;
}

}  // namespace

TEST_CASE(
    "with linear revenue, quadratic costs and one specialist the Pareto set reaches from its best share to the "
    "generalist's") {
  for (const double c0 : {0.01, 0.5, 1.0, 2.0, 2.9, 40.0})
    for (const double c1 : {0.02, 0.5, 1.0, 1.9, 3.0, 70.0}) {
      CAPTURE(c0);
      CAPTURE(c1);
      const auto components = components_of({c0, 0, 0, {{1, c1}}});
      REQUIRE(components.size() == 1);
      CHECK(std::abs(components[0].low - (c1 >= c0 ? (c1 - c0) / (2 * c1 - c0) : 0)) < 1e-11);
      CHECK(std::abs(components[0].high - (c1 <= c0 ? c0 / (2 * c0 - c1) : 1)) < 1e-11);
    }
}

// c = 1 for all, scale 1, specialist 2 pays 1/4 for taking part. While both take part, α₀ = δ and U_i + fixed =
// (1-δ)(1+3δ)/4: highest at 1/3, and at 2/3 specialist 2 has nothing left. From there on the generalist invests just
// enough to keep it, which serves specialist 1 less well than 1/3 to 2/3 did, until that costs too much; shares just
// before that serve the generalist less well than the specialists' best ones... so that one share is left.
TEST_CASE("a second specialist's entry cost cuts the Pareto set in two") {
  const auto components = components_of({1, 0, 0, {{1, 2}, {1, 1, 0, 0.25}}});
  REQUIRE(components.size() == 2);
  CHECK(std::abs(components[0].low - 1.0 / 3) < 1e-10);
  CHECK(std::abs(components[0].high - 2.0 / 3) < 1e-10);
  CHECK(components[1].low > components[0].high + 0.05);
  CHECK(components[1].high > components[1].low + 0.05);
}

TEST_CASE("a Pareto set can have an isolated share") {
  const auto components = components_of({1, 0, 0, {{1, 1}, {1, 1, 0, 0.25}}});
  REQUIRE(components.size() == 2);
  CHECK(components[0].high - components[0].low > 0.3);
  CHECK(components[1].high == components[1].low);
}

TEST_CASE("no deal, no Pareto set; the unit of money doesn't move it") {
  CHECK(components_of({1, 0, 100, {{1, 1}}}).empty());
  std::mt19937_64 engine(3);
  for (int k = 0; k < 20; ++k) {
    LinearGame game = test::random_linear_game(engine, 3);
    const auto before = components_of(game);
    for (double* money : {&game.coefficient, &game.fixed, &game.outside}) *money *= 1024;
    for (auto& s : game.specialists)
      for (double* money : {&s.scale, &s.coefficient, &s.linear, &s.fixed, &s.outside}) *money *= 1024;
    const auto after = components_of(game);
    REQUIRE(before.size() == after.size());
    for (std::size_t c = 0; c < before.size(); ++c) {
      CHECK(before[c].low == after[c].low);
      CHECK(before[c].high == after[c].high);
    }
  }
}

TEST_CASE("no share of a grid contradicts the components") {
  std::mt19937_64 engine(11);
  constexpr std::size_t shares = 600;
  int cut = 0;
  for (std::size_t k = 0; k < 40; ++k) {
    const LinearGame game = test::random_linear_game(engine, 1 + k % 5);
    const auto components = components_of(game);
    const Comparison comparison(game, shares);
    cut += components.size() > 1;
    std::vector<Payoffs> members;
    for (const double share : spread_over(components, shares)) members.push_back(comparison.at(share));
    for (std::size_t i = 0; i <= shares; ++i) {
      const double share = static_cast<double>(i) / shares, inside = depth(components, share);
      if (!comparison.grid()[i].deal) {
        CHECK(inside <= 0);
        continue;
      }
      if (inside > 1e-9) CHECK(!comparison.dominated(comparison.grid()[i], Comparison::surely, false));
      // A share outside of all is dominated, and by one inside.
      if (inside < -1e-9) {
        CAPTURE(k);
        CAPTURE(share);
        const bool by_member = std::ranges::any_of(members, [&](const Payoffs& p) {
          bool all = true;
          for (std::size_t j = 0; j < p.utility.size(); ++j)
            all = all && p.utility[j] >= comparison.grid()[i].utility[j] - 1e-14 * p.money[j];
          return all;
        });
        CHECK((by_member || comparison.dominated(comparison.grid()[i], Comparison::perhaps)));
      }
    }
  }
  CHECK(cut > 10);
}

TEST_CASE("a millionth beyond an end everybody could do better, a millionth before it nobody could") {
  std::mt19937_64 engine(12);
  int ends = 0;
  for (std::size_t k = 0; k < 32; ++k) {
    const LinearGame game = test::random_linear_game(engine, 1 + k % 4);
    const auto components = components_of(game);
    const Comparison comparison(game, 1000);
    for (const ShareInterval& c : components)
      for (const double side : {-1.0, 1.0}) {
        CAPTURE(k);
        const double end = side < 0 ? c.low : c.high, beyond = end + side * 1e-6, before = end - side * 1e-6;
        CAPTURE(end);
        if (beyond > 0 && beyond < 1 && depth(components, beyond) < 0 && comparison.at(beyond).deal) {
          ++ends;
          CHECK(comparison.dominated(comparison.at(beyond), Comparison::perhaps));
        }
        if (depth(components, before) > 0) CHECK(!comparison.dominated(comparison.at(before), Comparison::surely));
      }
  }
  CHECK(ends > 30);
}

TEST_CASE("shares are spread over components by length, ends included") {
  using V = std::vector<double>;
  CHECK(spread_over({{0.25, 0.75}}, 5) == V{0.25, 0.375, 0.5, 0.625, 0.75});
  CHECK(spread_over({{0, 0.5}, {0.6, 0.6}, {0.75, 1}}, 6) == V{0, 0.25, 0.5, 0.6, 0.75, 1});
  CHECK(spread_over({{0.5, 0.5}}, 7) == V{0.5});
  CHECK(spread_over({{0, 0.5}, {0.75, 1}}, 3) == V{0, 0.5, 0.75});
  CHECK(spread_over({}, 3).empty());
}

namespace {

std::vector<double> outside_of(const LinearGame& game) {
  std::vector<double> outside{game.outside};
  for (const auto& s : game.specialists) outside.push_back(s.outside);
  return outside;
}

/// By more than `gain` of its money someone has more in `a`, and nobody has less but for rounding.
bool is_better_for_all(const Payoffs& a, const std::vector<double>& b, double gain) {
  bool better = false;
  for (std::size_t j = 0; j < b.size(); ++j) {
    if (a.utility[j] < b[j] - 1e-13 * a.money[j]) return false;
    better = better || a.utility[j] > b[j] + gain * a.money[j];
  }
  return a.deal && better;
}

std::vector<Payoffs> grid_of_two(const LinearGame& game, int cells) {
  std::vector<Payoffs> grid;
  for (int i = 0; i <= cells; ++i)
    for (int j = 0; j <= cells; ++j) {
      Payoffs payoffs;
      game(std::vector<double>{1.0 * i / cells, 1.0 * j / cells}, payoffs);
      if (payoffs.deal) grid.push_back(std::move(payoffs));
    }
  return grid;
}

}  // namespace

TEST_CASE("nothing on a grid of two domains' shares serves all better than a point of the sampled frontier") {
  std::mt19937_64 engine(31);
  std::size_t points = 0;
  for (int k = 0; k < 15; ++k) {
    CAPTURE(k);
    const LinearGame game = test::random_linear_game(engine, 2);
    const auto grid = grid_of_two(game, 60);
    const auto frontier = domain_frontier(game, 2, outside_of(game), 16);
    CHECK((grid.empty() || !frontier.empty()));
    CHECK(frontier.size() <= 16);
    points += frontier.size();
    CHECK(std::ranges::is_sorted(frontier, {}, [](const FrontierPoint& p) { return p.utility[0]; }));
    for (const FrontierPoint& point : frontier) {
      Payoffs there;
      game(point.shares, there);
      CHECK(there.utility == point.utility);
      CHECK(std::ranges::none_of(grid, [&](const Payoffs& p) { return is_better_for_all(p, point.utility, 1e-9); }));
      for (const FrontierPoint& other : frontier) {
        Payoffs elsewhere;
        game(other.shares, elsewhere);
        CHECK(!is_better_for_all(elsewhere, point.utility, 1e-12));
      }
    }
  }
  CHECK(points > 100);
}

TEST_CASE("shares that a grid's shares dominate are not Pareto, those of the sampled frontier are") {
  std::mt19937_64 engine(32);
  int dominated = 0, members = 0;
  for (int k = 0; k < 8; ++k) {
    CAPTURE(k);
    const LinearGame game = test::random_linear_game(engine, 2);
    const auto grid = grid_of_two(game, 60);
    for (int trial = 0; trial < 12; ++trial) {
      const std::vector<double> shares{static_cast<double>(engine() >> 11) * 0x1p-53,
                                       static_cast<double>(engine() >> 11) * 0x1p-53};
      Payoffs there;
      game(shares, there);
      if (!there.deal) continue;
      if (std::ranges::none_of(grid, [&](const Payoffs& p) { return is_better_for_all(p, there.utility, 1e-4); }))
        continue;
      ++dominated;
      CHECK(!is_pareto(game, shares, outside_of(game), 1e-6));
    }
    const auto frontier = domain_frontier(game, 2, outside_of(game), 8);
    for (const FrontierPoint& point : frontier) {
      ++members;
      CHECK(is_pareto(game, point.shares, outside_of(game), 1e-6));
    }
  }
  CHECK(dominated > 10);
  CHECK(members > 20);
}

TEST_CASE("shares at which nobody gains anything cost few equilibria") {
  // Up to a share nobody invests; there all do, at a jump, and from then on one gains what the other loses.
  int asked = 0;
  const auto game = [&](std::span<const double> shares, Payoffs& payoffs) {
    ++asked;
    const double share = shares.front(), begins = 0.5809172315744218;
    const bool invests = share >= begins;
    payoffs.deal = true, payoffs.takes_part = 1, payoffs.contributes = invests;
    payoffs.utility = invests ? std::vector{share - begins, std::sqrt(1 - share)} : std::vector{0.0, 0.0};
    payoffs.money = {share, 1 - share};
  };
  const std::vector<ShareInterval> components = pareto_components(PayoffCurve(game, 1));
  REQUIRE(components.size() == 1);
  CHECK(components[0].low == doctest::Approx(0.5809172315744218));
  CHECK(components[0].high == 1);
  CHECK(asked < 5000);
}
