// SPDX-License-Identifier: MIT
// Pareto sets beside a share at which the generalist leaps from idleness or from one investment to another. The
// specialist gains by a leap upwards, so that shares just below it are worse for both; how much is seen only close to.
// Ends were found by sweeps of fixed shares 1e-6 apart.
#include <doctest/doctest.h>

#include "both_paths.hpp"
#include "haggle/solver/pareto_set.hpp"
#include "solver/spe_payoffs.hpp"

using namespace haggle;
using namespace haggle::test;
using fine_tuning::ShareInterval;

namespace {

std::vector<ShareInterval> components_of(const GeneralGame& game) {
  const auto table = table_of(game);
  const Solved columns(*table, {game}, false);
  fine_tuning::Play<double> play(table->form);
  play.read(table->form, [&](std::size_t column) { return columns.in[column][0]; });
  fine_tuning::SpeSolver solver;
  REQUIRE(solver.start(play) == Status::pending);
  fine_tuning::SpePayoffs payoffs(solver);
  return fine_tuning::pareto_components(fine_tuning::PayoffCurve(payoffs, game.specialists.size()));
}

GeneralFunction power(double linear, double coefficient, double exponent) {
  return {Family::power, {linear, coefficient, exponent}};
}

void check_components(const GeneralGame& game, const std::vector<ShareInterval>& expected) {
  CAPTURE(text(game));
  const std::vector<ShareInterval> found = components_of(game);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(std::abs(found[i].low - expected[i].low) < 2e-6);
    CHECK(std::abs(found[i].high - expected[i].high) < 2e-6);
  }
}

}  // namespace

TEST_CASE("just below a leap from idleness both are worse off than just above") {
  const GeneralFunction root{Family::isoelastic, {10, 0.5}};
  check_components(nash_game(power(0.3, 2, 3), 0.5, {Family::logarithmic, {10, 0.5}}, power(0, 0.5, 1.5)),
                   {{0, 0.360666}, {0.361241, 0.744132}});
  check_components(nash_game(power(0.25, 0.1, 4), 0.5, root, power(0, 0.1, 1.5)),
                   {{0, 0.432821}, {0.434509, 0.675851}});
  check_components(nash_game(power(0.05, 0.01, 5), 0.5, root, power(0, 0.1, 1.25)),
                   {{0, 0.280755}, {0.281495, 0.602479}});
  check_components(nash_game(power(0.5, 0.5, 3), 0.5, {Family::isoelastic, {5, 0.75}}, power(0, 0.1, 1.75)),
                   {{0, 0.343844}, {0.344540, 0.582558}});
}

TEST_CASE("a component that begins at a specialist's peak next to a leap begins there") {
  check_components(nash_game(power(0.1, 0.01, 5), 0.5, {Family::isoelastic, {5, 0.5}}, power(0, 0.1, 1.25)),
                   {{0, 0.527901}, {0.531667, 0.604608}});
  const GeneralFunction hill{Family::hill, {4, 2, 1}};
  GeneralGame two = nash_game(power(0, 4, 4), 0.5, hill, power(0.1, 0.25, 1.5));
  two.specialists.push_back({hill, power(0, 10, 2), 0.01, 0.25});
  check_components(two, {{0.000998, 0.008395}, {0.010723, 0.662112}});
}
