// SPDX-License-Identifier: MIT
// The bargaining solutions against each other: they choose from the same deals, so none may be offered a better one by
// another's result. Cheap, and so held on games far nastier than brute force can follow.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Game;
using oracle::Solution;

namespace {

constexpr double slack = 1e-9;  // of the larger revenue, as in the comparison with brute force

/// One game under the seven solutions that bargain.
struct Family {
  explicit Family(Game game) : weight(game.weight) {
    for (Solution solution : all_solutions) {
      game.solution = solution;
      if (solution != Solution::fixed) games.push_back(game);
    }
    equilibria = play(games);
  }
  const Equilibrium& of(Solution solution) const { return equilibria[static_cast<std::size_t>(solution) - 1]; }

  double weight;
  std::vector<Game> games;
  std::vector<Equilibrium> equilibria;
};

/// How much more the objective of `solution` is at `other` than at `own`; utilities relative to the larger revenue.
double missed(const Family& family, Solution solution, const Equilibrium& own, const Equilibrium& other) {
  const Game& g = family.games.front();
  const double w = g.weight, v = 1 - w, unit = std::max(own.revenue, other.revenue);
  if (unit == 0) return 0;
  struct Gains {
    double generalist, specialist;
  };
  const auto gains = [&](const Equilibrium& e) {
    const auto gain = [&](double utility, double outside) {
      const double difference = (utility - outside) / unit;  // below rounding it is none
      return difference <= 4e-15 * (1 + std::abs(outside) / unit) ? 0 : difference;
    };
    return Gains{gain(e.generalist_utility, g.generalist_outside), gain(e.specialist_utility, g.specialist_outside)};
  };
  const Gains a = gains(own), b = gains(other);
  const auto level = [&](double of_g, double of_d) {
    const auto least = [&](const Gains& x) {
      if (of_g == 0 || of_d == 0) return of_g > 0 ? x.generalist : x.specialist;
      return std::min(x.generalist / of_g, x.specialist / of_d) * std::min(of_g, of_d);
    };
    return least(b) - least(a);
  };
  switch (solution) {
    case Solution::nash: {
      // To a tiny power a gain of nothing and one of rounding's size are worlds apart.
      const auto own_gain = [](double gain) { return std::max(gain, 4e-15); };
      return std::pow(b.generalist, w) * std::pow(b.specialist, v) -
             std::pow(own_gain(a.generalist), w) * std::pow(own_gain(a.specialist), v);
    }
    case Solution::egalitarian:
      return level(w, v);
    case Solution::kalai_smorodinsky: {
      const double ideal_g = gains(family.of(Solution::powerful_generalist)).generalist;
      const double ideal_d = gains(family.of(Solution::powerful_specialist)).specialist;
      return std::min(ideal_g, ideal_d) < 1e-9 ? 0 : level(w * ideal_g, v * ideal_d);
    }
    case Solution::utilitarian:
      return (w * (other.generalist_utility - own.generalist_utility) +
              v * (other.specialist_utility - own.specialist_utility)) /
             unit;
    case Solution::powerful_generalist:
      return (other.generalist_utility - own.generalist_utility) / unit;
    case Solution::powerful_specialist:
      return (other.specialist_utility - own.specialist_utility) / unit;
    default:
      return 1 - own.performance / std::max(own.performance, other.performance);
  }
}

/// No number may be missing but where it exceeds a double.
bool beyond_doubles(const Family& family) {
  return std::ranges::any_of(family.equilibria, [](const Equilibrium& e) { return e.status == Status::overflow; });
}

void check_agree(const Game& game) {
  const Family family(game);
  CAPTURE(text(game));
  if (beyond_doubles(family)) return;
  for (const Equilibrium& e : family.equilibria) REQUIRE(e.status == family.equilibria.front().status);
  if (family.equilibria.front().status == Status::no_deal) return;
  REQUIRE(family.equilibria.front().status == Status::solved);
  for (Solution solution : all_solutions) {
    if (solution == Solution::fixed) continue;
    const Equilibrium& own = family.of(solution);
    CAPTURE(power_law::solution_names[static_cast<std::size_t>(solution)]);
    const double rounding = slack * own.revenue;
    CHECK(own.generalist_utility >= game.generalist_outside - rounding - slack * std::abs(game.generalist_outside));
    CHECK(own.specialist_utility >= game.specialist_outside - rounding - slack * std::abs(game.specialist_outside));
    for (const Equilibrium& other : family.equilibria) CHECK(missed(family, solution, own, other) <= slack);
  }
}

/// Utilities' size: the surplus without outside options.
double money_in(Game game) {
  game.generalist_outside = game.specialist_outside = 0;
  game.solution = Solution::utilitarian;
  const Equilibrium e = play(game);
  return e.status == Status::solved ? e.surplus : 1;
}

double either_sign(Random& random, double low, double high) {
  return (random.uniform(0, 1) < 0.3 ? -1 : 1) * random.log_uniform(low, high);
}

/// Half the games with outside options of any size.
Game with_options(Random& random, Game game) {
  if (random.uniform(0, 1) < 0.5) return game;
  const double money = money_in(game);
  game.generalist_outside = either_sign(random, 1e-20, 1) * money;
  game.specialist_outside = either_sign(random, 1e-20, 1) * money;
  return game;
}

void check_family(std::uint64_t seed, const std::function<Game(Random&)>& draw) {
  Random random(seed);
  for (std::size_t i = 0; i < effort(60); ++i) check_agree(draw(random));
}

}  // namespace

TEST_CASE("solutions agree on what is a deal and none beats another's aim") {
  SUBCASE("with outside options of the utilities' size") {
    check_family(51, [](Random& random) {
      Game g = benchmark_box(random);
      const double money = money_in(g);
      g.generalist_outside = random.uniform(-0.3, 0.6) * money;
      g.specialist_outside = random.uniform(-0.3, 0.6) * money;
      return g;
    });
  }
  SUBCASE("with a generalist's outside option far below rounding") {
    check_family(52, [](Random& random) {
      Game g = benchmark_box(random);
      g.generalist_outside = either_sign(random, 1e-300, 1e-12) * money_in(g);
      return g;
    });
  }
  SUBCASE("with a specialist's outside option far below rounding") {
    check_family(53, [](Random& random) {
      Game g = benchmark_box(random);
      g.specialist_outside = either_sign(random, 1e-300, 1e-12) * money_in(g);
      return g;
    });
  }
  SUBCASE("with both below rounding or above") {
    check_family(54, [](Random& random) {
      Game g = benchmark_box(random);
      const double money = money_in(g);
      g.generalist_outside = either_sign(random, 1e-40, 1e-6) * money;
      g.specialist_outside = either_sign(random, 1e-40, 1e-6) * money;
      return g;
    });
  }
  SUBCASE("with huge outside options") {
    check_family(55, [](Random& random) {
      Game g = benchmark_box(random);
      const double money = money_in(g);
      g.generalist_outside = either_sign(random, 1e-3, 1e20) * (random.uniform(0, 1) < 0.7 ? -money : money);
      g.specialist_outside = either_sign(random, 1e-3, 1e20) * (random.uniform(0, 1) < 0.7 ? -money : money);
      return g;
    });
  }
  SUBCASE("with linear revenue") {
    check_family(56, [](Random& random) {
      Game g = benchmark_box(random);
      g.elasticity = 1;
      return with_options(random, g);
    });
  }
  SUBCASE("with revenue that all but outgrows a cost") {
    check_family(57, [](Random& random) {
      Game g = benchmark_box(random);
      g.elasticity = std::min(g.k0, g.k1) - random.log_uniform(1e-4, 0.5);
      return with_options(random, g);
    });
  }
  SUBCASE("with all but linear costs") {
    for (const bool linear_revenue : {false, true})
      check_family(58, [linear_revenue](Random& random) {
        Game g = benchmark_box(random);
        const double which = random.uniform(0, 3);
        if (which < 2) g.k0 = 1 + random.log_uniform(1e-6, 0.5);
        if (which > 1) g.k1 = 1 + random.log_uniform(1e-6, 0.5);
        g.elasticity = linear_revenue ? 1 : random.uniform(0.2, 1);
        return with_options(random, g);
      });
  }
  SUBCASE("with costs and revenue of any size") {
    check_family(59, [](Random& random) {
      Game g = benchmark_box(random);
      g.c0 = random.log_uniform(1e-30, 1e30);
      g.c1 = random.log_uniform(1e-30, 1e30);
      g.scale = random.log_uniform(1e-30, 1e30);
      return with_options(random, g);
    });
  }
  SUBCASE("with steep costs") {
    check_family(60, [](Random& random) {
      Game g = benchmark_box(random);
      g.k0 = random.log_uniform(1.1, 30);
      g.k1 = random.log_uniform(1.1, 30);
      g.elasticity = random.uniform(0.05, 0.95) * std::min(g.k0, g.k1);
      return with_options(random, g);
    });
  }
  SUBCASE("with almost constant revenue") {
    check_family(61, [](Random& random) {
      Game g = benchmark_box(random);
      g.elasticity = random.log_uniform(1e-6, 0.3);
      return with_options(random, g);
    });
  }
  SUBCASE("with almost all of the weight on one side") {
    check_family(62, [](Random& random) {
      Game g = benchmark_box(random);
      const double small = random.log_uniform(1e-17, 1);
      g.weight = random.uniform(0, 1) < 0.5 ? small : 1 - small;
      if (random.uniform(0, 1) < 0.2) g.weight = std::round(g.weight);
      return with_options(random, g);
    });
  }
}

// Not so for the largest performance, below.
TEST_CASE("an outside option far below rounding is none") {
  for (const double option : {1e-15, 1e-16, 1e-17, 1e-30, 1e-300, 5e-324, -1e-17, -1e-300})
    for (Solution solution : all_solutions) {
      if (solution == Solution::max_performance) continue;
      Game plain;
      plain.elasticity = 0.8;
      plain.solution = solution;
      Game generalist = plain, specialist = plain;
      generalist.generalist_outside = option;
      specialist.specialist_outside = option;
      const auto equilibria = play({plain, generalist, specialist});
      CAPTURE(text(generalist));
      for (std::size_t i : {1, 2}) {
        REQUIRE(equilibria[i].status == Status::solved);
        CHECK(std::abs(equilibria[i].share - equilibria[0].share) <= 1e-14);
        CHECK(std::abs(equilibria[i].surplus - equilibria[0].surplus) <= 1e-14);
      }
    }
}

// The specialist stays only if (1-δ) r(α₁) covers its outside option, so a share next to 1 makes the generalist invest
// until that is so, and at most until it has nothing left: R α^ε = c₀ α^k₀, at α = 1 here.
TEST_CASE("a specialist held at however small an outside option commits the generalist") {
  for (const double option : {1e-4, 1e-8, 1e-15, 1e-17, 1e-100, 1e-300}) {
    Game g;
    g.elasticity = 0.8;
    g.solution = Solution::max_performance;
    g.specialist_outside = option;
    const Equilibrium e = play(g);
    CAPTURE(text(g));
    CHECK(e.specialist_utility == option);
    CHECK(std::abs(e.performance - 1) <= 3 * option + 1e-12);
    CHECK(std::abs(e.generalist_utility) <= 1e-12);
  }
}

TEST_CASE("a powerful specialist leaves the generalist exactly its outside option, however small") {
  for (const double option : {1e-10, 1e-17, 1e-100, 1e-290}) {
    Game g;
    g.c1 = 0.5;  // U_G = δ²/4 + δ(1-δ), U_D falls with δ
    g.solution = Solution::powerful_specialist;
    g.generalist_outside = option;
    const Equilibrium e = play(g);
    CAPTURE(text(g));
    CHECK(std::abs(e.share / option - 1) <= 1e-6);
    CHECK(std::abs(e.generalist_utility / option - 1) <= 1e-6);
  }
}

// The bargain it would choose without the option is still there: a window of shares, the narrower the closer.
TEST_CASE("an outside option all but as good as its best bargain does not cost a powerful player that bargain") {
  Random random(63);
  for (std::size_t i = 0; i < effort(400); ++i) {
    Game g = benchmark_box(random);
    if (i % 2 == 0) g.k1 = 1 + random.log_uniform(0.01, 0.5);
    const double part = 1 - random.log_uniform(1e-7, 0.1);
    for (const bool specialist : {true, false}) {
      const auto utility = [&](const Equilibrium& e) {
        return specialist ? e.specialist_utility : e.generalist_utility;
      };
      g.solution = specialist ? Solution::powerful_specialist : Solution::powerful_generalist;
      g.generalist_outside = g.specialist_outside = 0;
      const Equilibrium free = play(g);
      (specialist ? g.specialist_outside : g.generalist_outside) = part * utility(free);
      CAPTURE(text(g));
      const Equilibrium held = play(g);
      REQUIRE(held.status == Status::solved);
      CHECK(utility(held) >= (1 - 1e-12) * utility(free));
      // With something to gain, the other solutions find a deal, and a bargain for the larger product leaves some.
      for (Solution solution : all_solutions) {
        g.solution = solution;
        if (solution != Solution::fixed) CHECK(play(g).status == Status::solved);
      }
      g.solution = Solution::nash;
      CHECK(utility(play(g)) > part * utility(free));
    }
  }
}

TEST_CASE("a huge outside option of one player leaves a Kalai-Smorodinsky bargain where it tends to") {
  Game g;
  g.c0 = 9.236996329563054, g.k0 = 2.6112624168592915;
  g.scale = 2.525146684218742, g.elasticity = 0.7410390070011524;
  g.c1 = 2.5671637417926507, g.k1 = 2.0078723334216337;
  g.weight = 0.3575526556444723;
  g.solution = Solution::kalai_smorodinsky;
  for (const double option : {-1e12, -1e14, -1e15, -1e16, -6.8e17, -1e20})
    for (InstructionSet isa : supported_instruction_sets()) {
      g.specialist_outside = option;
      CAPTURE(text(g));
      CAPTURE(name_of(isa));
      CHECK(std::abs(play({g}, isa).front().share - 0.309500101) <= 1e-8);
    }
}

TEST_CASE("a Kalai-Smorodinsky bargain over next to nothing for one player is not lost in rounding") {
  Game g;
  g.c0 = 12.723370429870634, g.k0 = 1.0584539854286175;
  g.scale = 0.8799821382721459, g.elasticity = 0.592234048362261;
  g.c1 = 0.3197157300068365, g.k1 = 1.0394219598478902, g.specialist_outside = 0.6870133379734551;
  g.weight = 0.9681877025879643;
  g.solution = Solution::kalai_smorodinsky;
  for (const double option : {-10., -100., -500., -1000., -2000., -2266.3240196169795, -3000., -1e4, -1e5})
    for (InstructionSet isa : supported_instruction_sets()) {
      g.generalist_outside = option;
      CAPTURE(text(g));
      CAPTURE(name_of(isa));
      CHECK(std::abs(play({g}, isa).front().share / 1.74328e-7 - 1) <= 1e-3);
    }
}

TEST_CASE("a specialist held at every deal makes them all ties, which go to the larger surplus") {
  Game g;
  g.c0 = 0.004007132878606973, g.k0 = 3.3390209562833157, g.generalist_outside = 4.632284104202127;
  g.scale = 1.060663495176934, g.elasticity = 0.8270166088110942;
  g.c1 = 3.1871516012340184e-05, g.k1 = 5.010065179754462, g.specialist_outside = 1.764919345913863;
  g.weight = 0;
  for (Solution solution : all_solutions)
    for (InstructionSet isa : supported_instruction_sets()) {
      if (solution == Solution::fixed || solution == Solution::max_performance) continue;
      g.solution = solution;
      CAPTURE(text(g));
      CAPTURE(name_of(isa));
      CHECK(std::abs(play({g}, isa).front().share - 0.73619285) <= 1e-7);
    }
}

TEST_CASE("with next to no weight a player gets next to nothing, and the other its best bargain") {
  for (const double weight : {1e-12, 1e-13, 3e-14, 1e-15, 1e-17, 1e-300})
    for (Solution solution : {Solution::egalitarian, Solution::kalai_smorodinsky, Solution::nash}) {
      Game g;
      g.c0 = 8, g.k0 = 1.3, g.c1 = 0.5, g.elasticity = 0.8;
      g.solution = Solution::powerful_specialist;
      const Equilibrium powerful = play(g);
      g.solution = solution;
      g.weight = weight;
      CAPTURE(text(g));
      const Equilibrium e = play(g);
      CHECK(std::abs(e.share - powerful.share) <= 10 * weight + 1e-15);
      CHECK(std::abs(e.specialist_utility - powerful.specialist_utility) <= 10 * weight + 1e-15);
    }
}

// As k₀ → 1 with c₀ ≥ R the generalist's investment vanishes: it only takes its share of what the specialist makes
// alone, U_G = δ(1-δ)/2 and U_D = (1-δ)²/4. The mirror image holds as k₁ → 1.
TEST_CASE("all but linear costs have the bargains of their limit") {
  struct Limit {
    Solution solution;
    double share;
  };
  for (const auto& [solution, share] :
       {Limit{Solution::nash, 0.25}, Limit{Solution::kalai_smorodinsky, 0.2}, Limit{Solution::egalitarian, 1. / 3},
        Limit{Solution::utilitarian, 0}, Limit{Solution::powerful_generalist, 0.5},
        Limit{Solution::powerful_specialist, 0}, Limit{Solution::max_performance, 0}})
    for (const double above : {1e-3, 1e-4, 1e-5, 1e-6}) {
      Game g;
      g.solution = solution;
      g.k0 = 1 + above;
      CAPTURE(text(g));
      CHECK(std::abs(play(g).share - share) <= 1e-12);
      std::swap(g.k0, g.k1);
      const Solution mirrored = solution == Solution::powerful_generalist   ? Solution::powerful_specialist
                                : solution == Solution::powerful_specialist ? Solution::powerful_generalist
                                                                            : solution;
      g.solution = mirrored;
      CHECK(std::abs(play(g).share - (1 - share)) <= 1e-10);
    }
}

TEST_CASE("numbers beyond a double are a status, numbers below one are zero") {
  for (Solution solution : all_solutions) {
    Game g;
    g.solution = solution;
    g.elasticity = 1.9999;
    CAPTURE(text(g));
    CHECK(play(g).status == Status::overflow);
    g.elasticity = 0.8;
    const Equilibrium usual = play(g);
    g.scale = 1e-200;
    const Equilibrium tiny = play(g);
    CHECK(tiny.status == Status::solved);
    CHECK(std::abs(tiny.share - usual.share) <= 1e-12);
    CHECK(tiny.generalist_utility == 0);
    g.scale = 1;
    g.c0 = 1e-310;
    CHECK(play(g).status == Status::solved);
  }
}
