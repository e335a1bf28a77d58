// SPDX-License-Identifier: MIT
#include "boost_peer.hpp"

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <utility>

namespace haggle::bench {
namespace {

/// Brent's method cannot place a minimum better than half the digits of a double; more bits only cost time.
constexpr int minimum_bits = 26;
/// As many as Boost's own default: noise in the roots would spoil the parabolas above them.
constexpr int root_bits = 50;

struct Nested {
  const Game& g;
  Reply reply;

  /// The specialist's best x when the generalist has built nothing: more than its best x otherwise.
  double log_alone(double rest) const { return std::log(rest * g.elasticity / (g.c1 * g.k1)) / (g.k1 - g.elasticity); }

  double bracketed_contribution(double rest, double base) const {
    const auto marginal_utility = [&](double x) {
      return rest * g.elasticity * std::pow(base + x, g.elasticity - 1) - g.c1 * g.k1 * std::pow(x, g.k1 - 1);
    };
    std::uintmax_t steps = 100;
    const auto [low, high] =
        boost::math::tools::toms748_solve(marginal_utility, 0.0, std::exp(log_alone(rest)) * (1 + 1e-12),
                                          boost::math::tools::eps_tolerance<double>(root_bits), steps);
    return 0.5 * (low + high);
  }

  double newton_contribution(double rest, double base) const {
    const double start = log_alone(rest);
    const auto condition = [&](double t) {
      const double x = std::exp(t);
      return std::make_pair((g.k1 - 1) * t + (1 - g.elasticity) * std::log(base + x) - (g.k1 - g.elasticity) * start,
                            (g.k1 - 1) + (1 - g.elasticity) * x / (base + x));
    };
    std::uintmax_t steps = 50;
    return std::exp(
        boost::math::tools::newton_raphson_iterate(condition, start, start - 60, start + 1e-9, root_bits, steps));
  }

  /// Minus U_G, and through `specialist` U_D.
  double generalist_loss(double share, double log_base, double* specialist = nullptr) const {
    const double base = std::exp(log_base);
    const double x =
        reply == Reply::newton ? newton_contribution(1 - share, base) : bracketed_contribution(1 - share, base);
    const double revenue = std::pow(base + x, g.elasticity);
    if (specialist) *specialist = (1 - share) * revenue - g.c1 * std::pow(x, g.k1);
    return g.c0 * std::pow(base, g.k0) - share * revenue;
  }

  double bargain_loss(double share) const {
    // Where the generalist would stop if there were no specialist, and a fair way below.
    const double high = std::log(share * g.elasticity / (g.c0 * g.k0)) / (g.k0 - g.elasticity) + 0.5;
    std::uintmax_t steps = 100;
    const auto [log_base, loss] = boost::math::tools::brent_find_minima(
        [&](double a) { return generalist_loss(share, a); }, high - 12, high, minimum_bits, steps);
    double specialist = 0;
    generalist_loss(share, log_base, &specialist);
    return -(g.weight * std::log(-loss) + (1 - g.weight) * std::log(specialist));
  }
};

}  // namespace

double nested_boost_nash_share(const Game& game, Reply reply) {
  const Nested nested{game, reply};
  std::uintmax_t steps = 100;
  return boost::math::tools::brent_find_minima([&](double share) { return nested.bargain_loss(share); }, 1e-6, 1 - 1e-6,
                                               minimum_bits, steps)
      .first;
}

}  // namespace haggle::bench
