// SPDX-License-Identifier: MIT
// Where a function of one variable is least, by Brent's method of Boost.Math and what has to be put around it where
// there are several peaks, or jumps.
#pragma once
#include <algorithm>
#include <array>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace haggle::bench {

enum class Search {
  one_peak,    ///< Brent's method over the whole range: one peak, whichever it meets
  every_peak,  ///< a scan of 32 points and Brent's method beside the best one: for functions with several peaks
  every_jump,  ///< as every_peak, beside the three best peaks, on their own sides of jumps found by bisection
};

/// A place and the value there.
using Least = std::pair<double, double>;

template <class F>
Least brent(F f, double low, double high) {
  constexpr int bits = 26;  // as boost_peer.cpp
  std::uintmax_t steps = 100;
  return boost::math::tools::brent_find_minima(f, low, high, bits, steps);
}

/// Where a function with this derivative is highest: beside every peak of 32 points, there the derivative's root, if it
/// has one sign at each end. A minimiser knows a place to half of the digits only, and whoever builds on it suffers.
template <class F, class Slope>
double peak(F f, Slope slope, double low, double high) {
  constexpr int points = 32;
  const double step = (high - low) / (points - 1);
  std::array<double, points> seen;
  for (int i = 0; i < points; ++i) seen[i] = f(low + i * step);
  double best = low, most = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < points; ++i) {
    const int before = std::max(i - 1, 0), after = std::min(i + 1, points - 1);
    if (seen[i] < seen[before] || seen[i] < seen[after]) continue;
    const double from = low + before * step, to = low + after * step, rise = slope(from), fall = slope(to);
    double at = 0;
    if (rise > 0 && fall < 0) {
      constexpr int bits = 50;
      std::uintmax_t steps = 100;
      const auto [a, b] = boost::math::tools::toms748_solve(slope, from, to, rise, fall,
                                                            boost::math::tools::eps_tolerance<double>(bits), steps);
      at = 0.5 * (a + b);
    } else {
      at = brent([&](double t) { return -f(t); }, from, to).first;
    }
    if (const double value = f(at); value > most) best = at, most = value;
  }
  return best;
}

/// A function seen at some places in order, its jumps between neighbouring numbers.
template <class F>
class Jumps {
 public:
  Jumps(F& f, double low, double high) : f_(f) {
    constexpr int points = 32;
    std::vector<Least> seen;
    for (int i = 0; i < points; ++i) seen.push_back(look(low + i * (high - low) / (points - 1)));
    const auto change = [&](std::size_t i) {
      return i + 1 < seen.size() ? std::abs(seen[i + 1].second - seen[i].second) : 0;
    };
    for (std::size_t i = 0; i < seen.size(); ++i) {
      nodes_.push_back({seen[i], false});
      if (i + 1 < seen.size() && change(i) > 3 * std::max(i > 0 ? change(i - 1) : 0, change(i + 1)))
        pin(seen[i], seen[i + 1]);
    }
  }

  Least least() const {
    std::vector<std::size_t> best;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (!is_above(i, left(i)) && !is_above(i, right(i))) best.push_back(i);
    const std::size_t peaks = std::min<std::size_t>(3, best.size());
    std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(peaks), best.end(),
                      [&](std::size_t i, std::size_t j) { return nodes_[i].at.second < nodes_[j].at.second; });
    Least least = nodes_[best.front()].at;
    for (std::size_t k = 0; k < peaks; ++k) {
      const Least now = brent(f_, nodes_[left(best[k])].at.first, nodes_[right(best[k])].at.first);
      if (now.second < least.second) least = now;
    }
    return least;
  }

 private:
  struct Node {
    Least at;
    bool jumps;  ///< from here to the next
  };

  Least look(double x) const { return {x, f_(x)}; }

  /// The jump between two places, unless the change wears off with their distance.
  void pin(Least a, Least b) {
    const double whole = std::abs(b.second - a.second);
    for (int i = 0; i < 44; ++i) {
      const Least middle = look(0.5 * (a.first + b.first));
      (std::abs(middle.second - a.second) > std::abs(b.second - middle.second) ? b : a) = middle;
      if (i == 5 && std::abs(b.second - a.second) < 0.1 * whole) return;
    }
    nodes_.push_back({a, true});
    nodes_.push_back({b, false});
  }

  std::size_t left(std::size_t i) const { return i > 0 && !nodes_[i - 1].jumps ? i - 1 : i; }
  std::size_t right(std::size_t i) const { return i + 1 < nodes_.size() && !nodes_[i].jumps ? i + 1 : i; }
  bool is_above(std::size_t i, std::size_t j) const { return nodes_[i].at.second > nodes_[j].at.second; }

  F& f_;
  std::vector<Node> nodes_;
};

template <class F>
Least minimum(F f, double low, double high, Search search) {
  if (search == Search::every_jump) return Jumps<F>(f, low, high).least();
  if (search == Search::every_peak) {
    constexpr int points = 32;
    const double step = (high - low) / (points - 1);
    int best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i < points; ++i)
      if (const double value = f(low + i * step); value < least) best = i, least = value;
    const double middle = low + best * step;
    low = std::max(low, middle - step), high = std::min(high, middle + step);
  }
  return brent(f, low, high);
}

}  // namespace haggle::bench
