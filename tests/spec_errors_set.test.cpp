// SPDX-License-Identifier: MIT
// Messages of the spec reader on --set.
#include "spec_complaints.hpp"

using complaints::complaint;
using complaints::with;

TEST_CASE("an error in a --set names it") {
  const auto set = [](const std::string& path, const std::string& value) {
    return complaint(with(8, ""), {{path, value}});
  };
  CHECK(set("generalist.cost.coefficient", "-1") ==
        "--set generalist.cost.coefficient=-1: coefficient = -1 must be >= 0");
  CHECK(set("generalist.cost.coeficient", "1") ==
        "--set generalist.cost.coeficient=1: unknown key `coeficient`; did you mean `coefficient`? (known here: "
        "linear, coefficient, exponent, fixed, family)");
  CHECK(set("specialists[2].name", "1") == "--set specialists[2].name=1: `specialists` has 1 entries; the next is [1]");
  CHECK(set("specialists[1].cost.exponent", "0.5") ==
        "--set specialists[1].cost.exponent=0.5: specialists[1].cost.exponent = 0.5 must be >= 1\n"
        "--set specialists[1].cost.exponent=0.5: `specialists[1].cost.coefficient` is missing: D2's cost coefficient, "
        "φ₂(x) = linear x + c x^k\n"
        "--set specialists[1].cost.exponent=0.5: `specialists[1].revenue.elasticity` is missing: D2's revenue "
        "elasticity, r₂(α) = R α^ε");
  CHECK(complaint(with(4,
                       "  cost: {coefficient: {axis: a, values: [1, 2]}, exponent: {axis: b, values: [2, 3]}}\nzip: "
                       "{pair: [a, b]}"),
                  {{"b", "[2, 3, 4]"}}) ==
        "--set b=[2, 3, 4]: zipped axes must be equally long: `b` has 3 values, those before it 2");
  CHECK(set("generalist[0]", "1") == "--set generalist[0]=1: `generalist` is not a list");
  CHECK(set("game.x", "1") == "--set game.x=1: `game` is not a map");
  CHECK(set("a b", "1") ==
        "--set a b=1: `a b` is no path; write it as in `specialists[0].revenue.elasticity`, or name an axis");
  CHECK(set("specialists[x].name", "1").starts_with("--set specialists[x].name=1: `specialists[x].name` is no path"));
  CHECK(set("title", "[") == "--set title=[: not valid YAML: end of sequence flow not found");
  CHECK(set("title", "") == "--set title=: no value is given");
  CHECK(set("title", "\x01").find("not text in UTF-8") != std::string::npos);
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: cost0, values: [1]}}"), {{"cost1", "2"}}) ==
        "--set cost1=2: no key or axis is named `cost1`; did you mean `cost0`?");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: c0, values: [1]}}"), {{"c0", "{axis: c1, values: [1]}"}}) ==
        "--set c0={axis: c1, values: [1]}: this redefines the axis `c0` and cannot rename it");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: c0, values: [1]}}"), {{"c0", "[1, -1]"}}) ==
        "--set c0=[1, -1]: coefficient = -1 must be >= 0");
}

TEST_CASE("redefining an axis takes away what a wrong spec put below it") {
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: a, linspace: {x: {axis: a, values: [1, 2]}}}}"),
                  {{"a", "5"}}) == "");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: a, values: [1]}}"),
                  {{"a", "{linspace: {coefficient: {axis: a, values: [1, 2]}}}"},
                   {"a", "{linspace: [{axis: a, values: [1, 2]}, 2, 3]}"},
                   {"a", "[4, 5]"}}) == "");
}
