// SPDX-License-Identifier: MIT
// Stage 2 of the fine-tuning game: what a specialist invests in answer to a base performance, the global best.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "haggle/solver/play.hpp"
#include "solver/elastic.hpp"

namespace haggle::fine_tuning {

/// A specialist's best investment at some α₀, with what the generalist's slope needs. `bend` is α r''/r', `turn`
/// α r'''/r''; of the cost x φ''/φ' and x φ'''/φ''.
struct Reply {
  double investment = 0, performance = 0;
  double revenue = 0, slope = 0;  ///< r and r' at α
  double utility = 0;             ///< (1-δ) r(α) - φ(x), the fixed cost not counted
  double bend = 0, turn = 0, cost_bend = 0, cost_turn = 0;
  double by_base = 1;  ///< dα/dα₀
};

/// ∂/∂δ of (δ r' α') at a given α₀: how a domain's share δ moves the generalist's marginal revenue. `rest` is 1-δ,
/// `by_share` ∂α/∂δ.
double marginal_by_share(const Reply& r, double share, double rest, double by_share);

/// Solves (1-δ) r'(α₀+x) = φ'(x) in u = ln x, where both sides' elasticities are bounded.
class Replier {
 public:
  /// A game's specialist, which must outlive it.
  void start(const Specialist<double>& specialist);
  /// `rest` is 1-δ. What it was before says where to look first: of what is found that changes the rounding.
  void at_share(double rest);
  /// No share was before.
  void forget();

  /// Where revenue is convex its investment may leave a local maximum for a larger one: from this base performance on,
  /// in ascending order. Below `convex_until`.
  struct Jump {
    double base;
    std::size_t branch;  ///< where it goes
  };
  std::span<const Jump> jumps() const { return jumps_; }

  /// The global best reply; of equally good ones the larger. `guess`: an investment nearby, or 0.
  Reply operator()(double base, double guess = 0) const;

  /// From this base performance on it rides free, if its revenue is concave from there; infinite: it never does.
  double contributes_until() const { return contributes_until_; }
  /// Up to this base performance it rides free though its marginal revenue rises, and then begins to contribute without
  /// a jump; 0: it does not.
  double contributes_from() const;
  /// Up to this performance its revenue is convex, and its investment may jump.
  double convex_until() const { return convex_until_; }
  /// Revenue is convex up to this performance, and concave from it on: both where it turns, but for rounding.
  bool is_convex_until(double performance) const { return performance <= convex_until_ * (1 + 1e-13); }
  bool is_concave_from(double performance) const { return performance >= convex_until_ * (1 - 1e-13); }
  /// The base performance that its own investment takes to `convex_until`; 0: none does.
  double turns_from() const { return std::max(turns_from_, 0.0); }
  /// Neither function's shape is known: nothing bounds what happens between two replies but that they rise.
  bool is_opaque() const { return opaque_; }
  /// Marginal cost is a constant times x to this power; 0: it is not.
  double marginal_power() const { return first_marginal_ > 0 ? 0 : power_; }
  /// Beyond φ'(0) marginal cost is a constant times x to this power; 0: it is not.
  double power_beyond_first() const { return power_; }
  double rest() const { return rest_; }
  /// dα/dρ at a given α₀, ρ = 1-δ.
  double by_rest(const Reply& reply) const;
  const Specialist<double>& specialist() const { return *s_; }

 private:
  static constexpr double lowest = -690, highest = 690;  ///< of ln x
  static constexpr double little_performance = 1e-30;    ///< performance at which revenue still is a power of it
  struct Bracket {
    double low, high;     ///< of u
    bool closed = false;  ///< the root may be at either
  };
  Reply measure(double base, double investment) const;
  Reply measured(double base, double investment, const Elastic& r, const Elastic& cost) const;
  Reply concave(double base, Bracket bracket, double guess) const;
  Reply scanned(double base) const;
  Elastic cost_at(double u, double x) const;
  double pull(double base, double u) const;
  bool pays_where_steepest() const;
  double kink();
  double meets_first(double low, double high, bool rises, double& before) const;

  // Where revenue is convex (convex_reply.cpp).
  /// On the curve of stationary points.
  struct CurvePoint {
    double v = 0, u = 0;  ///< ln α, ln x
    double bend = 0, cost_bend = 0;
    double turn = 0, eases = 0;  ///< α r'''/r''; α r''/r' where φ'(0) is taken off (1-δ) r'
    double steepens = 0;         ///< dln x'/dln α; NaN: not known
    double rise = 0;             ///< x'(α)
    double base() const { return -std::expm1(u - v) * std::exp(v); }
  };
  CurvePoint curve_at(double ln_performance, double guess) const;
  double steepens(const CurvePoint& turn, const CurvePoint& eases) const;
  void find_branches();
  void find_stable_of_arch(const CurvePoint& start, const CurvePoint& end);
  void add_stable(const CurvePoint& from, const CurvePoint& to);
  void add_stable_part(const CurvePoint& from, const CurvePoint& to);
  void find_stable(const CurvePoint& from, const CurvePoint& to);
  double crest() const;
  CurvePoint edge(CurvePoint low, CurvePoint high);
  void find_jumps();
  double rides_until();
  double jump(std::size_t from, std::size_t to);
  Reply on_branch(std::size_t branch, double base, double guess) const;
  std::size_t branch_at(double base) const;
  /// Local maxima of its utility that a rising base performance moves along without a jump.
  struct Branch {
    double least = lowest, most = highest;  ///< ln x at its ends
    double from = 0;                        ///< base performances
    double until = 0;                       ///< where it ends, or revenue's convexity does
    double rides_until = 0;                 ///< at its beginning there is no investment, up to this base
  };

  const Specialist<double>* s_ = nullptr;
  double rest_ = 1;
  double first_marginal_ = 0;        ///< φ'(0)
  double power_ = 0, marginal_ = 0;  ///< φ'(x) - φ'(0) is marginal_ x^power_; power_ = 0: no such power
  bool linear_cost_ = false, opaque_ = false;
  bool arches_ = false;  ///< where revenue is convex x' only rises with performance, and then only falls
  double crest_ = 0;     ///< ln α where it does, whatever the share; above convex_until: nowhere
  double convex_until_ = 0, contributes_until_ = 0, turns_from_ = 0;
  double slope_at_turn_ = 0, slope_at_least_ = 0, slope_at_most_ = 0;  ///< r', where φ'(0) > 0
  // At the share before: ln α, and of the jump ln α₀.
  double kink_before_ = 0, ride_before_ = 0, jump_before_ = 0, edge_before_[2] = {};
  double jump_to_before_ = 0;     ///< the investment after that jump
  std::vector<Branch> branches_;  ///< by performance
  double last_stable_ = 0;        ///< of ln α: so far the last branch goes
  std::vector<Jump> jumps_;
};

}  // namespace haggle::fine_tuning
