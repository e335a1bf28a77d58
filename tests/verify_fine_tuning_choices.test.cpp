// SPDX-License-Identifier: MIT
// Certificates of the general game: a choice that somebody would rather not have made costs them, and a name for it
// that is not its own.
#include "stored_games.hpp"

using namespace haggle;
using namespace haggle::test;

TEST_CASE(
    "an idle generalist keeps its certificate where the first billionth would have cost nothing that can be told") {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  game.specialists.resize(1);
  game.specialists[0].revenue = {Family::logarithmic, {1, 1}};
  game.specialists[0].cost = {Family::power, {0.3, 0, 2}};
  game.solution = oracle::Solution::egalitarian;
  game.fixed_shares = {0.5};
  // The specialist fills up to (1-δ)/(1+α) = 0.3, whatever it is given; the egalitarian share makes the two gains
  // equal.
  const auto at = [&](double share) {
    const double performance = (1 - share) / 0.3 - 1, revenue = std::log1p(performance);
    Outcome o;
    o.splits = {oracle::split_of_share(share)};
    o.generalist_utility = share * revenue;
    o.specialists = {{true, false, performance, performance, revenue, (1 - share) * revenue - 0.3 * performance}};
    o.deal = true;
    return o;
  };
  double low = 0.1, high = 0.4;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    const Outcome o = at(middle);
    (o.generalist_utility < o.specialists[0].utility ? low : high) = middle;
  }
  check_sound(game, Stored(game, at(high)));
  check_wrong(game, Stored(game, at(high + 1e-6)));
  Outcome invests = at(high);
  invests.base_performance = 1e-3;
  invests.generalist_utility -= 1e-6;
  invests.specialists[0].utility += 0.3e-3;
  invests.specialists[0].contribution -= 1e-3;
  check_wrong(game, Stored(game, invests));
}

TEST_CASE(
    "a wrong investment costs the certificate though the specialist, of all the revenue, has nothing either way") {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  game.specialists = {{{Family::logarithmic, {2, 1}}, {Family::power, {0, 1e4, 2}}}};
  game.solution = oracle::Solution::fixed;
  game.fixed_shares = {1};
  const double best = 0.5 * (std::sqrt(5.0) - 1);  // 2/(1+α) = 2α
  const auto at = [&](double base) {
    Outcome o;
    o.splits = {oracle::split_of_share(1)};
    o.base_performance = base;
    o.specialists = {{true, false, 0, base, 2 * std::log1p(base), 0}};
    o.generalist_utility = 2 * std::log1p(base) - base * base;
    o.deal = true;
    return o;
  };
  check_sound(game, Stored(game, at(best)));
  for (const double off : {1e-6, 0.1, 0.99, 1.01, 2.0}) check_wrong(game, Stored(game, at(off * best)));
}

TEST_CASE("a peak that is not the highest costs the certificate") {
  GeneralGame game;
  game.cost = {Family::power, {0, 4.822, 1.372}};
  game.specialists.resize(1);
  game.specialists[0].revenue = {Family::isoelastic, {1, 0.491}};
  game.specialists[0].cost = {Family::power, {0, 1.984, 1.040}};
  game.solution = oracle::Solution::fixed;
  game.fixed_shares = {0.669};
  // Two specialists, so that it is not the power-law game's table.
  game.specialists.push_back(game.specialists[0]);
  game.specialists[1].fixed = 1e3;
  const std::vector<oracle::Split> splits(2, oracle::split_of_share(0.669));
  const Play play(game);
  const Outcome best = play.equilibrium(splits);
  check_sound(game, Stored(game, best));
  // The local maximum near 1.6e-4, found by walking uphill.
  double base = 1.6e-4;
  Outcome local = play.after(splits, base);
  for (double step = 0.3; step > 1e-10; step *= 0.7)
    for (const double other : {base * (1 + step), base * (1 - step)})
      if (const Outcome o = play.after(splits, other); o.generalist_utility > local.generalist_utility)
        local = o, base = other;
  REQUIRE(local.generalist_utility == doctest::Approx(0.0693).epsilon(0.01));
  const Certificate certificate = Stored(game, local).certify();
  CHECK(certificate.verdict == Verdict::wrong);
  CHECK(certificate[Measure::generalist] > 0.01);
  CHECK(certificate[Measure::specialist] <= regret_allowed);
}

TEST_CASE("a wrong regime costs the certificate, and so does a wrong sign of profit-sharing") {
  Random random(25);
  std::size_t altered = 0;
  for (std::size_t k = 0; k < effort(10); ++k) {
    GeneralGame game = nasty_game(random, {1 + k % 4});
    game.solution = oracle::Solution::fixed;
    game.fixed_shares = {random.uniform(0.2, 0.8)};
    const Outcome best = oracle::general::solve(game).outcome;
    const Stored stored(game, best);
    check_sound(game, stored);
    const OutputColumns& c = stored.columns();
    std::vector<std::size_t> codes{c.generalist_regime};
    for (std::size_t i = 0; i < game.specialists.size(); ++i) codes.push_back(c.specialist_regime + i);
    for (const std::size_t code : codes)
      for (const double other : {0.0, 1.0, 2.0, 3.0}) {
        if (other == stored.outputs[code]) continue;
        Stored wrong = stored;
        wrong.outputs[code] = other;
        check_wrong(game, wrong);
        ++altered;
      }
    Stored wrong = stored;
    wrong.outputs[c.profit_sharing] = 3 - wrong.outputs[c.profit_sharing];
    check_wrong(game, wrong);
  }
  CHECK(is_met(altered, 50));
}

TEST_CASE("a specialist that stays away though it would gain, or is kept though it would not, costs the certificate") {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  for (int i = 0; i < 2; ++i) {
    GeneralSpecialist s;
    s.revenue = {Family::isoelastic, {1, 0.8}};
    s.cost = {Family::power, {0, 1, 2}};
    game.specialists.push_back(s);
  }
  game.solution = oracle::Solution::fixed;
  game.fixed_shares = {0.5};
  Outcome o = oracle::general::solve(game).outcome;
  REQUIRE(o.taking_part() == 2);
  o.generalist_utility -= o.splits[1].generalist * o.specialists[1].revenue;
  o.specialists[1] = {false, false, 0, 0, 0, 0};
  const Certificate away = Stored(game, o).certify();
  CHECK(away.verdict == Verdict::wrong);
  CHECK(away[Measure::specialist] > regret_allowed);
  CHECK(away[Measure::numbers] <= regret_allowed);

  o = oracle::general::solve(game).outcome;
  game.specialists[1].outside = 2 * o.specialists[1].utility;
  const Certificate kept = Stored(game, o).certify();
  CHECK(kept.verdict == Verdict::wrong);
  CHECK(kept[Measure::specialist] > regret_allowed);
}

TEST_CASE("one domain's share off its best costs the certificate of a contract per domain") {
  Random random(27);
  GeneralGame game = smooth_game(random, 2);
  game.per_domain = true;
  game.fixed_shares = {0.3, 0.6};
  game.solution = oracle::Solution::fixed;
  const Outcome given = oracle::general::solve(game).outcome;
  check_sound(game, Stored(game, given));
  game.solution = oracle::Solution::nash;
  check_wrong(game, Stored(game, given));
  const Outcome best = oracle::general::solve(game).outcome;
  check_sound(game, Stored(game, best));
}
