// SPDX-License-Identifier: MIT
#include "haggle/solver/pareto_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace haggle::fine_tuning {

namespace {

constexpr double same_share = 1e-12;
constexpr int pieces = 8;  // of a cell that other cells may dominate in part

using Utilities = std::vector<double>;

/// Which points of a curve others dominate. Between two nodes every utility only rises or only falls, so the shares at
/// which player j has at least a given level are an interval there, and those at which all have theirs are one, too.
class Dominance {
 public:
  explicit Dominance(const PayoffCurve& curve) : curve_(curve), nodes_(curve.nodes()) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_[i].deal) continue;
      const bool left = i > 0 && is_piece(i - 1), right = i + 1 < nodes_.size() && is_piece(i);
      if (right) stretches_.push_back({i, i + 1});
      if (!left && !right) stretches_.push_back({i, i});
    }
  }

  bool is_piece(std::size_t i) const { return nodes_[i].deal && nodes_[i + 1].deal && !curve_.jumps_after(i); }

  /// All have the same from node i to i+1.
  bool is_flat(std::size_t i) const {
    for (std::size_t j = 0; j < curve_.players(); ++j)
      if (curve_.direction(i, j) != 0) return false;
    return true;
  }
  /// Going from node i to i+1 (or back, for sign = -1), someone gains and nobody loses.
  bool improves(std::size_t i, int sign) const {
    bool gains = false;
    for (std::size_t j = 0; j < curve_.players(); ++j) {
      const int direction = sign * curve_.direction(i, j);
      if (direction < 0) return false;
      gains = gains || direction > 0;
    }
    return gains;
  }

  bool node_is_dominated(std::size_t i) const {
    for (const Stretch& s : stretches_) {
      if (s.from == s.to && s.from == i) continue;
      if (s.from == i || s.to == i) {
        if (improves(s.from, s.from == i ? 1 : -1)) return true;
      } else if (reaches(s, nodes_[i].utility)) {
        return true;
      }
    }
    return false;
  }

  /// The parts of the piece after node i, inside which nobody dominates anybody, that no other piece dominates.
  void add_undominated(std::size_t i, std::vector<ShareInterval>& all) const {
    const std::vector<Stretch> rivals = rivals_of(i);
    const double low = nodes_[i].share, high = nodes_[i + 1].share;
    if (is_flat(i) && node_is_dominated(i)) return;
    if (rivals.empty()) {
      all.push_back({low, high});
      return;
    }
    const auto dominated = [&](double share) {
      const Utilities level = curve_.at(share).utility;
      return std::ranges::any_of(rivals, [&](const Stretch& s) { return reaches(s, level); });
    };
    double share = low;
    bool out = node_is_dominated(i);
    for (int k = 1; k <= pieces; ++k) {
      const double next = k == pieces ? high : low + (high - low) * k / pieces;
      const bool next_out = k == pieces ? node_is_dominated(i + 1) : dominated(next);
      if (out == next_out) {
        if (!out) all.push_back({share, next});
      } else {
        double in = out ? next : share, beyond = out ? share : next;
        while (std::abs(beyond - in) > same_share / 8) {
          const double middle = in + (beyond - in) / 2;
          (dominated(middle) ? beyond : in) = middle;
        }
        all.push_back(out ? ShareInterval{in, next} : ShareInterval{share, in});
      }
      share = next;
      out = next_out;
    }
  }

 private:
  struct Stretch {
    std::size_t from, to;  ///< neighbouring nodes, or one node alone
  };

  double most(const Stretch& s, std::size_t j) const {
    return std::max(nodes_[s.from].utility[j], nodes_[s.to].utility[j]);
  }

  std::vector<Stretch> rivals_of(std::size_t i) const {
    std::vector<Stretch> rivals;
    for (const Stretch& s : stretches_) {
      if (s.from == i) continue;
      bool may = true;
      for (std::size_t j = 0; may && j < curve_.players(); ++j) {
        const double least = std::min(nodes_[i].utility[j], nodes_[i + 1].utility[j]);
        may = curve_.direction(i, j) == 0 ? most(s, j) >= least - curve_.tie(j) : most(s, j) > least + curve_.tie(j);
      }
      if (may) rivals.push_back(s);
    }
    return rivals;
  }

  /// Everyone has at least that level and someone more.
  bool is_better(const Utilities& u, const Utilities& level) const {
    bool more = false;
    for (std::size_t j = 0; j < curve_.players(); ++j) {
      if (!(u[j] >= level[j] - curve_.tie(j))) return false;
      more = more || u[j] > level[j] + curve_.tie(j);
    }
    return more;
  }
  /// Likewise somewhere on the stretch.
  bool reaches(const Stretch& s, const Utilities& level) const {
    const auto has = [&](const Utilities& u, std::size_t j) { return u[j] >= level[j] - curve_.tie(j); };
    bool more = false;
    for (std::size_t j = 0; j < curve_.players(); ++j) {
      if (!(most(s, j) >= level[j] - curve_.tie(j))) return false;
      more = more || most(s, j) > level[j] + curve_.tie(j);
    }
    if (!more) return false;
    if (is_better(nodes_[s.from].utility, level) || is_better(nodes_[s.to].utility, level)) return true;
    double low = nodes_[s.from].share, high = nodes_[s.to].share;
    for (std::size_t j = 0; j < curve_.players(); ++j) {
      const bool first = has(nodes_[s.from].utility, j), last = has(nodes_[s.to].utility, j);
      if (first && last) continue;
      const double passing = curve_.share_at(s.from, j, level[j]);
      if (last)
        low = std::max(low, passing);
      else
        high = std::min(high, passing);
      if (low > high) return false;
    }
    const auto better = [&](double share) {
      const Utilities u = curve_.at(share).utility;
      for (std::size_t j = 0; j < curve_.players(); ++j)
        if (u[j] > level[j] + curve_.tie(j)) return true;
      return false;
    };
    return better(low + (high - low) / 2) || better(low) || better(high);
  }

  const PayoffCurve& curve_;
  const std::vector<PayoffCurve::Node>& nodes_;
  std::vector<Stretch> stretches_;
};

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
