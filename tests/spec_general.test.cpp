// SPDX-License-Identifier: MIT
// Specs of the general fine-tuning game: which table they get, and what they resolve to.
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>

#include "haggle/model/fine_tuning.hpp"
#include "haggle/sweep/spec.hpp"

using haggle::Plan;
using haggle::read_spec;
using haggle::Source;
namespace fine_tuning = haggle::fine_tuning;

namespace {

const std::string head = "haggle: 1\ngame: fine_tuning\n";

/// One specialist; `cost`, `revenue` and what else it says as flow maps.
std::string one(const std::string& cost, const std::string& revenue = "{elasticity: 0.5}",
                const std::string& rest = "") {
  return head + "generalist: {cost: {coefficient: 3}}\nspecialists: [{revenue: " + revenue + ", cost: " + cost +
         "}]\n" + rest;
}

const std::string three = head + R"yaml(generalist: {cost: {coefficient: {axis: c0, values: [1, 2]}, linear: 0.5}}
all_specialists:
  cost: {coefficient: {axis: c, values: [1, 2, 3]}, fixed: 0.1}
  revenue: {scale: 2, steepness: 3}
specialists:
  - {name: A, revenue: {elasticity: 0.5}}
  - {name: "null", revenue: {family: hill, reference: {axis: h, values: [1, 2]}}, cost: {coefficient: 7}}
  - {revenue: {family: expression, expression: "b*ln(1 + performance/a)", numbers: {a: {from: "2*h"}, b: 3}}}
bargaining: {specialist: "null", solution: powerful_specialist}
)yaml";

const fine_tuning::Form& form(const Plan& plan) {
  REQUIRE(plan.game->kernel == "fine_tuning");
  return static_cast<const fine_tuning::Table&>(*plan.game).form;
}

const Source& source(const Plan& plan, std::string_view path) {
  for (std::size_t p = 0; p < plan.parameters.size(); ++p)
    if (plan.game->parameters[p].path == path) return plan.parameters[p];
  FAIL("no parameter stands at " << path);
  return plan.parameters.front();
}

std::vector<std::string> dimensions(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& dimension : plan.dimensions) names.push_back(dimension.name);
  return names;
}

void resolves_to_itself(const Plan& plan) {
  const Plan again = read_spec(plan.resolved, "r");
  CHECK(again.resolved == plan.resolved);
  CHECK(again.hash == plan.hash);
  CHECK(again.game->kernel == plan.game->kernel);
  CHECK(dimensions(again) == dimensions(plan));
}

}  // namespace

TEST_CASE("a spec that the power-law table can hold gets it, whatever way it is written") {
  for (const std::string& spec :
       {one("{coefficient: 1}"), one("{coefficient: 1, exponent: 1.0001}"),
        one("{coefficient: {axis: c, geomspace: [0.01, 1, 1e6]}}", "{family: isoelastic, scale: 2, elasticity: 1}"),
        one("{coefficient: 1, exponent: {axis: k, linspace: [2, 2, 1]}}"),
        one("{coefficient: {from: \"2*w\"}}", "{elasticity: 1}",
            "bargaining: {contract: uniform, weight: {axis: w, linspace: [0, 1, 3]}}\noutputs: [share, utility]\n"),
        head + "generalist: {cost: {coefficient: 3}}\nall_specialists: {cost: {coefficient: 1}}\n"
               "specialists: [{revenue: {elasticity: 1}}]\n"}) {
    CAPTURE(spec);
    CHECK(read_spec(spec, "s").game->kernel == "power_law");
  }
}

TEST_CASE("what goes beyond the power-law table gets the general one of the same name") {
  for (const std::string& spec :
       {one("{coefficient: 1, exponent: 1}"), one("{coefficient: 0, linear: 1}"),
        one("{coefficient: {axis: c, linspace: [0, 1, 5]}}"), one("{coefficient: {axis: c, values: [1, 2, 3, 4, 0]}}"),
        one("{coefficient: 1, exponent: {axis: k, concat: [[2, 3], {values: [1]}]}}"),
        one("{coefficient: {axis: a}}", "{elasticity: 1}", "bargaining: {weight: {axis: a, linspace: [0, 1, 3]}}\n"),
        one("{coefficient: 1, fixed: 0}"), one("{coefficient: 1, family: power}"),
        one("{coefficient: 1}", "{family: logarithmic}"),
        one("{coefficient: 1}", "{elasticity: 1}", "outputs: [share, efficiency]\n"),
        one("{coefficient: 1}", "{elasticity: 1}", "bargaining: {contract: per_domain}\n"),
        one("{coefficient: 1}", "{elasticity: 1}", "pareto: {}\n"), three}) {
    CAPTURE(spec);
    const Plan plan = read_spec(spec, "s");
    CHECK(plan.game->kernel == "fine_tuning");
    CHECK(plan.game->name == "fine_tuning");
    resolves_to_itself(plan);
  }
}

TEST_CASE("with one specialist outputs are scalars, with more they have a dimension with the names as labels") {
  const Plan alone = read_spec(one("{coefficient: 1, fixed: 1}"), "s"), several = read_spec(three, "s");
  CHECK(alone.game->dimensions.empty());
  CHECK(alone.game->columns() == alone.game->outputs.size());
  REQUIRE(several.game->dimensions.size() == 1);
  CHECK(several.game->dimensions[0].name == "specialist");
  const auto labels = several.game->dimensions[0].labels;
  CHECK(std::vector<std::string>(labels.begin(), labels.end()) == std::vector<std::string>{"A", "null", "D3"});
  CHECK(several.specialist_name == "A, null, D3");
  const fine_tuning::OutputColumns& columns = form(several).outputs;
  for (std::size_t o = 0; o < several.game->outputs.size(); ++o) {
    const auto& output = several.game->outputs[o];
    CAPTURE(output.name);
    const bool each =
        std::set<std::string_view>{"performance", "specialist_utility", "revenue", "specialist_regime"}.contains(
            output.name);
    CHECK(several.game->width(o) == (each ? 3 : 1));
    if (output.name == "specialist_utility") CHECK(columns.specialist_utility == several.game->first_column(o));
    if (output.name == "profit_sharing") CHECK(columns.profit_sharing == several.game->first_column(o));
    if (output.name == "residual") CHECK(columns.residual == several.game->first_column(o));
  }
  CHECK(columns.pareto_efficient + 1 == several.game->columns());
  CHECK(several.outputs.size() == 11);  // the rest on request
}

TEST_CASE("what all specialists share, each takes as far as it says nothing itself and its family knows it") {
  const Plan plan = read_spec(three, "s");
  CHECK(dimensions(plan) == std::vector<std::string>{"c0", "c", "h"});
  CHECK(source(plan, "specialists[0].revenue.scale").constant == 2);
  CHECK(source(plan, "specialists[1].revenue.steepness").constant == 3);
  CHECK(source(plan, "specialists[1].cost.coefficient").constant == 7);
  CHECK(source(plan, "specialists[2].cost.coefficient").axis == 1);
  CHECK(source(plan, "specialists[2].cost.fixed").constant == 0.1);
  CHECK(source(plan, "specialists[2].revenue.numbers.a").kind == Source::Kind::derived);
  CHECK(plan.axes[1].long_name == "Cost coefficient");
  CHECK(form(plan).powerful == 1);
  CHECK(source(plan, "bargaining.weight").constant == 0.25);

  const std::string written_out =
      head + R"yaml(generalist: {cost: {coefficient: {axis: c0, values: [1, 2]}, linear: 0.5}}
specialists:
  - {name: A, revenue: {elasticity: 0.5, scale: 2}, cost: {coefficient: {axis: c, values: [1, 2, 3]}, fixed: 0.1}}
  - name: "null"
    revenue: {family: hill, reference: {axis: h, values: [1, 2]}, scale: 2, steepness: 3}
    cost: {coefficient: 7, fixed: 0.1}
  - revenue: {family: expression, expression: "b*ln(1 + performance/a)", numbers: {a: {from: "2*h"}, b: 3}}
    cost: {coefficient: {axis: c}, fixed: 0.1}
bargaining: {specialist: "null", solution: powerful_specialist}
)yaml";
  CHECK(read_spec(written_out, "w").resolved == plan.resolved);
  CHECK(read_spec(written_out, "w").hash == plan.hash);
}

TEST_CASE("--set reaches one specialist and all of them") {
  const Plan plan =
      read_spec(three, "s", {{"specialists[1].cost.fixed", "2"}, {"all_specialists.cost.exponent", "3"}, {"c", "5"}});
  CHECK(source(plan, "specialists[1].cost.fixed").constant == 2);
  CHECK(source(plan, "specialists[0].cost.fixed").constant == 0.1);
  for (const std::string i : {"0", "1", "2"}) CHECK(source(plan, "specialists[" + i + "].cost.exponent").constant == 3);
  CHECK(plan.axes[1].size() == 1);
  CHECK(form(read_spec(one("{coefficient: 1}"), "s",
                       {{"specialists[1]", "{revenue: {elasticity: 1}, cost: {coefficient: 1}}"}}))
            .specialists.size() == 2);
}

TEST_CASE("64 specialists with an axis for each number are a plan that resolves to itself") {
  std::string spec = head + "generalist: {cost: {coefficient: 1}}\nspecialists:\n";
  for (int i = 0; i < 64; ++i) {
    const std::string s = std::to_string(i);
    spec += "  - {name: S" + s + ", revenue: {family: hill, scale: {axis: r" + s +
            ", values: [1]}, reference: {axis: h" + s + ", values: [1, 2]}, steepness: {axis: e" + s +
            ", values: [2]}}, cost: {coefficient: {axis: c" + s + ", values: [1]}, linear: {axis: l" + s +
            ", values: [1]}, fixed: {axis: f" + s + ", values: [0]}}}\n";
  }
  std::string error;
  try {
    read_spec(spec, "s");
  } catch (const haggle::SpecError& e) {
    error = e.what();
  }
  CHECK(error == "s: the grid has more than 2^63-1 points: shorten an axis, or zip some of them");
  spec += "zip: {all: [h0";
  for (int i = 1; i < 64; ++i) spec += ", h" + std::to_string(i);
  const Plan plan = read_spec(spec + "]}\n", "s");
  CHECK(plan.axes.size() == 64 * 6);
  CHECK(plan.grid.points() == 2);
  CHECK(form(plan).specialists.size() == 64);
  CHECK(plan.game->columns() == 11 + 4 * 64);
  resolves_to_itself(plan);
  std::set<std::string_view> names, paths;
  for (const auto& parameter : plan.game->parameters) {
    names.insert(parameter.name);
    paths.insert(parameter.path);
  }
  CHECK(names.size() == plan.game->parameters.size());
  CHECK(paths.size() == plan.game->parameters.size());
}

TEST_CASE("a form says in which columns a function's numbers stand, in the family's order or the expression's") {
  const Plan plan = read_spec(three, "s");
  const auto path = [&](const haggle::FunctionForm& f, std::size_t i) {
    return std::string(plan.game->parameters[f.first + i].path);
  };
  const fine_tuning::Form& f = form(plan);
  CHECK(path(f.cost, 0) == "generalist.cost.linear");
  CHECK(path(f.cost, 2) == "generalist.cost.exponent");
  CHECK(f.cost.count == 3);
  CHECK(path(f.specialists[1].revenue, 2) == "specialists[1].revenue.steepness");
  CHECK(path(f.specialists[2].revenue, 0) == "specialists[2].revenue.numbers.b");
  CHECK(path(f.specialists[2].revenue, 1) == "specialists[2].revenue.numbers.a");
  CHECK(f.specialists[2].revenue.formula.names() == std::vector<std::string>{"b", "a"});
  CHECK(plan.game->parameters[f.specialists[2].fixed].path == "specialists[2].cost.fixed");
  CHECK(plan.game->parameters[f.specialists[2].weight].path == "specialists[2].bargaining_weight");
  CHECK(plan.game->parameters[f.outside].path == "generalist.outside_option");
  CHECK(f.powerful == 1);
  CHECK(f.share != fine_tuning::unset);
}

TEST_CASE("the specs that README shows are right") {
  std::ifstream readme(HAGGLE_SOURCE_DIR "/README.md");
  std::size_t specs = 0;
  std::string text;
  for (std::string line; std::getline(readme, line);) {
    if (line == "```yaml")
      text = "\n";
    else if (line == "```" && text.starts_with("\nhaggle: 1")) {
      CAPTURE(text);
      resolves_to_itself(read_spec(text, "README"));
      ++specs;
      text.clear();
    } else if (line == "```")
      text.clear();
    else if (!text.empty())
      text += line + "\n";
  }
  CHECK(specs == 2);
}

TEST_CASE("per_domain has a share for each, and the Pareto set its rows when it is asked for") {
  const std::string two = head +
                          "generalist: {cost: {coefficient: 1}}\nall_specialists: {revenue: {elasticity: 1}, cost: "
                          "{coefficient: 1}}\nspecialists: [{name: A}, {name: B}]\n";
  const Plan uniform = read_spec(two + "pareto: {components: 4, frontier: 16}\n", "s");
  CHECK(form(uniform).components == 4);
  CHECK(form(uniform).frontier == 16);
  CHECK(form(uniform).outputs.frontier_share + 16 == form(uniform).outputs.frontier_generalist_utility);
  CHECK(form(uniform).outputs.frontier_specialist_utility + 32 == uniform.game->columns());
  CHECK(form(uniform).outputs.pareto_share_low + 4 == form(uniform).outputs.pareto_share_high);
  resolves_to_itself(uniform);
  const Plan each = read_spec(two + "bargaining: {contract: per_domain}\npareto: {}\n", "s");
  CHECK(form(each).contract == fine_tuning::Contract::per_domain);
  CHECK(form(each).outputs.pareto_components == fine_tuning::unset);
  CHECK(form(each).frontier == 64);
  CHECK(form(each).outputs.frontier_share + 128 == form(each).outputs.frontier_generalist_utility);
  CHECK(form(each).share == fine_tuning::unset);
  CHECK(each.game->parameters[form(each).specialists[1].share].path == "specialists[1].share");
  CHECK(each.game->width(1) == 2);
  resolves_to_itself(each);
}
