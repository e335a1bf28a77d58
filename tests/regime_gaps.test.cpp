// SPDX-License-Identifier: MIT
// What separates the generalist from being free of a threshold or of a jump, and how that changes with the share.
#include <doctest/doctest.h>

#include <cmath>

#include "fine_tuning_play.hpp"
#include "haggle/solver/spe.hpp"

using namespace haggle;
using namespace haggle::test;
using Gaps = fine_tuning::Equilibrium;

TEST_CASE("a gap's slope is how the gap changes with the share") {
  Random random(31);
  std::size_t held = 0;
  for (std::size_t k = 0; k < effort(200); ++k) {
    const std::size_t n = 1 + k % 3;
    GeneralGame game = smooth_game(random, n);
    for (GeneralSpecialist& s : game.specialists) {
      if (random.uniform(0, 1) < 0.4)
        s.revenue = {Family::hill, {1, random.log_uniform(0.2, 2), random.uniform(1.5, 5)}};
      s.fixed = random.log_uniform(1e-3, 0.3);
    }
    CAPTURE(text(game));
    const auto table = table_of(game);
    const std::vector<double> row = row_of(*table, game);
    fine_tuning::Play<double> play(table->form);
    play.read(table->form, [&](std::size_t column) { return row[column]; });
    fine_tuning::SpeSolver solver;
    REQUIRE(solver.start(play) == Status::pending);
    solver.want_gaps(true);
    const auto gaps_at = [&](double share) { return solver(fine_tuning::share_of(share)).gaps; };
    for (int look = 0; look < 4; ++look) {
      const double share = random.uniform(0.1, 0.9), step = 1e-5;
      CAPTURE(share);
      const auto before = gaps_at(share - step), here = gaps_at(share), after = gaps_at(share + step);
      if (here.empty() || before.empty() || after.empty()) continue;
      REQUIRE(here.size() == Gaps::gap_count(n));
      for (std::size_t gap = 4 * n; gap < 6 * n; ++gap) {  // kept at a threshold, at a jump
        CAPTURE(gap);
        const double rise = (after[gap].value - before[gap].value) / (2 * step);
        if (!(std::abs(rise) < 1e3) || !(std::abs(here[gap].value) > 1e-3)) continue;  // not there, or a kink
        const double left = (here[gap].value - before[gap].value) / step;
        if (std::abs(left - rise) > 1e-2 * std::abs(rise)) continue;  // another regime begins in between
        CHECK(here[gap].slope == doctest::Approx(rise).epsilon(1e-2));
        ++held;
      }
    }
  }
  CAPTURE(held);
  CHECK(is_met(held, 100));
}
