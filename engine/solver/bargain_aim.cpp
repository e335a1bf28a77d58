// SPDX-License-Identifier: MIT
#include "haggle/solver/bargain_aim.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::fine_tuning {

namespace {

constexpr double rounding = 0x1p-47;
constexpr double infinite = std::numeric_limits<double>::infinity();

double row(const Payoffs& at, std::size_t j) { return j < at.utility.size() ? at.utility[j] : at.performance; }
double money(const Payoffs& at, std::size_t j) { return j < at.utility.size() ? at.money[j] : at.performance; }

}  // namespace

double BargainAim::operator()(const Payoffs& at) const {
  for (std::size_t j = 0; j < floor.size(); ++j)
    if (!(at.utility[j] >= floor[j])) return -infinite;
  double value = kind == Kind::least ? infinite : 0;
  for (std::size_t j = 0; j < factor.size(); ++j) {
    if (factor[j] == 0) continue;
    switch (kind) {
      case Kind::product: {
        const double gain = at.utility[j] - outside[j];
        if (!(gain > rounding * at.money[j])) return -infinite;
        value += factor[j] * std::log(gain);
        break;
      }
      case Kind::least: {
        const double gain = at.utility[j] - outside[j];
        value = std::min(value, std::abs(gain) <= rounding * at.money[j] ? 0 : factor[j] * gain);
        break;
      }
      case Kind::sum:
        value += factor[j] * row(at, j);
    }
  }
  return value;
}

double BargainAim::tie(const Payoffs& at) const {
  double size = 0, least = infinite;
  for (std::size_t j = 0; j < factor.size(); ++j) {
    if (factor[j] == 0) continue;
    switch (kind) {
      case Kind::product:
        size += factor[j] * money(at, j) / std::max(at.utility[j] - outside[j], 1e-300);
        break;
      case Kind::least:  // of who has it
        if (const double gain = factor[j] * (at.utility[j] - outside[j]); gain < least)
          least = gain, size = factor[j] * money(at, j);
        break;
      case Kind::sum:
        size += std::abs(factor[j]) * money(at, j);
    }
  }
  return rounding * size;
}

bool better(const BargainAim& aim, const Payoffs& a, std::span<const double> shares_a, const Payoffs& b,
            std::span<const double> shares_b) {
  if (a.deal != b.deal) return a.deal;
  if (!a.deal) return a.clearance > b.clearance;
  const double value_a = aim(a), value_b = aim(b);
  const bool zeros = value_a == -infinite && value_b == -infinite;
  // What drowns in its own rounding is no tie for what is known well.
  if (!zeros && !(std::abs(value_a - value_b) <= std::min(aim.tie(a), aim.tie(b)))) return value_a > value_b;
  double size = 0;
  for (std::size_t j = 0; j < a.money.size(); ++j) size += a.money[j] + b.money[j];
  if (const double rise = a.surplus() - b.surplus(); std::abs(rise) > rounding * size) return rise > 0;
  return std::ranges::lexicographical_compare(shares_b, shares_a);
}

}  // namespace haggle::fine_tuning
