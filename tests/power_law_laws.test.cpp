// SPDX-License-Identifier: MIT
// Laws that every solved power-law game obeys, whatever the numbers.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;
using power_law::GeneralistRegime;
using power_law::SpecialistRegime;

namespace {

/// All eight solutions of `n` random games of the benchmarks' box, one after the other.
std::vector<oracle::Game> box_games(std::uint64_t seed, std::size_t n) {
  Random random(seed);
  std::vector<oracle::Game> games;
  for (std::size_t i = 0; i < n; ++i) {
    oracle::Game game = benchmark_box(random);
    for (Solution solution : all_solutions) {
      game.solution = solution;
      games.push_back(game);
    }
  }
  return games;
}

/// The box and everything that makes lanes of a block take different paths: outside options, two peaks, no deal,
/// unbounded, extreme costs.
std::vector<oracle::Game> mixed_games(std::uint64_t seed, std::size_t n) {
  Random random(seed);
  auto games = box_games(seed + 1, n);
  for (std::size_t i = 0; i < games.size(); ++i) {
    oracle::Game& g = games[i];
    switch (random.engine()() % 8) {
      case 0:
        g.k1 = 1 + random.log_uniform(0.005, 0.1);
        break;
      case 1:
        g.generalist_outside = random.uniform(-0.05, 0.1) * g.scale;
        g.specialist_outside = random.uniform(-0.05, 0.2) * g.scale;
        break;
      case 2:
        g.elasticity = random.uniform(1, 1.2 * std::min(g.k0, g.k1));
        break;
      case 3:
        g.c1 = g.c0 * std::exp(random.uniform(-6, 6));
        break;
      case 4:
        g.specialist_outside = 1e6;
        break;
      case 5:
        g.elasticity = std::min(g.k0, g.k1) - random.log_uniform(0.01, 0.5);
        g.generalist_outside = random.log_uniform(1e-30, 0.1) * g.scale;
        break;
      case 6:
        g.k0 = 1 + random.log_uniform(1e-5, 0.1);
        g.specialist_outside = random.log_uniform(1e-30, 0.01) * g.scale;
        break;
      default:
        break;
    }
  }
  std::shuffle(games.begin(), games.end(), random.engine());
  return games;
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

std::size_t differing_bits(const Columns& a, const Columns& b) {
  std::size_t differing = 0;
  for (std::size_t c = 0; c < a.size(); ++c)
    for (std::size_t i = 0; i < a[c].size(); ++i) differing += !same_bits(a[c][i], b[c][i]);
  return differing;
}

double relative(double a, double b) { return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-300}); }

}  // namespace

TEST_CASE("measuring money in another unit leaves the share and scales the utilities") {
  auto games = box_games(11, effort(40));
  Random random(12);
  for (oracle::Game& g : games) g.specialist_outside = random.uniform(-0.02, 0.02);
  for (double factor : {1e-5, 0.37, 2.0, 1e7}) {
    auto other = games;
    for (oracle::Game& g : other) {
      g.scale *= factor, g.c0 *= factor, g.c1 *= factor;
      g.generalist_outside *= factor, g.specialist_outside *= factor;
    }
    const auto before = play(games), after = play(other);
    for (std::size_t i = 0; i < games.size(); ++i) {
      CAPTURE(text(games[i]));
      CAPTURE(factor);
      REQUIRE(after[i].status == before[i].status);
      if (before[i].status != Status::solved) continue;
      CHECK(std::abs(after[i].share - before[i].share) <= 1e-10);
      CHECK(relative(after[i].performance, before[i].performance) <= 1e-9);
      CHECK(std::abs(after[i].generalist_utility / factor - before[i].generalist_utility) <= 1e-10 * before[i].revenue);
      CHECK(std::abs(after[i].specialist_utility / factor - before[i].specialist_utility) <= 1e-10 * before[i].revenue);
    }
  }
}

TEST_CASE("measuring performance in another unit changes nothing but performance") {
  const auto games = box_games(13, effort(40));
  for (double unit : {1e-3, 0.6, 50.0}) {
    auto other = games;
    for (oracle::Game& g : other) {
      g.scale *= std::pow(unit, -g.elasticity);
      g.c0 *= std::pow(unit, -g.k0);
      g.c1 *= std::pow(unit, -g.k1);
    }
    const auto before = play(games), after = play(other);
    for (std::size_t i = 0; i < games.size(); ++i) {
      CAPTURE(text(games[i]));
      CAPTURE(unit);
      REQUIRE(after[i].status == Status::solved);
      CHECK(std::abs(after[i].share - before[i].share) <= 1e-10);
      // The share of `max_performance` is the same; what is largest scales with the unit.
      CHECK(relative(after[i].performance, unit * before[i].performance) <= 1e-9);
      CHECK(std::abs(after[i].generalist_utility - before[i].generalist_utility) <= 1e-10 * before[i].revenue);
      CHECK(std::abs(after[i].specialist_utility - before[i].specialist_utility) <= 1e-10 * before[i].revenue);
    }
  }
}

// Both objectives are w A + (1−w) B with A, B the players' (logarithms of) gains: by revealed preference A cannot fall
// as w rises, whatever the frontier's shape. The same holds for max-min of A/w and B/(1−w). In the box utilities have
// one peak each, so between the players' optima the share rises with the generalist's utility.
TEST_CASE("more bargaining weight never costs its owner, and buys a larger share") {
  Random random(14);
  constexpr std::size_t steps = 21;
  for (std::size_t i = 0; i < effort(60); ++i) {
    const oracle::Game drawn = benchmark_box(random);
    for (Solution solution :
         {Solution::nash, Solution::kalai_smorodinsky, Solution::egalitarian, Solution::utilitarian}) {
      std::vector<oracle::Game> games(steps, drawn);
      for (std::size_t s = 0; s < steps; ++s) {
        games[s].solution = solution;
        games[s].weight = static_cast<double>(s) / (steps - 1);
      }
      CAPTURE(text(games.front()));
      const auto equilibria = play(games);
      for (std::size_t s = 1; s < steps; ++s) {
        const Equilibrium &less = equilibria[s - 1], &more = equilibria[s];
        const double slack = 1e-10 * more.revenue;
        CHECK(more.generalist_utility >= less.generalist_utility - slack);
        CHECK(more.specialist_utility <= less.specialist_utility + slack);
        CHECK(more.share >= less.share - 1e-9);
      }
    }
  }
}

// With ε = 1 the specialist's contribution depends on 1−δ and its own cost only, and the generalist's on δ and its own:
// exchanging costs and weights exchanges the players.
TEST_CASE("with linear revenue the players are interchangeable: swapping their costs and weights swaps the shares") {
  Random random(15);
  for (std::size_t i = 0; i < effort(80); ++i) {
    oracle::Game game = benchmark_box(random);
    game.elasticity = 1;
    oracle::Game mirror = game;
    std::swap(mirror.c0, mirror.c1);
    std::swap(mirror.k0, mirror.k1);
    mirror.weight = 1 - game.weight;
    for (Solution solution : {Solution::nash, Solution::kalai_smorodinsky, Solution::egalitarian, Solution::utilitarian,
                              Solution::powerful_generalist, Solution::max_performance}) {
      game.solution = solution;
      mirror.solution = solution == Solution::powerful_generalist ? Solution::powerful_specialist : solution;
      CAPTURE(text(game));
      const Equilibrium one = play(game), other = play(mirror);
      CHECK(std::abs(other.share - (1 - one.share)) <= 1e-10);
      CHECK(std::abs(other.generalist_utility - one.specialist_utility) <= 1e-10 * one.revenue);
      CHECK(std::abs(other.specialist_utility - one.generalist_utility) <= 1e-10 * one.revenue);
    }
  }
}

// Down to exponent 1.5, where efforts respond so much to the share that the even split stops being Nash's maximum.
TEST_CASE("symmetric players split evenly") {
  for (double cost : {0.05, 1.0, 20.0})
    for (double exponent : {1.75, 2.0, 3.0})
      for (Solution solution :
           {Solution::nash, Solution::kalai_smorodinsky, Solution::egalitarian, Solution::utilitarian}) {
        oracle::Game game;
        game.c0 = game.c1 = cost;
        game.k0 = game.k1 = exponent;
        game.solution = solution;
        CAPTURE(text(game));
        const Equilibrium e = play(game);
        CHECK(std::abs(e.share - 0.5) <= 1e-12);
        CHECK(e.generalist_utility == doctest::Approx(e.specialist_utility).epsilon(1e-11));
      }
}

TEST_CASE("Kalai-Smorodinsky and egalitarian bargains equalise, or the player who has less cannot have more") {
  Random random(16);
  for (std::size_t i = 0; i < effort(200); ++i) {
    oracle::Game game = benchmark_box(random);
    game.solution = Solution::powerful_generalist;
    const double best_generalist = play(game).generalist_utility;
    game.solution = Solution::powerful_specialist;
    const double best_specialist = play(game).specialist_utility;
    for (Solution solution : {Solution::kalai_smorodinsky, Solution::egalitarian}) {
      game.solution = solution;
      CAPTURE(text(game));
      const Equilibrium e = play(game);
      const bool relative_gains = solution == Solution::kalai_smorodinsky;
      const double generalist = e.generalist_utility / game.weight / (relative_gains ? best_generalist : 1);
      const double specialist = e.specialist_utility / (1 - game.weight) / (relative_gains ? best_specialist : 1);
      if (relative(generalist, specialist) <= 1e-9) continue;
      if (generalist < specialist)
        CHECK(relative(e.generalist_utility, best_generalist) <= 1e-10);
      else
        CHECK(relative(e.specialist_utility, best_specialist) <= 1e-10);
    }
  }
}

TEST_CASE("every game of the box is solved, within bounds, and its numbers add up") {
  const auto games = box_games(17, effort(2000));
  const auto equilibria = play(games);
  for (std::size_t i = 0; i < games.size(); ++i) {
    const oracle::Game& g = games[i];
    const Equilibrium& e = equilibria[i];
    CAPTURE(text(g));
    REQUIRE(e.status == Status::solved);
    const double revenue = g.scale * std::pow(e.performance, g.elasticity);
    const double rounding = 1e-12 * revenue;
    CHECK(e.share >= 0);
    CHECK(e.share <= 1);
    CHECK(e.base_performance >= 0);
    CHECK(e.performance >= e.base_performance);
    CHECK(e.generalist_utility >= 0);
    CHECK(e.specialist_utility >= 0);
    CHECK(std::abs(e.revenue - revenue) <= rounding);
    CHECK(std::abs(e.surplus - (e.generalist_utility + e.specialist_utility)) <= rounding);
    CHECK(std::abs(e.generalist_utility - (e.share * revenue - g.c0 * std::pow(e.base_performance, g.k0))) <= rounding);
    CHECK(std::abs(e.specialist_utility -
                   ((1 - e.share) * revenue - g.c1 * std::pow(e.performance - e.base_performance, g.k1))) <= rounding);
    CHECK(std::isfinite(e.residual));
    CHECK(e.residual >= 0);
    CHECK(e.residual <= 1e-9);
    if (g.solution == Solution::fixed) CHECK(e.share == g.fixed_share);
  }
}

TEST_CASE("a powerful player has at least what any other bargain gives it, and a planner the largest surplus") {
  const auto games = box_games(18, effort(300));
  const auto equilibria = play(games);
  const std::size_t n = all_solutions.size();
  const auto at = [&](std::size_t game, Solution s) { return equilibria[game * n + static_cast<std::size_t>(s)]; };
  for (std::size_t i = 0; i < games.size() / n; ++i)
    for (Solution other : all_solutions) {
      CAPTURE(text(games[i * n + static_cast<std::size_t>(other)]));
      const Equilibrium e = at(i, other);
      const double slack = 1e-12 * e.revenue;
      CHECK(e.generalist_utility <= at(i, Solution::powerful_generalist).generalist_utility + slack);
      CHECK(e.specialist_utility <= at(i, Solution::powerful_specialist).specialist_utility + slack);
      CHECK(e.performance <= at(i, Solution::max_performance).performance * (1 + 1e-12));
    }
}

TEST_CASE("revenue that outgrows a cost is unbounded, and has no numbers") {
  for (Solution solution : all_solutions)
    for (double elasticity : {1.5, 1.6, 2.0, 2.5, 4.0})
      for (bool generalist : {true, false}) {
        oracle::Game game;
        (generalist ? game.k0 : game.k1) = 1.5;
        (generalist ? game.k1 : game.k0) = 3;
        game.elasticity = elasticity;
        game.solution = solution;
        CAPTURE(text(game));
        const Equilibrium e = play(game);
        CHECK(e.status == Status::unbounded);
        for (double number : {e.share, e.base_performance, e.performance, e.generalist_utility, e.specialist_utility,
                              e.surplus, e.revenue, e.residual})
          CHECK(std::isnan(number));
        CHECK(e.generalist_regime == GeneralistRegime::unsolved);
        CHECK(e.specialist_regime == SpecialistRegime::unsolved);
      }
  // Who gets nothing invests nothing, and the other's cost alone decides.
  oracle::Game corner;
  corner.solution = Solution::fixed;
  corner.elasticity = 1.6;
  for (const bool generalist : {true, false}) {
    (generalist ? corner.k0 : corner.k1) = 1.5;
    (generalist ? corner.k1 : corner.k0) = 3;
    corner.fixed_share = generalist ? 0 : 1;
    CAPTURE(text(corner));
    const Equilibrium e = play(corner);
    REQUIRE(e.status == Status::solved);
    // ε α^(ε-1) = 3 α² with R = c = 1
    CHECK(relative(e.performance, std::pow(3 / 1.6, 1 / (1.6 - 3))) <= 1e-13);
    CHECK(e.base_performance == (generalist ? 0 : e.performance));
    corner.fixed_share = 1 - corner.fixed_share;
    CHECK(play(corner).status == Status::unbounded);
  }
  oracle::Game just_bounded;
  just_bounded.elasticity = 1.9;
  CHECK(play(just_bounded).status == Status::solved);
}

TEST_CASE("a game's bits depend neither on its neighbours nor on its place in the block") {
  const auto games = mixed_games(19, effort(60));
  for (InstructionSet isa : supported_instruction_sets()) {
    CAPTURE(name_of(isa));
    const Columns whole = solve_columns(columns_of(games), isa);

    std::vector<std::size_t> order(games.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937_64(20));
    std::vector<oracle::Game> shuffled;
    for (std::size_t i : order) shuffled.push_back(games[i]);
    const Columns permuted = solve_columns(columns_of(shuffled), isa);
    Columns back = permuted;
    for (std::size_t c = 0; c < back.size(); ++c)
      for (std::size_t i = 0; i < order.size(); ++i) back[c][order[i]] = permuted[c][i];
    CHECK(differing_bits(back, whole) == 0);

    // Blocks of every small size: all lane offsets and tails.
    Columns pieces(power_law::output_count);
    for (std::size_t first = 0, size = 1; first < games.size(); first += size, size = size % 19 + 1) {
      const std::size_t last = std::min(first + size, games.size());
      const Columns piece = solve_columns(
          columns_of({games.begin() + static_cast<long>(first), games.begin() + static_cast<long>(last)}), isa);
      for (std::size_t c = 0; c < pieces.size(); ++c)
        pieces[c].insert(pieces[c].end(), piece[c].begin(), piece[c].end());
    }
    CHECK(differing_bits(pieces, whole) == 0);
  }
}

TEST_CASE("a game's bits do not depend on the company of a hard neighbour") {
  Random random(21);
  const oracle::Game easy = benchmark_box(random);
  oracle::Game hard = easy, hopeless = easy;
  hard.k1 = 1.01, hard.generalist_outside = 1e-3;
  hopeless.elasticity = 5;
  for (InstructionSet isa : supported_instruction_sets()) {
    const Columns alone = solve_columns(columns_of({easy}), isa);
    for (std::size_t place = 0; place < 9; ++place) {
      std::vector<oracle::Game> games(9, hard);
      games[(place + 1) % 9] = hopeless;
      games[place] = easy;
      const Columns among = solve_columns(columns_of(games), isa);
      for (std::size_t c = 0; c < among.size(); ++c) CHECK(same_bits(among[c][place], alone[c][0]));
    }
  }
}

TEST_CASE("leaving out an output does not change the bits of the others") {
  const auto games = mixed_games(22, effort(30));
  const Columns parameters = columns_of(games);
  for (InstructionSet isa : supported_instruction_sets()) {
    CAPTURE(name_of(isa));
    const Columns whole = solve_columns(parameters, isa);
    for (std::size_t only = 0; only < power_law::output_count; ++only) {
      std::vector<bool> wanted(power_law::output_count, false);
      wanted[only] = true;
      const Columns part = solve_columns(parameters, isa, wanted);
      std::size_t differing = 0;
      for (std::size_t i = 0; i < games.size(); ++i) differing += !same_bits(part[only][i], whole[only][i]);
      CHECK(differing == 0);
    }
  }
}

TEST_CASE("an empty block is no work") {
  const Columns none(power_law::parameter_count);
  for (InstructionSet isa : supported_instruction_sets()) CHECK(solve_columns(none, isa).front().empty());
}

TEST_CASE("every instruction set finds the scalar kernel's equilibria") {
  const auto easy = box_games(23, effort(300));
  const auto mixed = mixed_games(24, effort(100));
  for (InstructionSet isa : supported_instruction_sets()) {
    if (isa == InstructionSet::scalar) continue;
    CAPTURE(name_of(isa));
    {
      const auto reference = play(easy, InstructionSet::scalar), fast = play(easy, isa);
      for (std::size_t i = 0; i < easy.size(); ++i) {
        CAPTURE(text(easy[i]));
        CHECK(fast[i].status == reference[i].status);
        // Within a rounding of a corner, which side of it is reported is rounding too.
        if (std::min(reference[i].share, 1 - reference[i].share) > 1e-12) {
          CHECK(fast[i].generalist_regime == reference[i].generalist_regime);
          CHECK(fast[i].specialist_regime == reference[i].specialist_regime);
        }
        CHECK(std::abs(fast[i].share - reference[i].share) <= 1e-12);
        CHECK(relative(fast[i].performance, reference[i].performance) <= 1e-11);
        CHECK(std::abs(fast[i].generalist_utility - reference[i].generalist_utility) <= 1e-12 * fast[i].revenue);
        CHECK(std::abs(fast[i].specialist_utility - reference[i].specialist_utility) <= 1e-12 * fast[i].revenue);
      }
    }
    // Away from the box a share may be ill-conditioned (two peaks of nearly the same height); its fate may not differ.
    const auto reference = play(mixed, InstructionSet::scalar), fast = play(mixed, isa);
    for (std::size_t i = 0; i < mixed.size(); ++i) {
      CAPTURE(text(mixed[i]));
      CHECK(fast[i].status == reference[i].status);
      if (std::min(reference[i].share, 1 - reference[i].share) <= 1e-12) continue;
      CHECK(fast[i].generalist_regime == reference[i].generalist_regime);
      CHECK(fast[i].specialist_regime == reference[i].specialist_regime);
    }
  }
}
