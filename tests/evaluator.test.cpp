// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cmath>
#include <utility>

#include "haggle/model/power_law.hpp"
#include "haggle/sweep/spec.hpp"

using haggle::Evaluator;
using haggle::Plan;
using haggle::Status;
namespace power_law = haggle::power_law;

namespace {

struct Block {
  std::vector<std::vector<std::uint64_t>> indices;
  std::vector<std::vector<double>> parameters;
  std::vector<Status> status;
  std::size_t points = 0;
};

/// All points of a small plan.
Block evaluated(const Plan& plan, Evaluator& evaluator) {
  Block block;
  block.points = static_cast<std::size_t>(plan.grid.points());
  haggle::Box whole{std::vector<std::uint64_t>(plan.dimensions.size()), {}};
  whole.count.assign(plan.grid.shape().begin(), plan.grid.shape().end());
  haggle::BoxWalker(whole).next(block.points, block.indices);
  evaluator.evaluate(block.indices, block.points, block.parameters, block.status);
  return block;
}

Block evaluated(const std::string& generalist_cost, const std::string& specialist_cost, const std::string& rest = "") {
  const Plan plan = haggle::read_spec(
      "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: " + generalist_cost +
          "}}\nspecialists: [{revenue: {elasticity: 1}, cost: {coefficient: " + specialist_cost + "}}]\n" + rest,
      "test.yaml");
  Evaluator evaluator(plan);
  return evaluated(plan, evaluator);
}

}  // namespace

TEST_CASE("constants fill their columns and axes are looked up by index") {
  const Block block = evaluated("{axis: c0, values: [1, 2]}", "{axis: c1, linspace: [3, 5, 3]}");
  REQUIRE(block.points == 6);
  REQUIRE(block.parameters.size() == power_law::parameter_count);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(block.parameters[power_law::c0_column][i] == (i < 3 ? 1 : 2));
    CHECK(block.parameters[power_law::c1_column][i] == 3.0 + static_cast<double>(i % 3));
    CHECK(block.parameters[power_law::k0_column][i] == 2);
    CHECK(block.parameters[power_law::solution_column][i] == 1);
    CHECK(block.status[i] == Status::pending);
  }
}

TEST_CASE("a plan without axes is one point") {
  const Block block = evaluated("7", "2");
  REQUIRE(block.points == 1);
  CHECK(block.parameters[power_law::c0_column] == std::vector<double>{7});
}

TEST_CASE("a word on an axis becomes its place in the game's choices") {
  const Block block = evaluated("1", "1", "bargaining: {solution: {axis: how, values: [egalitarian, nash]}}");
  CHECK(block.parameters[power_law::solution_column] == std::vector<double>{3, 1});
}

TEST_CASE("zipped axes and shared axes move together") {
  const Block zipped =
      evaluated("{axis: c0, values: [1, 2, 3]}", "{axis: c1, values: [30, 20, 10]}", "zip: {pair: [c0, c1]}");
  CHECK(zipped.parameters[power_law::c0_column] == std::vector<double>{1, 2, 3});
  CHECK(zipped.parameters[power_law::c1_column] == std::vector<double>{30, 20, 10});
  const Block shared = evaluated("{axis: c}", "{axis: c, values: [4, 5]}");
  CHECK(shared.parameters[power_law::c0_column] == std::vector<double>{4, 5});
  CHECK(shared.parameters[power_law::c1_column] == std::vector<double>{4, 5});
}

TEST_CASE("a derived number follows its axes") {
  const Block block = evaluated("{axis: c0, values: [1, 2, 4]}", "{from: \"2*c0 + 1\"}");
  CHECK(block.parameters[power_law::c1_column] == std::vector<double>{3, 5, 9});
}

TEST_CASE(
    "a derived number that is not finite or not in its domain makes the game out_of_domain, not the run a failure") {
  const Block block = evaluated("{axis: c0, values: [1, 2, 3, 4]}", "{from: \"1/(c0 - 2) + 0*ln(4 - c0)\"}");
  CHECK(block.status ==
        std::vector<Status>{Status::out_of_domain, Status::out_of_domain, Status::pending, Status::out_of_domain});
  CHECK(block.parameters[power_law::c1_column][2] == 1);
  for (double x : block.parameters[power_law::c1_column])
    CHECK(power_law::table.parameters[power_law::c1_column].domain.contains(x));
}

TEST_CASE("numbers that make an expression no revenue or no cost make their games out_of_domain, and no others") {
  const auto status = [](const std::string& expression, const std::string& numbers, const std::string& rest = "") {
    const std::string written = "{family: expression, expression: \"" + expression + "\", numbers: " + numbers + "}";
    const bool cost = expression.find("investment") != std::string::npos;
    const Plan plan = haggle::read_spec(
        "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nspecialists: [{revenue: " +
            (cost ? "{elasticity: 1}" : written) + ", cost: " + (cost ? written : "{coefficient: 1}") + "}]\n" + rest,
        "test.yaml");
    Evaluator evaluator(plan);
    std::vector<Status> first = evaluated(plan, evaluator).status;
    CHECK(evaluated(plan, evaluator).status == first);  // it remembers
    return first;
  };
  const auto good = Status::pending, bad = Status::out_of_domain;
  const std::string a = "{a: {axis: a, values: [-1, 0, 1, 2]}}";
  CHECK(status("a*performance - performance^2", a) == std::vector<Status>{bad, bad, bad, bad});
  CHECK(status("a*sqrt(performance)", a) == std::vector<Status>{bad, good, good, good});
  CHECK(status("sqrt(performance + a) - sqrt(a)", a) == std::vector<Status>{bad, good, good, good});
  CHECK(status("performance/(1 - (a - 1)*performance)", a) == std::vector<Status>{good, good, good, bad});
  CHECK(status("a + performance", a) == std::vector<Status>{bad, good, bad, bad});
  CHECK(status("a*investment^2", a) == std::vector<Status>{bad, good, good, good});
  // A derived number, and a point that nobody asked for.
  CHECK(status("a*performance + b*performance", "{a: {axis: a, values: [-1, 1, 5, 6]}, b: {from: \"4 - 2*a\"}}",
               "where: a != 6") == std::vector<Status>{good, good, bad, Status::excluded});
}

TEST_CASE("points where `where` is false are excluded, and where it is NaN are out_of_domain") {
  const Block block = evaluated("{axis: c0, values: [1, 2]}", "{axis: c1, values: [1, 2]}", "where: c1 >= c0");
  CHECK(block.status == std::vector<Status>{Status::pending, Status::pending, Status::excluded, Status::pending});
  const auto where = [](const std::string& condition) {
    return evaluated("{axis: c0, values: [1, 2, 3]}", "1", "where: \"" + condition + "\"").status;
  };
  const auto pending = Status::pending, excluded = Status::excluded, undefined = Status::out_of_domain;
  for (const std::string comparison : {"sqrt(c0 - 2) > 0", "0 < sqrt(c0 - 2)", "sqrt(c0 - 2) != 0",
                                       "not sqrt(c0 - 2) <= 0", "not (sqrt(c0 - 2) == 0)", "sqrt(c0 - 2) >= 1"})
    CHECK(where(comparison) == std::vector<Status>{undefined, excluded, pending});
  // What one side decides needs no other.
  CHECK(where("c0 > 1 and ln(c0 - 1) > -1") == std::vector<Status>{excluded, pending, pending});
  CHECK(where("sqrt(c0 - 2) > -1 and c0 > 1") == std::vector<Status>{excluded, pending, pending});
  CHECK(where("c0 < 2 or sqrt(c0 - 2) > 0") == std::vector<Status>{pending, excluded, pending});
  CHECK(where("sqrt(c0 - 2) > 0 and c0 > 0") == std::vector<Status>{undefined, excluded, pending});
  CHECK(where("sqrt(c0 - 2) > 0 or c0 > 2") == std::vector<Status>{undefined, excluded, pending});
}

TEST_CASE("`where` comes before a derived number's domain: nobody asked for that point") {
  const Block block = evaluated("{axis: c0, values: [1, 2, 3]}", "{from: \"c0 - 1.5\"}", "where: c0 > 1");
  CHECK(block.status == std::vector<Status>{Status::excluded, Status::pending, Status::pending});
}

TEST_CASE("`and`, `or` and `not` read as in English") {
  const auto chosen = [](const std::string& where) {
    std::string marks;
    for (Status s : evaluated("{axis: c0, values: [1, 2, 3, 4]}", "1", "where: \"" + where + "\"").status)
      marks += s == Status::pending ? '+' : '-';
    return marks;
  };
  CHECK(chosen("c0 > 1 and c0 < 4") == "-++-");
  CHECK(chosen("c0 == 1 or c0 == 4") == "+--+");
  CHECK(chosen("not c0 > 1") == "+---");
  CHECK(chosen("not c0 > 1 or c0 > 3") == "+--+");
  CHECK(chosen("c0 > 1 and not (c0 == 3)") == "-+-+");
  CHECK(chosen("c0 > 1 && c0 != 3 || c0 <= 1") == "++-+");
  CHECK(chosen("c0 < 3 ? c0 < 2 : c0 > 3") == "+--+");
  CHECK(chosen("min(c0, 2) >= 2") == "-+++");
  CHECK(chosen("c0^2 - 3*c0 + 2 != 0") == "--++");
}

TEST_CASE("an axis may be called e, _pi or inf: expressions have no constants of their own") {
  const Block block = evaluated("{axis: e, values: [2, 3]}", "{from: \"2*e\"}");
  CHECK(block.parameters[power_law::c1_column] == std::vector<double>{4, 6});
  CHECK(evaluated("{axis: _pi, values: [2]}", "{from: \"_pi\"}").parameters[power_law::c1_column][0] == 2);
  CHECK(evaluated("{axis: inf, values: [2]}", "{from: \"inf\"}").parameters[power_law::c1_column][0] == 2);
}

TEST_CASE("an axis too long to keep at hand gives the same values as its own") {
  const Plan plan = haggle::read_spec(
      "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 1000000]}}}\n"
      "specialists: [{revenue: {elasticity: 1}, cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 100]}}}]\n",
      "test.yaml");
  Evaluator evaluator(plan);
  Block block;
  block.indices = {{0, 7, 7, 999999, 123456}, {0, 99, 50, 1, 2}};
  evaluator.evaluate(block.indices, 5, block.parameters, block.status);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(block.parameters[power_law::c0_column][i] == plan.axes[0].value(block.indices[0][i]));
    CHECK(block.parameters[power_law::c1_column][i] == plan.axes[1].value(block.indices[1][i]));
  }
}

TEST_CASE("two evaluators, and one used twice or moved, agree to the bit") {
  const Plan plan = haggle::read_spec(
      "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 50]}}}\n"
      "specialists: [{revenue: {elasticity: 1}, cost: {coefficient: {from: \"exp(sin(c0))\"}}}]\nwhere: cos(c0) > 0\n",
      "test.yaml");
  Evaluator first(plan), second(plan);
  const Block a = evaluated(plan, first), b = evaluated(plan, second), again = evaluated(plan, first);
  Evaluator moved(std::move(first));
  const Block c = evaluated(plan, moved);
  CHECK(a.parameters == b.parameters);
  CHECK(a.parameters == again.parameters);
  CHECK(a.parameters == c.parameters);
  CHECK(a.status == b.status);
  CHECK(a.status == c.status);
}
