// SPDX-License-Identifier: MIT
#include "jet_checks.hpp"
// first: it says what a long double does
#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "haggle/core/twin.hpp"
#include "haggle/model/families.hpp"
#include "power_law_games.hpp"
#if defined(__SSE2__)
#include "haggle/core/pack.hpp"
#endif

using namespace haggle;
using haggle::test::check_derivatives;
using haggle::test::effort;
using haggle::test::Random;

namespace {

/// Inside its domain: the numbers that sweeps use, and sometimes the domain's end.
double random_number(const FunctionNumber& number, Random& random) {
  const bool at_end = !number.domain.low_open && random.uniform(0, 1) < 0.1;
  if (at_end) return number.domain.low;
  if (number.domain.low == 1) return 1 + random.log_uniform(1e-3, 5);  // an exponent
  if (number.symbol == "ε" || number.symbol == "η") return random.log_uniform(0.05, 6);
  return random.log_uniform(1e-3, 1e3);
}

template <class Family>
std::vector<double> random_numbers(Random& random) {
  std::vector<double> numbers;
  for (const FunctionNumber& number : Family::numbers) numbers.push_back(random_number(number, random));
  return numbers;
}

/// Performance at which a family bends: its reference, or 1.
template <class Family>
double reference(const std::vector<double>& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (Family::numbers[i].symbol == "h") return numbers[i];
  return 1;
}

/// The families' values as their formulas say them, in long double.
long double plain(Isoelastic, const std::vector<double>& n, long double a) {
  return n[0] * std::pow(a, static_cast<long double>(n[1]));
}
long double plain(Logarithmic, const std::vector<double>& n, long double a) { return n[0] * std::log1p(a / n[1]); }
long double plain(ExponentialSaturation, const std::vector<double>& n, long double a) {
  return -n[0] * std::expm1(-a / n[1]);
}
long double plain(Hill, const std::vector<double>& n, long double a) {
  return n[0] / (1 + std::pow(n[1] / a, static_cast<long double>(n[2])));
}
long double plain(PowerCost, const std::vector<double>& n, long double a) {
  return n[0] * a + n[1] * std::pow(a, static_cast<long double>(n[2]));
}

template <class... Family, class F>
void each(std::type_identity<std::tuple<Family...>>, F&& f) {
  (f(Family()), ...);
}
using Revenues = std::type_identity<RevenueFamilies>;
using Costs = std::type_identity<CostFamilies>;
template <class F>
void each_family(F&& f) {
  each(Revenues(), f);
  each(Costs(), f);
}

static_assert(FunctionFamily<Isoelastic> && FunctionFamily<Logarithmic> && FunctionFamily<ExponentialSaturation> &&
              FunctionFamily<Hill> && FunctionFamily<PowerCost>);

}  // namespace

TEST_CASE("a family's value is its formula, its derivatives those of the formula") {
  Random random(11);
  each_family([&]<class Family>(Family family) {
    CAPTURE(std::string(Family::name));
    for (std::size_t i = 0; i < effort(1000); ++i) {
      const std::vector<double> n = random_numbers<Family>(random);
      const double x = reference<Family>(n) * random.log_uniform(0.02, 20);
      CAPTURE(x);
      const Jet<double> jet = Family::at(n.data(), x);
      const auto exact = [&](long double a) { return plain(family, n, a); };
      CHECK(jet.value == doctest::Approx(static_cast<double>(exact(x))).epsilon(1e-13));
      check_derivatives(jet, exact, x, std::min(x, reference<Family>(n)) / 2, 1e-8);
    }
  });
}

TEST_CASE("families keep their digits far from 1") {
  const std::vector<double> two{1, 1}, hill{1, 1, 2};
  CHECK(Logarithmic::at(two.data(), 1e-200).value == doctest::Approx(1e-200).epsilon(1e-14));
  CHECK(ExponentialSaturation::at(two.data(), 1e-200).value == doctest::Approx(1e-200).epsilon(1e-14));
  CHECK(Hill::at(hill.data(), 1e-100).value == doctest::Approx(1e-200).epsilon(1e-12));
  CHECK(Hill::at(hill.data(), 1e100).slope == doctest::Approx(2e-300).epsilon(1e-12));
  const std::vector<double> square{0, 3, 2};
  CHECK(PowerCost::at(square.data(), 1e-200).slope == doctest::Approx(6e-200).epsilon(1e-12));
  CHECK(PowerCost::at(square.data(), 1e-200).curvature == doctest::Approx(6).epsilon(1e-12));
  // What it lacks to saturation is beyond a double, its slope is not.
  CHECK(ExponentialSaturation::at(two.data(), 300.0).slope == doctest::Approx(std::exp(-300.0)).epsilon(1e-12));
}

TEST_CASE("α r''/r' of a revenue never rises, its slope is positive") {
  Random random(12);
  each(Revenues(), [&]<class Family>(Family) {
    CAPTURE(std::string(Family::name));
    for (std::size_t i = 0; i < effort(300); ++i) {
      const std::vector<double> n = random_numbers<Family>(random);
      double before = std::numeric_limits<double>::infinity();
      for (double x = 1e-4 * reference<Family>(n); x < 1e2 * reference<Family>(n); x *= 1.1) {
        const Jet<double> jet = Family::at(n.data(), x);
        CHECK(jet.slope > 0);
        const double bend = x * jet.curvature / jet.slope;
        CHECK(bend <= before + 1e-12 * (1 + std::abs(bend)));
        before = bend;
      }
    }
  });
}

TEST_CASE("a family is convex up to where it says and concave beyond; a cost is convex and never falls") {
  Random random(13);
  each_family([&]<class Family>(Family) {
    CAPTURE(std::string(Family::name));
    for (std::size_t i = 0; i < effort(1000); ++i) {
      const std::vector<double> n = random_numbers<Family>(random);
      const double turn = Family::convex_until(n.data()), x = reference<Family>(n) * random.log_uniform(1e-3, 1e2);
      CHECK(turn >= 0);
      const Jet<double> jet = Family::at(n.data(), x);
      const double noise = 1e-14 * jet.value / (x * x);
      if (x < turn * (1 - 1e-9)) CHECK(jet.curvature >= -noise);
      if (x > turn * (1 + 1e-9)) CHECK(jet.curvature <= noise);
    }
  });
  Random costs(14);
  each(Costs(), [&]<class Family>(Family) {
    for (std::size_t i = 0; i < effort(1000); ++i) {
      const std::vector<double> n = random_numbers<Family>(costs);
      const Jet<double> jet = Family::at(n.data(), costs.log_uniform(1e-6, 1e6));
      CHECK(jet.value >= 0);
      CHECK(jet.slope >= 0);
      CHECK(jet.curvature >= 0);
      CHECK(std::isinf(Family::convex_until(n.data())));
    }
  });
}

TEST_CASE(
    "far below its reference Hill revenue has the slope of the power that it starts as, even where it has no value") {
  for (const double steepness : {0.05, 0.3, 0.9, 1.0, 1.04, 1.06, 1.5})
    for (const double reference : {1.0, 1e8, 1e60, 1e300})
      for (const double alpha : {2e-300, 1e-250, 1e-100, 1e-20}) {
        const std::vector<double> n{3, reference, steepness};
        CAPTURE(steepness);
        CAPTURE(reference);
        CAPTURE(alpha);
        const long double ratio = static_cast<long double>(alpha) / reference, power = std::pow(ratio, steepness);
        const long double exact = 3 * steepness * power / (1 + power) / (1 + power) / alpha;
        const Jet<double> jet = Hill::at(n.data(), alpha);
        // A value of less than 1e-300 counts for none, and so does the slope of a power well above 1.
        if (power > 1e-300L || (steepness < 1.05 && exact < 1e250L))
          CHECK(jet.slope == doctest::Approx(static_cast<double>(exact)).epsilon(1e-11));
        if (steepness == 1 && ratio < 1e-18L) CHECK(jet.slope == 3 * (1 / reference));
      }
}

TEST_CASE("far out a family grows like the power that it says") {
  Random random(15);
  each_family([&]<class Family>(Family family) {
    CAPTURE(std::string(Family::name));
    for (std::size_t i = 0; i < effort(1000); ++i) {
      std::vector<double> n = random_numbers<Family>(random);
      if (std::is_same_v<Family, PowerCost> && n[2] < 1.05) n[0] = 0;  // such a power outgrows the linear term too late
      // The elasticity x f'/f there; a logarithm's falls like 1/ln x.
      const long double x = 1e500L, f = plain(family, n, x), further = plain(family, n, 1e10L * x);
      if (!(f > 0) || std::isinf(further)) continue;
      const long double elasticity = std::log(further / f) / std::log(1e10L);
      CHECK(std::abs(static_cast<double>(elasticity) - Family::growth(n.data())) < 2e-3);
    }
  });
  const std::vector<double> nothing{0, 0, 2}, line{3, 0, 2}, power{3, 1, 2.5};
  CHECK(PowerCost::growth(nothing.data()) == 0);
  CHECK(PowerCost::growth(line.data()) == 1);
  CHECK(PowerCost::growth(power.data()) == 2.5);
}

#if defined(__SSE2__)
TEST_CASE("a family's pack has the doubles in its lanes") {
  using Wide = Twin<Pack<xsimd::sse2>>;
  constexpr std::size_t lanes = lanes_v<Wide>;
  Random random(16);
  each_family([&]<class Family>(Family) {
    CAPTURE(std::string(Family::name));
    for (std::size_t i = 0; i < effort(500); ++i) {
      std::array<std::vector<double>, lanes> n;
      std::array<double, lanes> x{};
      for (std::size_t l = 0; l < lanes; ++l) {
        n[l] = random_numbers<Family>(random);
        x[l] = reference<Family>(n[l]) * random.log_uniform(0.02, 20);
      }
      std::array<Wide, most_numbers> numbers;
      for (std::size_t k = 0; k < n[0].size(); ++k) {
        std::array<double, lanes> column{};
        for (std::size_t l = 0; l < lanes; ++l) column[l] = n[l][k];
        numbers[k] = RealTraits<Wide>::load(column.data());
      }
      const Wide at = RealTraits<Wide>::load(x.data());
      const Jet<Wide> jet = Family::at(numbers.data(), at);
      const std::array<Wide, 6> parts{jet.value,
                                      jet.slope,
                                      jet.curvature,
                                      jet.third,
                                      Family::growth(numbers.data()),
                                      Family::convex_until(numbers.data())};
      for (std::size_t l = 0; l < lanes; ++l) {
        const Jet<double> one = Family::at(n[l].data(), x[l]);
        const std::array<double, 6> wanted{one.value,
                                           one.slope,
                                           one.curvature,
                                           one.third,
                                           Family::growth(n[l].data()),
                                           Family::convex_until(n[l].data())};
        double unit = std::abs(one.value) + x[l] * std::abs(one.slope);
        for (std::size_t k = 0; k < 6; ++k) {
          std::array<double, lanes> found{};
          RealTraits<Wide>::store(parts[k], found.data());
          if (k > 3) unit = std::abs(wanted[k]);
          CHECK((found[l] == wanted[k] || std::abs(found[l] - wanted[k]) <= 1e-12 * (std::abs(wanted[k]) + unit)));
          unit /= x[l];
        }
      }
    }
  });
}
#endif
