// SPDX-License-Identifier: MIT
#include "verify/deal_moves.hpp"

#include <algorithm>
#include <cmath>

namespace haggle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double logit(const DealMoves::Outcome& o) { return std::log(o.splits[0].generalist / o.splits[0].specialist); }

}  // namespace

void DealMoves::count(const Outcome& deal) {
  money_ = std::max(money_, std::abs(deal.generalist_utility));
  for (const auto& s : deal.specialists) money_ = std::max(money_, std::abs(s.utility));
}

DealMoves::Outcome DealMoves::at(oracle::Split split) const {
  return play_.equilibrium(std::vector<oracle::Split>(play_.game().specialists.size(), split));
}

template <class Visit>
void DealMoves::each_gain(const Outcome& from, const Outcome& to, Visit visit) {
  visit(to.generalist_utility - from.generalist_utility);
  for (std::size_t i = 0; i < from.specialists.size(); ++i)
    visit(to.specialists[i].utility - from.specialists[i].utility);
}

double DealMoves::loss(const Outcome& from, const Outcome& to) const {
  double most = -infinite;
  each_gain(from, to, [&](double gain) { most = std::max(most, -gain); });
  return most / money_;
}

double DealMoves::best_exit(const Outcome& from, const std::vector<Outcome>& deals) const {
  double best = 0;
  for (const Outcome& to : deals) {
    double least = infinite;
    each_gain(from, to, [&](double gain) { least = gain == 0 ? least : std::min(least, gain); });
    if (least < infinite) best = std::max(best, least / money_);
  }
  return best;
}

double DealMoves::least_loss(const Outcome& from, const std::vector<Outcome>& deals, double least) const {
  for (const Outcome& to : deals) least = std::min(least, loss(from, to));
  for (std::size_t i = 0; i + 1 < deals.size(); ++i) {
    const std::size_t before = i > 0 ? i - 1 : 0, after = std::min(i + 2, deals.size() - 1);
    std::vector<double> change(from.specialists.size() + 1, 0.0);
    for (std::size_t k = before; k < after; ++k) widen(change, deals[k], deals[k + 1]);
    look_between(from, deals[i], deals[i + 1], change, least, 14);
  }
  return least;
}

void DealMoves::widen(std::vector<double>& change, const Outcome& a, const Outcome& b) {
  std::size_t player = 0;
  each_gain(a, b, [&](double gain) { change[player] = std::max(change[player], std::abs(gain)), ++player; });
}

/// `change`: what utilities change by around there from one share looked at to the next. None is taken to leave the
/// range of its two ends by more than half of that. (On both sides of a peak it may be the same.)
void DealMoves::look_between(const Outcome& from, const Outcome& left, const Outcome& right, std::vector<double> change,
                             double& least, int levels) const {
  const double low = logit(left), width = logit(right) - low;
  if (least <= clear || levels == 0 || !(width > 1e-9 && width < infinite)) return;
  std::vector<double> gains;
  each_gain(from, left, [&](double gain) { gains.push_back(gain); });
  std::size_t player = 0;
  double bound = -infinite;
  each_gain(from, right, [&](double gain) {
    bound = std::max(bound, -std::max(gain, gains[player]) - 0.5 * change[player]), ++player;
  });
  if (bound > clear * money_) return;
  const Outcome middle = at(oracle::split_of_logit(low + 0.5 * width));
  if (!middle.deal) return;
  least = std::min(least, loss(from, middle));
  // A change halves with the width, or is that of the two halves.
  for (double& c : change) c *= 0.5;
  widen(change, left, middle), widen(change, middle, right);
  look_between(from, left, middle, change, least, levels - 1);
  look_between(from, middle, right, change, least, levels - 1);
}

}  // namespace haggle
