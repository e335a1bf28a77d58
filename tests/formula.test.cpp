// SPDX-License-Identifier: MIT
#include "jet_checks.hpp"
// first: it says what a long double does
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "haggle/core/twin.hpp"
#include "haggle/model/families.hpp"
#include "power_law_games.hpp"
#include "sweep/expression.hpp"
#if defined(__SSE2__)
#include "haggle/core/pack.hpp"
#endif

using namespace haggle;
using haggle::test::check_derivatives;
using haggle::test::check_same;
using haggle::test::effort;
using haggle::test::Random;
using haggle::test::same;

namespace {

constexpr std::array<std::string_view, 3> names{"a", "b", "c"};

Formula formula(const std::string& text) {
  auto read = Formula::parse(text, "x", names);
  if (const auto* wrong = std::get_if<std::string>(&read)) FAIL(text << ": " << *wrong);
  return std::get<Formula>(read);
}
std::string error(std::string_view text) {
  const auto read = Formula::parse(text, "x", names);
  const auto* wrong = std::get_if<std::string>(&read);
  return wrong == nullptr ? "" : *wrong;
}

/// muParser's value, with the same names; NaN where it can't read the text (it takes no `--x`).
double by_parser(const std::string& text, double x, const std::array<double, 3>& numbers) {
  constexpr std::array<std::string_view, 4> all{"a", "b", "c", "x"};
  if (Expression::find_error(text, all)) return std::nan("");
  Expression expression(text, all);
  for (std::size_t k = 0; k < expression.used().size(); ++k) {
    const std::size_t i = expression.used()[k];
    expression.set(k, i == 3 ? x : numbers.at(i));
  }
  return expression();
}

/// A random expression of positive parts, so that no cancellation blows rounding up.
std::string random_text(Random& random, int depth) {
  const auto pick = [&](int n) { return static_cast<int>(random.uniform(0, n)); };
  const auto inner = [&] { return random_text(random, depth - 1); };
  if (depth == 0) {
    constexpr std::array<const char*, 7> leaves{"x", "x", "a", "b", "c", "1.5", "2e-1"};
    return leaves.at(static_cast<std::size_t>(pick(7)));
  }
  switch (pick(13)) {
    case 0:
      return inner() + " + " + inner();
    case 1:
      return inner() + "*" + inner();
    case 2:
      return inner() + "/(" + inner() + ")";
    case 3:
      return "(" + inner() + ")^2";
    case 4:
      return "(" + inner() + ")^a";
    case 5:
      return "(" + inner() + ")^-1.3";
    case 6:
      return "exp(-(" + inner() + "))";
    case 7:
      return "ln(1 + " + inner() + ")";
    case 8:
      return "log10(3 + " + inner() + ")";
    case 9:
      return "sqrt(" + inner() + ")";
    case 10:
      return "tanh(" + inner() + ")";
    case 11:
      return "(" + inner() + ")^(" + inner() + ")";
    default:
      return "log2(2 + " + inner() + ")/(1 + " + inner() + ")";
  }
}

}  // namespace

TEST_CASE("an expression's value is what muParser finds") {
  const std::array<double, 3> numbers{1.25, 0.75, 3.5};
  for (const std::string text : {"1",
                                 "x",
                                 "-x^2",
                                 "2^-x",
                                 "2^3^0.5",
                                 "-2^-x^2",
                                 "x-a-b",
                                 "x/a/b",
                                 "x/a*b",
                                 "a-(b-x)",
                                 "-(-x)",
                                 "a*-x",
                                 "x^0",
                                 "x^1",
                                 "x^-2",
                                 "x^7",
                                 "x^64",
                                 "x^65",
                                 "x^a",
                                 "a^x",
                                 "x^x",
                                 "x^0.5",
                                 "exp(x)",
                                 "ln(x)",
                                 "log(x)",
                                 "log10(x)",
                                 "log2(x)",
                                 "sqrt(x)",
                                 "tanh(x)",
                                 "tanh(-x)",
                                 "1 - exp(-x)",
                                 "exp(x) - 1",
                                 "ln(1 + x)",
                                 "log(x + 1)",
                                 "a*x^b/(c^b + x^b)",
                                 " ( x )\t+ .5 ",
                                 "1e-3*x",
                                 "1E+2*x",
                                 "2.",
                                 "ln(2)*log10(3)*log2(5)/tanh(2)",
                                 "(1-2)*x"})
    for (const double x : {0.1, 0.5, 1.0, 1.75, 20.0}) {
      CAPTURE(text);
      CAPTURE(x);
      CHECK(same(formula(text).at(numbers.data(), x).value, by_parser(text, x, numbers), 4e-14));
    }
}

TEST_CASE("random expressions have muParser's value and the derivatives of a long double") {
  Random random(5);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < effort(3000); ++i) {
    const std::string text = random_text(random, 1 + static_cast<int>(i % 4));
    const std::array<double, 3> numbers{random.uniform(0.2, 3), random.uniform(0.2, 3), random.uniform(0.2, 3)};
    const double x = random.uniform(0.5, 2);
    CAPTURE(text);
    CAPTURE(x);
    const Formula f = formula(text);
    const Jet<double> jet = f.at(numbers.data(), x);
    const double expected = by_parser(text, x, numbers);
    // What grows beyond this bends too fast for a difference quotient.
    if (!(std::abs(expected) > 1e-3 && std::abs(expected) < 1e3)) continue;
    CHECK(same(jet.value, expected, 1e-12));
    const std::array<long double, 3> long_numbers{numbers[0], numbers[1], numbers[2]};
    const auto exact = [&](long double at) { return f.at(long_numbers.data(), at).value; };
    if (std::abs(jet.slope) + std::abs(jet.curvature) + std::abs(jet.third) > 1e3 * jet.value) continue;
    check_derivatives(jet, exact, x, 0.25, 1e-7);
    ++compared;
  }
  CHECK(compared > effort(3000) / 2);
}

TEST_CASE("each function's derivatives are those of its value") {
  Random random(6);
  for (const std::string text : {"exp(x)",
                                 "exp(-a*x)",
                                 "ln(x)",
                                 "ln(1 + x)",
                                 "ln(a + x)",
                                 "log10(x)",
                                 "log2(a*x)",
                                 "sqrt(x)",
                                 "sqrt(1 + x^2)",
                                 "tanh(x)",
                                 "tanh(-a*x)",
                                 "1 - exp(-x/b)",
                                 "exp(a*x) - 1",
                                 "1/x",
                                 "a/(b + x)",
                                 "x/(b + x)",
                                 "x^2/(b + x^2)",
                                 "x^3",
                                 "x^-3",
                                 "x^12",
                                 "(x + 1/x)^5",
                                 "x^b",
                                 "x^-b",
                                 "(1 + x^2)^b",
                                 "b^x",
                                 "a^(x^2)",
                                 "x^x",
                                 "(x*a)^(x/b)",
                                 "x*exp(-x)*ln(1 + x)"})
    for (std::size_t i = 0; i < 50; ++i) {
      const std::array<double, 3> numbers{random.uniform(0.2, 3), random.uniform(0.2, 3), random.uniform(0.2, 3)};
      const std::array<long double, 3> long_numbers{numbers[0], numbers[1], numbers[2]};
      const double x = random.log_uniform(0.2, 5);
      CAPTURE(text);
      CAPTURE(x);
      const Formula f = formula(text);
      const auto exact = [&](long double at) { return f.at(long_numbers.data(), at).value; };
      check_derivatives(f.at(numbers.data(), x), exact, x, 0.5 * std::min(x, 1.0), 1e-8);
    }
}

TEST_CASE("powers of zero, of negative numbers and of the smallest ones are exact") {
  const std::array<double, 3> numbers{3, 2.5, 0};
  const double* n = numbers.data();
  const double inf = std::numeric_limits<double>::infinity();
  check_same(formula("x^2").at(n, 0.0), {0, 0, 2, 0}, 0);
  check_same(formula("x^2").at(n, 1e-200), {0, 2e-200, 2, 0}, 0);
  check_same(formula("x^3").at(n, 0.0), {0, 0, 0, 6}, 0);
  check_same(formula("x^1").at(n, 0.0), {0, 1, 0, 0}, 0);
  check_same(formula("x^0").at(n, 0.0), {1, 0, 0, 0}, 0);
  check_same(formula("x^a").at(n, 0.0), {0, 0, 0, 6}, 0);
  check_same(formula("x^a").at(n, -2.0), {-8, 12, -12, 6}, 1e-15);
  check_same(formula("x^b").at(n, 0.0), {0, 0, 0, inf}, 0);
  check_same(formula("x^c").at(n, 0.0), {1, 0, 0, 0}, 0);
  check_same(formula("x^0.5").at(n, 0.0), {0, inf, -inf, inf}, 0);
  check_same(formula("x^0.5").at(n, 1e-100), {1e-50, 0.5e50, -0.25e150, 0.375e250}, 1e-15);
  check_same(formula("x^-1").at(n, -2.0), {-0.5, -0.25, -0.25, -0.375}, 0);
  check_same(formula("x^5").at(n, -2.0), {-32, 80, -160, 240}, 0);
  check_same(formula("(x - 1)^4").at(n, 1.0), {0, 0, 0, 0}, 0);
  CHECK(std::isnan(formula("x^b").at(n, -1.0).value));
  // a number's exponent, at arguments whose powers leave the range of a double
  const std::array<double, 3> two{2, 1.5, 0.5};
  check_same(formula("x^a").at(two.data(), 1e-200), {0, 2e-200, 2, 0}, 1e-13);
  check_same(formula("x^c").at(two.data(), 1e-300), {1e-150, 0.5e150, -inf, inf}, 1e-13);
}

TEST_CASE("what is small beside 1 is not lost in it") {
  const std::array<double, 3> numbers{2, 0, 0};
  CHECK(formula("ln(1 + x)").at(numbers.data(), 1e-30).value == 1e-30);
  CHECK(formula("a*log(x/a + 1)").at(numbers.data(), 1e-30).value == 1e-30);
  CHECK(formula("1 - exp(-x)").at(numbers.data(), 1e-30).value == 1e-30);
  CHECK(formula("exp(x^2) - 1").at(numbers.data(), 1e-20).value == 1e-40);
  CHECK(formula("tanh(x)").at(numbers.data(), 1e-30).value == 1e-30);
  CHECK(formula("tanh(x)").at(numbers.data(), 50.0).slope == doctest::Approx(4 * std::exp(-100.0)).epsilon(1e-13));
}

TEST_CASE("families written as expressions are the families") {
  Random random(7);
  const std::array<std::string_view, 3> hill{"R", "h", "eta"}, cost{"l", "c", "k"};
  const auto parsed = [](std::string_view text, std::span<const std::string_view> numbers) {
    return std::get<Formula>(Formula::parse(text, "alpha", numbers));
  };
  const Formula isoelastic = parsed("R*alpha^eta", std::array<std::string_view, 2>{"R", "eta"});
  const Formula logarithmic = parsed("R*ln(1 + alpha/h)", std::span(hill).first(2));
  const Formula saturation = parsed("R*(1 - exp(-alpha/h))", std::span(hill).first(2));
  const Formula s_shaped = parsed("R/(1 + (h/alpha)^eta)", hill);
  const Formula power = parsed("l*alpha + c*alpha^k", cost);
  for (std::size_t i = 0; i < effort(2000); ++i) {
    const std::array<double, 3> n{random.log_uniform(0.01, 100), random.log_uniform(0.01, 100), random.uniform(1, 5)};
    const std::array<double, 2> e{n[0], random.uniform(0.05, 2)};
    const double alpha = random.log_uniform(1e-4, 1e4), near = n[1] * random.log_uniform(0.05, 5);
    CAPTURE(alpha);
    check_same(isoelastic.at(e.data(), alpha), Isoelastic::at(e.data(), alpha), 1e-13);
    check_same(logarithmic.at(n.data(), alpha), Logarithmic::at(n.data(), alpha), 1e-13);
    check_same(saturation.at(n.data(), near), ExponentialSaturation::at(n.data(), near), 1e-13);
    check_same(power.at(n.data(), alpha), PowerCost::at(n.data(), alpha), 1e-13);
    // Hill's derivatives of second and third order are differences, and cross zero.
    const Jet<double> a = s_shaped.at(n.data(), near), b = Hill::at(n.data(), near);
    const double unit = n[0] / near;
    CHECK(same(a.value, b.value, 1e-13));
    CHECK(same(a.slope, b.slope, 2e-13));
    CHECK(std::abs(a.curvature - b.curvature) <= 1e-11 * unit / near);
    CHECK(std::abs(a.third - b.third) <= 1e-10 * unit / near / near);
  }
}

#if defined(__SSE2__)
TEST_CASE("a pack's lanes are the doubles', and no lane sees its neighbours") {
  using Wide = Twin<Pack<xsimd::sse2>>;
  constexpr std::size_t lanes = lanes_v<Wide>;
  Random random(8);
  const auto lanes_of = [&](const Formula& f, const std::array<std::array<double, lanes>, 4>& in) {
    const std::array<Wide, 3> numbers{RealTraits<Wide>::load(in[0].data()), RealTraits<Wide>::load(in[1].data()),
                                      RealTraits<Wide>::load(in[2].data())};
    const Jet<Wide> jet = f.at(numbers.data(), RealTraits<Wide>::load(in[3].data()));
    std::array<std::array<double, lanes>, 4> out{};
    RealTraits<Wide>::store(jet.value, out[0].data());
    RealTraits<Wide>::store(jet.slope, out[1].data());
    RealTraits<Wide>::store(jet.curvature, out[2].data());
    RealTraits<Wide>::store(jet.third, out[3].data());
    return out;
  };
  for (std::size_t i = 0; i < effort(2000); ++i) {
    const std::string text = i % 5 == 0 ? "(x - 1.5)^a" : random_text(random, 1 + static_cast<int>(i % 4));
    CAPTURE(text);
    const Formula f = formula(text);
    std::array<std::array<double, lanes>, 4> in{};
    for (auto& row : in)
      for (double& x : row) x = random.uniform(0.5, 2);
    if (i % 2 == 0) in[0] = {1, 2, 3, 4};
    const auto out = lanes_of(f, in);
    for (std::size_t l = 0; l < lanes; ++l) {
      const std::array<double, 3> numbers{in[0][l], in[1][l], in[2][l]};
      const Jet<double> jet = f.at(numbers.data(), in[3][l]);
      const Jet<double> found{out[0][l], out[1][l], out[2][l], out[3][l]};
      CHECK(same(found.value, jet.value, 1e-12));
      const double size = std::abs(jet.value) + std::abs(jet.slope) + std::abs(jet.curvature) + std::abs(jet.third);
      if (!(size < 1e200)) continue;
      CHECK(std::abs(found.slope - jet.slope) <= 1e-12 * size);
      CHECK(std::abs(found.curvature - jet.curvature) <= 1e-11 * size);
      CHECK(std::abs(found.third - jet.third) <= 1e-10 * size);
      auto alone = in;  // this lane with other neighbours
      for (auto& row : alone)
        for (std::size_t other = 0; other < lanes; ++other)
          if (other != l) row[other] = random.uniform(-2, 5);
      const auto again = lanes_of(f, alone);
      for (std::size_t k = 0; k < 4; ++k) CHECK(std::memcmp(&again[k][l], &out[k][l], sizeof(double)) == 0);
    }
  }
}
#endif

TEST_CASE("what is wrong with an expression is said in plain words") {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "the expression is empty"},
      {"  ", "the expression is empty"},
      {"x*", "the expression ends after `*`"},
      {"ln(", "the expression ends after `(`"},
      {"foo*x", "unknown name `foo`; there are x, a, b, c, exp, ln, log, log10, log2, sqrt, tanh"},
      {"sqr(x)", "unknown name `sqr`; did you mean `sqrt`?"},
      {"2x", "`2x` is neither a number nor a name; write `*` to multiply"},
      {"x a", "an operator is missing between `x` and `a`"},
      {"x(2)", "an operator is missing between `x` and `(`"},
      {"exp x", "`exp` is a function; write its argument in parentheses, as in `exp(x)`"},
      {"exp()", "`exp` needs something in its parentheses"},
      {"exp(x, 2)", "`exp` takes one argument, not two"},
      {"()", "nothing stands between `(` and `)`"},
      {"(x, 2)", "a `,` has no meaning here"},
      {"x)", "a `)` has no `(`"},
      {"(x", "a `(` is not closed"},
      {"*x", "the expression can't begin with `*`"},
      {"x + *2", "after `+` a number or a name must follow, not `*`"},
      {"(+)", "after `+` a number or a name must follow, not `)`"},
      {"x**2", "write `^` for a power, not `**`"},
      {"x < 2", "the character `<` has no meaning in an expression"},
      {"α^2", "the expression can't begin with `α`"},
      {"x + α", "after `+` a number or a name must follow, not `α`"},
      {"1.2.3", "`1.2.3` is not a number"},
      {"1e999", "`1e999` is outside the range of a double"},
      {"x + 1/0", "`1/0` is not a finite number"},
      {"x*ln(-2)", "`ln(-2)` is not a finite number"},
      {std::string(1001, ' '), "the expression is longer than 1000 characters"},
      {std::string(400, '(') + "x" + std::string(400, ')'), "the expression is nested too deeply"},
      {std::string(900, '-') + "x", "the expression is nested too deeply"},
  };
  for (const auto& [text, message] : wrong) CHECK(error(text) == message);
  std::string tower = "x";
  for (int i = 0; i < 60; ++i) tower += "^x";
  CHECK(error(tower) == "the expression is nested too deeply");
  std::string heap = "x";  // x+(x+(x+…: as deep in the evaluator's stack as in the text
  for (int i = 0; i < 31; ++i) heap = "x+(" + heap + ")";
  CHECK(error(heap).empty());
  CHECK(error("x+(" + heap + ")") == "the expression is nested too deeply");
  std::string chain = "x";
  for (int i = 0; i < 400; ++i) chain += "+x";
  CHECK(formula(chain).at(std::array<double, 3>{}.data(), 0.5).value == 200.5);
}

TEST_CASE("a number of an expression has a name of its own") {
  const auto with = [](std::string_view number) {
    const std::array<std::string_view, 2> numbers{"R", number};
    const auto read = Formula::parse("R*alpha", "alpha", numbers);
    return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "";
  };
  CHECK(with("h").empty());
  CHECK(with("exp") == "`exp` is a function and can't name a number");
  CHECK(with("alpha") == "`alpha` is the variable and can't name a number");
  CHECK(with("R") == "`R` names two numbers");
  CHECK(with("2h") == "`2h` is not a name: letters, digits and `_`");
}

TEST_CASE("a formula keeps its text and its names; an empty one is 0") {
  const Formula f = formula("a*x");
  CHECK(f.text() == "a*x");
  CHECK(f.variable() == "x");
  CHECK(f.names() == std::vector<std::string>{"a", "b", "c"});
  check_same(Formula().at<double>(nullptr, 3.0), {0, 0, 0, 0}, 0);
}

TEST_CASE("any string of tokens is a formula or a message") {
  constexpr std::array<const char*, 26> tokens{"x",  "a",    "b",     "1",    "2.5", "0.5", "1e-3", "+",     "-",
                                               "*",  "/",    "^",     "(",    ")",   "exp", "ln(",  "sqrt(", "tanh(",
                                               "**", "log2", "log10", "1e99", ",",   " ",   "\xff", "é"};
  Random random(9);
  const std::array<double, 3> numbers{2, 0.5, 1};
  std::size_t read = 0, compared = 0;
  for (std::size_t i = 0; i < effort(200000); ++i) {
    std::string text;
    for (auto left = static_cast<int>(random.uniform(1, i % 100 == 0 ? 300 : 12)); left > 0; --left)
      text += tokens.at(static_cast<std::size_t>(random.uniform(0, i % 2 == 0 ? 26 : 14)));
    const auto result = Formula::parse(text, "x", names);
    if (const auto* wrong = std::get_if<std::string>(&result)) {
      REQUIRE(!wrong->empty());
      continue;
    }
    ++read;
    const double value = std::get<Formula>(result).at(numbers.data(), 1.25).value;
    const double expected = by_parser(text, 1.25, numbers);
    if (!std::isfinite(expected)) continue;
    CAPTURE(text);
    CHECK(std::abs(value - expected) <= 1e-9 * (1 + std::abs(expected)));
    ++compared;
  }
  CHECK(read > effort(200000) / 100);
  CHECK(compared > read / 2);
}
