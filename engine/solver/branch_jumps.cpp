// SPDX-License-Identifier: MIT
// Which branch of replies a specialist is on where its revenue is convex, and where it jumps to another
// (convex_reply.cpp).
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/reply.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double noise = 1e-16;  ///< of a utility, in parts of revenue

}  // namespace

/// The upper envelope of the branches' worth. Where a branch ends another may begin, but for rounding, and both be
/// left for a third: of branches that come at one base the best there.
void Replier::find_jumps() {
  for (std::size_t at = 0; at + 1 < branches_.size();) {
    const double most = std::min(branches_[at].until, convex_until_), room = 1e-14 * most;
    Jump next{infinite, at + 1};
    double worth = -infinite;
    for (std::size_t to = at + 1; to < branches_.size(); ++to) {
      const double base = jump(at, to), later = next.base < infinite ? std::max(base, next.base) : base;
      const bool alone = at + 2 == branches_.size();
      const double worth_there = alone ? 0 : on_branch(to, std::min(later, most), 0).utility;
      if (base < next.base - room || (base <= next.base + room && worth_there >= worth))
        next = {base, to}, worth = worth_there;
      else if (base <= next.base + room)
        next.base = std::min(base, next.base);
    }
    jumps_.push_back(next);
    at = next.branch;
  }
}

/// The base performance where two branches are worth the same: Newton on the difference.
double Replier::jump(std::size_t from, std::size_t to) {
  const double least = branches_[to].from, most = std::min(branches_[from].until, convex_until_);
  if (least == 0 && on_branch(to, smallest_argument, 0).utility >= on_branch(from, smallest_argument, 0).utility)
    return 0;
  double low = std::max(std::log(least), lowest), high = std::min(std::log(most), highest);
  double t = high - low > 2 ? high - 1 : 0.5 * (low + high);
  double guess_from = 0, guess_to = 0;
  if (jump_before_ > low && jump_before_ < high) t = jump_before_, guess_to = jump_to_before_;
  for (int i = 0; i < 200 && high > low; ++i) {
    const double base = std::exp(t);
    const Reply now = on_branch(from, base, guess_from), then = on_branch(to, base, guess_to);
    guess_from = now.investment, guess_to = then.investment;
    const double gap = then.utility - now.utility, slope = rest_ * (then.slope - now.slope);
    if (std::abs(gap) <= noise * rest_ * then.revenue) break;
    (gap >= 0 ? high : low) = t;
    double next = std::log(base - gap / slope);
    if (!(next > low && next < high) || i % 16 == 15) next = 0.5 * (low + high);
    if (std::abs(next - t) <= 2e-16 * std::max(1.0, std::abs(t)) || !(next > low && next < high)) break;
    t = next;
  }
  jump_before_ = t, jump_to_before_ = guess_to;
  return std::exp(t);
}

double Replier::contributes_from() const {
  if (branches_.empty()) return 0;
  const double base = branches_.front().rides_until;
  return base < branches_.front().until && branch_at(base) == 0 ? base : 0;
}

std::size_t Replier::branch_at(double base) const {
  std::size_t branch = 0;
  for (const Jump& j : jumps_)
    if (base >= j.base) branch = j.branch;
  return branch;
}

Reply Replier::on_branch(std::size_t branch, double base, double guess) const {
  const Branch& b = branches_[branch];
  if (b.rides_until > 0 && base <= b.rides_until) return measure(base, 0);
  if (linear_cost_) return measure(base, contributes_until_ - base);
  Bracket bracket{b.least, b.most, true};
  if (branch + 1 == branches_.size() && convex_until_ < infinite) {  // it goes on where revenue is concave
    const double edge = std::log(convex_until_ - base);
    if (base > turns_from_)  // which its investment takes as far
      bracket = {edge, contributes_until_ < infinite ? std::log(contributes_until_ - base) : highest, false};
    else
      bracket.high = std::min(edge, bracket.high);
  }
  if (bracket.low == lowest && power_ > 0) {
    if (base == 0) return measure(base, 0);
    // So little that it adds nothing to marginal revenue; where that underflows a root-finder would seek it for long.
    const double target = rest_ * s_->revenue(base).slope - first_marginal_;
    const double u = target > 0 ? std::log(target / marginal_) / power_ : lowest;
    if (!(u > lowest + 1)) return measure(base, 0);
    if (!(guess > 0)) guess = std::exp(u);
  }
  if (!(bracket.high > bracket.low)) return measure(base, bracket.low > lowest ? std::exp(bracket.low) : 0);
  return concave(base, bracket, guess);
}

}  // namespace haggle::fine_tuning
