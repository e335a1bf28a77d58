// SPDX-License-Identifier: MIT
#include "solver/dominance.hpp"

#include <algorithm>
#include <cmath>

namespace haggle::fine_tuning {
namespace {

constexpr double same_share = 1e-12;
constexpr double end_width = 1e-6;  // around a player's best share rounding hides what it loses for so far
constexpr int pieces = 8;           // of a cell that other cells may dominate in part

}  // namespace

Dominance::Dominance(const PayoffCurve& curve, double counts) : curve_(curve), nodes_(curve.nodes()), counts_(counts) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].deal) continue;
    const bool left = i > 0 && is_piece(i - 1), right = i + 1 < nodes_.size() && is_piece(i);
    if (right) stretches_.push_back({i, i + 1});
    if (!left && !right) stretches_.push_back({i, i});
  }
}

/// All have the same from node i to i+1.
bool Dominance::is_flat(std::size_t i) const {
  for (std::size_t j = 0; j < curve_.players(); ++j)
    if (curve_.direction(i, j) != 0) return false;
  return true;
}

bool Dominance::improves(std::size_t i, int sign) const {
  bool gains = false;
  for (std::size_t j = 0; j < curve_.players(); ++j) {
    const int direction = sign * curve_.direction(i, j);
    if (direction < 0) return false;
    gains = gains || direction > 0;
  }
  return gains;
}

bool Dominance::node_is_dominated(std::size_t i) const {
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

void Dominance::add_undominated(std::size_t i, std::vector<ShareInterval>& all) const {
  const std::vector<Stretch> rivals = rivals_of(i);
  const double low = nodes_[i].share, high = nodes_[i + 1].share;
  if (is_flat(i) && node_is_dominated(i)) return;
  if (rivals.empty()) {
    all.push_back({low, high});
    return;
  }
  const auto dominated = [&](double share) {
    const std::vector<double> level = curve_.at(share).utility;
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

double Dominance::most(const Stretch& s, std::size_t j) const {
  return std::max(nodes_[s.from].utility[j], nodes_[s.to].utility[j]);
}

std::vector<Dominance::Stretch> Dominance::rivals_of(std::size_t i) const {
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
bool Dominance::is_better(Utilities u, Utilities level) const {
  bool more = false;
  for (std::size_t j = 0; j < curve_.players(); ++j) {
    if (!(u[j] >= level[j] - curve_.tie(j))) return false;
    more = more || u[j] > level[j] + gain(j);
  }
  return more;
}

/// Likewise somewhere on the stretch.
bool Dominance::reaches(const Stretch& s, Utilities level) const {
  const auto has = [&](Utilities u, std::size_t j) { return u[j] >= level[j] - curve_.tie(j); };
  bool more = false;
  for (std::size_t j = 0; j < curve_.players(); ++j) {
    if (!(most(s, j) >= level[j] - curve_.tie(j))) return false;
    more = more || most(s, j) > level[j] + gain(j);
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
    const std::vector<double> u = curve_.at(share).utility;
    for (std::size_t j = 0; j < curve_.players(); ++j)
      if (u[j] > level[j] + gain(j)) return true;
    return false;
  };
  return better(low + (high - low) / 2) || better(low) || better(high);
}

/// To anybody the two are worth the same.
bool Dominance::is_same(Utilities a, Utilities b) const {
  for (std::size_t j = 0; j < curve_.players(); ++j)
    if (!(std::abs(a[j] - b[j]) <= gain(j))) return false;
  return true;
}

/// Nodes i and i+1 are on one branch; a node that merely happens to be next to another parts nothing.
bool Dominance::goes_on_after(std::size_t i) const {
  return is_piece(i) || (nodes_[i].deal && nodes_[i + 1].deal && is_same(nodes_[i].utility, nodes_[i + 1].utility));
}

/// The nodes next to that deal on its branch, an end's width or more away where the branch goes on so far. A deal on no
/// branch has none: first > last.
Dominance::Reach Dominance::around(double share, Utilities utility) const {
  const auto at = std::ranges::lower_bound(nodes_, share, {}, &PayoffCurve::Node::share);
  std::size_t last = static_cast<std::size_t>(at - nodes_.begin()), first = last;
  if (last == nodes_.size()) return {1, 0};
  if (nodes_[last].share == share) {
    if (!nodes_[last].deal || !is_same(nodes_[last].utility, utility)) return {1, 0};
  } else {
    if (last == 0 || !goes_on_after(last - 1)) return {1, 0};
    --first;
  }
  while (first > 0 && share - nodes_[first].share <= end_width && goes_on_after(first - 1)) --first;
  while (last + 1 < nodes_.size() && nodes_[last].share - share <= end_width && goes_on_after(last)) ++last;
  return {first, last};
}

// Around a player's best share its utility hardly changes where the others' do: there values say less of who loses than
// the direction in which the curve goes on.
bool Dominance::is_dominated(double share, std::span<const double> utility) const {
  const Reach own = around(share, utility);
  if (own.first <= own.last)
    for (const std::size_t end : {own.first, own.last})
      if (is_better(nodes_[end].utility, utility)) return true;
  return std::ranges::any_of(
      stretches_, [&](const Stretch& s) { return !(own.first <= s.from && s.to <= own.last) && reaches(s, utility); });
}

}  // namespace haggle::fine_tuning
