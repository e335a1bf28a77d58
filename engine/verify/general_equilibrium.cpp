// SPDX-License-Identifier: MIT
// Stage 1: the generalist's global best investment, by branch and bound over base performance and a root of its margin
// in every cell that is left.
#include "haggle/verify/general_equilibrium.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "verify/general_root.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The largest investment that could pay anybody, to an e-fold.
///
/// Where φᵢ(m) > rᵢ(2m) for all m beyond M, no specialist adds more than max(M, α₀): above both its own investment
/// would exceed half of its performance. So αᵢ <= 2α₀ for α₀ > M, and where Σ rᵢ(2m) < φ₀(m) too, such an α₀ costs more
/// than it can bring.
double most_investment(const GeneralGame& game) {
  for (double t = 690; t > -690; t -= 1) {
    const double m = std::exp(t);
    double all = 0;
    bool pays = false;
    for (const GeneralSpecialist& s : game.specialists) {
      const double revenue = value(s.revenue, 2 * m);
      pays = pays || (revenue >= value(s.cost, m) && std::isfinite(revenue));
      all += revenue;
    }
    if (pays || (all >= value(game.cost, m) && std::isfinite(all))) return std::exp(t + 1);
  }
  return std::exp(-689);
}

bool looks_convex(const GeneralFunction& cost, double most) {
  if (cost.family != Family::expression) return true;
  double last = 0;
  for (double t = std::log(most) - 60; t <= std::log(most) + 1; t += 0.1) {
    const double here = slope(cost, std::exp(t));
    if (!(here >= last * (1 - 1e-9))) return false;
    last = here;
  }
  return true;
}

}  // namespace

/// Who invests α₀: the generalist, for its share of revenues, or one owner of everything, for all that is left of them.
enum class Investor { generalist, owner };

/// Best investments for one vector of shares.
class BaseSearch {
 public:
  BaseSearch(const Play& play, const std::vector<Split>& splits, Investor investor = Investor::generalist)
      : play_(play), game_(play.game()), splits_(splits), investor_(investor) {
    for (std::size_t i = 0; i < splits.size(); ++i) thresholds_.push_back(play.participation_threshold(i, splits[i]));
    best_utility_ = -infinity;
    best_beyond_.assign(splits.size(), -infinity);
  }

  /// A best base performance with at least one specialist in.
  std::optional<double> best() {
    const double first = *std::min_element(thresholds_.begin(), thresholds_.end());
    if (first == infinity) return std::nullopt;
    std::vector<double> bases{first};
    for (const double threshold : thresholds_)
      if (threshold > first && threshold < infinity) bases.push_back(threshold);
    for (int e = 0; e < 16; ++e)
      if (const double base = play_.most_ * std::exp(-1.5 * e); base > first) bases.push_back(base);
    std::sort(bases.begin(), bases.end());
    bases.erase(std::unique(bases.begin(), bases.end()), bases.end());

    std::vector<Node> nodes;
    for (const double base : bases) nodes.push_back(at(base));
    for (const Node& node : nodes)
      if (cost(node.base) <= 2 * node.money) most_money_ = std::max(most_money_, node.money);
    std::vector<Cell> cells;
    for (std::size_t k = 0; k + 1 < nodes.size(); ++k) cells.push_back({nodes[k], nodes[k + 1]});
    while (!cells.empty()) cells = split(cells);
    settle();
    return best_base_;
  }

  double utility() const { return best_utility_; }
  double shortfall(std::size_t i) const { return best_base_ >= thresholds_[i] ? 0 : best_utility_ - best_beyond_[i]; }
  double threshold(std::size_t i) const { return thresholds_[i]; }

 private:
  struct Node {
    double base = 0, utility = 0;
    double money = 0;            ///< Σ δᵢ rᵢ of those in
    std::vector<Reply> replies;  ///< of those in; the others' are empty
  };
  struct Cell {
    Node left, right;
    int depth = 0;
    double width() const { return left.base > 0 ? std::log(right.base / left.base) : infinity; }
  };

  double cost(double base) const { return value(game_.cost, base); }

  Node at(double base) {
    Node node{base, -cost(base) - game_.fixed, 0, std::vector<Reply>(splits_.size())};
    for (std::size_t i = 0; i < splits_.size(); ++i) {
      if (thresholds_[i] > base) continue;
      node.replies[i] = play_.reply(i, splits_[i], base);
      node.money += part(i) * node.replies[i].revenue;
      node.utility += yield(i, node);
    }
    for (std::size_t i = 0; i < splits_.size(); ++i)
      if (in(i, node)) best_beyond_[i] = std::max(best_beyond_[i], node.utility);
    if (node.utility > best_utility_ || (node.utility == best_utility_ && base > best_base_))
      best_utility_ = node.utility, best_base_ = base;
    return node;
  }

  /// The part of domain i's revenue that is the investor's.
  double part(std::size_t i) const { return investor_ == Investor::owner ? 1 : splits_[i].generalist; }
  /// What domain i adds to the investor's utility: an owner has what the specialist gains, too.
  double yield(std::size_t i, const Node& node) const {
    return investor_ == Investor::owner ? node.replies[i].utility - game_.specialists[i].outside
                                        : splits_[i].generalist * node.replies[i].revenue;
  }

  bool in(std::size_t i, const Node& node) const { return thresholds_[i] <= node.base; }

  /// What a base performance within the cell may bring at most: performances and participation never fall with it, and
  /// a specialist that enters at the cell's end is not in within.
  double bound(const Cell& cell) const {
    if (!play_.monotone_) return infinity;
    double most = -cost(cell.left.base) - game_.fixed;
    for (std::size_t i = 0; i < splits_.size(); ++i)
      if (in(i, cell.left)) most += yield(i, cell.right);
    return most;
  }

  /// Whether some performance does within the cell what its ends do not foretell: a jump, a kink, a steep turn.
  bool irregular(const Cell& cell) const {
    const double width = cell.width();
    for (std::size_t i = 0; i < splits_.size(); ++i) {
      if (!in(i, cell.left) || part(i) == 0) continue;
      const Reply &a = cell.left.replies[i], &b = cell.right.replies[i];
      const double rise = std::log(b.performance / a.performance);
      const double foretold =
          0.5 * width * (a.follows * cell.left.base / a.performance + b.follows * cell.right.base / b.performance);
      if (std::abs(rise - foretold) > 0.2 * std::abs(rise) + 1e-9) return true;
    }
    return false;
  }

  double widest(double gain, const Cell& cell) const {
    if (is_trifle(cell)) return 2;
    const double money = std::abs(best_utility_) + cell.right.money;
    const double step = gain > 1e-3 * money ? 0.1 : gain > 1e-6 * money ? 0.3 : 0.8;
    return (play_.monotone_ ? step : 0.15) / play_.effort_;
  }

  /// Where no investment seems to pay at all, sums that are nothing beside the money in the game get fewer looks.
  bool is_trifle(const Cell& cell) const { return best_utility_ <= 0 && cell.right.money < 1e-13 * most_money_; }

  bool is_rounding(double gain, const Cell& cell) const {
    return !(gain > 2e-16 * (std::abs(best_utility_) + cell.right.money));
  }

  /// dU_G/dα₀ with the specialists that are in at `level`.
  double margin(const Node& node, const Node& level) const {
    double sum = -slope(game_.cost, node.base);
    for (std::size_t i = 0; i < splits_.size(); ++i)
      // What an owner's specialists do is best as it is: how they follow pays nothing.
      if (in(i, level))
        sum += part(i) * node.replies[i].marginal * (investor_ == Investor::owner ? 1 : node.replies[i].follows);
    return sum;
  }

  void polish(const Cell& cell) {
    const double left = margin(cell.left, cell.left), right = margin(cell.right, cell.left);
    if (left > 0 && right < 0) root(cell, left, right);
  }

  /// A utility is flat at its peak, and tells the best investment to half of its digits only: its margin tells the
  /// rest.
  void settle() {
    if (best_base_ == 0) return;
    const Node best = at(best_base_);
    const double here = margin(best, best);
    if (here == 0) return;
    const double up = here > 0 ? 1 : -1;
    Node last = best;
    double slope_last = here;
    for (double step = 1e-12; step < 0.1; step *= 8) {
      const double base = best.base * (1 + up * step);
      for (std::size_t i = 0; i < splits_.size(); ++i)
        if (in(i, best) ? thresholds_[i] > base : thresholds_[i] <= base) return;
      const Node next = at(base);
      const double slope_next = margin(next, best);
      if ((slope_next > 0) != (here > 0)) {
        const Cell cell = up > 0 ? Cell{last, next} : Cell{next, last};
        const double found = root(cell, up > 0 ? slope_last : slope_next, up > 0 ? slope_next : slope_last);
        if (at(found).utility >= best_utility_ - 1e-13 * (std::abs(best_utility_) + best.money)) best_base_ = found;
        return;
      }
      last = next, slope_last = slope_next;
    }
  }

  double root(const Cell& cell, double left, double right) {
    const double start = cell.left.base, length = cell.right.base - start;
    const auto here = [&](double u) { return u == 1 ? right : margin(at(start + u * length), cell.left); };
    return start + length * falling_root(here, 0.0, 1.0, left, right);
  }

  std::vector<Cell> split(std::vector<Cell>& cells) {
    std::vector<Cell> smaller;
    for (Cell& cell : cells) {
      const double gain = bound(cell) - best_utility_;
      if (is_rounding(gain, cell)) continue;
      const double width = cell.width();
      const bool wide = width > widest(gain, cell);
      if (!wide && (cell.depth > 60 || width < 4e-16 || is_trifle(cell) || !irregular(cell))) {
        polish(cell);
        continue;
      }
      if (cell.left.base == 0 && cell.right.base < 1e-280) continue;
      const double middle = cell.left.base == 0 ? cell.right.base * std::exp(-8.0)
                            : width > 1e-3      ? std::sqrt(cell.left.base) * std::sqrt(cell.right.base)
                                                : cell.left.base + 0.5 * (cell.right.base - cell.left.base);
      if (!(middle > cell.left.base && middle < cell.right.base)) continue;
      Node node = at(middle);
      smaller.push_back({std::move(cell.left), node, cell.depth + 1});
      smaller.push_back({node, std::move(cell.right), cell.depth + 1});
    }
    return smaller;
  }

  const Play& play_;
  const GeneralGame& game_;
  const std::vector<Split> splits_;
  Investor investor_;
  std::vector<double> thresholds_, best_beyond_;  ///< best_beyond_: utilities that keep each specialist in
  double best_utility_, best_base_ = 0;
  double most_money_ = 0;  ///< of the investments that don't cost twice what they bring
};

std::size_t Outcome::taking_part() const {
  return static_cast<std::size_t>(
      std::count_if(specialists.begin(), specialists.end(), [](const SpecialistOutcome& s) { return s.in; }));
}

double Outcome::surplus() const {
  double sum = generalist_utility;
  for (const SpecialistOutcome& s : specialists) sum += s.utility;
  return sum;
}

Play::Play(const GeneralGame& game, Effort effort)
    : game_(game), effort_(effort), most_(oracle::general::most_investment(game)) {
  for (const GeneralSpecialist& s : game.specialists) monotone_ = monotone_ && looks_convex(s.cost, 2 * most_);
}

Outcome Play::equilibrium(const std::vector<Split>& splits) const {
  BaseSearch search(*this, splits);
  const auto base = search.best();
  Outcome outcome;
  outcome.splits = splits;
  for (const GeneralSpecialist& s : game_.specialists)
    outcome.specialists.push_back({false, false, 0, 0, 0, s.outside});
  outcome.generalist_gain = outcome.generalist_utility = -infinity;
  if (!base) {
    outcome.shortfalls.assign(splits.size(), infinity);
    return outcome;
  }
  outcome.base_performance = *base;
  outcome.generalist_utility = search.utility();
  bool in_for_nothing = false;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    outcome.shortfalls.push_back(search.shortfall(i));
    in_for_nothing = in_for_nothing || search.threshold(i) == 0;
    if (search.threshold(i) > *base) continue;
    const Reply r = reply(i, splits[i], *base);
    const bool held = *base > 0 && search.threshold(i) == *base;
    outcome.specialists[i] = {true,          held,      r.contribution,
                              r.performance, r.revenue, held ? game_.specialists[i].outside : r.utility};
  }
  // Idle beside nobody the generalist has its fixed cost to bear.
  const double otherwise = in_for_nothing ? game_.outside : std::max(game_.outside, -game_.fixed);
  outcome.generalist_gain = outcome.generalist_utility - otherwise;
  outcome.deal = outcome.generalist_gain >= 0;
  return outcome;
}

double Play::first_best_surplus() const {
  double outsides = 0;
  for (const GeneralSpecialist& s : game_.specialists) outsides += s.outside;
  // Without a project; with one that is nobody's.
  double best = outsides + std::max(game_.outside, -game_.fixed);
  // The owner's specialists keep all that they earn.
  BaseSearch search(*this, std::vector<Split>(game_.specialists.size(), {0, 1}), Investor::owner);
  if (search.best()) best = std::max(best, outsides + search.utility());
  return best;
}

Outcome Play::after(const std::vector<Split>& splits, double base) const {
  Outcome outcome;
  outcome.splits = splits;
  outcome.base_performance = base;
  outcome.generalist_utility = -value(game_.cost, base) - game_.fixed;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const double outside = game_.specialists[i].outside;
    const Reply r = reply(i, splits[i], base);
    if (r.utility < outside) {
      outcome.specialists.push_back({false, false, 0, 0, 0, outside});
      continue;
    }
    outcome.specialists.push_back({true, false, r.contribution, r.performance, r.revenue, r.utility});
    outcome.generalist_utility += splits[i].generalist * r.revenue;
  }
  outcome.generalist_gain = outcome.generalist_utility - game_.outside;
  outcome.deal = outcome.generalist_gain >= 0 && outcome.taking_part() > 0;
  return outcome;
}

Outcome no_deal(const GeneralGame& game) {
  Outcome none;
  none.splits.assign(game.specialists.size(), {nan, nan});
  none.base_performance = nan;
  none.generalist_utility = game.outside;
  for (const GeneralSpecialist& s : game.specialists)
    none.specialists.push_back({false, false, nan, nan, 0, s.outside});
  return none;
}

}  // namespace haggle::oracle::general
