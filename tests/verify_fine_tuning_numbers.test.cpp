// SPDX-License-Identifier: MIT
// Certificates of the general game: one number off by 1e-6 costs them, whichever it is.
#include "stored_games.hpp"

using namespace haggle;
using namespace haggle::test;

TEST_CASE("a number off by a millionth costs the certificate") {
  Random random(22);
  std::size_t altered = 0;
  for (std::size_t k = 0; k < effort(5); ++k) {
    const GeneralGame game = drawn_game(random, k);
    const Outcome best = oracle::general::solve(game).outcome;
    if (!best.deal) continue;
    const Stored stored(game, best);
    const double unit = oracle::general::scale_of(Play(game), oracle::general::claim_of(best));
    const OutputColumns& c = stored.columns();
    std::vector<std::size_t> money{c.generalist_utility, c.surplus, c.first_best_surplus};
    for (std::size_t i = 0; i < game.specialists.size(); ++i) {
      money.push_back(c.specialist_utility + i);
      money.push_back(c.revenue + i);
    }
    for (const std::size_t column : money) {
      Stored wrong = stored;
      wrong.outputs[column] += 1e-6 * std::max(unit, std::abs(wrong.outputs[column]));
      check_wrong(game, wrong);
      ++altered;
    }
  }
  CHECK(is_met(altered, 10));
}

TEST_CASE("every column of every output costs the certificate when it alone is wrong, but for the residual") {
  Random random(30);
  for (const bool per_domain : {false, true}) {
    GeneralGame game = smooth_game(random, 2);
    for (GeneralSpecialist& s : game.specialists) s.cost.numbers[0] = 0.05;
    game.per_domain = per_domain;
    game.fixed_shares.assign(per_domain ? 2 : 1, 0.4);
    game.solution = oracle::Solution::fixed;
    for (const bool deal : {true, false}) {
      CAPTURE(per_domain);
      CAPTURE(deal);
      game.outside = deal ? 0 : 100;
      const Stored stored(game, oracle::general::solve(game).outcome);
      check_sound(game, stored);
      const auto& table = *stored.table;
      for (std::size_t row = 0; row < table.outputs.size(); ++row)
        for (std::size_t c = table.first_column(row); c < table.first_column(row) + table.width(row); ++c) {
          Stored wrong = stored;
          double& number = wrong.outputs[c];
          if (!std::isfinite(wrong.rounding[c])) continue;
          if (row == 0)
            number = static_cast<double>(deal ? Status::no_deal : Status::solved);
          else if (!table.outputs[row].codes.empty())
            number = number == 1 ? 2 : 1;
          else
            number = std::isnan(number) ? 0.5 : number + 1e-5 * std::max(std::abs(number), 1.0);
          CAPTURE(table.outputs[row].name);
          CAPTURE(c);
          if (table.outputs[row].name == "residual")
            check_sound(game, wrong);
          else
            check_wrong(game, wrong);
        }
    }
  }
}

TEST_CASE("a share off by a millionth costs the certificate, for its utilities are another's") {
  Random random(23);
  std::size_t altered = 0;
  for (std::size_t k = 0; k < effort(6); ++k) {
    GeneralGame game = smooth_game(random, 1 + k % 3);
    game.solution = all_solutions[k % 4];
    const Outcome best = oracle::general::solve(game).outcome;
    REQUIRE(best.deal);
    if (!(best.splits[0].generalist > 0.01 && best.splits[0].generalist < 0.99)) continue;
    Stored wrong(game, best);
    wrong.outputs[wrong.columns().share] *= 1 - 1e-6;
    check_wrong(game, wrong);
    // A whole equilibrium of another share: only the bargain is worse, by the square of the distance.
    const double other = best.splits[0].generalist * (1 - 1e-3);
    const Outcome off =
        Play(game).equilibrium(std::vector<oracle::Split>(game.specialists.size(), oracle::split_of_share(other)));
    const Certificate certificate = Stored(game, off).certify();
    CHECK(certificate.verdict == Verdict::wrong);
    CHECK(certificate[Measure::bargain] > regret_allowed);
    CHECK(certificate[Measure::numbers] <= regret_allowed);
    ++altered;
  }
  CHECK(is_met(altered, 2));
}

TEST_CASE("an investment off by a millionth costs the certificate") {
  Random random(24);
  std::size_t altered = 0;
  for (std::size_t k = 0; k < effort(6); ++k) {
    GeneralGame game = smooth_game(random, 1 + k % 3);
    const Outcome best = oracle::general::solve(game).outcome;
    REQUIRE(best.deal);
    for (const std::size_t i : {best.specialists.size() - 1, std::size_t{0}}) {
      if (!(best.specialists[i].revenue > 1e-2 * best.surplus())) continue;
      Stored wrong(game, best);
      wrong.outputs[wrong.columns().performance + i] *= 1 + 1e-6;
      check_wrong(game, wrong);
      ++altered;
    }
    if (best.base_performance > 1e-2 * best.specialists[0].performance) {
      Stored wrong(game, best);
      wrong.outputs[wrong.columns().base_performance] *= 1 - 1e-6;
      check_wrong(game, wrong);
      ++altered;
    }
  }
  CHECK(is_met(altered, 4));
}
