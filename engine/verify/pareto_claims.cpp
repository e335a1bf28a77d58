// SPDX-License-Identifier: MIT
#include "verify/pareto_claims.hpp"

#include <algorithm>
#include <cmath>

#include "haggle/verify/general_bargain.hpp"
#include "verify/deal_moves.hpp"

namespace haggle {
namespace {

using oracle::GeneralGame;
using oracle::general::Frontier, oracle::general::Outcome;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double clear = DealMoves::clear;
constexpr double stretch = 1e-3;  ///< of the shares

struct Component {
  double low, high;
  bool contains(double share, double margin = 0) const { return share >= low + margin && share <= high - margin; }
};

/// None: they are no disjoint intervals of shares in rising order, as many as are counted or all that there is room
/// for.
std::optional<std::vector<Component>> kept_components(const KeptColumns& kept) {
  const auto& c = kept.columns();
  const double count = kept.at(c.pareto_components);
  std::vector<Component> components;
  for (std::size_t i = 0; i < kept.components(); ++i) {
    const Component next{kept.at(c.pareto_share_low + i), kept.at(c.pareto_share_high + i)};
    if (static_cast<double>(i) >= count) {
      if (!std::isnan(next.low) || !std::isnan(next.high)) return std::nullopt;
      continue;
    }
    if (!(next.low >= 0 && next.low <= next.high && next.high <= 1)) return std::nullopt;
    if (!components.empty() && !(next.low > components.back().high)) return std::nullopt;
    components.push_back(next);
  }
  if (!(count >= 0) || count != std::floor(count)) return std::nullopt;
  return components;
}

class ParetoSet {
 public:
  ParetoSet(const Frontier& frontier, const std::vector<Component>& components) : moves_(frontier.play()) {
    for (const Frontier::Point& p : frontier.points())
      if (p.outcome.deal) deals_.push_back(p.outcome);
    // What is right beside the ends tells best whether they are those of the set.
    for (const Component& c : components)
      for (const double end : {c.low, c.high})
        for (const double off : {1e-3, -1e-3, 1e-4, -1e-4})
          if (const Outcome o = moves_.at(oracle::split_of_share(std::clamp(end + off, 0.0, 1.0))); o.deal)
            deals_.push_back(o);
    for (const Outcome& o : deals_) moves_.count(o);
    for (const Component& c : components) sections_.push_back({c, within(c)});
  }

  /// The most that everyone whom it concerns would gain by leaving a share well within a component: never less than 0,
  /// and 0 unless a whole stretch of shares is so.
  double dominated() const {
    double worst = 0;
    for (const Section& section : sections_)
      for (const Outcome& o : section.deals) {
        const double share = o.splits[0].generalist;
        if (!section.component.contains(share, stretch) || !(best_exit(o) > std::max(worst, clear))) continue;
        double least = best_exit(o);
        for (const double off : {-stretch / 2, stretch / 2}) {
          const Outcome beside = moves_.at(oracle::split_of_share(share + off));
          least = std::min(least, beside.deal ? best_exit(beside) : 0);
        }
        if (least > clear) worst = std::max(worst, least);
      }
    return worst;
  }

  /// What somebody loses by going from a deal outside to wherever in the set that is least.
  double unmatched() const {
    std::vector<std::pair<double, const Outcome*>> outside;
    for (const Outcome& o : deals_) {
      const double share = o.splits[0].generalist;
      if (std::any_of(sections_.begin(), sections_.end(),
                      [&](const Section& s) { return s.component.contains(share); }))
        continue;
      if (const double loss = least_loss(o); loss > clear) outside.emplace_back(loss, &o);
    }
    // Between the shares looked at somebody may lose less. Deals that crowd at a jump are looked at in part.
    double worst = 0;
    const std::size_t step = outside.size() / 40 + 1;
    for (std::size_t i = 0; i < outside.size(); i += step)
      if (outside[i].first > worst) worst = std::max(worst, stretch_loss(*outside[i].second));
    return worst > clear ? worst : 0;
  }

 private:
  struct Section {
    Component component;
    std::vector<Outcome> deals;  ///< in it, by share
  };

  /// An end may be a jump's, and open: what is right beside it belongs to the closure.
  std::vector<Outcome> within(const Component& c) const {
    std::vector<Outcome> found;
    for (const Outcome& o : deals_)
      if (c.contains(o.splits[0].generalist)) found.push_back(o);
    for (const double end : {c.low, c.high})
      for (const double off : {0.0, 1e-15, -1e-15, 1e-12, -1e-12, 1e-9, -1e-9})
        if (const Outcome o = moves_.at(oracle::split_of_share(std::clamp(end + off, 0.0, 1.0))); o.deal)
          found.push_back(o);
    std::sort(found.begin(), found.end(),
              [](const Outcome& a, const Outcome& b) { return a.splits[0].generalist < b.splits[0].generalist; });
    return found;
  }

  double best_exit(const Outcome& from) const { return moves_.best_exit(from, deals_); }
  double least_loss(const Outcome& from) const {
    double least = infinite;
    for (const Section& section : sections_)
      for (const Outcome& to : section.deals) least = std::min(least, moves_.loss(from, to));
    return least;
  }
  /// Nobody is sure of an end to more than some 1e-9.
  bool is_outside(const Outcome& o) const {
    const double share = o.splits[0].generalist;
    return o.deal && std::none_of(sections_.begin(), sections_.end(),
                                  [&](const Section& s) { return s.component.contains(share, -1e-9); });
  }
  /// What is lost all over a stretch of shares on one side: within a jump there are shares that agree to a dozen digits
  /// and differ in who invests what.
  double stretch_loss(const Outcome& from) const {
    const double here = polished_loss(from);
    double beside = 0;
    for (const double off : {1e-6, -1e-6}) {
      const double share = from.splits[0].generalist + off;
      if (!(here > clear && beside < here && share > 0 && share < 1)) continue;
      if (const Outcome o = moves_.at(oracle::split_of_share(share)); is_outside(o))
        beside = std::max(beside, polished_loss(o));
    }
    return std::min(here, beside);
  }
  double polished_loss(const Outcome& from) const {
    double least = least_loss(from);
    for (const Section& section : sections_) least = moves_.least_loss(from, section.deals, least);
    return least;
  }

  DealMoves moves_;
  std::vector<Outcome> deals_;
  std::vector<Section> sections_;
};

}  // namespace

double pareto_set_off(const GeneralGame& game, const KeptColumns& kept, std::size_t effort) {
  const auto& c = kept.columns();
  if (!kept.keeps(c.pareto_components) || !kept.keeps(c.pareto_share_low) || !kept.keeps(c.pareto_share_high)) return 0;
  if (kept.rounding(c.pareto_share_low) > 1e-10) return 0;
  const auto components = kept_components(kept);
  if (!components) return infinite;
  const Frontier frontier(game, 1, effort);
  if (!frontier.complete()) return 0;
  // A deal that only rounding makes one is its status's affair.
  const double best = frontier.best_for_generalist().generalist_gain;
  if (components->empty()) return best > clear * std::abs(frontier.best_for_generalist().surplus()) ? infinite : 0;
  if (!frontier.any_deal()) return 0;
  const ParetoSet set(frontier, *components);
  const bool all = kept.at(c.pareto_components) <= static_cast<double>(kept.components());
  return std::max(set.dominated(), all ? set.unmatched() : 0);
}

}  // namespace haggle
