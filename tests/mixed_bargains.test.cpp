// SPDX-License-Identifier: MIT
// Bargains by the fast path with several specialists of whom some ride free where others contribute: what the
// generalist has between two bases, what it chooses, and the share.
#include <algorithm>

#include "both_paths.hpp"
#include "haggle/solver/mixed_walk.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

constexpr std::array families{Family::isoelastic, Family::logarithmic, Family::exponential_saturation, Family::hill};

double pick(Random& random, std::initializer_list<double> of) {
  return of.begin()[static_cast<std::size_t>(random.uniform(0, static_cast<double>(of.size())))];
}

/// Concave revenues, and linear costs that somebody rides free for at some shares; round numbers tie and touch.
GeneralGame linear_game(Random& random, std::size_t specialists, bool round, std::size_t first_family) {
  const auto number = [&](double low, double high, std::initializer_list<double> of) {
    return round ? pick(random, of) : random.log_uniform(low, high);
  };
  const auto cost = [&](double scale) {
    return GeneralFunction{Family::power,
                           {scale * number(0.01, 0.5, {0, 0.1, 0.2, 0.5}), scale * number(0.1, 10, {0.5, 1, 2}),
                            number(1.2, 4, {1.5, 2, 3})}};
  };
  GeneralGame game;
  game.solution = oracle::Solution::nash;
  game.weight = round ? pick(random, {0.25, 0.5, 0.75}) : random.uniform(0.05, 0.95);
  game.fixed_shares = {0.5};
  game.cost = cost(static_cast<double>(specialists));
  for (std::size_t i = 0; i < specialists; ++i) {
    const Family family = families[(first_family + i) % families.size()];
    GeneralFunction revenue{family, {number(0.3, 3, {0.5, 1, 2}), number(0.2, 5, {0.5, 1, 2})}};
    if (family == Family::isoelastic)
      revenue.numbers[1] = round ? pick(random, {0.5, 0.75, 1}) : random.uniform(0.2, 1);
    if (family == Family::hill) revenue.numbers.push_back(round ? pick(random, {0.5, 1}) : random.uniform(0.3, 1));
    game.specialists.push_back({revenue, cost(1)});
    game.specialists.back().bargaining_weight = round ? 1 : random.log_uniform(0.3, 3);
  }
  return game;
}
std::vector<GeneralGame> linear_games(Random& random, std::size_t count, std::size_t specialists, bool round) {
  std::vector<GeneralGame> games;
  const auto family = static_cast<std::size_t>(random.uniform(0, 4));
  for (std::size_t i = 0; i < count; ++i) games.push_back(linear_game(random, specialists, round, family));
  return games;
}

/// One game for the fast path's own parts.
struct OneGame {
  explicit OneGame(const GeneralGame& game) : table(table_of(game)), play(table->form) {
    const Columns parameters = parameters_of(*table, {game});
    play.read(table->form, [&](std::size_t c) { return parameters[c][0]; });
  }
  std::shared_ptr<const fine_tuning::Table> table;
  fine_tuning::Play<double> play;
};

}  // namespace

TEST_CASE("bargains of several specialists with linear costs are those of the slow path") {
  Random random(60);
  for (const std::size_t specialists : {2, 3, 5, 8})
    for (const bool round : {false, true}) {
      const std::size_t count = effort(240 / (specialists * specialists));
      check_nash(linear_games(random, std::max<std::size_t>(count, 2), specialists, round));
    }
}

TEST_CASE("the fast path settles nearly all games of several specialists with linear costs") {
  Random random(61);
  for (const std::size_t specialists : {2, 3, 8}) {
    const auto games = linear_games(random, 60, specialists, false);
    CHECK(left_of(games) <= games.size() / 6);
  }
}

TEST_CASE("with several specialists who may ride free a game's numbers do not depend on its neighbours") {
  Random random(62);
  const auto games = linear_games(random, 40, 3, false);
  const auto table = table_of(games.front());
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns together = solve_fast(*table, games, isa, false);
    for (std::size_t i = 0; i < games.size(); ++i) {
      const Columns alone = solve_fast(*table, {games[i]}, isa, false);
      for (std::size_t c = 0; c < alone.size(); ++c) {
        INFO("column ", c, " of game ", i, ": ", alone[c][0], " and ", together[c][i], "; ", text(games[i]));
        CHECK((alone[c][0] == together[c][i] || (std::isnan(alone[c][0]) && std::isnan(together[c][i]))));
      }
    }
  }
}

TEST_CASE("between two bases the generalist's utility rises no more and no less than their bounds") {
  Random random(63);
  std::size_t kinked = 0;
  for (std::size_t k = 0; k < effort(200); ++k) {
    const GeneralGame game = linear_game(random, 3, false, k);
    const OneGame one(game);
    const fine_tuning::ShareWalk<double> walked(one.play);
    fine_tuning::BaseScan<double> scan(walked.trace);
    REQUIRE(scan.fits);
    const double share = random.uniform(0.02, 0.98);
    scan.at_share(share, 1 - share);
    fine_tuning::BaseSpot<double> low{}, high{};
    for (std::size_t i = 0; i < one.play.specialists.size(); ++i) low.answers[i] = {0, 0, 0, 0, 0, 0, false};
    low.b = std::log(random.log_uniform(1e-3, 3));
    scan.find(low, 0, low, true);
    const double width = random.log_uniform(0.05, 1);
    scan.find(low, width, high, true);
    REQUIRE((low.answered && high.answered));
    const auto whole = scan.between(low, high, true);
    kinked += whole.kinked ? 1 : 0;
    double last_slope = std::numeric_limits<double>::infinity();
    for (int part = 0; part < 8; ++part) {
      fine_tuning::BaseSpot<double> from{}, to{};
      scan.find(low, width * part / 8, from, true), scan.find(low, width * (part + 1) / 8, to, true);
      const double rises = (to.utility - from.utility) / (to.base - from.base);
      const double rounding = 1e-4 * (from.pull + from.cost_slope) + 1e-5 * from.revenue / (to.base - from.base);
      INFO("from ln base ", low.b, " on ", width, " at share ", share, " of ", text(game));
      CHECK(rises <= whole.most + rounding);
      CHECK(rises >= whole.least - rounding);
      if (whole.once && last_slope < -rounding) CHECK(rises < rounding);
      last_slope = rises;
    }
  }
  CHECK(is_met(kinked, 5));
}

TEST_CASE("what the generalist chooses is better than any base of a dense grid") {
  Random random(64);
  std::size_t proven = 0, riders = 0;
  for (std::size_t k = 0; k < effort(60); ++k) {
    const GeneralGame game = linear_game(random, 4, k % 2 == 0, k);
    const OneGame one(game);
    fine_tuning::MixedWalk<double> walked(one.play);
    walked.start(-9);
    for (std::size_t i = 0; i < one.play.specialists.size(); ++i) walked.started[i] = walked.trace.at[i].z;
    for (const double v : {-3.0, -1.0, 0.0, 1.0, 2.5}) {
      walked.choice.be_strict(true);
      walked.choice(v, true);
      if (!walked.choice.proven) continue;
      ++proven;
      for (std::size_t i = 0; i < one.play.specialists.size(); ++i) riders += walked.trace.at[i].rides ? 1 : 0;
      const double chosen = walked.trace.generalist;
      const oracle::general::Play play(game);
      const std::vector<oracle::Split> shares(game.specialists.size(), {walked.trace.share, walked.trace.rest});
      INFO("at v = ", v, " of ", text(game));
      const double best = play.equilibrium(shares).generalist_utility;
      CHECK(chosen == doctest::Approx(best).epsilon(3e-5));
    }
  }
  CHECK(is_met(proven, 100));
  CHECK(is_met(riders, 50));
}

TEST_CASE("money in another unit changes no share, and equal specialists have the same") {
  Random random(65);
  for (std::size_t k = 0; k < effort(12); ++k) {
    GeneralGame game = linear_game(random, 2, false, k);
    game.specialists.push_back(game.specialists.front());
    GeneralGame dearer = game;
    dearer.cost.numbers[0] *= 64, dearer.cost.numbers[1] *= 64;
    for (GeneralSpecialist& s : dearer.specialists)
      s.revenue.numbers[0] *= 64, s.cost.numbers[0] *= 64, s.cost.numbers[1] *= 64;
    const auto table = table_of(game);
    const auto& o = table->form.outputs;
    const Columns solved = solve_fast(*table, {game, dearer}, best_instruction_set(), false);
    INFO(text(game));
    CHECK(solved[o.share][0] == doctest::Approx(solved[o.share][1]).epsilon(1e-9));
    CHECK(solved[o.specialist_utility][0] == doctest::Approx(solved[o.specialist_utility + 2][0]).epsilon(1e-12));
    CHECK(solved[o.specialist_regime][0] == solved[o.specialist_regime + 2][0]);
  }
}
