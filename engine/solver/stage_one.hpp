// SPDX-License-Identifier: MIT
// Stage 1 of the fine-tuning game: the generalist's global best investment at given shares, by branch and bound.
//
// Replies and revenues rise with α₀, marginal revenues fall where revenue is concave, and every elasticity involved is
// monotone along a reply: that bounds the generalist's utility, its slope and its curvature on a cell between two
// investments from the replies at the cell's ends alone. Cells end where specialists enter and where they begin to ride
// free.
#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "haggle/solver/spe.hpp"
#include "solver/marginal_rise.hpp"
#include "solver/reply.hpp"

namespace haggle::fine_tuning {

class StageOne {
 public:
  /// `fixed`: the only shares that will be asked for, one a specialist; none: any may be.
  void start(const Play<double>& game, std::span<const Share> fixed = {});
  void solve(std::span<const Share> shares, Equilibrium& result);
  /// The most that one owner of all could have over what the specialists have otherwise, the project running: it
  /// chooses who takes part, α₀ and every α. The generalist's fixed cost is not counted.
  double best_as_owner();
  /// The game has taken as much work as any may: nothing more is looked for, and no answer is settled.
  bool is_exhausted() const;
  void allow(std::size_t times) { allowed_ = times; }
  /// Costs outgrow revenues within what numbers can say.
  bool is_bounded() const { return reach_ < std::numeric_limits<double>::infinity(); }
  /// Beyond this investment the generalist loses at any share that may be asked for; infinite: it is beyond e^690.
  double reach() const { return reach_; }
  /// What shares before the next are like is no help to it, nor any temptation: at a toss-up they could decide.
  void forget();
  /// Whether an equilibrium's `gaps` are wanted: then every regime's best investment is looked for, not only the best.
  void want_gaps(bool wanted, std::size_t moving) { wants_gaps_ = wanted, moving_ = moving; }

 private:
  /// Of a sum of revenues and costs, in parts of their size, where powers are large; and where they are not.
  static constexpr double rounding = 1e-12, least_rounding = 1e-13;
  static constexpr double nothing = 1e-280;  ///< money so near to the smallest number has lost digits
  /// U_G + fixed cost and its first two derivatives at an investment, with so many specialists.
  struct Value {
    double utility = 0, slope = 0, curvature = 0, marginal_revenue = 0, size = 0;
  };
  /// One investment looked at, with the replies of those that take part there, in the order of their thresholds.
  struct Point {
    double t = 0, a = 0;  ///< t = ln a
    Elastic cost;
    std::size_t first = 0, members = 0;  ///< replies_[first …]
    std::size_t regime = 0;              ///< of regimes_: the last that begins at or below it
    Value value;                         ///< with all its members
  };
  struct Cell {
    std::size_t left, right;
    double bound;
    bool hides_peak = false;  ///< no more than was seen, but not offered yet
    bool operator<(const Cell& other) const { return bound < other.bound; }
  };
  /// On a cell: U_G' and the most of U_G''.
  struct Bounds {
    Interval slope;
    double curvature;
    bool convex = false;  ///< revenue is convex somewhere, and may jump where the slope is unknown
  };
  /// A candidate for the best investment, of those that are an answer: not merely a place looked at.
  struct Best {
    double utility, size = 0;
    std::size_t point = 0, before = 0;  ///< before: where a jump begins
    Base base = Base::zero;
    bool found = false;
  };

  struct Lead {
    double value, noise;
  };

  using Gap = Equilibrium::Gap;
  /// Where another regime begins: a specialist takes part, no longer contributes, jumps or begins to contribute.
  struct Regime {
    double a;
    std::size_t gap;    ///< among an equilibrium's gaps: going there, beside not
    std::size_t inner;  ///< and: its own peaks
  };

  const Reply& reply(const Point& p, std::size_t k) const { return replies_[p.first + k]; }
  bool wants_gaps() const { return wants_gaps_ && !owner_; }
  bool moves(std::size_t domain) const { return moving_ == unset || moving_ == domain; }

  // stage_one.cpp
  void prepare();
  std::size_t look(double t, double a, std::size_t members, std::size_t near, std::size_t beyond = unset);
  double guess(std::size_t k, double a, std::size_t near, std::size_t beyond) const;
  std::span<const Replier::Jump> jumps_within(std::size_t i) const;
  void search_between_marks();
  // stage_one_reach.cpp
  double find_reach(std::span<const Share> fixed);
  double threshold(std::size_t i, double before);
  // stage_one_bounds.cpp
  Value value(const Point& p, std::size_t members) const { return members == p.members ? p.value : sum(p, members); }
  Value sum(const Point& p, std::size_t members) const;
  double crude_bound(const Cell& c) const;
  Bounds bounds(const Cell& c) const;
  void owner_bounds(const Replier& replier, const Reply& l, const Reply& r, Bounds& sum) const;
  bool convex_bounds(const Replier& replier, double share, const Reply& l, const Reply& r, Bounds& sum) const;
  // marginal_rise.cpp
  enum class Crossings { no_peak, one, any };  ///< of marginal revenue and marginal cost
  Crossings crossings_in(const Cell& c, const Value& at_left, const Value& at_right) const;
  struct Part {
    Interval rise, brings;  ///< of what one specialist brings: its elasticity, and how much that is
  };
  Interval rise(const Cell& c) const;
  // stage_one_cells.cpp
  bool jumps(const Cell& c) const;
  bool may_turn(const Cell& c, const Value& at_left, const Value& at_right) const;
  void push(std::size_t left, std::size_t right);
  void root(const Cell& c);
  void search();
  // stage_one_choice.cpp
  static double logarithms(const Reply& r);
  double blur(const Point& p) const;
  static double noise(const Reply& r);
  double noise(const Point& p, double size) const;
  void offer(std::size_t point, Base base, std::size_t before = 0);
  Lead lead(const Best& one, const Best& other) const;
  void choose();
  bool is_seen(double utility);
  bool is_threshold(double a) const;
  bool is_seen_offered() const;
  void offer_seen();
  // regime_gaps.cpp
  double floor_of(std::size_t regime) const;
  void begin_regimes();
  double mark_by_share(std::size_t m) const;
  Gap by_share(const Point& p) const;
  Gap peak_value(std::size_t point) const;
  void measure_gaps();
  // stage_one_report.cpp
  void report(std::span<const Share> shares, Equilibrium& result);
  void report_jump(std::span<const Share> shares, Equilibrium& result) const;

  const Play<double>* game_ = nullptr;
  bool opaque_cost_ = false;  ///< nothing is known of the generalist's cost but that it rises
  bool owner_ = false;        ///< one owner of all is meant, not the generalist
  std::vector<Replier> repliers_;
  std::vector<double> share_;       ///< δ, by specialist
  std::vector<double> threshold_;   ///< by specialist
  std::vector<std::size_t> order_;  ///< specialists by their thresholds
  std::vector<Point> points_;
  std::vector<Reply> replies_;
  std::vector<Cell> cells_;
  std::vector<double> marks_;
  mutable std::vector<Part> parts_;  ///< of rise(): kept for its room
  std::size_t within_reach_ = 0;     ///< specialists that some investment makes take part
  double reach_ = 0;                 ///< see reach()
  double hint_ = 0;                  ///< the last best investment
  bool settled_ = true;
  bool is_at_margin_ = false;        ///< a first bit of investment brings exactly what it costs
  std::size_t allowed_ = 1;          ///< times the usual work
  std::size_t work_ = 0;             ///< replies that this game has taken
  double seen_ = 0, seen_size_ = 0;  ///< the most that any place looked at gave
  std::size_t seen_at_ = 0;          ///< and that place
  double seen_slack_ = 0;            ///< less is no difference from it
  double seen_noise_ = -1;           ///< of it, once it has been asked for
  bool wants_gaps_ = false;
  std::size_t moving_ = unset;        ///< gaps' slopes are by this domain's share; unset: by all
  std::vector<Regime> regimes_;       ///< in the order of their investments; empty unless gaps are wanted
  std::vector<double> peak_;          ///< the most seen in each
  std::vector<std::size_t> peak_at_;  ///< where
  std::vector<std::size_t> peaks_;    ///< stationary points that were met, and held marks
  std::vector<Gap> gaps_, regime_best_, beyond_;
  std::vector<Best> offers_;
  Best best_;  ///< of the offers
};

}  // namespace haggle::fine_tuning
