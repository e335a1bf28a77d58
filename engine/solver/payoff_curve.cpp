// SPDX-License-Identifier: MIT
#include "haggle/solver/payoff_curve.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "line_search.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr double narrowest = 0x1p-51;       // of a cell: some doubles
constexpr double like = 0x1p-9;             // of a utility's range: how far a cell's middle may be from its chord
constexpr double turns_shown = 0x1p-11;     // utilities that turn twice within less are taken for monotone
constexpr double jump_clearance = 1e-6;     // no node is closer to a jump than this
constexpr double least_jump = 1e-9;         // of a utility's range
constexpr std::size_t most_unjoined = 500;  // cells: slopes that are off by rounding must not buy endless work

}  // namespace

PayoffCurve::Node PayoffCurve::at(double share) const {
  const std::vector<double> shares(specialists_, share);
  Payoffs payoffs;
  at_(shares, payoffs);
  Node node{share, payoffs.deal, payoffs.takes_part, payoffs.contributes, payoffs.holder};
  node.utility = std::move(payoffs.utility), node.money = std::move(payoffs.money);
  for (std::size_t j = 0; j < players() && !payoffs.slope.empty(); ++j)  // all domains' shares move
    node.slope.push_back(std::accumulate(payoffs.slope.begin() + static_cast<std::ptrdiff_t>(j * specialists_),
                                         payoffs.slope.begin() + static_cast<std::ptrdiff_t>((j + 1) * specialists_),
                                         0.0));
  return node;
}

PayoffCurve::PayoffCurve(PayoffsAt at, std::size_t specialists, std::span<const double> known)
    : at_(at), specialists_(specialists) {
  std::vector<double> shares(known.begin(), known.end());
  for (int i = 0; i <= 64; ++i) shares.push_back(i / 64.0);
  for (int k = 7; k <= 20; ++k) shares.insert(shares.end(), {std::ldexp(1.0, -k), 1 - std::ldexp(1.0, -k)});
  std::ranges::sort(shares);
  shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
  std::vector<Node> coarse;
  for (const double share : shares) coarse.push_back(this->at(share));
  measure(coarse);
  for (std::size_t i = 0; i + 1 < coarse.size(); ++i) {
    nodes_.push_back(coarse[i]);
    refine(coarse[i], coarse[i + 1]);
  }
  nodes_.push_back(coarse.back());
  measure(nodes_);
  thin_out_around_jumps();
  add_turning_points();
}

void PayoffCurve::measure(const std::vector<Node>& nodes) {
  range_.assign(players(), 0);
  tie_.assign(players(), 0);
  for (std::size_t j = 0; j < players(); ++j) {
    double low = nodes[0].utility[j], high = low;
    for (const Node& node : nodes) {
      low = std::min(low, node.utility[j]);
      high = std::max(high, node.utility[j]);
      tie_[j] = std::max(tie_[j], 0x1p-48 * node.money[j]);
    }
    range_[j] = high - low;
  }
}

bool PayoffCurve::same_regimes(const Node& a, const Node& b) {
  return a.takes_part == b.takes_part && a.contributes == b.contributes && a.deal == b.deal &&
         (a.holder == b.holder || !a.deal);
}

bool PayoffCurve::alike(const Node& a, const Node& b) const {
  if (!same_regimes(a, b)) return false;
  for (std::size_t j = 0; j < players(); ++j)
    if (std::abs(a.utility[j] - b.utility[j]) > std::max(tie_[j], least_jump * range_[j])) return false;
  return true;
}

/// Utilities change as their slopes at both ends say, so that no jump lies between. Corners have slopes of their own.
bool PayoffCurve::joins(const Node& a, const Node& b) {
  if (a.slope.empty() || b.slope.empty() || a.share == 0 || b.share == 1 || unjoined_ > most_unjoined) return true;
  const double h = b.share - a.share;
  for (std::size_t j = 0; j < players(); ++j) {
    const double off = b.utility[j] - a.utility[j] - 0.5 * h * (a.slope[j] + b.slope[j]);
    if (std::abs(off) > 0.5 * h * std::abs(b.slope[j] - a.slope[j]) + std::max(tie_[j], least_jump * range_[j])) {
      ++unjoined_;
      return false;
    }
  }
  return true;
}

void PayoffCurve::refine(const Node& a, const Node& b) {
  if (b.share - a.share <= narrowest) return;
  const Node middle = at(a.share + (b.share - a.share) / 2);
  bool straight = same_regimes(a, b) && same_regimes(a, middle);
  for (std::size_t j = 0; straight && j < players(); ++j) {
    const double bend = std::abs(middle.utility[j] - (a.utility[j] + b.utility[j]) / 2);
    const bool may_turn = b.share - a.share > turns_shown && bend > std::abs(b.utility[j] - a.utility[j]) / 4;
    straight = bend <= tie_[j] || (bend <= like * range_[j] && !may_turn);
  }
  if (!straight || !joins(a, middle)) refine(a, middle);
  nodes_.push_back(middle);
  if (!straight || !joins(middle, b)) refine(middle, b);
}

bool PayoffCurve::jumps_after(std::size_t i) const { return nodes_[i + 1].share - nodes_[i].share <= 2 * narrowest; }

// Closing in on a jump left nodes on both sides whose differences are rounding.
void PayoffCurve::thin_out_around_jumps() {
  std::vector<Node> kept;
  std::vector<double> jumps;
  std::vector<bool> beside(nodes_.size());
  for (std::size_t i = 0; i + 1 < nodes_.size(); ++i)
    if (jumps_after(i) && !alike(nodes_[i], nodes_[i + 1])) {
      beside[i] = beside[i + 1] = true;
      jumps.push_back(nodes_[i].share);
    }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto next = std::ranges::lower_bound(jumps, nodes_[i].share - jump_clearance);
    const bool near = next != jumps.end() && *next < nodes_[i].share + jump_clearance;
    if (!near || beside[i] || i == 0 || i + 1 == nodes_.size()) kept.push_back(std::move(nodes_[i]));
  }
  nodes_ = std::move(kept);
}

int PayoffCurve::direction(std::size_t i, std::size_t j) const {
  const double rise = nodes_[i + 1].utility[j] - nodes_[i].utility[j];
  return std::abs(rise) <= tie_[j] ? 0 : rise > 0 ? 1 : -1;
}

double PayoffCurve::share_at(std::size_t i, std::size_t j, double level) const {
  const Node &a = nodes_[i], &b = nodes_[i + 1];
  std::vector<double> shares(specialists_);
  Payoffs payoffs;
  const auto excess = [&](double share) {
    std::ranges::fill(shares, share);
    at_(shares, payoffs);
    return payoffs.utility[j] - level;
  };
  return crossing(excess, a.share, a.utility[j] - level, b.share, b.utility[j] - level);
}

void PayoffCurve::add_turning_points() {
  std::vector<Node> found;
  for (std::size_t i = 0; i + 1 < nodes_.size(); ++i) {
    const Node &a = nodes_[i], &b = nodes_[i + 1];
    if (jumps_after(i) || !a.deal || !b.deal) continue;
    const bool met = i > 0 && !jumps_after(i - 1);
    for (std::size_t j = 0; j < players(); ++j) {
      add_turning_point(i, j, found);
      if (met && (direction(i - 1, j) == 0) != (direction(i, j) == 0))
        found.push_back(levelling(i, direction(i, j) == 0 ? i - 1 : i + 1, j));
    }
  }
  std::ranges::move(found, std::back_inserter(nodes_));
  std::ranges::sort(nodes_, {}, &Node::share);
  const auto same = [](const Node& a, const Node& b) { return a.share == b.share; };
  nodes_.erase(std::unique(nodes_.begin(), nodes_.end(), same), nodes_.end());
}

/// Where player j's utility turns between nodes i and i+1: smoothly, or, with a node on either side, at a kink or jump.
void PayoffCurve::add_turning_point(std::size_t i, std::size_t j, std::vector<Node>& found) const {
  const Node &a = nodes_[i], &b = nodes_[i + 1];
  if (a.slope.empty() || b.slope.empty()) return;
  double from = a.slope[j], to = b.slope[j];
  // A corner's slope is its own: who has nothing there moves with the first bit of a share.
  if (!(from * to < 0) && i == 0) from = direction(i, j) * std::abs(to);
  if (!(from * to < 0) && i + 2 == nodes_.size()) to = direction(i, j) * std::abs(from);
  if (!(from * to < 0)) return;
  const auto slope = [&](double share) {
    const Node there = at(share);
    return there.slope.empty() ? 0 : there.slope[j];
  };
  const double share = crossing(slope, a.share, from, b.share, to);
  const auto add = [&](Node node) {
    if (node.deal && node.share > a.share && node.share < b.share) found.push_back(std::move(node));
  };
  Node turn = at(share);
  const double left = turn.slope.empty() ? 0 : std::abs(turn.slope[j]);
  if (!(left > 1e-3 * std::max(std::abs(from), std::abs(to)))) return add(std::move(turn));
  for (const double beside : {-1e-13, 1e-13}) add(at(share + beside));
}

// A player held at its outside option: where that begins is a kink, and domination by neighbours may begin with it.
PayoffCurve::Node PayoffCurve::levelling(std::size_t level, std::size_t beyond, std::size_t j) const {
  Node in = nodes_[level];
  double out = nodes_[beyond].share;
  while (std::abs(out - in.share) > 1e-14) {
    Node middle = at(in.share + (out - in.share) / 2);
    if (std::abs(middle.utility[j] - nodes_[level].utility[j]) <= tie_[j])
      in = std::move(middle);
    else
      out = middle.share;
  }
  return in;
}

}  // namespace haggle::fine_tuning
