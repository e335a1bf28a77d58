// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
#include "pack_functions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "haggle/executor/dispatch.hpp"
#include "power_law_games.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

constexpr std::size_t many = 1 << 16;

template <class Number>
std::vector<Number> results(typename PackFunctions<Number>::Of function, const std::vector<Number>& x) {
  std::vector<Number> result(x.size());
  function(x.data(), result.data(), x.size());
  return result;
}

/// Of the answers for numbers drawn from [log_low, log_high] in logarithm, or there itself: the largest error, in units
/// of `scale(x)`.
template <class Number, class Draw, class Exact, class Scale>
double worst(typename PackFunctions<Number>::Of function, Draw draw, Exact exact, Scale scale) {
  std::vector<Number> x(many);
  for (Number& number : x) number = static_cast<Number>(draw());
  const std::vector<Number> result = results<Number>(function, x);
  double error = 0;
  for (std::size_t k = 0; k < many; ++k) {
    const double off = std::abs(result[k] - exact(static_cast<double>(x[k]))) / scale(static_cast<double>(x[k]));
    error = off <= error ? error : off;  // what is no number is kept
  }
  return error;
}

template <class Number>
void check(const PackFunctions<Number>& of, double range) {
  Random random(17);
  const double digits = std::numeric_limits<Number>::epsilon(), close = sizeof(Number) == sizeof(float) ? 5e-7 : 3e-7;
  // A rounded argument moves its exponential by as much.
  CHECK(worst<Number>(
            of.rough_exp, [&] { return random.uniform(-range, range); }, [](double x) { return std::exp(x); },
            [&](double x) { return std::exp(x) * (close + std::abs(x) * digits); }) < 1);
  CHECK(worst<Number>(
            of.rough_log, [&] { return random.log_uniform(std::exp(-range), std::exp(range)); },
            [](double x) { return std::log(x); }, [&](double x) { return close * std::abs(std::log(x)); }) < 1);
  CHECK(worst<Number>(
            of.rough_log, [&] { return random.uniform(0.7, 1.6); }, [](double x) { return std::log(x); },
            [&](double x) { return close * std::abs(std::log(x)); }) < 1);
  CHECK(worst<Number>(
            of.rough_reciprocal, [&] { return random.log_uniform(std::exp(-range), std::exp(range)); },
            [](double x) { return 1 / x; }, [&](double x) { return close / x; }) < 1);
}

template <class Number>
void check_edges(const PackFunctions<Number>& of) {
  using Limits = std::numeric_limits<Number>;
  const Number inf = Limits::infinity(), nan = Limits::quiet_NaN();
  std::vector<Number> x(16, 1);
  x[0] = 0, x[1] = -1, x[2] = inf, x[3] = nan, x[4] = -inf, x[5] = Limits::max() / 2, x[6] = Limits::min(), x[7] = 1;
  const std::vector<Number> logs = results<Number>(of.rough_log, x);
  for (const std::size_t no_positive : {1, 3, 4}) CHECK(std::isnan(logs[no_positive]));
  for (const std::size_t beyond : {0, 2}) CHECK_FALSE(std::isfinite(logs[beyond]));
  CHECK(logs[5] == doctest::Approx(std::log(Limits::max() / 2)));
  CHECK(logs[6] == doctest::Approx(std::log(Limits::min())));
  CHECK(logs[7] == 0);

  const Number most = std::log(Limits::max());
  x[0] = 0, x[1] = -2 * most, x[2] = 2 * most, x[3] = nan, x[4] = -most;
  const std::vector<Number> powers = results<Number>(of.rough_exp, x);
  CHECK(powers[0] == doctest::Approx(1).epsilon(1e-7));
  CHECK(powers[1] == 0);
  CHECK(powers[2] == inf);
  CHECK(std::isnan(powers[3]));
  CHECK(std::abs(powers[4]) <= 2 * Limits::min());
}

/// (1 + e)^2 - 1 of which two roundings would leave no trace of e^2.
template <class Number>
void check_rounded_once(const PackFunctions<Number>& of) {
  const Number e = std::ldexp(Number(1), -(std::numeric_limits<Number>::digits + 2) / 2);
  const std::vector<Number> x(16, 1 + e);
  const std::vector<Number> squares = results<Number>(of.squares_less_one, x);
  for (const Number square : squares) CHECK(square == 2 * e + e * e);
}

template <class Check>
void of_each_set(Check check_set) {
  for (const InstructionSet isa : supported_instruction_sets()) {
    if (isa != InstructionSet::avx2 && isa != InstructionSet::avx512) continue;
    CAPTURE(name_of(isa));
    check_set(isa == InstructionSet::avx2 ? packs_avx2() : packs_avx512());
  }
}

}  // namespace

TEST_CASE("the rough functions of packs are good to 3e-7 of their value, of floats to 5e-7") {
  of_each_set([](const PacksOfSet& packs) {
    check(packs.floats, 87);
    check(packs.doubles, 600);
  });
}

TEST_CASE("the rough functions of packs know what is no number, 0 and infinite") {
  of_each_set([](const PacksOfSet& packs) {
    check_edges(packs.floats);
    check_edges(packs.doubles);
  });
}

TEST_CASE("a product and a sum of packs are rounded once") {
  of_each_set([](const PacksOfSet& packs) {
    check_rounded_once(packs.floats);
    check_rounded_once(packs.doubles);
  });
}
#endif
