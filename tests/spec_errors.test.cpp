// SPDX-License-Identifier: MIT
// Messages of the spec reader on keys, shapes, numbers and words, with their lines and columns.
#include "spec_complaints.hpp"

using complaints::check;
using complaints::complaint;
using complaints::cost;
using complaints::with;

namespace {

/// So many specialists that say nothing.
std::string many(int n) {
  std::string items = "{}";
  for (int i = 1; i < n; ++i) items += ",{}";
  return items;
}

}  // namespace

TEST_CASE("the base of these cases is right") { CHECK(complaint(with(8, "")) == ""); }

TEST_CASE("the head of a spec is checked") {
  const std::string keys = "haggle, title, game, zip, where, outputs, output, on_failure";
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
      " (known here: generalist, specialists, bargaining, pareto, all_specialists, haggle, title, game, zip, where, "
      "outputs, "
      "output, on_failure)";
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
       "s.yaml:8:10: unknown key `dtpye`; did you mean `dtype`? (known here: dtype, compression, checkpoint)"},
      {with(4, "  cost: {coefficient: {axis: c0, linspce: [1, 2, 3]}}"),
       "s.yaml:4:30: axis `c0` is defined nowhere; one place must give its values, linspace, geomspace or concat\n"
       "s.yaml:4:34: unknown key `linspce`; did you mean `linspace`? (known here: axis, from, values, linspace, "
       "geomspace, concat)"},
  });
}

TEST_CASE("what stands below a misspelt key is not called missing, and is checked as what it was meant for") {
  const std::string top =
      " (known here: generalist, specialists, bargaining, pareto, all_specialists, haggle, title, game, zip, where, "
      "outputs, "
      "output, on_failure)";
  check({
      {with(3, "generalst:"), "s.yaml:3:1: unknown key `generalst`; did you mean `generalist`?" + top},
      {with(5, "specialist:"), "s.yaml:5:1: unknown key `specialist`; did you mean `specialists`?" + top},
      {with(4, "  cost: {coeficient: -1}"),
       "s.yaml:4:10: unknown key `coeficient`; did you mean `coefficient`? (known here: linear, coefficient, exponent, "
       "fixed, family)\n"
       "s.yaml:4:22: coefficient = -1 must be >= 0"},
      {with(4, "  cost: {coeficient: 1, coefficent: 2}"),
       "s.yaml:4:10: unknown key `coeficient`; did you mean `coefficient`? (known here: linear, coefficient, exponent, "
       "fixed, family)\n"
       "s.yaml:4:25: unknown key `coefficent`; did you mean `coefficient`? (known here: linear, coefficient, exponent, "
       "fixed, family)"},
      {with(1, "hagle: 1"), "s.yaml:1:1: unknown key `hagle`; did you mean `haggle`?" + top},
      {with(2, "gmae: fine_tuning"), "s.yaml:2:1: unknown key `gmae`; did you mean `game`?" + top},
      {with(2, "gmae: chess"),
       "s.yaml:2:1: unknown key `gmae`; did you mean `game`?\n"
       "s.yaml:2:7: no game is named `chess` (one of fine_tuning)"},
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
       "s.yaml:4:1: unknown key `other` (known here: generalist, specialists, bargaining, pareto, all_specialists, "
       "haggle, "
       "title, game, zip, where, outputs, output, on_failure)"},
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
       "s.yaml:3:13: `generalist` must be a map of cost, outside_option\n"
       "s.yaml:4:1: `bargaining` has no value; it has the keys solution, weight, share, contract"},
      {"haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nspecialists: []\n",
       "s.yaml:4:14: `specialists` is empty; it lists one or more"},
      {"haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nall_specialists: {cost: {coefficient: 1}, "
       "revenue: {elasticity: 1}}\nspecialists: [" +
           many(66) + "]\n",
       "s.yaml:5:207: the game fine_tuning has at most 64 specialists; 66 given"},
      {"haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nspecialists: {name: A}\n",
       "s.yaml:4:14: `specialists` must be a list; begin the first line of each entry with `- `"},
      {with(6, "  - name: [a]\n    revenue: {elasticity: 1}"),
       "s.yaml:6:11: name takes one word and cannot be an axis"},
      {with(6, "  - name:\n    revenue: {elasticity: 1}"), "s.yaml:6:5: name has no value"},
      {with(6, "  - revenue: {elasticity: 1, family: isoelstic}"),
       "s.yaml:6:38: family cannot be `isoelstic`; did you mean `isoelastic`? (one of isoelastic, "
       "logarithmic, exponential_saturation, hill, expression)"},
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

TEST_CASE("outputs and their format are checked") {
  const std::string known =
      " (known: status, share, base_performance, performance, generalist_utility, specialist_utility, surplus, "
      "revenue, generalist_regime, specialist_regime, residual, first_best_surplus, efficiency, profit_sharing, "
      "pareto_efficient, investment, utility, regime)";
  check({
      {with(8, "outputs: [shares]"), "s.yaml:8:11: no output is named `shares`; did you mean `share`?" + known},
      {with(8, "outputs: [[share]]"), "s.yaml:8:11: an output is a name" + known},
      {with(8, "outputs: [share, share]"), "s.yaml:8:18: the output `share` is listed twice"},
      {with(8, "outputs: share"), "s.yaml:8:10: `outputs` must be a list of names, as in [share, surplus]"},
      {with(8, "outputs: []"), "s.yaml:8:10: `outputs` must be a list of names, as in [share, surplus]"},
      {with(8, "output: share"),
       "s.yaml:8:9: `output` must be a map with dtype, compression or checkpoint; the list of results is `outputs`"},
      {with(8, "output: {dtype: int8}"), "s.yaml:8:17: dtype must be float64 or float32"},
      {with(8, "output: {compression: 10}"), "s.yaml:8:23: compression must be a whole number, 0 (none) … 9"},
      {with(8, "output: {checkpoint: never}"), "s.yaml:8:22: checkpoint must be auto, on or off"},
      {with(8, "on_failure: panic"),
       "s.yaml:8:13: on_failure must be record (the default: note it and go on) or abort"},
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
    CHECK(found[0].text() == "dir/s.yaml:4:23: coefficient = -1 must be >= 0");
  }
}

TEST_CASE("an elasticity above the cost exponents is no error of the spec: the game says so itself") {
  CHECK(complaint(with(6, "  - revenue: {elasticity: 5}")) == "");
}
