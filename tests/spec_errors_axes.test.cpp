// SPDX-License-Identifier: MIT
// Messages of the spec reader on axes, zips and expressions, with their lines and columns.
#include "spec_complaints.hpp"

using complaints::complaint;
using complaints::cost;
using complaints::with;

TEST_CASE("an axis' definition is checked value by value") {
  const std::string at = "s.yaml:4:";
  CHECK(cost("{axis: a, values: [1, -2, 0]}") == at + "45: coefficient = -2 must be >= 0");
  CHECK(cost("{axis: a, linspace: [-1, 1, 3]}") == at + "44: coefficient = -1 must be >= 0");
  CHECK(cost("{axis: a, linspace: [1, -1, 3]}") == at + "47: coefficient = -1 must be >= 0");
  CHECK(cost("{axis: a, values: [1, x]}") == at + "45: a value of an axis must be a number, not `x`");
  CHECK(cost("{axis: a, values: ['1']}") == at + "42: a value of an axis must be a number; take away the quotes");
  CHECK(cost("{axis: a, values: [1, [2]]}") == at + "45: a value of an axis must be a number");
  CHECK(cost("{axis: a, values: 5}") == at + "41: `values` must be a list, as in [1, 2, 5]");
  CHECK(cost("{axis: a, values: []}") == at + "41: `values` is empty");
  CHECK(cost("{axis: a, values: [1, 2, 1.0]}") == at + "48: axis `a` has 1 twice; its values label the points");
  CHECK(cost("{axis: a, linspace: [1, 2]}") == at + "43: `linspace` must be [first, last, n]");
  CHECK(cost("{axis: a, linspace: 3}") == at + "43: `linspace` must be [first, last, n]");
  CHECK(cost("{axis: a, linspace: [x, 2, 3]}") == at + "44: `linspace`'s first must be a number, not `x`");
  CHECK(cost("{axis: a, linspace: [1, .inf, 3]}") == at + "47: `linspace`'s last must be finite, not `.inf`");
  CHECK(cost("{axis: a, linspace: [1, 2, 2.5]}") == at + "50: `linspace`'s n = 2.5 must be a whole number, 1 … 2^53");
  CHECK(cost("{axis: a, linspace: [1, 2, 0]}") == at + "50: `linspace`'s n = 0 must be a whole number, 1 … 2^53");
  CHECK(cost("{axis: a, linspace: [1, 2, -3]}") == at + "50: `linspace`'s n = -3 must be a whole number, 1 … 2^53");
  CHECK(cost("{axis: a, linspace: [1, 2, 1e16]}") == at + "50: `linspace`'s n = 1e16 must be a whole number, 1 … 2^53");
  CHECK(cost("{axis: a, linspace: [1, 2, 1]}") == at + "50: `linspace` from one number to another needs n >= 2");
  CHECK(cost("{axis: a, linspace: [1, 1, 5]}") == at + "43: `linspace` from 1 to 1 has no 5 different numbers");
  CHECK(cost("{axis: a, linspace: [1, 1.000000000000001, 100]}") ==
        at + "43: `linspace` from 1 to 1.000000000000001 has no 100 different numbers");
  CHECK(cost("{axis: a, geomspace: [1, 1.000000000000001, 100]}") ==
        at + "44: `geomspace` from 1 to 1.000000000000001 has no 100 different numbers");
  CHECK(cost("{axis: a, geomspace: [0, 2, 3]}") ==
        at + "45: `geomspace` cannot reach 0; its ends are points, not exponents");
  CHECK(cost("{axis: a, geomspace: [-1, 2, 3]}") == at + "44: `geomspace` cannot cross 0");
  CHECK(cost("{axis: a, values: [1], linspace: [1, 2, 3]}") ==
        at + "46: an axis has one of values, linspace, geomspace, concat; here are `values` and `linspace`");
}

TEST_CASE("the pieces of a concat are checked") {
  const std::string at = "s.yaml:4:";
  CHECK(cost("{axis: a, concat: [{linspace: [1, 2, 3]}, {values: [4]}, [5]]}") == "");
  CHECK(cost("{axis: a, concat: 3}") ==
        at + "41: `concat` must be a list of pieces, as in [{linspace: [0, 1, 11]}, [2, 5]]");
  CHECK(cost("{axis: a, concat: [3]}") ==
        at + "42: a piece of `concat` must be a list of values, or a map with values, linspace or geomspace");
  CHECK(cost("{axis: a, concat: [{}]}") ==
        at + "42: a piece of `concat` must be a list of values, or a map with values, linspace or geomspace");
  CHECK(cost("{axis: a, concat: [[]]}") == at + "42: a piece of `concat` is empty");
  CHECK(cost("{axis: a, concat: [{concat: [[1]]}]}") == at + "43: `concat` cannot stand inside `concat`");
  CHECK(cost("{axis: a, concat: [{linspace: [1, 2, 3]}, {linspace: [2, 3, 3]}]}") ==
        at + "77: axis `a` has 2 twice; its values label the points");
  CHECK(cost("{axis: a, concat: [{linspace: [1, 2, 3e9]}, [1.5], [7]]}") ==
        at + "68: the pieces of the long axis `a` overlap at 1.5; its values label the points");
  const std::string most = "{linspace: [-1, 1, 4e15]}";
  CHECK(complaint(with(4, "  cost: {coefficient: 1}\n  outside_option: {axis: a, concat: [" + most + ", " + most +
                              ", " + most + "]}")) == "s.yaml:5:19: an axis has at most 2^53 values");
}

TEST_CASE("a shared axis has one definition, right for all that use it") {
  const auto two = [](const std::string& first, const std::string& second) {
    return complaint("haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: " + first +
                     "}}\nspecialists: [{revenue: {elasticity: 1}, cost: {coefficient: 1, exponent: " + second +
                     "}}]\n");
  };
  CHECK(two("{axis: a, values: [2, 3]}", "{axis: a, values: [2, 4]}") ==
        "s.yaml:4:75: axis `a` is defined differently in line 3; define it once and write {axis: a} here");
  CHECK(two("{axis: a, values: [0.5, 2]}", "{axis: a}") == "s.yaml:3:53: exponent = 0.5 must be >= 1");
  CHECK(two("{axis: cost_a}", "{axis: cost_b, values: [2]}") ==
        "s.yaml:3:41: axis `cost_a` is defined nowhere; one place must give its values, linspace, geomspace or concat; "
        "did you mean `cost_b`?");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: a, values: [1]}}") + "bargaining: {solution: {axis: a}}\n") ==
        "s.yaml:4:30: axis `a` cannot serve both generalist.cost.coefficient and bargaining.solution: words and "
        "numbers do not mix");
}

TEST_CASE("an axis' name is checked") {
  CHECK(cost("{axis: 2c, values: [1]}") ==
        "s.yaml:4:30: an axis cannot be named `2c`: a name is letters, digits and _, does not start with a digit, and "
        "is not longer than 64");
  CHECK(cost("{axis: c-0, values: [1]}").starts_with("s.yaml:4:30: an axis cannot be named `c-0`"));
  CHECK(cost("{axis: share, values: [1]}") ==
        "s.yaml:4:30: an axis cannot be named `share`: an output in the result file has that name");
  CHECK(cost("{axis: status, values: [1]}") ==
        "s.yaml:4:30: an axis cannot be named `status`: an output in the result file has that name");
  CHECK(cost("{axis: provenance, values: [1]}") ==
        "s.yaml:4:30: an axis cannot be named `provenance`: a group of the result file has that name");
  CHECK(cost("{axis: log, values: [1]}") == "s.yaml:4:30: an axis cannot be named `log`: expressions use that word");
  CHECK(cost("{axis: not, values: [1]}") == "s.yaml:4:30: an axis cannot be named `not`: expressions use that word");
  CHECK(cost("{axis: [a], values: [1]}") == "s.yaml:4:30: an axis' name must be a word");
  CHECK(cost("{axis: " + std::string(100, 'a') + ", values: [1]}").find(std::string(60, 'a') + "…`") !=
        std::string::npos);
}

TEST_CASE("a zip is checked") {
  const auto zip = [](const std::string& text) {
    return complaint(
        with(4, "  cost: {coefficient: {axis: c0, values: [1, 2]}, exponent: {axis: k0, values: [2, 3, 4]}}") +
        "bargaining: {weight: {axis: w, values: [0, 1]}}\nzip: " + text + "\n");
  };
  const std::string at = "s.yaml:9:";
  CHECK(zip("{pair: [c0, w]}") == "");
  CHECK(zip("[c0, w]") == at + "6: `zip` must be a map of names to lists of axes, as in {pair: [c0, c1]}");
  CHECK(zip("{pair: [c0]}") == at + "13: `zip` `pair` must list two axes or more, as in [c0, c1]");
  CHECK(zip("{pair: [c0, ww]}") == at + "18: no axis is named `ww`; did you mean `w`?");
  CHECK(zip("{pair: [c0, k0]}") == at + "18: zipped axes must be equally long: `k0` has 3 values, those before it 2");
  CHECK(zip("{pair: [c0, c0]}") == at + "18: axis `c0` is zipped twice");
  CHECK(zip("{c0: [c0, w]}") == at + "7: a zip cannot be named `c0`: an axis has that name");
  CHECK(zip("{share: [c0, w]}") == at + "7: a zip cannot be named `share`: an output in the result file has that name");
  CHECK(zip("{provenance: [c0, w]}") ==
        at + "7: a zip cannot be named `provenance`: a group of the result file has that name");
  CHECK(zip("{a b: [c0, w]}").starts_with(at + "7: a zip cannot be named `a b`: a name is letters"));
}

TEST_CASE("a grid beyond 2^63-1 points is refused") {
  CHECK(complaint(with(
            4,
            "  cost: {coefficient: {axis: a, linspace: [1, 2, 1e12]}, exponent: {axis: b, linspace: [2, 3, 1e12]}}")) ==
        "s.yaml: the grid has more than 2^63-1 points: shorten an axis, or zip some of them");
}

TEST_CASE("a derived number and `where` are checked as expressions") {
  const std::string axis = "  cost: {coefficient: {axis: c0, values: [1, 2]}, exponent: {from: ";
  const auto from = [&](const std::string& text) { return complaint(with(4, axis + text + "}}")); };
  const std::string at = "s.yaml:4:68: ";
  CHECK(from("\"2*c0\"") == "");
  CHECK(from("[1]") == at + "`from` must be an expression in quotes, as in \"2*c0\"");
  CHECK(from("\"\"") == at + "the expression is empty");
  CHECK(from("\"2*c1\"") == at + "no axis is named `c1`; did you mean `c0`?");
  CHECK(from("\"sqr(c0)\"") == at + "no axis is named `sqr`; did you mean `sqrt`?");
  CHECK(from("\"c0 = 2\"") == at + "a single `=` has no meaning here; write `==` to compare");
  CHECK(from("\"!c0\"") == at + "write `not` instead of `!`");
  CHECK(from("\"2c0\"") == at + "`2c0` is neither a number nor a name; write `*` to multiply");
  CHECK(from("\"1e999\"") == at + "`1e999` is outside the range of a double");
  CHECK(from("\"c0 % 2\"") == at + "the character `%` has no meaning in an expression");
  CHECK(from("\"c0 × 2\"") == at + "the character `×` has no meaning in an expression");
  CHECK(from("\"1 < c0 < 2\"") == at + "comparisons cannot be chained; join two of them, as in `0.1 < c0 and c0 < 1`");
  CHECK(from("\"c0 +\"") == at + "the expression ends too early");
  CHECK(from("\"(c0\"") == at + "a parenthesis is not closed");
  CHECK(from("\"c0)\"") == at + "a `)` has no `(`");
  CHECK(from("\"c0, 2\"") == at + "a `,` stands outside a function's parentheses");
  CHECK(from("\"c0 c0\"") == at + "the expression cannot be read from `c0` on");
  CHECK(from("\"c0 and not\"") == at + "the expression cannot be read");
  CHECK(from("\"min()\"") == at + "the function `min` needs more arguments");
  CHECK(from("\"sin(c0, 2)\"") == at + "the function `sin` has too many arguments");
  CHECK(from("\"c0 ? 1\"") == at + "a `?` has no `:`");
  CHECK(from("\"c0 : 1\"") == at + "a `:` has no `?`");
  CHECK(from("\"" + std::string(600, '(') + "\"") == at + "the expression is nested too deeply");
  CHECK(from("\"" + std::string(1200, '1') + "\"") == at + "the expression is longer than 1000 characters");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: c0, values: [1], from: \"2\"}}")) ==
        "s.yaml:4:23: coefficient is either derived, {from: \"2*c0\"}, or an axis, not both");
  CHECK(complaint(with(8, "where: c9 > 1")) == "s.yaml:8:8: no axis is named `c9`");
  CHECK(complaint(with(8, "bargaining: {solution: {axis: how, values: [nash]}}\nwhere: how > 1")) ==
        "s.yaml:9:8: axis `how` runs over words; an expression takes numbers");
}

TEST_CASE("`where` is a condition, and so is what `and`, `or`, `not` and `?` ask for") {
  const auto where = [](const std::string& text) {
    return complaint(with(4, "  cost: {coefficient: {axis: c0, values: [1, 2]}}") + "where: \"" + text + "\"\n");
  };
  const auto number = [](const std::string& what, const std::string& remedy) {
    return "s.yaml:8:8: `" + what + "` is a number, not a condition; write a comparison, as in `" + remedy + "`";
  };
  for (const std::string right :
       {"c0 > 1", "(c0 > 1)", "((c0 > 1) or c0 < 2)", "not c0 > 1", "not (c0 > 1 and c0 < 2)", "(c0 > 1) == (c0 > 2)",
        "c0 > 1 ? c0 > 2 : c0 < 3", "c0 > 1 ? c0 > 2 ? c0 > 3 : c0 > 4 : c0 < 3", "max(c0, 2) >= 1 && c0 != 0"}) {
    CAPTURE(right);
    CHECK(where(right) == "");
  }
  CHECK(where("c0") == number("c0", "c0 != 0"));
  CHECK(where("1") == number("1", "1 != 0"));
  CHECK(where("((c0))") == number("((c0))", "((c0)) > 0"));
  CHECK(where("c0 - 1") == number("c0 - 1", "c0 - 1 > 0"));
  CHECK(where("sqrt(c0 > 1)") == number("sqrt(c0 > 1)", "sqrt(c0 > 1) > 0"));
  CHECK(where("(c0 > 1) * (c0 < 2)") == number("(c0 > 1) * (c0 < 2)", "(c0 > 1) * (c0 < 2) > 0"));
  CHECK(where("c0 > 1 and c0") == number("c0", "c0 != 0"));
  CHECK(where("c0 || c0 > 1") == number("c0", "c0 != 0"));
  CHECK(where("not c0") == number("c0", "c0 != 0"));
  CHECK(where("max(1, not c0) > 0") == number("c0", "c0 != 0"));
  CHECK(where("c0 > 1 ? c0 : c0 > 2") == number("c0", "c0 != 0"));
  CHECK(where("(c0 ? 1 : 2) > 1") == number("c0", "c0 != 0"));
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: c0, values: [1, 2]}, exponent: {from: \"c0 ? 2 : 3\"}}")) ==
        "s.yaml:4:68: `c0` is a number, not a condition; write a comparison, as in `c0 != 0`");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: c0, values: [1, 2]}, exponent: {from: \"2 + (c0 > 1)\"}}")) ==
        "");
}
