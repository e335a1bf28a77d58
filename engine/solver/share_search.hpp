// SPDX-License-Identifier: MIT
// The best uniform share by any measure that is piecewise smooth along the equilibria: jumps, kinks, edges of what is
// a deal and windows of deals between two looks included.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "haggle/solver/spe.hpp"

namespace haggle::fine_tuning {

/// An equilibrium on the line of shares, y = ln(δ/(1-δ)); slopes are by y.
struct ShareLook {
  double y = 0;
  Share share;
  bool deal = false;
  bool smooth = false;      ///< slopes hold
  std::size_t members = 0;  ///< specialists that take part, where it is a deal
  double clearance = 0, clearance_slope = 0;
  double base = 0, base_slope = 0;                ///< α₀
  double performance = 0, performance_slope = 0;  ///< of those that take part, summed
  double money = 0;                               ///< of the size of what was added up, times the equilibrium's blur
  std::uint64_t party = 0;                        ///< who takes part
  std::uint64_t structure = 0;                    ///< who takes part, contributes, and what holds the generalist
  Equilibrium equilibrium;
  /// Of the generalist, then of each specialist; `size`: of the numbers whose difference a gain is, times that blur.
  std::vector<double> gain, slope, size;
};

/// What is maximised. A measure may be limited to the shares that are as good as the best by another one.
struct Aim {
  static constexpr double rounding = 1e-13;  ///< of a measure, in parts of its size
  enum class Kind : std::uint8_t { clearance, gains, product, least, performance, share };
  Kind kind = Kind::gains;
  /// By player, the generalist first. gains: Σ w (U-d). product: Σ w ln(U-d). least: min w (U-d) over w > 0.
  std::vector<double> weight;
  bool is_of_money() const { return kind == Kind::gains || kind == Kind::least; }
  const Aim* before = nullptr;
  double least_before = 0;

  struct Rated {
    double value, slope, size;
    std::size_t binding = 0;
    bool admissible;
    double tie = 0;  ///< values this close are one
  };
  Rated operator()(const ShareLook& look) const;
  /// A product's value between two looks not far apart, or more, by what each may gain there: where a gain vanishes its
  /// logarithm's slope tells nothing.
  double most_product(const ShareLook& left, const ShareLook& right) const;

 private:
  Rated measured(const ShareLook& look) const;
};

/// The best share that was found; `look` indexes ShareSearch::looks().
struct BestShare {
  bool found = false;
  bool flat = false;  ///< other shares are as good, within rounding
  double value = 0, tie = 0;
  std::size_t look = 0;
};

/// Whether the change from `value` to `end`, h apart, is the one that the slopes there say, but for that part of it,
/// and for `room`.
inline bool joins(double value, double end, double slope, double end_slope, double h, double part, double room = 0) {
  return std::abs(end - value - 0.5 * h * (slope + end_slope)) <=
         part * h * std::max(std::abs(slope), std::abs(end_slope)) + room;
}

class ShareSearch {
 public:
  explicit ShareSearch(SpeSolver& solver) : solver_(&solver) {}

  /// Forgets the last game's looks and takes first ones.
  void start();
  /// Likewise along one domain's share, the others given; without `windows` those between the first looks are not
  /// sought.
  void start(std::span<const Share> others, std::size_t domain, bool windows);
  BestShare maximise(const Aim& aim);
  std::span<const ShareLook> looks() const { return {looks_.data(), looked_}; }
  /// Among the best by `aim` the best by surplus, and of those the largest share.
  BestShare maximise_with_ties(const Aim& aim);
  bool is_settled() const { return settled_; }

 private:
  static constexpr double hidden_peak_width =
      0.04;  ///< of |y|, 1 at least: cells next to the best whose ends show no peak
  struct Cell {
    std::size_t left, right;
    double bound;
    int same_side = 0;
    bool operator<(const Cell& other) const { return bound < other.bound; }
  };
  // share_looks.cpp
  void take_first_looks();
  bool moves(std::size_t domain) const { return moving_ == unset || moving_ == domain; }
  void extend(double from, std::size_t at_corner);
  std::size_t look(double y);
  // share_windows.cpp
  void seek_windows();
  static bool holder_leaves(const ShareLook& held, const ShareLook& other);
  bool sweeps_past(std::size_t left, std::size_t right) const;
  double place_beside_change(std::size_t left, std::size_t right) const;
  double place_of_window(std::size_t left, std::size_t right) const;
  Equilibrium::Gap gap_at(std::size_t look, std::size_t gap) const;
  bool leaps(const ShareLook& l, const ShareLook& r) const;
  // between_looks.cpp
  void push(const Aim& aim, std::size_t left, std::size_t right, int same_side = 0);
  bool is_smooth(const Aim::Rated& a, const Aim::Rated& b, const ShareLook& l, const ShareLook& r) const;
  bool begins_where_convex(const ShareLook& l, const ShareLook& r) const;
  template <class Between>
  double between_regimes(const ShareLook& l, const ShareLook& r, Between between) const;
  double place_in(const Aim& aim, const Cell& c) const;

  void offer(const Aim& aim, std::size_t at);
  static bool wins_tie(const ShareLook& look, const ShareLook& best);
  bool is_trifle(const Aim& aim, const Cell& c) const;
  void offer_missed(const Aim& aim);
  void peak(const Aim& aim, std::size_t left, std::size_t right);
  void look_beside(const Aim& aim, std::size_t best, std::size_t end);

  SpeSolver* solver_;
  std::vector<Share> shares_;          ///< of each domain, at the last look
  std::size_t moving_ = unset;         ///< the domain whose share is searched; unset: one for all
  std::vector<ShareLook> looks_;       ///< kept for the next game, whose looks need the same room
  std::size_t looked_ = 0;             ///< of them are this game's
  std::vector<std::size_t> by_share_;  ///< the first looks, in order
  std::vector<Cell> cells_;
  double seen_ = 0;
  double most_money_ = 0;   ///< of the first looks that are deals
  std::size_t narrow_ = 0;  ///< cells whose ends are neighbouring shares
  std::size_t blind_ = 0;   ///< cells kept though neither end is worth anything and the same take part
  bool settled_ = true;
  BestShare best_;
};

}  // namespace haggle::fine_tuning
