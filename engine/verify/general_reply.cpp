// SPDX-License-Identifier: MIT
// Stage 2: a specialist's global best reply, and where it begins to take part.
#include <algorithm>
#include <cmath>
#include <limits>

#include "haggle/verify/general_equilibrium.hpp"
#include "verify/general_root.hpp"

namespace haggle::oracle::general {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double log_least = -700;    ///< e-folds: nothing smaller is an investment
constexpr double rounding = 0x1p-48;  ///< of a utility, relative to the revenue that it is part of

double rough_slope(const GeneralFunction& f, double at) {
  if (f.family != Family::expression) return slope(f, at);
  const double h = 1e-4 * at;
  return (value(f, at + h) - value(f, at - h)) / (2 * h);
}

/// Marginal revenue and marginal cost of contributions to one base performance.
struct Margins {
  const GeneralSpecialist& specialist;
  double share, base;  ///< the specialist's share, 1−δ

  double benefit(double x) const { return share * slope(specialist.revenue, base + x); }
  double burden(double x) const { return slope(specialist.cost, x); }
  bool worth_more(double x) const { return benefit(x) > burden(x); }
  /// The same, of expressions by two values each: good enough to say where to look.
  bool seems_worth_more(double x) const {
    return share * rough_slope(specialist.revenue, base + x) > rough_slope(specialist.cost, x);
  }
  /// By ln x; in logarithms, because two powers are then straight lines.
  double log_ratio(double t) const {
    const double x = std::exp(t);
    return std::log(benefit(x)) - std::log(burden(x));
  }
  /// Between two t's of which only the first is worth more.
  double peak_between(double low, double high) const {
    return std::exp(falling_root([&](double t) { return log_ratio(t); }, low, high, log_ratio(low), log_ratio(high)));
  }
};

/// Contributions at which the margin falls through 0, if any, where it only falls from `from` on.
void add_concave_maximum(const Margins& margins, double from, double guess, std::vector<double>& found) {
  if (!margins.worth_more(from)) return;
  double low = from > 0 ? std::log(from) : guess, high = std::max(low, guess);
  if (from == 0)
    for (double step = 1; !margins.worth_more(std::exp(low)); step *= 2) {
      if (low <= log_least) return;
      high = low, low = std::max(low - step, log_least);
    }
  for (double step = 1; margins.worth_more(std::exp(high)); step *= 2) {
    low = high, high += step;
    if (high > -log_least) return;
  }
  found.push_back(margins.peak_between(low, high));
}

}  // namespace

std::vector<double> Play::local_maxima(std::size_t i, double share, double base) const {
  const GeneralSpecialist& s = game_.specialists[i];
  const Margins margins{s, share, base};
  const bool expression = s.revenue.family == Family::expression || s.cost.family == Family::expression;
  const double inflection = expression || effort_ > 1 ? infinity : concave_from(s.revenue);
  std::vector<double> found;
  const double guess = std::log(base > 0 ? base : s.revenue.numbers.size() > 1 ? s.revenue.numbers[1] : 1.0);
  if (base >= inflection) {
    add_concave_maximum(margins, 0, guess, found);
    return found;
  }
  // Where revenue is not known to be concave: every fall of the margin through 0 on a dense grid. Far below the base
  // performance marginal revenue is constant and only marginal cost moves.
  const double top = std::log(std::min(inflection - base, 2 * most_));
  const double fine = 0.2 / effort_, coarse = 1.0 / effort_;
  const double bottom = base > 0 ? std::max(std::min(std::log(base), top) - 8, log_least) : log_least;
  double right = top;
  bool right_worth = margins.worth_more(std::exp(top));
  if (right_worth && inflection < infinity) add_concave_maximum(margins, inflection - base, top, found);
  const double last_fine = std::max(bottom, top - (expression ? 40 : 12));
  while (right > bottom) {
    const double left = std::max(right - (right > last_fine ? fine : coarse), bottom);
    const bool left_worth = margins.seems_worth_more(std::exp(left));
    if (left_worth && !right_worth) found.push_back(margins.peak_between(left, right));
    right = left, right_worth = left_worth;
  }
  if (!right_worth && bottom > log_least) add_concave_maximum(margins, 0, bottom, found);
  return found;
}

Reply Play::reply(std::size_t i, const Split& split, double base) const {
  const GeneralSpecialist& s = game_.specialists[i];
  Reply best;
  best.performance = base;
  best.revenue = value(s.revenue, base);
  best.utility = split.specialist * best.revenue;
  if (split.specialist > 0) {
    // Where the first of a contribution pays, none is no best reply. A small one's utility can't tell: what x is worth
    // beyond nothing falls as x² or faster, and is lost in rounding though the margin knows x to most of its digits.
    const bool first_pays = Margins{s, split.specialist, base}.worth_more(0);
    double to_beat = first_pays ? best.utility * (1 - rounding) : best.utility;
    for (const double x : local_maxima(i, split.specialist, base)) {
      const double revenue = value(s.revenue, base + x);
      const double utility = split.specialist * revenue - value(s.cost, x);
      if (utility < to_beat || (utility == to_beat && x < best.contribution)) continue;
      best.contribution = x, best.performance = base + x, best.revenue = revenue, best.utility = to_beat = utility;
    }
  }
  best.utility -= s.fixed;
  best.marginal = slope(s.revenue, best.performance);
  if (best.contribution > 0) {
    // By differentiating the first-order condition (1−δ) r'(α₀+x) = φ'(x).
    const double bends = derivatives(s.cost, best.contribution).second;
    const double yields = split.specialist * derivatives(s.revenue, best.performance).second;
    best.follows = bends / (bends - yields);
    if (!std::isfinite(best.follows)) best.follows = 1;
  }
  return best;
}

// Revenue rises, so the best reply pays no less after a larger base performance: there is one threshold.
double Play::participation_threshold(std::size_t i, const Split& split) const {
  const double wanted = game_.specialists[i].outside;
  const auto lacks = [&](double base) { return wanted - reply(i, split, base).utility; };
  if (lacks(0) <= 0) return 0;
  // Beyond what could pay, too: how far the generalist is from keeping this one in is worth knowing.
  double low = -690, high = std::min(std::log(most_) + 100, 690.0);
  const auto at = [&](double t) { return lacks(std::exp(t)); };
  double f_high = at(high);
  if (f_high > 0) return infinity;
  double f_low = at(low);
  if (f_low <= 0) return std::exp(low);
  while (high - low > 1) {
    const double middle = 0.5 * (low + high), f = at(middle);
    (f > 0 ? low : high) = middle;
    (f > 0 ? f_low : f_high) = f;
  }
  // The bracket's last bits are rounding's: a few units either way, then bisected.
  const double near = std::exp(falling_root(at, low, high, f_low, f_high, 1e-15));
  double below = near * (1 - 4e-15), above = near * (1 + 4e-15);
  for (double step = 1e-14; lacks(below) <= 0 && step < 1; step *= 4) below = near * (1 - step);
  for (double step = 1e-14; lacks(above) > 0 && step < 1; step *= 4) above = near * (1 + step);
  return first_that_holds([&](double base) { return lacks(base) <= 0; }, below, above);
}

}  // namespace haggle::oracle::general
