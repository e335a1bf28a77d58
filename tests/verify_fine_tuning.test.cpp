// SPDX-License-Identifier: MIT
// Certificates of the general game: brute force's own answers get them, and so do they with any output left out or in
// single precision; with one number off by 1e-6, or a peak that is not the highest, they don't.
#include <doctest/doctest.h>

#include "fine_tuning_games.hpp"
#include "haggle/verify/certificate.hpp"
#include "haggle/verify/general_regret.hpp"

using namespace haggle;
using namespace haggle::test;
using fine_tuning::OutputColumns, fine_tuning::ParetoEfficient, fine_tuning::ProfitSharing;
using oracle::general::Outcome, oracle::general::Play;
using Verdict = Certificate::Verdict;

namespace {

constexpr std::size_t plenty = 100000;

/// One game as a file might keep it, written from an outcome by the definition.
struct Stored {
  std::shared_ptr<const fine_tuning::Table> table;
  std::vector<double> parameters, outputs, rounding;

  Stored(const GeneralGame& game, const Outcome& o)
      : table(table_of(game)),
        parameters(row_of(*table, game)),
        outputs(table->columns(), 0.0),
        rounding(table->columns(), 0x1p-52) {
    for (std::size_t row = 0; row < table->outputs.size(); ++row)
      if (!table->outputs[row].codes.empty())
        std::fill_n(rounding.begin() + static_cast<std::ptrdiff_t>(table->first_column(row)), table->width(row), 0.0);
    const double nan = std::nan("");
    const OutputColumns& c = columns();
    outputs[c.status] = static_cast<double>(o.deal ? Status::solved : Status::no_deal);
    for (std::size_t i = 0; i < (game.per_domain ? o.splits.size() : 1); ++i)
      outputs[c.share + i] = o.splits[i].generalist;
    outputs[c.base_performance] = o.deal ? o.base_performance : 0;
    outputs[c.generalist_utility] = o.generalist_utility;
    outputs[c.surplus] = o.surplus();
    using G = fine_tuning::GeneralistRegime;
    using S = fine_tuning::SpecialistRegime;
    const bool invests = o.base_performance > 0;
    outputs[c.generalist_regime] = static_cast<double>(!o.deal ? G::abstains : invests ? G::invests : G::idle);
    bool sharing = false;
    for (std::size_t i = 0; i < o.specialists.size(); ++i) {
      const auto& s = o.specialists[i];
      outputs[c.performance + i] = !o.deal ? 0 : s.in ? s.performance : nan;
      outputs[c.specialist_utility + i] = s.utility;
      outputs[c.revenue + i] = s.in ? s.revenue : 0;
      outputs[c.specialist_regime + i] = static_cast<double>(!s.in                ? S::abstainer
                                                             : s.contribution > 0 ? S::contributor
                                                                                  : S::free_rider);
      sharing = sharing || (o.deal && invests && s.in && s.contribution > 0 && o.splits[i].generalist > 0 &&
                            o.splits[i].specialist > 0);
    }
    outputs[c.profit_sharing] = static_cast<double>(sharing ? ProfitSharing::yes : ProfitSharing::no);
    const double first_best = Play(game).first_best_surplus();
    outputs[c.first_best_surplus] = first_best;
    outputs[c.efficiency] = first_best > 0 ? o.surplus() / first_best : nan;
    drop(c.pareto_efficient);
    if (!o.deal) says(ParetoEfficient::no);
  }

  const OutputColumns& columns() const { return table->form.outputs; }
  void says(ParetoEfficient efficient) {
    outputs[columns().pareto_efficient] = static_cast<double>(efficient);
    rounding[columns().pareto_efficient] = 0;
  }
  void round_to_float() {
    for (std::size_t c = 0; c < outputs.size(); ++c)
      if (rounding[c] > 0 && std::isfinite(rounding[c]))
        outputs[c] = static_cast<float>(outputs[c]), rounding[c] = 0x1p-23;
  }
  void drop(std::size_t column, std::size_t width = 1) {
    for (std::size_t i = column; i < column + width; ++i) outputs[i] = std::nan(""), rounding[i] = not_kept;
  }
  Certificate certify(std::size_t effort = plenty) const {
    return find_verifier(*table)({parameters, outputs, rounding, table.get()}, effort);
  }
};

void check_sound(const GeneralGame& game, const Stored& stored) {
  const Certificate certificate = stored.certify();
  CAPTURE(text(game));
  CAPTURE(certificate.reason);
  std::ostringstream regrets;
  for (const double regret : certificate.regrets) regrets << regret << ' ';
  CAPTURE(regrets.str());
  CHECK(certificate.verdict == Verdict::sound);
}

void check_wrong(const GeneralGame& game, const Stored& stored) {
  CAPTURE(text(game));
  CHECK(stored.certify().verdict == Verdict::wrong);
}

GeneralGame drawn_game(Random& random, std::size_t k) {
  GeneralGame game = k % 2 == 0 ? nasty_game(random, {1 + k % 3, k % 8 == 6}) : smooth_game(random, 1 + k % 3);
  game.solution = all_solutions[k % all_solutions.size()];
  return game;
}

}  // namespace

TEST_CASE("brute force's own answer gets its certificate, in single precision and with outputs left out, too") {
  Random random(21);
  for (std::size_t k = 0; k < effort(10); ++k) {
    const GeneralGame game = drawn_game(random, k);
    const Outcome best = oracle::general::solve(game).outcome;
    Stored stored(game, best);
    check_sound(game, stored);
    if (!best.deal) continue;
    stored.round_to_float();
    check_sound(game, stored);
    stored.drop(stored.columns().base_performance);
    check_sound(game, stored);
    stored.drop(stored.columns().share);
    check_sound(game, stored);
  }
}

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

// With linear revenue and quadratic costs, c₀ = 1 and c₁ = 2, shares from 1/3 to 1 are efficient.
TEST_CASE("a deal that is called efficient and is dominated, or the other way round, costs the certificate") {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  game.specialists.resize(2);
  game.specialists[0].revenue = game.specialists[1].revenue = {Family::isoelastic, {1, 1}};
  game.specialists[0].cost = game.specialists[1].cost = {Family::power, {0, 2, 2}};
  game.specialists[1].fixed = 100;
  game.solution = oracle::Solution::fixed;
  for (const double share : {0.05, 0.2, 0.3, 0.37, 0.5, 0.9}) {
    CAPTURE(share);
    game.fixed_shares = {share};
    Stored stored(game, oracle::general::solve(game).outcome);
    const bool efficient = share > 1.0 / 3;
    stored.says(efficient ? ParetoEfficient::yes : ParetoEfficient::no);
    check_sound(game, stored);
    for (const auto other : {efficient ? ParetoEfficient::no : ParetoEfficient::yes, ParetoEfficient::unsolved}) {
      stored.says(other);
      check_wrong(game, stored);
    }
  }
  // Nobody is blamed for what lies within rounding and a search's last steps of an end.
  game.fixed_shares = {1.0 / 3};
  Stored stored(game, oracle::general::solve(game).outcome);
  for (const auto either : {ParetoEfficient::yes, ParetoEfficient::no}) {
    stored.says(either);
    check_sound(game, stored);
  }
}

TEST_CASE(
    "shares of each domain that are called efficient though other shares are better for all cost the certificate") {
  GeneralGame game;
  game.cost = {Family::power, {0, 4, 2}};
  game.specialists.resize(2);
  for (GeneralSpecialist& s : game.specialists) s.revenue = {Family::isoelastic, {1, 1}};
  game.specialists[0].cost = {Family::power, {0, 0.5, 2}};
  game.specialists[1].cost = {Family::power, {0, 3, 2}};
  game.per_domain = true;
  game.solution = oracle::Solution::fixed;
  game.fixed_shares = {1, 0.3};
  Stored stored(game, oracle::general::solve(game).outcome);
  stored.says(ParetoEfficient::no);
  check_sound(game, stored);
  stored.says(ParetoEfficient::yes);
  check_wrong(game, stored);
  game.solution = oracle::Solution::nash;
  stored = Stored(game, oracle::general::solve(game).outcome);
  stored.says(ParetoEfficient::yes);
  check_sound(game, stored);
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

TEST_CASE("no deal where there is one, and a deal where there is none") {
  Random random(26);
  GeneralGame game = smooth_game(random, 2);
  check_wrong(game, Stored(game, oracle::general::no_deal(game)));
  const Outcome best = oracle::general::solve(game).outcome;
  game.outside = 100 * best.surplus();
  check_sound(game, Stored(game, oracle::general::no_deal(game)));
  check_wrong(game, Stored(game, best));
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

TEST_CASE("a general game beyond the effort is skipped, not judged") {
  Random random(28);
  const GeneralGame game = smooth_game(random, 2);
  const Stored stored(game, oracle::general::solve(game).outcome);
  CHECK(stored.certify(10).verdict == Verdict::skipped);
}

TEST_CASE("a revenue that outgrows a cost has no equilibrium to keep") {
  Random random(29);
  GeneralGame game = smooth_game(random, 2);
  const Outcome best = oracle::general::solve(game).outcome;
  game.specialists[1].revenue.numbers[1] = 5;
  const Certificate certificate = Stored(game, best).certify();
  CHECK(certificate.verdict == Verdict::wrong);
  CHECK(certificate[Measure::status] > regret_allowed);
}
