// SPDX-License-Identifier: MIT
// What the fast path says of all shares of a game with S-shaped revenue, against the slow path at some of them.
#include "haggle/solver/rival_shares.hpp"

#include <doctest/doctest.h>

#include "both_paths.hpp"
#include "haggle/solver/is_choice.hpp"

namespace haggle::test {
namespace {

constexpr std::size_t points = 160;
using Performances = fine_tuning::PerformanceTable<double, points>;
using View = fine_tuning::ShareView<double, points>;
using Rivals = fine_tuning::RivalShares<double, points>;
using Cells = fine_tuning::RivalCells<double, points>;

/// Whether it is proven that no share between those logits is worth `value`.
bool none_reaches(const Performances& performances, double value, const std::array<double, 2>& ends) {
  Rivals rivals(ends);
  rivals.add().value = value;
  bool none = false;
  rivals.settle(
      [&](auto, auto& rows) {
        rows = performances;
        return performances.fits;
      },
      [&](const auto&, bool proven) { none = proven; });
  return none;
}

/// In half of the games first bits of investment cost something, on one side or both.
GeneralGame shaped_game(Random& random) {
  const bool linear = random.uniform(0, 1) < 0.5;
  const auto cost = [&] {
    const double first_bit = linear && random.uniform(0, 1) < 0.7 ? random.log_uniform(1e-3, 1) : 0;
    return GeneralFunction{Family::power, {first_bit, random.log_uniform(0.13, 7.4), random.uniform(1.4, 3.2)}};
  };
  const bool fixed = random.uniform(0, 1) < 0.5;
  const GeneralFunction generalist = cost(), specialist = cost(),
                        revenue{Family::hill, {1, random.log_uniform(0.22, 4.5), random.uniform(1.2, 8)}};
  return nash_game(generalist, random.uniform(0.05, 0.95), revenue, specialist, fixed ? random.uniform(0, 0.02) : 0,
                   fixed ? random.uniform(0, 0.02) : 0);
}

double share_at(double logit) { return 1 / (1 + std::exp(-logit)); }

/// One game's play and what the slow path says of it at given shares.
class Checked {
 public:
  explicit Checked(const GeneralGame& game) : game_(game), table_(table_of(game)), play(table_->form) {
    const Columns numbers = parameters_of(*table_, {game});
    play.read(table_->form, [&](std::size_t c) { return numbers[c][0]; });
  }
  const auto& outputs() const { return table_->form.outputs; }
  Columns at(const std::vector<double>& logits) const {
    std::vector<GeneralGame> games;
    for (const double v : logits) {
      games.push_back(game_);
      games.back().solution = oracle::Solution::fixed;
      games.back().fixed_shares = {share_at(v)};
    }
    return solve_slowly(*table_, games);
  }
  double product(const Columns& solved, std::size_t i) const {
    const bool deal = solved[outputs().status][i] == static_cast<double>(Status::solved);
    const double product = deal ? nash_product(*table_, solved, game_, i) : -INFINITY;
    return std::isnan(product) ? -INFINITY : product;
  }

 private:
  GeneralGame game_;
  std::shared_ptr<const fine_tuning::Table> table_;

 public:
  fine_tuning::Play<double> play;
};

}  // namespace

TEST_CASE("no share is called worse than it is") {
  Random random(91);
  std::size_t proven = 0, deals = 0;
  for (std::size_t i = 0; i < effort(4000); ++i) {
    const GeneralGame game = shaped_game(random);
    const Checked checked(game);
    const Performances performances(checked.play);
    if (!performances.fits) continue;
    const double low = random.uniform(-8, 5), wide = random.log_uniform(1e-3, 12);
    const std::vector<double> logits{low, low + random.uniform(0, 1) * wide, low + wide};
    const Columns solved = checked.at(logits);
    double most = -INFINITY;
    for (std::size_t k = 0; k < logits.size(); ++k) most = std::max(most, checked.product(solved, k));
    const std::array ends{low, low + wide};
    INFO(text(game), " between ", low, " and ", low + wide);
    if (!(most > -INFINITY)) continue;
    ++deals;
    CHECK_FALSE(none_reaches(performances, most - 1e-9, ends));
    CHECK_FALSE(none_reaches(performances, Cells::any_deal, ends));
    proven += none_reaches(performances, most + 0.5 * wide + 0.3, ends) ? 1 : 0;
  }
  CHECK(proven * 10 > deals * 7);
}

TEST_CASE("a place is the generalist's choice at a share only where it is the slow path's") {
  Random random(92);
  std::size_t proven = 0, stationary = 0;
  for (std::size_t i = 0; i < effort(4000); ++i) {
    const GeneralGame game = shaped_game(random);
    const Checked checked(game);
    const Performances performances(checked.play);
    const double v = random.uniform(-4, 4);
    const Columns solved = checked.at({v});
    const auto& o = checked.outputs();
    if (!performances.fits || solved[o.status][0] != static_cast<double>(Status::solved)) continue;
    const double performance = solved[o.performance][0], utility = solved[o.generalist_utility][0] + game.fixed;
    const double place = (std::log(performance) - performances.ln_alpha[0]) / performances.step;
    const double width = 0.08 / performances.step, revenue = performances.revenue.back();
    INFO(text(game), " at ", v);
    const auto is_choice = [&](double at_least, const Cells::Known& known) {
      return fine_tuning::is_choice<double, points>(performances, v, at_least, known, place, true);
    };
    // Others, the best one being known or not, must leave as much to it.
    if (place > 1) CHECK_FALSE(is_choice(utility - 1e-3 * revenue, {0, 0}));
    if (solved[o.base_performance][0] == 0) continue;
    const bool rides = solved[o.specialist_regime][0] == static_cast<double>(fine_tuning::SpecialistRegime::free_rider);
    ++stationary;
    proven += is_choice(utility, {place - width, place + width, rides}) ? 1 : 0;
  }
  CHECK(proven * 10 > stationary * 6);
}

TEST_CASE("from a tie on performances are what the specialist answers, and none just before it may be one") {
  Random random(93);
  std::size_t ties = 0;
  for (std::size_t i = 0; i < effort(4000); ++i) {
    const GeneralGame game = shaped_game(random);
    const Checked checked(game);
    const Performances performances(checked.play);
    if (!performances.fits) continue;
    View view;
    view.look(performances, random.uniform(-4, 4));
    view.compare_answers(performances, true);
    const double place = view.tie, alone = view.top + 1;
    if (!(place > 1 && place < points - 2) || !(view.tie_gives > game.specialists[0].fixed) || !(place > alone))
      continue;
    for (const double beside : {-0.1, 0.1}) {
      const double at = (beside > 0 ? place : view.first) + beside, t = at - std::floor(at);
      const auto g = static_cast<std::size_t>(at) + 1;
      const double base = fine_tuning::cubic(t, view.base[g - 1], view.base[g], view.base_on[g - 1], view.base_on[g]);
      if (!(base > 0 && view.base_on[g - 1] > 0 && view.base_on[g] > 0)) continue;
      const double answer = std::exp(performances.ln_alpha[0] + performances.step * at) - base;
      if (!(answer > 1e-9 * base)) continue;  // it rides free
      const auto& side = checked.play.specialists.front();
      const auto gives = [&](double x) { return view.rest * side.revenue(base + x).value - side.cost(x).value; };
      double best = -INFINITY;
      for (int k = 1; k <= 4000; ++k) best = std::max(best, gives(2 * answer * k / 4000));
      ++ties;
      INFO(text(game), " at ", view.v, " beside ", beside);
      const double hair = 1e-6 * view.rest;  // it is on a cubic
      if (beside > 0)
        CHECK(gives(answer) > best - hair);
      else
        CHECK((gives(answer) < best || gives(answer) < game.specialists[0].fixed + hair));
    }
  }
  CHECK(ties > effort(4000) / 50);
}

TEST_CASE("steps go from end to end, over no border or stop, and give up where all fail") {
  const std::array shares{-3.0, 0.0, 1.0, 4.0};
  const std::array is_border{false, true, false};
  using Steps = fine_tuning::ShareSteps<double>;
  Steps steps(shares, is_border, -2.5, 3.5, {-1.75, 3});
  double at = steps.next();
  CHECK(at == -2.5);
  CHECK(steps.take(true));  // where it begins there is nothing to fail yet
  while (steps.goes()) {
    const double next = steps.next();
    CHECK(next > at);
    for (const double stop : {-1.75, 0.0, 3.0}) CHECK_FALSE((at < stop && next > stop));
    CHECK(steps.stretch() == (at < 0 ? 0u : at < 1 ? 1u : 2u));
    if (steps.take(next - at > 0.3)) at = next;
  }
  CHECK(at == 3.5);
  CHECK(steps.arrived());
  Steps stuck(shares, is_border, -2.5, 3.5, {5, 5});
  for (int k = 0; k < 100 && stuck.goes(); ++k) stuck.take(stuck.next() > 0.7);
  CHECK_FALSE(stuck.goes());
  CHECK_FALSE(stuck.arrived());
}

}  // namespace haggle::test
