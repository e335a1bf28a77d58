// SPDX-License-Identifier: MIT
#include "general_boost_peer.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "minimum.hpp"

namespace haggle::bench {
namespace {

constexpr int root_bits = 50;
/// Revenue is worth nothing to anyone where a gain is not positive.
constexpr double no_bargain = 1e3;

double value(const GeneralRevenue& r, double alpha) {
  switch (r.family) {
    case RevenueFamily::isoelastic:
      return r.scale * std::pow(alpha, r.b);
    case RevenueFamily::logarithmic:
      return r.scale * std::log1p(alpha / r.b);
    case RevenueFamily::exponential_saturation:
      return -r.scale * std::expm1(-alpha / r.b);
    case RevenueFamily::hill:
      return r.scale / (1 + std::pow(r.b / alpha, r.c));
  }
  return 0;
}

double slope(const GeneralRevenue& r, double alpha) {
  switch (r.family) {
    case RevenueFamily::isoelastic:
      return r.scale * r.b * std::pow(alpha, r.b - 1);
    case RevenueFamily::logarithmic:
      return r.scale / (r.b + alpha);
    case RevenueFamily::exponential_saturation:
      return r.scale / r.b * std::exp(-alpha / r.b);
    case RevenueFamily::hill: {
      const double power = std::pow(alpha / r.b, r.c), sum = 1 + power;
      return r.scale * r.c * power / (alpha * sum * sum);
    }
  }
  return 0;
}

double curvature(const GeneralRevenue& r, double alpha) {
  switch (r.family) {
    case RevenueFamily::isoelastic:
      return r.scale * r.b * (r.b - 1) * std::pow(alpha, r.b - 2);
    case RevenueFamily::logarithmic:
      return -r.scale / ((r.b + alpha) * (r.b + alpha));
    case RevenueFamily::exponential_saturation:
      return -r.scale / (r.b * r.b) * std::exp(-alpha / r.b);
    case RevenueFamily::hill: {
      const double power = std::pow(alpha / r.b, r.c), sum = 1 + power;
      return r.scale * r.c * power * (r.c - 1 - (r.c + 1) * power) / (alpha * alpha * sum * sum * sum);
    }
  }
  return 0;
}

bool is_s_shaped(const GeneralRevenue& r) { return r.family == RevenueFamily::hill && r.c > 1; }

/// The highest marginal revenue there is, of an S-shaped one.
double steepest(const GeneralRevenue& r) { return slope(r, r.b * std::pow((r.c - 1) / (r.c + 1), 1 / r.c)); }

double value(const GeneralCost& c, double x) {
  return c.linear * x + (x > 0 ? c.coefficient * std::pow(x, c.exponent) : 0);
}
double slope(const GeneralCost& c, double x) {
  return c.linear + (x > 0 ? c.coefficient * c.exponent * std::pow(x, c.exponent - 1) : 0);
}
double curvature(const GeneralCost& c, double x) {
  return c.coefficient * c.exponent * (c.exponent - 1) * std::pow(x, c.exponent - 2);
}

class Nested {
 public:
  Nested(const GeneralGame& game, Reply reply, Search search) : g_(game), reply_(reply), search_(search) {
    // Above this the generalist's marginal cost exceeds all marginal revenue there is, for every share.
    const auto excess = [&](double log_base) {
      const double base = std::exp(log_base);
      double marginal = 0;
      for (const GeneralSpecialist& s : g_.specialists) marginal += slope(s.revenue, base);
      return std::log(slope(g_.cost, base) / marginal);
    };
    // Or it costs more than all revenue there is.
    const auto loss = [&](double log_base) {
      double revenue = 0;
      for (const GeneralSpecialist& s : g_.specialists) revenue += s.revenue.scale;
      return std::log(value(g_.cost, std::exp(log_base)) / revenue);
    };
    const bool shaped = std::any_of(g_.specialists.begin(), g_.specialists.end(),
                                    [](const GeneralSpecialist& s) { return is_s_shaped(s.revenue); });
    log_base_high_ = shaped ? log_root(loss, 0) : log_root(excess, 0);
    for (const GeneralSpecialist& s : g_.specialists)
      alone_.push_back(std::exp(log_root(
          [&](double t) {
            const double most = is_s_shaped(s.revenue) ? steepest(s.revenue) : slope(s.revenue, std::exp(t));
            return std::log(slope(s.cost, std::exp(t)) / most);
          },
          0)));
  }

  /// What each player has at a share, the generalist first; empty where one of them gains nothing.
  const std::vector<double>& utilities(double share) {
    auto [log_base, loss] = minimum([&](double a) { return generalist_loss(share, std::exp(a)); }, log_base_high_ - 12,
                                    log_base_high_, search_);
    if (search_ == Search::every_peak) {
      constexpr double nothing = -100;
      if (const double idle = generalist_loss(share, std::exp(nothing)); idle < loss) log_base = nothing, loss = idle;
    }
    utilities_.assign(1, -loss);
    const double base = std::exp(log_base);
    for (std::size_t i = 0; i < g_.specialists.size(); ++i)
      utilities_.push_back(reply_utility(i, 1 - share, base).utility);
    for (const double utility : utilities_)
      if (!(utility > 0)) utilities_.clear();
    return utilities_;
  }

  double weight(std::size_t player) const {
    return player == 0 ? g_.weight : (1 - g_.weight) / static_cast<double>(g_.specialists.size());
  }

  double nash_loss(double share) {
    const auto& u = utilities(share);
    if (u.empty()) return no_bargain;
    double log_product = 0;
    for (std::size_t j = 0; j < u.size(); ++j) log_product += weight(j) * std::log(u[j]);
    return -log_product;
  }

  /// `scales`: by player.
  double least_loss(double share, const std::vector<double>& scales) {
    const auto& u = utilities(share);
    if (u.empty()) return no_bargain;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < u.size(); ++j) least = std::min(least, u[j] / scales[j]);
    return -least;
  }

  double utility_loss(double share, std::size_t player) {
    const auto& u = utilities(share);
    return u.empty() ? no_bargain : -u[player];
  }

  double owner_loss(double base) const {
    double sum = -value(g_.cost, base) - g_.cost.fixed;
    for (std::size_t i = 0; i < g_.specialists.size(); ++i) sum += reply_utility(i, 1, base).utility;
    return -sum;
  }

  double log_base_high() const { return log_base_high_; }

 private:
  struct Answer {
    double utility, revenue;
  };

  /// A root of a rising function of a logarithm, near `guess`; something tiny if there is none.
  template <class F>
  static double log_root(F f, double guess) {
    double low = guess - 1, high = guess + 1;
    for (double step = 1; f(low) > 0; step *= 2) {
      low -= step;
      if (low < guess - 60) return low;
    }
    for (double step = 1; f(high) < 0; step *= 2) high += step;
    std::uintmax_t steps = 100;
    const auto [a, b] =
        boost::math::tools::toms748_solve(f, low, high, boost::math::tools::eps_tolerance<double>(20), steps);
    (void)a;
    return b;
  }

  /// The specialist's best contribution when the generalist has built `base`, taking part if that pays.
  Answer reply_utility(std::size_t i, double rest, double base) const {
    const GeneralSpecialist& s = g_.specialists[i];
    double x = 0;
    const double most = is_s_shaped(s.revenue) ? steepest(s.revenue) : slope(s.revenue, base);
    if (rest * most > s.cost.linear) {
      const double high = alone_[i];  // more than its best at any share and base
      if (is_s_shaped(s.revenue)) {
        const auto utility = [&](double t) {
          return rest * value(s.revenue, base + std::exp(t)) - value(s.cost, std::exp(t));
        };
        const auto marginal_utility = [&](double t) {
          const double y = std::exp(t);
          return rest * slope(s.revenue, base + y) - slope(s.cost, y);
        };
        const double t = peak(utility, marginal_utility, std::log(high) - 12, std::log(high) + 1e-4);
        x = utility(t) > rest * value(s.revenue, base) ? std::exp(t) : 0;
      } else if (reply_ == Reply::bracketed) {
        const auto marginal_utility = [&](double t) { return rest * slope(s.revenue, base + t) - slope(s.cost, t); };
        std::uintmax_t steps = 100;
        const auto [a, b] = boost::math::tools::toms748_solve(
            marginal_utility, 0.0, high * 1.0001, boost::math::tools::eps_tolerance<double>(root_bits), steps);
        x = 0.5 * (a + b);
      } else {
        const auto condition = [&](double t) {
          const double y = std::exp(t), r = rest * slope(s.revenue, base + y), c = slope(s.cost, y);
          return std::make_pair(std::log(c / r),
                                y * (curvature(s.cost, y) / c - rest * curvature(s.revenue, base + y) / r));
        };
        std::uintmax_t steps = 50;
        const double start = std::log(high);
        x = std::exp(
            boost::math::tools::newton_raphson_iterate(condition, start, start - 60, start + 1e-3, root_bits, steps));
      }
    }
    const double revenue = value(s.revenue, base + x);
    const double utility = rest * revenue - value(s.cost, x) - s.cost.fixed;
    return utility < 0 ? Answer{0, 0} : Answer{utility, revenue};
  }

  double generalist_loss(double share, double base) const {
    double revenue = 0;
    for (std::size_t i = 0; i < g_.specialists.size(); ++i) revenue += reply_utility(i, 1 - share, base).revenue;
    return value(g_.cost, base) + g_.cost.fixed - share * revenue;
  }

  const GeneralGame& g_;
  Reply reply_;
  Search search_;
  double log_base_high_;
  std::vector<double> alone_, utilities_;
};

}  // namespace

double general_boost_share(const GeneralGame& game, fine_tuning::Solution solution, Reply reply, Search search) {
  Nested nested(game, reply, search);
  const auto best = [search](auto loss) { return minimum(loss, 1e-6, 1 - 1e-6, search); };
  if (solution == fine_tuning::Solution::nash) return best([&](double share) { return nested.nash_loss(share); }).first;
  std::vector<double> scales(game.specialists.size() + 1);
  for (std::size_t j = 0; j < scales.size(); ++j) {
    scales[j] = nested.weight(j);
    if (solution == fine_tuning::Solution::kalai_smorodinsky)
      scales[j] *= -best([&](double share) { return nested.utility_loss(share, j); }).second;
  }
  return best([&](double share) { return nested.least_loss(share, scales); }).first;
}

double general_boost_first_best(const GeneralGame& game, Reply reply) {
  const Nested nested(game, reply, Search::one_peak);
  const double high = nested.log_base_high();
  return -minimum([&](double a) { return nested.owner_loss(std::exp(a)); }, high - 12, high, Search::one_peak).second;
}

}  // namespace haggle::bench
