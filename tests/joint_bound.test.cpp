// SPDX-License-Identifier: MIT
// What both may have between two shares, against what they have at performances and shares drawn at random.
#include "haggle/solver/joint_bound.hpp"

#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

constexpr std::size_t points = 160;
using Performances = fine_tuning::PerformanceTable<double, points>;
using View = fine_tuning::ShareView<double, points>;
using Bound = fine_tuning::JointBound<double, points>;

/// Half of the costs have a first bit's, half of the players an outside option, that of some less than nothing.
GeneralGame shaped_game(Random& random) {
  const auto cost = [&] {
    const double first_bit = random.uniform(0, 1) < 0.5 ? random.log_uniform(1e-3, 1) : 0;
    return GeneralFunction{Family::power, {first_bit, random.log_uniform(0.13, 7.4), random.uniform(1.2, 3.5)}};
  };
  const GeneralFunction generalist = cost(), specialist = cost(),
                        revenue{Family::hill, {1, random.log_uniform(0.22, 4.5), random.uniform(1.1, 8)}};
  GeneralGame game = nash_game(generalist, random.uniform(0.05, 0.95), revenue, specialist, random.uniform(0, 0.02),
                               random.uniform(0, 0.02));
  if (random.uniform(0, 1) < 0.5) game.outside = random.uniform(-0.05, 0.05);
  if (random.uniform(0, 1) < 0.5) game.specialists.front().outside = random.uniform(-0.05, 0.05);
  return game;
}

/// Nash's product at a performance, if the specialist's condition says what it adds; -∞ where that is more, or where
/// one of them would rather do nothing.
double product_at(const Performances& performances, const fine_tuning::Play<double>& play, double performance,
                  double logit) {
  const double share = 1 / (1 + std::exp(-logit)), rest = 1 - share;
  const Jet<double> revenue = play.specialists.front().revenue(performance);
  const auto adds = performances.added(rest * revenue.slope);
  const double base = performance - adds.x;
  if (base < 0) return -INFINITY;
  const double paid = base > 0 ? play.cost(base).value : 0;
  const double its_paid = adds.x > 0 ? play.specialists.front().cost(adds.x).value : 0;
  const double own = share * revenue.value - paid, its = rest * revenue.value - its_paid;
  if (own < 0 || its < 0) return -INFINITY;
  return product_of(performances, own - performances.due, its - performances.its_due);
}

}  // namespace

TEST_CASE("between two shares both never have more than their bound") {
  Random random(95);
  std::size_t bounded = 0, some = 0;
  for (std::size_t i = 0; i < effort(3000); ++i) {
    const GeneralGame game = shaped_game(random);
    const auto table = table_of(game);
    const Columns numbers = parameters_of(*table, {game});
    fine_tuning::Play<double> play(table->form);
    play.read(table->form, [&](std::size_t c) { return numbers[c][0]; });
    const Performances performances(play);
    if (!performances.fits) continue;
    const double low = random.uniform(-8, 5), wide = random.log_uniform(1e-3, 3);
    View from, to;
    from.look(performances, low), to.look(performances, low + wide);
    const Bound bound(performances, from, to);
    double most = -INFINITY;
    const auto draw = [&](double lowest, double highest, std::size_t times) {
      for (std::size_t k = 0; k < times; ++k)
        most = std::max(most, product_at(performances, play, random.log_uniform(lowest, highest),
                                         low + wide * random.uniform(0, 1)));
    };
    draw(0.1 * performances.alpha.front(), performances.alpha.back(), 100);
    draw(0.05 * performances.alpha.back(), performances.alpha.back(), 100);
    const std::size_t g = 1 + static_cast<std::size_t>(random.uniform(0, 1) * (points - 1.5));
    draw(performances.alpha[g - 1], performances.alpha[g], 100);
    if (!(most > -INFINITY)) continue;
    INFO(text(game), " between ", low, " and ", low + wide);
    ++some;
    CHECK(bound.may_reach(most - 1e-9, true, false));
    bounded += bound.may_reach(most + wide + 0.3, true, false) ? 0 : 1;
  }
  CHECK(bounded * 2 > some);
}

}  // namespace haggle::test
