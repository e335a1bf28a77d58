// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>

#include "haggle/verify/general_game.hpp"

namespace haggle::oracle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// (α/h)^η and (h/α)^η: whichever is at most 1 tells both value and derivatives without overflow.
double hill_value(const std::vector<double>& n, double at) {
  if (at <= n[1]) {
    const double t = std::pow(at / n[1], n[2]);
    return n[0] * t / (1 + t);
  }
  return n[0] / (1 + std::pow(n[1] / at, n[2]));
}

Derivatives hill_derivatives(const std::vector<double>& n, double at) {
  const bool below = at <= n[1];
  const double t = below ? std::pow(at / n[1], n[2]) : std::pow(n[1] / at, n[2]);
  // r' = R η t / (α (1+t)²) with either t; by ln α, r'' α²/ (r' α) = η (1−t)/(1+t) − 1 below h, mirrored above.
  const double first = n[0] * n[2] * t / (at * (1 + t) * (1 + t));
  const double tilt = n[2] * (1 - t) / (1 + t) * (below ? 1 : -1);
  return {first, first / at * (tilt - 1)};
}

/// Central differences of order eight over `at` (1 ± k/100), k = 1 … 4.
Derivatives differences(const GeneralFunction& f, double at) {
  constexpr double to_first[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  constexpr double to_second[] = {8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560};
  const double h = 0.01 * at, middle = value(f, at);
  double first = 0, second = 0;
  for (int k = 1; k <= 4; ++k) {
    const double above = value(f, at + k * h), below = value(f, at - k * h);
    first += to_first[k - 1] * (above - below);
    second += to_second[k - 1] * ((above - middle) + (below - middle));
  }
  return {first / h, second / (h * h)};
}

}  // namespace

double value(const GeneralFunction& f, double at) {
  if (at == 0) return 0;
  const auto& n = f.numbers;
  switch (f.family) {
    case Family::isoelastic:
      return n[0] * std::pow(at, n[1]);
    case Family::logarithmic:
      return n[0] * std::log1p(at / n[1]);
    case Family::exponential_saturation:
      return -n[0] * std::expm1(-at / n[1]);
    case Family::hill:
      return hill_value(n, at);
    case Family::power:
      return n[0] * at + (n[1] > 0 ? n[1] * std::pow(at, n[2]) : 0);
    case Family::expression:
      return (*f.expression)(n, at);
  }
  return 0;
}

Derivatives derivatives(const GeneralFunction& f, double at) {
  const auto& n = f.numbers;
  switch (f.family) {
    case Family::isoelastic: {
      const double first = n[0] * n[1] * std::pow(at, n[1] - 1);
      return {first, (n[1] - 1) * first / at};
    }
    case Family::logarithmic: {
      const double first = n[0] / (n[1] + at);
      return {first, -first / (n[1] + at)};
    }
    case Family::exponential_saturation: {
      const double first = n[0] / n[1] * std::exp(-at / n[1]);
      return {first, -first / n[1]};
    }
    case Family::hill:
      return hill_derivatives(n, at);
    case Family::power: {
      const double first = n[1] > 0 ? n[1] * n[2] * std::pow(at, n[2] - 1) : 0;
      return {n[0] + first, (n[2] - 1) * first / at};
    }
    case Family::expression:
      break;
  }
  return differences(f, at);
}

double slope(const GeneralFunction& f, double at) {
  if (at > 0) return derivatives(f, at).first;
  const auto& n = f.numbers;
  const auto of_power = [](double scale, double exponent) {
    return exponent < 1 ? infinity : exponent == 1 ? scale : 0;
  };
  switch (f.family) {
    case Family::isoelastic:
      return of_power(n[0], n[1]);
    case Family::logarithmic:
    case Family::exponential_saturation:
      return n[0] / n[1];
    case Family::hill:
      return of_power(n[0] / n[1], n[2]);
    case Family::power:
      return n[0] + (n[1] > 0 ? of_power(n[1], n[2]) : 0);
    case Family::expression:
      break;
  }
  return value(f, 1e-290) / 1e-290;
}

double concave_from(const GeneralFunction& f) {
  const auto& n = f.numbers;
  switch (f.family) {
    case Family::isoelastic:
      return n[1] <= 1 ? 0 : infinity;
    case Family::logarithmic:
    case Family::exponential_saturation:
      return 0;
    case Family::hill:
      return n[2] <= 1 ? 0 : n[1] * std::pow((n[2] - 1) / (n[2] + 1), 1 / n[2]);
    case Family::power:
    case Family::expression:
      break;
  }
  return infinity;
}

double growth(const GeneralFunction& f) {
  const auto& n = f.numbers;
  switch (f.family) {
    case Family::isoelastic:
      return n[1];
    case Family::power:
      return n[1] > 0 ? n[2] : n[0] > 0 ? 1 : 0;
    case Family::expression:
      return std::numeric_limits<double>::quiet_NaN();
    default:
      return 0;
  }
}

bool may_earn(const GeneralGame& game, std::size_t i) {
  return game.solution != Solution::fixed || game.fixed_shares[game.per_domain ? i : 0] < 1;
}
bool generalist_may_earn(const GeneralGame& game, std::size_t i) {
  return game.solution != Solution::fixed || game.fixed_shares[game.per_domain ? i : 0] > 0;
}

// A comparison with an expression's NaN is false.
bool bounded(const GeneralGame& game) {
  return std::ranges::none_of(game.specialists, [&](const GeneralSpecialist& s) {
    return growth(s.revenue) >= growth(s.cost) || growth(s.revenue) >= growth(game.cost);
  });
}

bool bounded_as_agreed(const GeneralGame& game) {
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const GeneralSpecialist& s = game.specialists[i];
    if (may_earn(game, i) && growth(s.revenue) >= growth(s.cost)) return false;
    if (generalist_may_earn(game, i) && growth(s.revenue) >= growth(game.cost)) return false;
  }
  return true;
}

}  // namespace haggle::oracle
