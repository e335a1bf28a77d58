// SPDX-License-Identifier: MIT
#include "haggle/sweep/spec.hpp"

#include <doctest/doctest.h>

#include <set>

#include "haggle/model/power_law.hpp"
#include "sweep/spec_schema.hpp"

using haggle::Plan;
using haggle::read_spec;
using haggle::Source;
namespace power_law = haggle::power_law;

namespace {

/// The example of the design, word for word.
const std::string sketch = R"(haggle: 1                        # spec version
title: Who adapts as adaptation gets dearer
game: fine_tuning
generalist:
  cost: {coefficient: {axis: c0, geomspace: [0.01, 100, 201]}, exponent: 2}
specialists:
  - name: D
    revenue: {family: isoelastic, scale: 1, elasticity: {axis: elasticity, linspace: [0.2, 1.2, 101]}}
    cost: {coefficient: {axis: c1, geomspace: [0.01, 100, 201]}, exponent: 2}
bargaining:
  solution: {axis: solution, values: [nash, kalai_smorodinsky, egalitarian, utilitarian]}
  weight: {axis: weight, values: [0.25, 0.5, 0.75]}     # the generalist's bargaining weight
where: c1 >= c0                  # points outside are `excluded`, not dropped
outputs: [share, investment, performance, utility, regime]
)";

const std::string smallest =
    "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 3}}\n"
    "specialists: [{revenue: {elasticity: 0.5}, cost: {coefficient: 4}}]\n";

std::vector<std::string> dimensions(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& dimension : plan.dimensions) names.push_back(dimension.name);
  return names;
}

std::vector<std::string> outputs(const Plan& plan) {
  std::vector<std::string> names;
  for (std::size_t i : plan.outputs) names.emplace_back(plan.game->outputs[i].name);
  return names;
}

double constant(const Plan& plan, std::size_t parameter) {
  REQUIRE(plan.parameters[parameter].kind == Source::Kind::constant);
  return plan.parameters[parameter].constant;
}

}  // namespace

TEST_CASE("the design's example resolves to what it says") {
  const Plan plan = read_spec(sketch, "sketch.yaml");
  CHECK(plan.game.get() == &power_law::table);
  CHECK(plan.title == "Who adapts as adaptation gets dearer");
  CHECK(plan.specialist_name == "D");
  CHECK(dimensions(plan) == std::vector<std::string>{"c0", "elasticity", "c1", "solution", "weight"});
  CHECK(plan.grid.points() == 201u * 101 * 201 * 4 * 3);
  CHECK(plan.where == "c1 >= c0");
  CHECK(outputs(plan) == std::vector<std::string>{"status", "share", "base_performance", "performance",
                                                  "generalist_utility", "specialist_utility", "generalist_regime",
                                                  "specialist_regime"});
  CHECK(plan.axes[0].long_name == "Generalist's cost coefficient");
  CHECK(plan.axes[0].unit == "1");
  CHECK(plan.axes[3].labels.size() == 4);
  CHECK(plan.axes[3].value(2) == static_cast<double>(power_law::Solution::egalitarian));
  CHECK(constant(plan, power_law::k1_column) == 2);
  CHECK(plan.parameters[power_law::c1_column].kind == Source::Kind::axis);
  CHECK(plan.parameters[power_law::c1_column].axis == 2);
  CHECK(plan.spec_name == "sketch.yaml");
  CHECK(plan.spec_text == sketch);
}

TEST_CASE("what a spec leaves out takes the game's defaults") {
  const Plan plan = read_spec(smallest, "s");
  CHECK(plan.dimensions.empty());
  CHECK(plan.grid.points() == 1);
  CHECK(plan.title == power_law::table.title);
  CHECK(plan.outputs.size() == power_law::output_count);
  CHECK_FALSE(plan.format.float32);
  CHECK(plan.format.compression == 0);
  CHECK(constant(plan, power_law::c0_column) == 3);
  CHECK(constant(plan, power_law::k0_column) == 2);
  CHECK(constant(plan, power_law::scale_column) == 1);
  CHECK(constant(plan, power_law::weight_column) == 0.5);
  CHECK(constant(plan, power_law::solution_column) == static_cast<double>(power_law::Solution::nash));
}

TEST_CASE("a resolved spec is a spec, resolves to itself, and writes every default") {
  for (const std::string& text :
       {sketch, smallest,
        smallest + "title: \"quotes \\\" and \\\\ and \\t, ε\"\noutput: {dtype: float32, compression: 9}\n",
        smallest +
            "bargaining: {weight: {axis: w, concat: [[0.1], {linspace: [0.2, 0.4, 3]}, {values: [1]}]}, solution: "
            "{axis: s, concat: [[nash], [fixed, egalitarian]]}, share: {from: \"w/2\"}}\nzip: {pair: [s, w]}\n"}) {
    CAPTURE(text);
    std::string spec = text;
    if (const auto at = spec.find("[[nash], [fixed, egalitarian]]"); at != spec.npos)
      spec.replace(at, 30, "[[nash, max_performance], [fixed, egalitarian, utilitarian]]");
    const Plan plan = read_spec(spec, "s"), again = read_spec(plan.resolved, "r");
    CHECK(again.resolved == plan.resolved);
    CHECK(again.hash == plan.hash);
    CHECK(dimensions(again) == dimensions(plan));
    CHECK(again.title == plan.title);
    for (const auto& parameter : power_law::table.parameters)
      CHECK(plan.resolved.find(std::string(parameter.path.substr(parameter.path.rfind('.') + 1)) + ":") !=
            std::string::npos);
  }
}

TEST_CASE("the hash forgets the title, comments and layout, and remembers every number") {
  const std::string hash = read_spec(smallest, "a").hash;
  CHECK(hash.size() == 16);
  CHECK(read_spec("title: Another\n# a comment\n" + smallest, "b").hash == hash);
  CHECK(read_spec(smallest + "bargaining:\n    weight:   5e-1\n", "c").hash == hash);
  CHECK(read_spec(smallest + "bargaining: {weight: 0.6}\n", "d").hash != hash);
  CHECK(read_spec(smallest + "outputs: [share]\n", "e").hash != hash);
  CHECK(read_spec(smallest, "f", {{"generalist.cost.coefficient", "3.0000000000000004"}}).hash != hash);
}

TEST_CASE("an axis may be named before it is defined, and may be defined twice alike") {
  const std::string head =
      "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: c}}}\nspecialists: [{";
  const Plan later = read_spec(
      head + "revenue: {elasticity: {axis: e, values: [1]}}, cost: {coefficient: {axis: c, values: [1, 2]}}}]", "s");
  CHECK(dimensions(later) == std::vector<std::string>{"c", "e"});
  CHECK(later.parameters[power_law::c0_column].axis == later.parameters[power_law::c1_column].axis);
  const Plan twice = read_spec(
      head + "revenue: {elasticity: {axis: c, values: [1, 2]}}, cost: {coefficient: {axis: c, values: [1, 2.0]}}}]",
      "s");
  CHECK(twice.grid.points() == 2);
}

TEST_CASE("a zip is one dimension, in the place of the first of its axes, and its axes may repeat a value") {
  const Plan plan = read_spec(
      "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: c0, values: [1, 1, 2]}}}\n"
      "specialists: [{revenue: {elasticity: {axis: e, values: [0.5, 1]}}, cost: {coefficient: {axis: c1, linspace: [1, "
      "3, 3]}}}]\n"
      "zip: {pair: [c1, c0]}\n",
      "s");
  CHECK(dimensions(plan) == std::vector<std::string>{"pair", "e"});
  CHECK(plan.dimensions[0].size == 3);
  CHECK(plan.grid.points() == 6);
  CHECK(plan.dimensions[0].axes == std::vector<std::size_t>{2, 0});
}

TEST_CASE("outputs come in the game's order with status among them, and the file's format as asked") {
  const Plan plan = read_spec(smallest + "outputs: [surplus, share]\noutput: {dtype: float32, compression: 0}\n", "s");
  CHECK(outputs(plan) == std::vector<std::string>{"status", "share", "surplus"});
  CHECK(plan.format.float32);
  CHECK(plan.format.compression == 0);
  CHECK(outputs(read_spec(smallest + "outputs: [status]\n", "s")) == std::vector<std::string>{"status"});
}

TEST_CASE("a plan of 10^12 points is as small as its text") {
  const auto spec = [](const std::string& a, const std::string& b, const std::string& c) {
    return read_spec("haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: " + a +
                         "}}\nspecialists: [{revenue: {elasticity: " + b + "}, cost: {coefficient: " + c + "}}]\n",
                     "s");
  };
  const Plan cube = spec("{axis: c0, geomspace: [0.01, 100, 10000]}", "{axis: e, linspace: [0.1, 1.5, 10000]}",
                         "{axis: c1, geomspace: [0.01, 100, 10000]}");
  CHECK(cube.grid.points() == 1000000000000u);
  CHECK(cube.grid.block_points() <= 65536);
  const Plan line = spec("{axis: c0, linspace: [1, 2, 1e12]}", "1", "1");
  CHECK(line.grid.points() == 1000000000000u);
  for (const Plan* plan : {&cube, &line}) {
    CHECK(plan->resolved.size() < 1000);
    for (const auto& axis : plan->axes) {
      REQUIRE(axis.segments.size() == 1);
      CHECK(std::holds_alternative<haggle::Spaced>(axis.segments[0]));
    }
  }
}

TEST_CASE("the keys that every game has are described, each of them") {
  std::set<std::string_view> described;
  for (const auto& key : haggle::spec::common_keys) described.insert(key.path.substr(0, key.path.find('.')));
  CHECK(described == std::set<std::string_view>(haggle::spec::header_keys.begin(), haggle::spec::header_keys.end()));
}

TEST_CASE("a small grid is still cut into blocks for many workers") {
  CHECK(haggle::read_spec_file(HAGGLE_SOURCE_DIR "/sweeps/quickstart.yaml").grid.blocks() >= 32);
}

TEST_CASE("--set replaces a number, makes a missing one, and reaches into the list") {
  const Plan plan = read_spec(sketch, "s",
                              {{"generalist.cost.exponent", "3"},
                               {"bargaining.share", "0.25"},
                               {"specialists[0].outside_option", "-1"},
                               {"title", "Other"},
                               {"output", "{dtype: float32}"}});
  CHECK(constant(plan, power_law::k0_column) == 3);
  CHECK(constant(plan, power_law::fixed_share_column) == 0.25);
  CHECK(constant(plan, power_law::specialist_outside_column) == -1);
  CHECK(plan.title == "Other");
  CHECK(plan.format.float32);
}

TEST_CASE("--set on an axis' name redefines the axis; a scalar leaves it one value") {
  const Plan plan = read_spec(
      sketch, "s", {{"c0", "2"}, {"weight", "[0.1, 0.9]"}, {"c1", "{linspace: [1, 2, 5]}"}, {"solution", "nash"}});
  CHECK(plan.grid.points() == 1u * 101 * 5 * 1 * 2);
  CHECK(plan.axes[0].value(0) == 2);
  CHECK(plan.axes[2].size() == 5);
  CHECK(plan.axes[3].labels == std::vector<std::string>{"nash"});
  const Plan shared = read_spec(smallest, "s",
                                {{"generalist.cost.coefficient", "{axis: c, values: [1, 2]}"},
                                 {"specialists[0].cost.coefficient", "{axis: c, values: [1, 2]}"},
                                 {"c", "[7, 8, 9]"}});
  CHECK(shared.grid.points() == 3);
}

TEST_CASE("a spec can be made of --set alone but for its version") {
  const Plan plan = read_spec("haggle: 1", "s",
                              {{"game", "fine_tuning"},
                               {"generalist.cost.coefficient", "1"},
                               {"specialists[0].revenue.elasticity", "1"},
                               {"specialists[0].cost.coefficient", "1"}});
  CHECK(plan.grid.points() == 1);
}

TEST_CASE("a spec file that cannot be read is an I/O error that says why") {
  const auto why = [](const std::string& path) {
    try {
      haggle::read_spec_file(path);
    } catch (const haggle::IoError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  CHECK(why("/nowhere/at/all.yaml") == "cannot read the spec /nowhere/at/all.yaml: No such file or directory");
  CHECK(why(HAGGLE_SOURCE_DIR) == "cannot read the spec " HAGGLE_SOURCE_DIR ": it is a folder");
}

TEST_CASE("line ends may be those of Windows, and a byte order mark may stand in front") {
  std::string text = smallest;
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 2) text.replace(at, 1, "\r\n");
  CHECK(read_spec(text, "s").hash == read_spec(smallest, "s").hash);
  CHECK(read_spec("\xEF\xBB\xBF" + smallest, "s").hash == read_spec(smallest, "s").hash);
}

TEST_CASE("how a sweep is kept changes no hash, since it changes no array") {
  const std::string text(smallest);
  const Plan plain = read_spec(text, "s"),
             kept = read_spec(text + "output: {checkpoint: on}\non_failure: abort\n", "s");
  CHECK(plain.format.checkpoint == haggle::Checkpointing::automatic);
  CHECK_FALSE(plain.abort_on_failure);
  CHECK(kept.format.checkpoint == haggle::Checkpointing::on);
  CHECK(kept.abort_on_failure);
  CHECK(kept.resolved != plain.resolved);
  CHECK(kept.hash == plain.hash);
  CHECK(read_spec(kept.resolved, "r").abort_on_failure);
}
