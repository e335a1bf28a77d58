// SPDX-License-Identifier: MIT
// What the command line makes of outputs with dimensions of their own.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/output_text.hpp"
#include "cli/pilot.hpp"
#include "haggle/model/power_law.hpp"
#include "haggle/storage/predict_size.hpp"
#include "haggle/sweep/spec.hpp"
#include "toy_sweep.hpp"

using namespace haggle;
using namespace haggle::test;
using nlohmann::ordered_json;

namespace {

cli::SolvedGame solved_wide() {
  const Plan plan = single_wide();
  cli::SolvedGame solved{plan.game, {2, 3, 1}, {0, 1, 2, 3, 4}, std::vector<double>(wide_columns), Status::solved};
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const double& value : solved.parameters) in.push_back(&value);
  for (double& value : solved.outputs) out.push_back(&value);
  solve_wide(in.data(), out.data(), 1);
  return solved;
}

}  // namespace

TEST_CASE("outputs of one dimension are a table with a row for each of its names") {
  const std::string text = cli::outputs_text(solved_wide());
  CHECK(
      text.starts_with("  value  23  Value α of the game [m]\n"
                       "\n"
                       "  who  each [m]  side\n"
                       "  Ann  23        below\n"
                       "  Bob  1023      below\n"
                       "  Zoë  2023      below\n"
                       "\n"
                       "  step  who  path\n"
                       "  0     Ann  23\n"
                       "  0     Bob  1023\n"));
  CHECK(text.ends_with("  3     Zoë  302023\n"));
  CHECK(cli::name_at(wide_game, 1, 2) == "each[Zoë]");
  CHECK(cli::name_at(wide_game, 2, 0) == "value");
  CHECK(cli::name_at(wide_game, 4, 7) == "path[2, Bob]");
}

TEST_CASE("in JSON a labelled dimension is an object, a numbered one an array") {
  cli::SolvedGame solved = solved_wide();
  solved.outputs[1] = std::nan("");
  CHECK(ordered_json::parse(cli::outputs_json(solved).dump()) == ordered_json::parse(R"({
    "each": {"Ann": null, "Bob": 1023.0, "Zoë": 2023.0}, "value": 23.0,
    "side": {"Ann": "below", "Bob": "below", "Zoë": "below"},
    "path": [{"Ann": 23.0, "Bob": 1023.0, "Zoë": 2023.0}, {"Ann": 100023.0, "Bob": 101023.0, "Zoë": 102023.0},
             {"Ann": 200023.0, "Bob": 201023.0, "Zoë": 202023.0}, {"Ann": 300023.0, "Bob": 301023.0, "Zoë": 302023.0}]
  })"));
}

TEST_CASE("what was not asked for is not shown") {
  cli::SolvedGame solved = solved_wide();
  solved.rows = {0, 2};
  CHECK(cli::outputs_text(solved) == "  value  23  Value α of the game [m]\n");
  CHECK(cli::outputs_json(solved).dump() == R"({"value":23.0})");
}

TEST_CASE("a long table ends where a screen would, and says how much is left") {
  static constexpr std::array<InnerDimension, 1> long_one{{{"point", "", 1000, {}}}};
  static constexpr std::array<std::size_t, 1> by_point{0};
  static constexpr std::array<Output, 2> outputs{{{"status", "1", "", toy_status}, {"way", "1", "", {}, by_point}}};
  static constexpr GameTable game{"long", "", "", toy_parameters, outputs, {}, {}, {}, long_one};
  const cli::SolvedGame solved{
      {std::shared_ptr<const GameTable>(), &game}, {0, 0, 0}, {0, 1}, std::vector<double>(1001, 0.5), Status::solved};
  const std::string text = cli::outputs_text(solved);
  CHECK(text.ends_with("  99     0.5\n  and 900 more rows; --json has all\n"));
  CHECK(cli::outputs_json(solved)["way"].size() == 1000);
}

TEST_CASE("a pilot of a game with wide outputs weighs all their values") {
  Plan plan = read_spec(
      "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 40]}}}\n"
      "specialists:\n  - revenue: {elasticity: 1}\n    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 50]}}\n"
      "where: c1 > c0\n",
      "spec");
  // The power-law kernel leaves columns alone that it does not know.
  std::vector<Output> outputs(power_law::table.outputs.begin(), power_law::table.outputs.end());
  outputs.push_back({"way", "1", "", {}, by_step_and_who});
  outputs.push_back({"unasked", "1", "", {}, by_step_and_who});
  GameTable game = power_law::table;
  game.outputs = outputs;
  game.dimensions = wide_dimensions;
  plan.game = {std::shared_ptr<const GameTable>(), &game};
  plan.outputs = {0, 1, 11};
  const cli::Pilot pilot = cli::fly_pilot(plan, 1, 0.02);
  CHECK(pilot.output_bytes == doctest::Approx(2000 * (1 + 8 + 12 * 8)));
  CHECK(pilot.failures == 0);
}
