// SPDX-License-Identifier: MIT
// Messages of the spec reader on the general fine-tuning game, with their lines and columns.
#include "spec_complaints.hpp"

using complaints::complaint;
using complaints::with;

namespace {

/// Line 4 holds what all share, line 6 the first specialist of two, line 8 what follows.
std::string two(const std::string& all, const std::string& first, const std::string& rest = "") {
  return "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nall_specialists: " + all +
         "\nspecialists:\n  - " + first + "\n  - {name: B}\n" + rest;
}
const std::string shared = "{revenue: {elasticity: 1}, cost: {coefficient: 1}}";

/// The revenue, from line 6, column 14, of the only specialist.
std::string revenue(const std::string& text) { return complaint(with(6, "  - revenue: " + text)); }
std::string expression(const std::string& text, const std::string& numbers = "{a: 2}") {
  return revenue("{family: expression, numbers: " + numbers + ", expression: \"" + text + "\"}");
}
std::string cost_expression(const std::string& text) {
  return complaint(with(4, "  cost: {family: expression, expression: \"" + text + "\", numbers: {a: 2}}"));
}

}  // namespace

TEST_CASE("the bases of these cases are right") {
  CHECK(complaint(two(shared, "{name: A}")) == "");
  CHECK(expression("a*ln(1 + performance)") == "");
  CHECK(cost_expression("exp(a*investment) - 1") == "");
}

TEST_CASE("an error in one of several specialists names it; one in what they share is said once") {
  CHECK(complaint(two(shared, "{cost: {exponent: 0.5}}")) ==
        "s.yaml:6:23: specialists[0].cost.exponent = 0.5 must be >= 1");
  CHECK(complaint(two(shared, "{cost: {exponent: two}, name: [A]}")) ==
        "s.yaml:6:23: specialists[0].cost.exponent must be a number, not `two`\n"
        "s.yaml:6:35: specialists[0].name takes one word and cannot be an axis");
  CHECK(complaint(two(shared, "{cost: {exponent: [2, 3]}}")) ==
        "s.yaml:6:23: specialists[0].cost.exponent cannot be a bare list; name an axis, as in {axis: exponent, values: "
        "[1, 2]}");
  CHECK(complaint(two("{revenue: {elasticity: -1}, cost: {coefficient: 1}}", "{}")) ==
        "s.yaml:4:41: all_specialists.revenue.elasticity = -1 must be > 0");
  CHECK(complaint(two("{revenue: {elasticity: 1}, cost: {coefficient: {axis: c, values: [1, -1]}}}", "{}")) ==
        "s.yaml:4:87: coefficient = -1 must be >= 0");
  CHECK(complaint(two("{revenue: {elasticity: 1}, cost: {coefficent: 1}}", "{}")) ==
        "s.yaml:4:52: unknown key `coefficent`; did you mean `coefficient`? (known here: linear, coefficient, "
        "exponent, fixed, family)");
  CHECK(complaint(two(shared, "{cost: {lineer: 1}}")) ==
        "s.yaml:6:13: unknown key `lineer`; did you mean `linear`? (known here: linear, coefficient, exponent, fixed, "
        "family)");
  CHECK(complaint(two("{revenue: {elasticity: 1, steepness: 2}, cost: {coefficient: 1}}", "{}")) ==
        "s.yaml:4:44: unknown key `steepness` (known here: scale, elasticity, family)");
  CHECK(complaint(two("{revenue: {elasticity: 1, steepness: 2}, cost: {coefficient: 1}}",
                      "{revenue: {family: hill}}")) == "");
  CHECK(complaint(two("3", "{}")).starts_with("s.yaml:4:18: `all_specialists` must be a map of what they share\n"));
  CHECK(complaint(two("{revenue: {}, cost: {coefficient: 1}}", "{}")) ==
        "s.yaml:4:28: `specialists[0].revenue.elasticity` is missing: D1's revenue elasticity, r₁(α) = R α^ε\n"
        "s.yaml:4:28: `specialists[1].revenue.elasticity` is missing: B's revenue elasticity, r₂(α) = R α^ε");
}

TEST_CASE("what all share needs a list of those who share it; rows that a key asks for are known without it") {
  CHECK(complaint("haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nall_specialists: " + shared +
                  "\n") ==
        "s.yaml:1:1: `specialists` is missing: a list with an entry for each, which may be empty, as in [{}, {}]");
  CHECK(complaint(with(8, "paretto: {}")).starts_with("s.yaml:8:1: unknown key `paretto`; did you mean `pareto`?"));
  CHECK(complaint(with(8, "outputs: [pareto_components]")) ==
        "s.yaml:8:11: the output `pareto_components` is there when another key of the spec asks for it: see `haggle "
        "games fine_tuning`");
}

TEST_CASE("specialists have names of their own, and `all` is none") {
  CHECK(complaint(two(shared, "{name: B}")) == "s.yaml:7:12: two specialists are named `B`");
  CHECK(complaint(two(shared, "{name: all}")) ==
        "s.yaml:6:12: no specialist can be named `all`: that means all of them");
  CHECK(complaint(two(shared, "{name: ''}")) == "s.yaml:6:12: specialists[0].name is empty");
  CHECK(complaint(two(shared, "{}", "bargaining: {specialist: C}\n")) ==
        "s.yaml:8:26: specialist cannot be `C` (one of all, D1, B)");
}

TEST_CASE("contracts, weights and the Pareto set are checked") {
  CHECK(complaint(two(shared, "{}", "bargaining: {contract: per_domain, solution: fixed}\n")) ==
        "s.yaml:8:46: `specialists[0].share` must be given when solution may be `fixed`: the generalist's share of "
        "D1's revenue under solution `fixed`\n"
        "s.yaml:8:46: `specialists[1].share` must be given when solution may be `fixed`: the generalist's share of B's "
        "revenue under solution `fixed`");
  CHECK(complaint(two(shared, "{}", "bargaining: {contract: per_domain, share: 1}\n")) ==
        "s.yaml:8:36: unknown key `share`; did you mean `specialists[0].share`? (known here: solution, weight, "
        "contract, specialist)");
  CHECK(complaint("haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\nall_specialists: " + shared +
                  "\nspecialists: [{},{},{},{},{},{},{},{},{}]\nbargaining: {contract: per_domain}\n") ==
        "s.yaml:6:24: contract per_domain has at most 8 specialists; 9 given");
  CHECK(complaint(two("{bargaining_weight: 0, revenue: {elasticity: 1}, cost: {coefficient: 1}}", "{}")) ==
        "s.yaml:4:38: every specialist's bargaining_weight is 0; one must be > 0");
  CHECK(complaint(two(shared, "{}", "pareto: {components: 0, frontier: 1.5, points: 3}\n")) ==
        "s.yaml:8:22: components must be a whole number, 1 … 64\n"
        "s.yaml:8:35: frontier must be a whole number, 2 … 1024\n"
        "s.yaml:8:40: unknown key `points` (known here: components, frontier)");
  CHECK(complaint(two(shared, "{}", "pareto: {frontier: {axis: f, values: [2]}}\n")) ==
        "s.yaml:8:20: frontier takes one word and cannot be an axis");
  CHECK(complaint(two(shared, "{}", "bargaining: {weight: {axis: specialist, values: [0, 1]}}\n")) ==
        "s.yaml:8:29: an axis cannot be named `specialist`: a dimension of the game's outputs has that name");
}

TEST_CASE("of a family that is none, the keys beside it are read as what they are meant for") {
  CHECK(revenue("{family: hil, steepness: 2}") ==
        "s.yaml:6:23: family cannot be `hil`; did you mean `hill`? (one of isoelastic, logarithmic, "
        "exponential_saturation, hill, expression)");
  CHECK(revenue("{family: hill, elasticity: 2, steepness: 1}") ==
        "s.yaml:6:29: `elasticity` is a key here only beside other values of the spec: see `haggle games fine_tuning` "
        "(known here: scale, reference, steepness, family)");
  CHECK(revenue("{family: hill}") ==
        "s.yaml:6:14: `specialists[0].revenue.steepness` is missing: the specialist's exponent; above 1 revenue is "
        "S-shaped, r(α) = R α^η/(h^η + α^η)");
}

TEST_CASE("an expression must be one, over its numbers") {
  const std::string at = "s.yaml:6:64: ";
  CHECK(revenue("{family: expression}") ==
        "s.yaml:6:14: `specialists[0].revenue.expression` is missing: the specialist's revenue as an expression in "
        "`performance`");
  CHECK(expression("a*(performance").starts_with(at));
  CHECK(expression("a*ln(1 + perfomance)").starts_with(at));
  CHECK(expression("a*ln(1 + perfomance)").find("did you mean `performance`?") != std::string::npos);
  CHECK(expression("b*performance", "{b: 1, c: 2}") == "s.yaml:6:51: unknown key `c` (known here: b)");
  CHECK(expression("b*performance") ==
        "s.yaml:6:35: unknown key `numbers` (known here: family, expression)\n" + at +
            "unknown name `b`; there are performance, exp, ln, log, log10, log2, sqrt, tanh");
  CHECK(expression("a*performance", "{a: x}") == "s.yaml:6:48: a must be a number, not `x`");
  CHECK(expression("a*b*c*d*e*f*g*h*i*performance", "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1}")
            .find("an expression has at most 8 numbers") != std::string::npos);
}

TEST_CASE("a fall is seen though slopes are positive before and after it, a pole however narrow it is") {
  const std::string at = "s.yaml:6:64: ";
  for (const std::string pole :
       {"performance/(3 - performance)", "ln(performance + 1)/(3 - performance)", "1e-9*performance/(3 - performance)",
        "performance*(3 - performance)^(-1)", "performance*(3 - performance)^(-3)",
        "performance + 1e-6*performance/(3 - performance)", "performance + tanh(1/(3 - performance)) - tanh(1/3)"}) {
    CAPTURE(pole);
    CHECK(expression(pole + " + 0*a") == at + "revenue has a pole or a jump at performance 3");
  }
  CHECK(expression("performance - tanh(1e6*(performance - 3)) + tanh(-3e6) + 0*a") ==
        at + "revenue falls, from 2.81838 at performance 2.81838 to 1.16228 at 3.16228");
  CHECK(expression("tanh(performance) - 1e-7*performance + 0*a").starts_with(at + "revenue falls, from "));
  CHECK(cost_expression("investment/(a - investment)") == "s.yaml:4:42: cost has a pole or a jump at investment 2");
}

TEST_CASE("an expression whose numbers are constants must be a revenue or a cost") {
  const std::string at = "s.yaml:6:64: ";
  for (const std::string right :
       {"a*performance^0.01", "a*sqrt(performance)", "a*(1 - exp(-performance))", "a*performance*ln(1 + 1/performance)",
        "a/(1 + exp(-performance)) - a/2", "exp(a*performance) - 1", "performance^6/(a + performance^6)",
        "sqrt(a*performance^2 + 1e12) - 1e6", "tanh(performance/a)", "0.1*performance + 0.2*performance",
        "1e8*(1 + performance) - 1e8", "(performance^2 - 9)/(performance - 3) - 3",
        "ln(4)/3 - (ln(1 + performance) - ln(4))/(performance - 3)",
        "a*(1/(1 + exp(3 - performance)) - 1/(1 + exp(3)))", "performance - tanh(performance)",
        "(sqrt(1 + 4*a*performance) - 1)/2", "1 - 1/(1 + performance^8)"}) {
    CAPTURE(right);
    CHECK(expression(right + " + 0*a") == "");
  }
  CHECK(expression("a + performance") == at + "revenue is 2 at performance 0, not 0");
  CHECK(expression("a*ln(performance)") == at + "revenue is -1381.55 at performance 1e-300, not 0");
  CHECK(expression("a*performance/(1 - performance)") == at + "revenue is not finite at performance 1");
  CHECK(expression("a*performance - performance^2") ==
        at + "revenue falls, from 1 at performance 1 to 0.985111 at 1.12202");
  CHECK(expression("a*performance - performance^2", "{a: {axis: a, values: [1, 2]}}") == "");
  CHECK(expression("-a*performance").starts_with(at + "revenue falls, from -2e-09 at performance 1e-09"));
  CHECK(expression("sqrt(performance - a)").starts_with(at + "revenue is not finite at performance"));
  CHECK(cost_expression("a + investment") ==
        "s.yaml:4:42: cost is 2 at investment 0, not 0; what taking part costs is `fixed`");
  CHECK(cost_expression("a*investment - investment^1.5").starts_with("s.yaml:4:42: cost falls, from "));
}
