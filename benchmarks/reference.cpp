// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

namespace haggle::bench {
namespace {

using power_law::Solution;

constexpr int looks = 161;         ///< places to look at, evenly in logit(δ)
constexpr Long farthest = 36;      ///< e^-36 is less than a double can tell from a corner
constexpr Long position = 1e-17L;  ///< how closely roots are closed in on, in logit(δ)

/// All shares of one game, seen at places close enough that a condition's every change of sign shows between two.
class Scan {
 public:
  explicit Scan(const Game& game) : form_(game) {
    points_.reserve(looks);
    for (int i = 0; i < looks; ++i) {
      const Long y = farthest * (2.0L * i / (looks - 1) - 1);
      points_.push_back(points_.empty() ? form_.at(y) : form_.at(y, points_.back()));
    }
  }

  /// Where `condition` of a point is 0.
  template <class Condition>
  std::vector<Point> roots(Condition condition) const {
    std::vector<Point> found;
    Long before = condition(points_.front());
    for (std::size_t i = 1; i < points_.size(); ++i) {
      const Long now = condition(points_[i]);
      if ((before > 0) != (now > 0)) found.push_back(root(condition, points_[i - 1], points_[i], before, now));
      before = now;
    }
    return found;
  }

  std::array<Point, 2> corners() const { return form_.corners(); }

 private:
  template <class Condition>
  Point root(Condition condition, const Point& left, const Point& right, Long at_left, Long at_right) const {
    Point last = left;
    const auto follow = [&](Long y) { return condition(last = form_.at(y, last)); };
    const auto close = [](Long a, Long b) { return b - a < position; };
    std::uintmax_t steps = 100;
    const auto [low, high] =
        boost::math::tools::toms748_solve(follow, left.y, right.y, at_left, at_right, close, steps);
    return form_.at(0.5L * (low + high), last);
  }

  ScalarForm form_;
  std::vector<Point> points_;
};

void append(std::vector<Point>& all, const std::vector<Point>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

double share_of(const Point& point) { return static_cast<double>(1 / (1 + std::exp(-point.y))); }

}  // namespace

Reference::Reference(const Game& game) : game_(game) {
  const Scan scan(game);
  const Long w = game.weight;
  const auto [none, all] = scan.corners();
  std::vector<Point> peaks{none, all};
  const auto generalist_peaks = scan.roots([](const Point& at) { return at.generalist_slope; });
  const auto specialist_peaks = scan.roots([](const Point& at) { return at.specialist_slope; });
  append(peaks, generalist_peaks);
  append(peaks, specialist_peaks);
  for (const Point& at : peaks) {
    best_generalist_ = std::max(best_generalist_, at.generalist);
    best_specialist_ = std::max(best_specialist_, at.specialist);
  }

  const auto candidates = [&](Solution solution) -> std::vector<Point> {
    const auto crossings = [&](Long generalist_unit, Long specialist_unit) {
      return scan.roots([log_ratio = std::log(generalist_unit / specialist_unit)](const Point& at) {
        return std::log(at.generalist / at.specialist) - log_ratio;
      });
    };
    switch (solution) {
      case Solution::fixed:
        return {};
      case Solution::nash:
        return scan.roots([&](const Point& at) { return w * at.generalist_slope + (1 - w) * at.specialist_slope; });
      case Solution::kalai_smorodinsky:
        return crossings(w * best_generalist_, (1 - w) * best_specialist_);
      case Solution::egalitarian:
        return crossings(w, 1 - w);
      case Solution::utilitarian:
        return scan.roots([&](const Point& at) {
          return w * at.generalist * at.generalist_slope + (1 - w) * at.specialist * at.specialist_slope;
        });
      case Solution::powerful_generalist:
      case Solution::powerful_specialist:
        return {};
      case Solution::max_performance:
        return scan.roots([](const Point& at) { return at.performance_slope; });
    }
    return {};
  };
  for (std::size_t s = 0; s < best_.size(); ++s) {
    const auto solution = static_cast<Solution>(s);
    std::vector<Point> points = candidates(solution);
    append(points, peaks);
    for (const Point& point : points)
      if (const Long here = value(solution, point); here > best_[s].value) best_[s] = {share_of(point), here};
  }
}

Long Reference::value(Solution solution, const Point& at) const {
  const Long w = game_.weight;
  switch (solution) {
    case Solution::fixed:
      return 0;
    case Solution::nash:
      return std::pow(at.generalist, w) * std::pow(at.specialist, 1 - w);
    case Solution::kalai_smorodinsky:
      return std::min(at.generalist / (w * best_generalist_), at.specialist / ((1 - w) * best_specialist_));
    case Solution::egalitarian:
      return std::min(at.generalist / w, at.specialist / (1 - w));
    case Solution::utilitarian:
      return w * at.generalist + (1 - w) * at.specialist;
    case Solution::powerful_generalist:
      return at.generalist;
    case Solution::powerful_specialist:
      return at.specialist;
    case Solution::max_performance:
      return at.performance;
  }
  return 0;
}

bool Reference::ties(Solution solution, double share) const {
  if (!(share >= 0 && share <= 1)) return false;
  const ScalarForm form(game_);
  const auto corners = form.corners();
  const Long delta = share;
  const Point point = share == 0 ? corners[0] : share == 1 ? corners[1] : form.at(std::log(delta) - std::log1p(-delta));
  const Long best = best_[static_cast<std::size_t>(solution)].value;
  return std::abs(value(solution, point) - best) <= 1e-13L * best;
}

const std::vector<Reference>& references() {
  static const std::vector<Reference> all = [] {
    const std::vector<Game>& games = block_of_games();
    const std::size_t n = std::min(games.size(), size_from_environment("HAGGLE_BENCH_CHECKED", games.size()));
    std::vector<Reference> found(n, Reference(games.front()));
#pragma omp parallel for schedule(dynamic, 16)
    for (std::size_t i = 0; i < n; ++i) found[i] = Reference(games[i]);
    return found;
  }();
  return all;
}

}  // namespace haggle::bench
