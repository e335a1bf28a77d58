// SPDX-License-Identifier: MIT
#include "haggle/solver/payoff_curve.hpp"

#include <algorithm>
#include <cmath>

#include "line_search.hpp"

namespace haggle::fine_tuning {

namespace {

constexpr double narrowest = 0x1p-51;    // of a cell: some doubles
constexpr double like = 0x1p-9;          // of a utility's range: how far a cell's middle may be from its chord
constexpr double turns_shown = 0x1p-11;  // utilities that turn twice within less are taken for monotone
constexpr double jump_clearance = 1e-6;  // no node is closer to a jump than this

}  // namespace

PayoffCurve::Node PayoffCurve::at(double share) const {
  const std::vector<double> shares(specialists_, share);
  Payoffs payoffs;
  at_(shares, payoffs);
  return {share,
          payoffs.deal,
          payoffs.takes_part,
          payoffs.contributes,
          std::move(payoffs.utility),
          std::move(payoffs.money)};
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
  return a.takes_part == b.takes_part && a.contributes == b.contributes && a.deal == b.deal;
}

bool PayoffCurve::alike(const Node& a, const Node& b) const {
  if (!same_regimes(a, b)) return false;
  for (std::size_t j = 0; j < players(); ++j)
    if (std::abs(a.utility[j] - b.utility[j]) > std::max(tie_[j], like * range_[j])) return false;
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
  if (!straight) refine(a, middle);
  nodes_.push_back(middle);
  if (!straight) refine(middle, b);
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
  for (std::size_t i = 1; i + 1 < nodes_.size(); ++i) {
    if (jumps_after(i - 1) || jumps_after(i) || !nodes_[i].deal) continue;
    for (std::size_t j = 0; j < players(); ++j) {
      const int before = direction(i - 1, j), after = direction(i, j);
      if (before * after < 0) {
        if (auto node = turning_point(i, j)) found.push_back(std::move(*node));
      } else if ((before == 0) != (after == 0)) {
        found.push_back(levelling(i, after == 0 ? i - 1 : i + 1, j));
      }
    }
  }
  std::ranges::move(found, std::back_inserter(nodes_));
  std::ranges::sort(nodes_, {}, &Node::share);
  const auto same = [](const Node& a, const Node& b) { return a.share == b.share; };
  nodes_.erase(std::unique(nodes_.begin(), nodes_.end(), same), nodes_.end());
}

std::optional<PayoffCurve::Node> PayoffCurve::turning_point(std::size_t middle, std::size_t j) const {
  const Node &low = nodes_[middle - 1], &high = nodes_[middle + 1];
  const double sign = direction(middle, j) < 0 ? 1 : -1;
  std::vector<double> shares(specialists_);
  Payoffs payoffs;
  const auto value = [&](double share) {
    std::ranges::fill(shares, share);
    at_(shares, payoffs);
    return sign * payoffs.utility[j];
  };
  const double rough = highest_between(value, low.share, nodes_[middle].share, high.share);
  const double smooth = polished(rough, std::min(rough - low.share, high.share - rough), j);
  const double share = value(smooth) >= value(rough) - tie_[j] ? smooth : rough;  // not where a kink was near
  for (const Node* near : {&low, &nodes_[middle], &high})
    if (std::abs(near->share - share) < 1e-9) return std::nullopt;
  return at(share);
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

// A maximum's values tell its place to the root of their rounding; where the curve is smooth their differences at a
// distance do better: two Newton steps on five-point stencils.
double PayoffCurve::polished(double share, double room, std::size_t j) const {
  const double h = std::min(1e-3, room / 2.5);
  if (h < 1e-6) return share;
  const Node start = at(share);
  double x = share;
  for (int step = 0; step < 2; ++step) {
    double u[5];
    for (int k = 0; k < 5; ++k) {
      const Node node = at(x + (k - 2) * h);
      if (!same_regimes(node, start)) return share;
      u[k] = node.utility[j];
    }
    const double slope = (u[0] - u[4] + 8 * (u[3] - u[1])) / (12 * h);
    const double curvature = (16 * (u[1] + u[3]) - 30 * u[2] - u[0] - u[4]) / (12 * h * h);
    const double next = x - slope / curvature;
    if (!(std::abs(next - share) < std::min(1e-5, h / 4))) return share;  // a kink
    x = next;
  }
  return x;
}

}  // namespace haggle::fine_tuning
