// SPDX-License-Identifier: MIT
// What may lie between two looks at shares: whether the cell is decided, what it could be worth, where to look in it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/share_search.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double rounding = Aim::rounding;
constexpr double window_width = 1e-5;     ///< windows of deals are looked for in wider cells only
constexpr double flat_width = 0.01;       ///< narrower cells look flat at any smooth peak
constexpr double level_width = 0.05;      ///< of |y|, 1 at least: cells whose ends say that nothing changes
constexpr double hidden_rise = 0.1;       ///< by how much a piece rises above its ends, in parts of what slopes say
constexpr double flat_until = 9;          ///< all is flat far out
constexpr double edge_width = 0.02;       ///< cells where a deal ends are halved down to this
constexpr double held_edge_width = 1e-6;  ///< the same where somebody is held
constexpr double change_width = 0.15;     ///< cells where regimes change
constexpr double jump_width = 1e-6;       ///< the same where a contribution begins with a jump
/// Where several specialists' performances change so much, in ln α, a third regime may rule for a moment in between.
constexpr double far_leap = 2, far_leap_width = 1e-7;
constexpr double least_jump = 1e-7;  ///< of α₀, in parts of the performances: smaller ones are not seen
constexpr double same_share = 2e-16;
/// Where two equilibria are a tie but for rounding they alternate: with so many cells pinned to neighbouring doubles,
/// the others are to this only.
constexpr std::size_t most_narrow = 200;
constexpr double flicker_width = 1e-8;
constexpr std::size_t most_blind = 300;

/// Nothing lies between; next to even shares, no other share.
bool neighbours(double y, double z) { return !(y + 0.5 * (z - y) > y && y + 0.5 * (z - y) < z) || z - y <= same_share; }

}  // namespace

bool ShareSearch::is_smooth(const Aim::Rated& a, const Aim::Rated& b, const ShareLook& l, const ShareLook& r) const {
  const double h = r.y - l.y;
  const double part = h > 0.6 ? 0.25 : 0.1;  // far out all is nearly flat
  return joins(a.value, b.value, a.slope, b.slope, h, part, rounding * std::max(a.size, b.size)) &&
         joins(l.performance, r.performance, l.performance_slope, r.performance_slope, h, part,
               rounding * l.equilibrium.blur * l.performance) &&
         joins(l.base, r.base, l.base_slope, r.base_slope, h, part, least_jump * l.performance) &&
         joins(l.clearance, r.clearance, l.clearance_slope, r.clearance_slope, h, part, rounding * l.money);
}

/// Decides a cell between two looks, or keeps it for a look inside.
void ShareSearch::push(const Aim& aim, std::size_t left, std::size_t right, int same_side) {
  const ShareLook &l = looks_[left], &r = looks_[right];
  const Aim::Rated a = aim(l), b = aim(r);
  const double h = r.y - l.y;
  Cell c{left, right, infinite, same_side};
  const auto keep = [&] {
    cells_.push_back(c);
    std::push_heap(cells_.begin(), cells_.end());
  };
  const bool changes = l.structure != r.structure || a.admissible != b.admissible;
  const bool flickers = changes && narrow_ > most_narrow && h <= flicker_width * std::max(1.0, std::abs(l.y));
  const bool narrow = flickers || neighbours(l.y, r.y);
  if (narrow) ++narrow_;
  if (!a.admissible && !b.admissible) {
    if (h <= window_width || aim.kind == Aim::Kind::clearance || aim.before != nullptr) return;
    const double from_left = l.clearance + h * std::max(l.clearance_slope, 0.0);
    const double from_right = r.clearance + h * std::max(-r.clearance_slope, 0.0);
    if (!(std::max(from_left, from_right) > 0)) return;
    if (l.clearance_slope > 0 && r.clearance_slope < 0 && l.structure == r.structure) {
      const double to_meeting =
          (r.clearance - l.clearance - r.clearance_slope * h) / (l.clearance_slope - r.clearance_slope);
      if (l.clearance + l.clearance_slope * to_meeting < 0.25 * std::max(l.clearance, r.clearance)) return;
    }
    return keep();
  }
  const double slack = std::max(a.tie, b.tie);
  const double margin = l.smooth && r.smooth ? h * (std::abs(a.slope) + std::abs(b.slope)) : 0;
  if (a.admissible != b.admissible) {
    const Aim::Rated& in = a.admissible ? a : b;
    const double outward = a.admissible ? a.slope : -b.slope;
    const std::size_t at = a.admissible ? left : right;
    const bool held = aim.before == nullptr && std::abs(looks_[at].clearance) <= 4e-15 * looks_[at].size[0];
    const bool at_edge = held && l.structure == r.structure && outward > 0 && 1.5 * h * outward <= 0.1 * in.tie;
    if (narrow || at_edge) return offer(aim, at);
    // Whatever is at its end, just before the edge a specialist may be held ever dearer, and others gain by it.
    const bool dearly = looks_[at].equilibrium.base > Base::smooth;
    if (h > (dearly ? held_edge_width : edge_width) || (l.structure != r.structure && aim.before == nullptr))
      return keep();
    if (!(in.value > -infinite)) return;
    if (!dearly || outward <= 0) c.bound = in.value + 1.5 * h * std::max(outward, 0.0);
    if (outward <= 0) return offer(aim, at);
    if (c.bound < seen_ - slack) return;
    return keep();
  }
  if (!(a.value > -infinite) && !(b.value > -infinite)) {
    const bool blind = l.party == r.party;  // nothing says what it may be good for: so many
    if (l.structure != r.structure && !narrow && !(blind && ++blind_ > most_blind)) keep();
    return;
  }
  const bool same = l.structure == r.structure && l.smooth && r.smooth;
  const bool unmoved =
      a.value == b.value && a.slope == 0 && b.slope == 0;  // taken to say that somebody is held all the way
  if (same && unmoved && h < level_width * std::max(1.0, std::abs(l.y)) && a.value >= seen_ - slack) {
    best_.flat = true;
    offer(aim, left);
    return offer(aim, right);
  }
  if (same && a.binding == b.binding && is_smooth(a, b, l, r)) {
    const bool level = h > flat_width && std::max(std::abs(l.y), std::abs(r.y)) < flat_until &&
                       std::max(std::abs(a.value - b.value), margin) <= slack;
    if (level && a.value >= seen_ - slack) {
      best_.flat = true;
      offer(aim, left);
      return offer(aim, right);
    }
    if (a.slope == 0) offer(aim, left);
    if (b.slope == 0) offer(aim, right);
    if (a.slope > 0 && b.slope < 0) return peak(aim, left, right);
    // A second peak may hide beside the first.
    c.bound = std::max(a.value, b.value) + hidden_rise * margin;
    if (h > hidden_peak_width * std::max(1.0, std::abs(l.y)) && c.bound > seen_ + slack && aim.before == nullptr)
      keep();
    return;
  }
  if (narrow) {
    offer(aim, left);
    return offer(aim, right);
  }
  c.bound = std::max(a.value, b.value) + 2 * std::abs(a.value - b.value);
  if (l.smooth && r.smooth) {
    c.bound = std::max(a.value + h * std::max(a.slope, 0.0), b.value + h * std::max(-b.slope, 0.0)) + 0.2 * margin;
    if (aim.kind == Aim::Kind::product && h <= change_width) c.bound = std::min(c.bound, aim.most_product(l, r));
  }
  // A gain that is small may grow like a power.
  if (l.structure != r.structure && aim.kind == Aim::Kind::least && a.value > 0 && a.slope > 0)
    c.bound = std::max(c.bound, a.value * std::exp(std::min(h * a.slope / a.value, 100.0)));
  const bool far_apart =
      l.gain.size() > 2 && h > far_leap_width && std::abs(std::log(l.performance / r.performance)) > far_leap;
  // Others may come and go where one does.
  const bool parties = l.gain.size() > 2 && l.party != r.party && aim.before == nullptr;
  if (l.structure != r.structure &&
      (h > change_width || far_apart || parties || (h > jump_width && begins_where_convex(l, r))))
    c.bound = infinite;
  if (c.bound < seen_ - slack) return;
  const bool jumps = !joins(l.base, r.base, l.base_slope, r.base_slope, h, 0.5, least_jump * l.performance);
  const bool joined = std::abs(a.value - b.value) <= 0.8 * margin + slack && std::min(a.value, b.value) > -infinite;
  // Where it begins to be held it is soon held dearly: what rises there may fall again at once.
  const bool held_alike = std::max(l.equilibrium.base, r.equilibrium.base) <= Base::smooth ||
                          (l.equilibrium.base == r.equilibrium.base && l.equilibrium.holder == r.equilibrium.holder);
  if (joined && held_alike && !jumps && l.party == r.party && h < 0.02 && l.smooth && r.smooth &&
      a.slope * b.slope > 0 && std::abs(b.value - a.value - 0.5 * h * (a.slope + b.slope)) <= 0.2 * margin)
    return;
  keep();
}

/// Somebody contributes at one look and not at the other, of revenue that is convex: its contribution begins with a
/// jump, and there the generalist may be held for a moment.
bool ShareSearch::begins_where_convex(const ShareLook& l, const ShareLook& r) const {
  for (std::size_t i = 0; i < l.equilibrium.specialists.size(); ++i) {
    const SpecialistMove &from = l.equilibrium.specialists[i], &to = r.equilibrium.specialists[i];
    if (!from.takes_part || !to.takes_part || (from.investment > 0) == (to.investment > 0)) continue;
    const Function<double>& revenue = solver_->game().specialists[i].revenue;
    if (!revenue.is_expression() && revenue.convex_until() > std::min(from.performance, to.performance)) return true;
  }
  return false;
}

/// Where one of the generalist's choices between regimes, made differently at the ends, is a toss-up.
template <class Between>
double ShareSearch::between_regimes(const ShareLook& l, const ShareLook& r, Between between) const {
  const std::vector<Equilibrium::Gap>&before = l.equilibrium.gaps, &after = r.equilibrium.gaps;
  for (std::size_t gap = 0; gap < std::min(before.size(), after.size()); ++gap) {
    const double at_left = before[gap].value, at_right = after[gap].value;
    if (at_left * at_right < 0 && std::abs(at_left - at_right) < infinite) return between(at_left, at_right);
  }
  return l.y + 0.5 * (r.y - l.y);
}

/// Where to look inside a cell.
double ShareSearch::place_in(const Aim& aim, const Cell& c) const {
  const ShareLook &l = looks_[c.left], &r = looks_[c.right];
  const Aim::Rated a = aim(l), b = aim(r);
  const double h = r.y - l.y, middle = l.y + 0.5 * h;
  // The root of a function with these values at the ends, which has stayed on one side for a while: beyond it.
  const auto between = [&](double at_left, double at_right) {
    if (!(at_left * at_right < 0) || !(std::abs(at_left - at_right) < infinite) || std::abs(c.same_side) % 6 == 5)
      return middle;
    double part = at_left / (at_left - at_right);
    if (c.same_side >= 2) part += std::ldexp(1 - part, c.same_side - 12) + (1 - part) * 0.01;
    if (c.same_side <= -2) part -= std::ldexp(part, -c.same_side - 12) + part * 0.01;
    return l.y + std::min(std::max(part, 0.001), 0.999) * h;
  };
  if (a.admissible != b.admissible && aim.before == nullptr && l.structure == r.structure)
    return between(l.clearance, r.clearance);
  if (l.structure != r.structure) return between_regimes(l, r, between);
  if (a.admissible && b.admissible && a.binding != b.binding && l.structure == r.structure) {
    const auto gap = [&](const ShareLook& look) {
      return aim.weight[a.binding] * look.gain[a.binding] - aim.weight[b.binding] * look.gain[b.binding];
    };
    return between(gap(l), gap(r));
  }
  if (a.admissible && b.admissible && l.smooth && r.smooth && h < 0.1 && a.slope > 0 && b.slope < 0) {
    const double to_kink = (b.value - a.value - b.slope * h) / (a.slope - b.slope);
    if (to_kink > 0 && to_kink < h) return between(-to_kink, h - to_kink);
  }
  return middle;
}

}  // namespace haggle::fine_tuning
