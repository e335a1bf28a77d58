// SPDX-License-Identifier: MIT
// Certificates: the engine's equilibria get them, in double and in single precision, and altered ones do not.
#include <doctest/doctest.h>

#include <functional>

#include "haggle/verify/certificate.hpp"
#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;
using namespace haggle::power_law;
using Verdict = Certificate::Verdict;

namespace {

std::string exactly(const std::vector<double>& numbers) {
  std::ostringstream out;
  out.precision(17);
  for (const double number : numbers) out << number << ' ';
  return out.str();
}

constexpr std::size_t plenty = 100000;

/// One game as a file might keep it.
struct Stored {
  std::vector<double> parameters, outputs, rounding;

  explicit Stored(const oracle::Game& game) : rounding(output_count, 0x1p-52) {
    const Columns columns = columns_of({game});
    for (const auto& column : columns) parameters.push_back(column.front());
    for (const auto& column : solve_columns(columns, best_instruction_set())) outputs.push_back(column.front());
    for (const OutputColumn code : {status_column, generalist_regime_column, specialist_regime_column})
      rounding[code] = 0;
  }

  void round_to_float() {
    for (std::size_t c = 0; c < outputs.size(); ++c)
      if (rounding[c] > 0) outputs[c] = static_cast<float>(outputs[c]), rounding[c] = 0x1p-23;
  }
  void drop(OutputColumn column) { outputs[column] = std::nan(""), rounding[column] = not_kept; }
  Certificate certify(std::size_t effort = plenty) const {
    return find_verifier(table)({parameters, outputs, rounding}, effort);
  }
  bool solved() const { return outputs[status_column] == static_cast<double>(Status::solved); }
};

void check_sound(const Stored& stored, const oracle::Game& game) {
  const Certificate certificate = stored.certify();
  CAPTURE(text(game));
  CAPTURE(certificate.reason);
  CAPTURE(exactly(stored.outputs));
  CHECK(certificate.verdict == Verdict::sound);
}

void for_each_game(std::uint64_t seed, std::size_t usual, const std::function<void(oracle::Game&, Random&)>& shape,
                   const std::function<void(const oracle::Game&)>& check) {
  Random random(seed);
  for (std::size_t i = 0; i < effort(usual); ++i) {
    oracle::Game game = benchmark_box(random);
    shape(game, random);
    for (const oracle::Solution solution : all_solutions) {
      game.solution = solution;
      check(game);
    }
  }
}

void usual_games(oracle::Game&, Random&) {}

/// Outside options about as large as the money in the game: deals that bind and deals that fail.
void contested_games(oracle::Game& game, Random& random) {
  const oracle::Ideals ideals = oracle::Frontier(game).ideals();
  game.generalist_outside = random.uniform(-0.2, 1.1) * ideals.generalist;
  game.specialist_outside = random.uniform(-0.2, 1.1) * ideals.specialist;
}

/// Weights that leave one player a share, or the complement of one, of which a double keeps few digits beside 1.
void lopsided_games(oracle::Game& game, Random& random) {
  const double small = random.log_uniform(1e-17, 1e-9);
  game.weight = random.uniform(0, 1) < 0.5 ? small : 1 - small;
}

}  // namespace

TEST_CASE("what the engine solves gets its certificate") {
  for (const auto& shape : {usual_games, contested_games, lopsided_games})
    for_each_game(11, 10, shape, [](const oracle::Game& game) { check_sound(Stored(game), game); });
}

TEST_CASE("single precision costs no certificate, whatever is kept") {
  for (const auto& shape : {usual_games, contested_games, lopsided_games})
    for_each_game(12, 10, shape, [](const oracle::Game& game) {
      Stored stored(game);
      stored.round_to_float();
      check_sound(stored, game);
      stored.drop(base_performance_column);
      check_sound(stored, game);
      stored.drop(share_column);
      check_sound(stored, game);
    });
}

TEST_CASE("whether a contribution below the last digit is one is nobody's error") {
  oracle::Game game;
  game.solution = oracle::Solution::fixed;
  game.fixed_share = 1 - 0x1p-52;
  game.c1 = 0.6;
  Stored stored(game);
  REQUIRE(stored.outputs[performance_column] > stored.outputs[base_performance_column]);  // by one last digit
  check_sound(stored, game);
  stored.outputs[specialist_regime_column] = static_cast<double>(SpecialistRegime::free_rider);
  check_sound(stored, game);
  stored.outputs[specialist_regime_column] = static_cast<double>(SpecialistRegime::contributor);
  check_sound(stored, game);
  stored.outputs[specialist_regime_column] = static_cast<double>(SpecialistRegime::abstainer);
  CHECK(stored.certify().verdict == Verdict::wrong);
}

TEST_CASE("an altered number costs the certificate") {
  std::size_t altered = 0;
  for_each_game(13, 10, contested_games, [&](const oracle::Game& game) {
    const Stored stored(game);
    if (!stored.solved()) return;
    for (const OutputColumn column :
         {share_column, base_performance_column, performance_column, generalist_utility_column,
          specialist_utility_column, surplus_column, revenue_column}) {
      Stored wrong = stored;
      const double old = wrong.outputs[column];
      wrong.outputs[column] = old == 0 ? 1e-3 : old > 0.5 && old <= 1 ? 0.999 * old : 1.001 * old;
      const oracle::Claim claim{stored.outputs[share_column], stored.outputs[base_performance_column],
                                stored.outputs[performance_column]};
      // A number that is nothing beside the game's money is nobody's regret.
      if (std::abs(wrong.outputs[column] - old) < 1e-6 * oracle::scale_of(game, claim)) continue;
      CAPTURE(text(game));
      CAPTURE(column);
      CHECK(wrong.certify().verdict == Verdict::wrong);
      ++altered;
    }
  });
  CHECK(is_met(altered, 100));
}

TEST_CASE("a deal and no deal are told apart by the money at stake") {
  std::size_t deals = 0, failures = 0;
  for_each_game(14, 20, contested_games, [&](const oracle::Game& game) {
    Stored stored(game);
    CAPTURE(text(game));
    if (stored.solved()) {
      for (std::size_t c = 0; c < output_count; ++c) stored.outputs[c] = 0;
      stored.outputs[share_column] = std::nan("");
      stored.outputs[generalist_utility_column] = game.generalist_outside;
      stored.outputs[specialist_utility_column] = game.specialist_outside;
      stored.outputs[surplus_column] = game.generalist_outside + game.specialist_outside;
      stored.outputs[generalist_regime_column] = static_cast<double>(GeneralistRegime::abstains);
      stored.outputs[specialist_regime_column] = static_cast<double>(SpecialistRegime::abstainer);
      stored.outputs[status_column] = static_cast<double>(Status::no_deal);
      const Certificate certificate = stored.certify();
      CHECK(certificate.verdict == Verdict::wrong);
      CHECK(certificate[Measure::status] > regret_allowed);
      CHECK(certificate[Measure::numbers] == 0);
      ++deals;
    } else {
      stored.outputs[status_column] = static_cast<double>(Status::solved);
      stored.outputs[share_column] = 0.5;
      CHECK(stored.certify()[Measure::status] > regret_allowed);
      ++failures;
    }
  });
  CHECK(is_met(deals, 20));
  CHECK(is_met(failures, 20));
}

TEST_CASE("a deal that only the last digit decides is sound either way") {
  oracle::Game game;
  game.solution = oracle::Solution::fixed;
  const oracle::Outcome o = oracle::equilibrium(game, oracle::split_of_share(0.5));
  for (const double nudge : {-1e-13, 1e-13}) {
    game.generalist_outside = o.generalist_utility * (1 + nudge);
    check_sound(Stored(game), game);
    Stored other(game);
    CHECK(other.solved() == (nudge < 0));
    game.generalist_outside = o.generalist_utility * (1 - nudge);
    other.parameters[generalist_outside_column] = game.generalist_outside;
    check_sound(other, game);
  }
}

TEST_CASE("a game beyond the effort is skipped, not judged") {
  const Stored stored{oracle::Game{}};
  CHECK(stored.certify(10).verdict == Verdict::skipped);
  CHECK(stored.certify(10000).verdict == Verdict::sound);
}

TEST_CASE("money beyond double precision is skipped, not judged") {
  oracle::Game game;
  game.scale = 1e-200;
  game.c0 = game.c1 = 1e-100;
  CHECK(Stored(game).certify().verdict == Verdict::skipped);
}
