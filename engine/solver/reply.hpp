// SPDX-License-Identifier: MIT
// Stage 2 of the fine-tuning game: what a specialist invests in answer to a base performance, the global best.
#pragma once
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

/// Solves (1-δ) r'(α₀+x) = φ'(x) in u = ln x, where both sides' elasticities are bounded.
class Replier {
 public:
  /// A game's specialist, which must outlive it.
  void start(const Specialist<double>& specialist);
  /// `rest` is 1-δ.
  void at_share(double rest);

  /// The global best reply; of equally good ones the larger. `guess`: an investment nearby, or 0.
  Reply operator()(double base, double guess = 0) const;

  /// From this base performance on it rides free, if its revenue is concave from there; infinite: it never does.
  double contributes_until() const { return contributes_until_; }
  /// Up to this performance its revenue is convex, and its investment may jump.
  double convex_until() const { return convex_until_; }
  /// Neither function's shape is known: nothing bounds what happens between two replies but that they rise.
  bool is_opaque() const { return opaque_; }
  double rest() const { return rest_; }
  /// dα/dρ at a given α₀, ρ = 1-δ.
  double by_rest(const Reply& reply) const;
  const Specialist<double>& specialist() const { return *s_; }

 private:
  struct Bracket {
    double low, high;  ///< of u
  };
  Reply measure(double base, double investment) const;
  Reply measured(double base, double investment, const Elastic& r, const Elastic& cost) const;
  Reply concave(double base, Bracket bracket, double guess) const;
  Reply several(double base) const;
  Reply scanned(double base) const;
  void convex_candidates(double base, double low, double high, Reply& best) const;
  double pull(double base, double u) const;
  double kink() const;

  const Specialist<double>* s_ = nullptr;
  double rest_ = 1;
  double first_marginal_ = 0;  ///< φ'(0)
  double first_bend_ = 0;      ///< x φ''/φ' at 0
  bool linear_cost_ = false, opaque_ = false;
  double convex_until_ = 0, contributes_until_ = 0;
};

}  // namespace haggle::fine_tuning
