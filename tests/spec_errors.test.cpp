// SPDX-License-Identifier: MIT
// Every message of the spec reader, with its line and column.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "haggle/sweep/spec.hpp"

namespace {

const std::vector<std::string> base{"haggle: 1",                     //
                                    "game: fine_tuning",             //
                                    "generalist:",                   //
                                    "  cost: {coefficient: 1}",      //
                                    "specialists:",                  //
                                    "  - revenue: {elasticity: 1}",  //
                                    "    cost: {coefficient: 1}"};   //

/// The base with its n-th line (from 1) replaced; line 8 is appended.
std::string with(std::size_t line, const std::string& text) {
  std::string spec;
  for (std::size_t i = 1; i <= base.size(); ++i) spec += (i == line ? text : base[i - 1]) + "\n";
  return line > base.size() ? spec + text + "\n" : spec;
}

/// All messages, one a line; empty when the spec is right.
std::string complaint(const std::string& spec, const std::vector<haggle::Override>& overrides = {}) {
  try {
    haggle::read_spec(spec, "s.yaml", overrides);
  } catch (const haggle::SpecError& error) {
    return error.what();
  }
  return "";
}

/// A generalist's cost coefficient in line 4 that starts at column 23.
std::string cost(const std::string& value) { return complaint(with(4, "  cost: {coefficient: " + value + "}")); }

struct Case {
  std::string spec, message;
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CAPTURE(c.spec);
    CHECK(complaint(c.spec) == c.message);
  }
}

}  // namespace

TEST_CASE("the base of these cases is right") { CHECK(complaint(with(8, "")) == ""); }

TEST_CASE("the head of a spec is checked") {
  const std::string keys = "haggle, title, game, zip, where, outputs, output";
  check({
      {"", "s.yaml: the spec is empty"},
      {"# only a comment\n", "s.yaml: the spec is empty"},
      {"- a\n", "s.yaml:1:1: a spec is a map of keys: " + keys},
      {"hello", "s.yaml:1:1: a spec is a map of keys: " + keys},
      {with(1, ""), "s.yaml:2:1: `haggle: 1` is missing: the version of the spec's language"},
      {with(1, "haggle: 2"), "s.yaml:1:9: this engine reads specs of version 1, not `2`"},
      {with(1, "haggle: [1]"), "s.yaml:1:9: this engine reads specs of version 1"},
      {with(2, ""), "s.yaml:1:1: `game` is missing: one of fine_tuning"},
      {with(2, "game: fine_tunning"),
       "s.yaml:2:7: no game is named `fine_tunning`; did you mean `fine_tuning`? (one of fine_tuning)"},
      {with(2, "game: chess"), "s.yaml:2:7: no game is named `chess` (one of fine_tuning)"},
      {with(2, "game: [a]"), "s.yaml:2:7: `game` must be text; put it in quotes"},
      {with(8, "title: a: b"), "s.yaml:8:9: not valid YAML: illegal map value"},
      {with(8, "title: {a: b}"), "s.yaml:8:8: `title` must be text; put it in quotes"},
      {with(8, "where:"), "s.yaml:8:1: `where` has no value"},
      {with(8, "where: ' '"), "s.yaml:8:8: `where` is empty"},
  });
}

TEST_CASE("an unknown key names the nearest right one, or the place where it belongs") {
  const std::string top =
      " (known here: generalist, specialists, bargaining, haggle, title, game, zip, where, outputs, output)";
  check({
      {with(8, "bargainning: {weight: 1}"), "s.yaml:8:1: unknown key `bargainning`; did you mean `bargaining`?" + top},
      {with(8, "ouputs: [share]"), "s.yaml:8:1: unknown key `ouputs`; did you mean `outputs`?" + top},
      {with(8, "elasticity: 1"),
       "s.yaml:8:1: unknown key `elasticity`; did you mean `specialists[].revenue.elasticity`?" + top},
      {with(8, "contract: uniform"), "s.yaml:8:1: unknown key `contract`; did you mean `bargaining.contract`?" + top},
      {with(8, "zzzzzz: 1"), "s.yaml:8:1: unknown key `zzzzzz`" + top},
      {with(6, "  - revenue: {elasticity: 1, scael: 2}"),
       "s.yaml:6:30: unknown key `scael`; did you mean `scale`? (known here: scale, elasticity, family)"},
      {with(8, "output: {dtpye: float32}"),
       "s.yaml:8:10: unknown key `dtpye`; did you mean `dtype`? (known here: dtype, compression)"},
      {with(4, "  cost: {coefficient: {axis: c0, linspce: [1, 2, 3]}}"),
       "s.yaml:4:30: axis `c0` is defined nowhere; one place must give its values, linspace, geomspace or concat\n"
       "s.yaml:4:34: unknown key `linspce`; did you mean `linspace`? (known here: axis, from, values, linspace, "
       "geomspace, concat)"},
  });
}

TEST_CASE("a repeated key is found, and its first place named") {
  check({
      {with(4, "  cost: {coefficient: 1, coefficient: 2}"),
       "s.yaml:4:26: the key `coefficient` is given twice; the first is in line 4"},
      {with(8, "game: fine_tuning"), "s.yaml:8:1: the key `game` is given twice; the first is in line 2"},
  });
}

TEST_CASE("a required number that is missing is named by its path") {
  check({
      {with(4, "  outside_option: 0"),
       "s.yaml:4:3: `generalist.cost.coefficient` is missing: the generalist's cost coefficient, φ₀(α₀) = c₀ α₀^k₀"},
      {with(6, "  - outside_option: 0"),
       "s.yaml:6:5: `specialists[0].revenue.elasticity` is missing: revenue elasticity, r(α) = R α^ε"},
      {with(3, "generalist: {}\nother:"),
       "s.yaml:3:13: `generalist.cost.coefficient` is missing: the generalist's cost coefficient, φ₀(α₀) = c₀ α₀^k₀\n"
       "s.yaml:4:1: unknown key `other` (known here: generalist, specialists, bargaining, haggle, title, game, zip, "
       "where, outputs, output)"},
      {with(8, "bargaining: {solution: fixed}"),
       "s.yaml:8:24: `bargaining.share` must be given when solution may be `fixed`: the generalist's revenue share "
       "under solution `fixed`"},
      {with(8, "bargaining: {solution: {axis: how, values: [nash, fixed]}}"),
       "s.yaml:8:24: `bargaining.share` must be given when solution may be `fixed`: the generalist's revenue share "
       "under solution `fixed`"},
  });
}

TEST_CASE("the shape of a spec is checked") {
  check({
      {"haggle: 1\ngame: fine_tuning\ngeneralist: 3\nbargaining:\nspecialists: [{revenue: {elasticity: 1}, cost: "
       "{coefficient: 1}}]\n",
       "s.yaml:3:13: `generalist` must have the keys cost, outside_option\n"
       "s.yaml:4:1: `bargaining` has no value; it has the keys solution, weight, share, contract"},
      {"haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nspecialists: []\n",
       "s.yaml:4:14: the game fine_tuning solves games with one specialist; 0 given"},
      {"haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nspecialists: [{name: A}, {name: B}]\n",
       "s.yaml:4:14: the game fine_tuning solves games with one specialist; 2 given"},
      {"haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nspecialists: {name: A}\n",
       "s.yaml:4:14: `specialists` must be a list of one specialist; begin its first line with `- `"},
      {with(6, "  - name: [a]\n    revenue: {elasticity: 1}"),
       "s.yaml:6:11: name takes one word and cannot be an axis"},
      {with(6, "  - name:\n    revenue: {elasticity: 1}"), "s.yaml:6:5: name has no value"},
      {with(6, "  - revenue: {elasticity: 1, family: isoelstic}"),
       "s.yaml:6:38: family cannot be `isoelstic`; did you mean `isoelastic`? (one of isoelastic)"},
  });
}

TEST_CASE("a number must be a finite number in its domain") {
  CHECK(complaint(with(6, "  - revenue: {elasticity: -0.2}")) == "s.yaml:6:27: elasticity = -0.2 must be > 0");
  CHECK(complaint(with(8, "bargaining: {weight: 1.5}")) == "s.yaml:8:22: weight = 1.5 must be in [0, 1]");
  CHECK(cost("two") == "s.yaml:4:23: coefficient must be a number, not `two`");
  CHECK(cost("true") == "s.yaml:4:23: coefficient must be a number, not `true`");
  CHECK(cost("0x10") == "s.yaml:4:23: coefficient must be a number, not `0x10`");
  CHECK(cost("1_000") == "s.yaml:4:23: coefficient must be a number, not `1_000`");
  CHECK(cost("\"2\"") == "s.yaml:4:23: coefficient must be a number; take away the quotes");
  CHECK(cost(".nan") == "s.yaml:4:23: coefficient must be finite, not `.nan`");
  CHECK(cost("-.inf") == "s.yaml:4:23: coefficient must be finite, not `-.inf`");
  CHECK(cost("nan") == "s.yaml:4:23: coefficient must be finite, not `nan`");
  CHECK(cost("1e999") == "s.yaml:4:23: coefficient `1e999` is outside the range of a double");
  CHECK(cost("~") == "s.yaml:4:10: coefficient has no value");
  CHECK(cost("[1, 2]") ==
        "s.yaml:4:23: coefficient cannot be a bare list; name an axis, as in {axis: coefficient, values: [1, 2]}");
  CHECK(cost("{linspace: [1, 2, 3]}") ==
        "s.yaml:4:23: coefficient must be a number, {axis: NAME, …} or {from: \"…\"}; an axis needs a name");
  CHECK(cost("+2e-1") == "");
}

TEST_CASE("a word must be one that the game knows") {
  const std::string all =
      " (one of fixed, nash, kalai_smorodinsky, egalitarian, utilitarian, powerful_generalist, powerful_specialist, "
      "max_performance)";
  check({
      {with(8, "bargaining: {solution: nsh}"), "s.yaml:8:24: solution cannot be `nsh`; did you mean `nash`?" + all},
      {with(8, "bargaining: {solution: kalai}"),
       "s.yaml:8:24: solution cannot be `kalai`; did you mean `kalai_smorodinsky`?" + all},
      {with(8, "bargaining: {solution: {axis: how, values: [nash, egaliterian]}}"),
       "s.yaml:8:51: solution cannot be `egaliterian`; did you mean `egalitarian`?" + all},
      {with(8, "bargaining: {solution: {axis: how, values: [[nash]]}}"),
       "s.yaml:8:45: solution cannot be a list or a map" + all},
      {with(8, "bargaining: {solution: {axis: how, linspace: [0, 1, 2]}}"),
       "s.yaml:8:46: solution takes words, not numbers; give them as values: [fixed, …]"},
      {with(8, "bargaining: {solution: {axis: how, values: [nash, nash]}}"),
       "s.yaml:8:51: axis `how` has `nash` twice; its values label the points"},
      {with(8, "bargaining: {solution: [nash]}"),
       "s.yaml:8:24: solution cannot be a bare list; name an axis, as in {axis: solution, values: [fixed]}"},
      {with(8, "bargaining: {solution: {from: \"1\"}}"), "s.yaml:8:31: solution is a word and cannot be derived"},
  });
}

TEST_CASE("an axis' definition is checked value by value") {
  const std::string at = "s.yaml:4:";
  CHECK(cost("{axis: a, values: [1, -2, 0]}") ==
        at + "45: coefficient = -2 must be > 0\n" + at + "49: coefficient = 0 must be > 0");
  CHECK(cost("{axis: a, linspace: [-1, 1, 3]}") == at + "44: coefficient = -1 must be > 0");
  CHECK(cost("{axis: a, linspace: [1, -1, 3]}") == at + "47: coefficient = -1 must be > 0");
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
  CHECK(two("{axis: a, values: [0.5, 2]}", "{axis: a}") == "s.yaml:3:53: exponent = 0.5 must be > 1");
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
  CHECK(cost("{axis: log, values: [1]}") == "s.yaml:4:30: an axis cannot be named `log`: expressions use that word");
  CHECK(cost("{axis: not, values: [1]}") == "s.yaml:4:30: an axis cannot be named `not`: expressions use that word");
  CHECK(cost("{axis: [a], values: [1]}") == "s.yaml:4:30: an axis' name must be a word");
  CHECK(cost("{axis: " + std::string(100, 'a') + ", values: [1]}").find(std::string(60, 'a') + "…`") !=
        std::string::npos);
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
  CHECK(zip("{a b: [c0, w]}").starts_with(at + "7: a zip cannot be named `a b`: a name is letters"));
}

TEST_CASE("outputs and their format are checked") {
  const std::string known =
      " (known: status, share, base_performance, performance, generalist_utility, specialist_utility, surplus, "
      "revenue, "
      "generalist_regime, specialist_regime, residual, investment, utility, regime)";
  check({
      {with(8, "outputs: [shares]"), "s.yaml:8:11: no output is named `shares`; did you mean `share`?" + known},
      {with(8, "outputs: [[share]]"), "s.yaml:8:11: an output is a name" + known},
      {with(8, "outputs: [share, share]"), "s.yaml:8:18: the output `share` is listed twice"},
      {with(8, "outputs: share"), "s.yaml:8:10: `outputs` must be a list of names, as in [share, surplus]"},
      {with(8, "outputs: []"), "s.yaml:8:10: `outputs` must be a list of names, as in [share, surplus]"},
      {with(8, "output: share"),
       "s.yaml:8:9: `output` must be a map with dtype or compression; the list of results is `outputs`"},
      {with(8, "output: {dtype: int8}"), "s.yaml:8:17: dtype must be float64 or float32"},
      {with(8, "output: {compression: 10}"), "s.yaml:8:23: compression must be a whole number, 0 (none) … 9"},
  });
}

TEST_CASE("what YAML has beyond plain keys is refused with a reason") {
  std::string nested;
  for (int level = 0; level < 40; ++level) nested += "{a: ";
  nested += "1" + std::string(40, '}');
  const std::string aliases =
      "YAML anchors and aliases are not used in a spec; let both places name the same axis instead";
  check({
      {with(4, "  cost: {coefficient: !axis 1}"),
       "s.yaml:4:23: YAML tags (`!axis`) are not used in a spec; write plain values"},
      {with(4, "  cost: !!map {coefficient: 1}"),
       "s.yaml:4:9: YAML tags (`tag:yaml.org,2002:map`) are not used in a spec; write plain values"},
      {with(4, "  cost: &a {coefficient: 1}"), "s.yaml:4:9: " + aliases},
      {with(4, "  <<: {coefficient: 1}\n  cost: {coefficient: 1}"),
       "s.yaml:4:3: YAML merge keys (`<<`) are not used in a spec; write the keys out"},
      {with(4, "  [a, b]: 1\n  cost: {coefficient: 1}"), "s.yaml:4:3: a key must be a word"},
      {with(8, "---\na: 1"), "s.yaml:8:1: a spec is one YAML document; a second one starts here"},
      {with(4, "  cost: {coefficient: 1"), "s.yaml:5:12: not valid YAML: end of map flow not found"},
      {with(4, "\tcost: 1"), "s.yaml:4:6: not valid YAML: the line is indented by a tab; use spaces"},
      {with(8, "title: \"a\\0b\""), "s.yaml:8:8: a value has a control character in it"},
      {with(8,
            "title: a\x01"
            "b"),
       "s.yaml:8:9: not text in UTF-8: a control character or an invalid byte stands here"},
      {with(8, "title: a\xC3"), "s.yaml:8:9: not text in UTF-8: a control character or an invalid byte stands here"},
      {with(8, "title: \xED\xA0\x80"),
       "s.yaml:8:8: not text in UTF-8: a control character or an invalid byte stands here"},
      {nested, "s.yaml:1:129: nested more than 32 levels deep"},
      {std::string((16 << 20) + 1, ' '),
       "s.yaml: the spec is longer than 16 MiB; use linspace, geomspace or concat for long axes"},
  });
}

TEST_CASE("a grid beyond 2^63-1 points is refused") {
  CHECK(complaint(with(
            4,
            "  cost: {coefficient: {axis: a, linspace: [1, 2, 1e12]}, exponent: {axis: b, linspace: [2, 3, 1e12]}}")) ==
        "s.yaml: the grid has more than 2^63-1 points: shorten an axis, or zip some of them");
}

TEST_CASE("an error in a --set names it") {
  const auto set = [](const std::string& path, const std::string& value) {
    return complaint(with(8, ""), {{path, value}});
  };
  CHECK(set("generalist.cost.coefficient", "-1") ==
        "--set generalist.cost.coefficient=-1: coefficient = -1 must be > 0");
  CHECK(set("generalist.cost.coeficient", "1") ==
        "--set generalist.cost.coeficient=1: unknown key `coeficient`; did you mean `coefficient`? (known here: "
        "coefficient, exponent)");
  CHECK(set("specialists[2].name", "1") == "--set specialists[2].name=1: `specialists` has 1 entries; the next is [1]");
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
        "--set c0=[1, -1]: coefficient = -1 must be > 0");
}

TEST_CASE("redefining an axis takes away what a wrong spec put below it") {
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: a, linspace: {x: {axis: a, values: [1, 2]}}}}"),
                  {{"a", "5"}}) == "");
  CHECK(complaint(with(4, "  cost: {coefficient: {axis: a, values: [1]}}"),
                  {{"a", "{linspace: {coefficient: {axis: a, values: [1, 2]}}}"},
                   {"a", "{linspace: [{axis: a, values: [1, 2]}, 2, 3]}"},
                   {"a", "[4, 5]"}}) == "");
}

TEST_CASE("all errors are reported at once, in the order of the file, each with its place") {
  const std::string spec = with(4, "  cost: {coefficient: -1, exponnt: 3}") + "where: zz > 1\noutputs: [shre]\n";
  try {
    haggle::read_spec(spec, "dir/s.yaml", {{"bargaining.weight", "7"}});
    FAIL("the spec was taken");
  } catch (const haggle::SpecError& error) {
    const auto& found = error.diagnostics();
    REQUIRE(found.size() == 5);
    const std::vector<std::pair<int, int>> places{{4, 23}, {4, 27}, {8, 8}, {9, 11}, {0, 0}};
    for (std::size_t i = 0; i < places.size(); ++i) {
      CHECK(found[i].line == places[i].first);
      CHECK(found[i].column == places[i].second);
      CHECK(found[i].file == (i < 4 ? "dir/s.yaml" : "--set bargaining.weight=7"));
    }
    CHECK(found[0].text() == "dir/s.yaml:4:23: coefficient = -1 must be > 0");
  }
}

TEST_CASE("an elasticity above the cost exponents is no error of the spec: the game says so itself") {
  CHECK(complaint(with(6, "  - revenue: {elasticity: 5}")) == "");
}
