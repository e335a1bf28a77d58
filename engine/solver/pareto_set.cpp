// SPDX-License-Identifier: MIT
#include "haggle/solver/pareto_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solver/dominance.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double same_share = 1e-12;
// A billionth of the money that a player may have counts, what rounding does to bargains and ends of the set doesn't.
constexpr double counts = 0x1p18;  // times PayoffCurve::tie()

}  // namespace

std::vector<ShareInterval> pareto_components(const PayoffCurve& curve) {
  const Dominance dominance(curve);
  const auto& nodes = curve.nodes();
  std::vector<ShareInterval> all;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].deal && !dominance.node_is_dominated(i)) all.push_back({nodes[i].share, nodes[i].share});
    if (i + 1 < nodes.size() && dominance.is_piece(i) && !dominance.improves(i, 1) && !dominance.improves(i, -1))
      dominance.add_undominated(i, all);
  }
  std::vector<ShareInterval> components;
  for (const ShareInterval& next : all)
    if (!components.empty() && next.low <= components.back().high + same_share)
      components.back().high = std::max(components.back().high, next.high);
    else
      components.push_back(next);
  return components;
}

bool is_pareto(const PayoffCurve& curve, double share, std::span<const double> utility) {
  return !Dominance(curve, counts).is_dominated(share, utility);
}

std::vector<double> spread_over(const std::vector<ShareInterval>& components, std::size_t count) {
  const auto length = [](const ShareInterval& c) { return c.high - c.low; };
  // Every component has its ends first; then each further share goes where shares are furthest apart.
  std::vector<std::size_t> points(components.size(), 0);
  std::size_t given = 0;
  for (std::size_t c = 0; c < components.size(); ++c) {
    points[c] = std::min<std::size_t>(length(components[c]) > 0 ? 2 : 1, count - given);
    given += points[c];
  }
  const auto spacing = [&](std::size_t c) {
    return points[c] < 2 ? 0.0 : length(components[c]) / static_cast<double>(points[c] - 1);
  };
  std::vector<std::size_t> order(components.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (; given < count && !order.empty(); ++given) {
    const std::size_t widest = *std::ranges::max_element(order, {}, spacing);
    if (!(spacing(widest) > 0)) break;
    ++points[widest];
  }
  std::vector<double> shares;
  for (std::size_t c = 0; c < components.size(); ++c)
    for (std::size_t k = 0; k < points[c]; ++k)
      shares.push_back(k + 1 == points[c] && k > 0 ? components[c].high
                                                   : components[c].low + static_cast<double>(k) * spacing(c));
  return shares;
}

}  // namespace haggle::fine_tuning
