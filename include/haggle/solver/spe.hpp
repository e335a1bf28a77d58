// SPDX-License-Identifier: MIT
// The subgame-perfect equilibrium of a fine-tuning game at given shares, in plain double: every specialist's global
// reply, the entry thresholds, the generalist's global best investment. Compiled once (engine/solver/).
//
// Laufer, Kleinberg, Heidari, arXiv 2308.04399, section 2; what ties mean: stage by stage, an indifferent specialist
// takes part, and of equally good investments the larger is made.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "haggle/core/status.hpp"
#include "haggle/solver/play.hpp"

namespace haggle::fine_tuning {

/// The generalist's share of a domain's revenue and what is left to the specialist, both to full accuracy.
struct Share {
  double generalist = 0.5, specialist = 0.5;  ///< they sum to 1
};
Share share_of(double generalist);
/// ln(δ/(1-δ)) = y; infinite y: the corner.
Share share_at_logit(double y);

/// What one specialist does. An abstainer has its outside option, no revenue, and NaN for a performance.
struct SpecialistMove {
  bool takes_part = false;
  double investment = 0, performance = 0;
  double revenue = 0;  ///< r(α)
  double utility = 0;
  /// ∂U_i/∂α₀ at a given share, (1-δ) r'(α); and at a given α₀ ∂U_G/∂δ_i = r + δ r' ∂α/∂δ. 0 for an abstainer.
  double utility_by_base = 0, generalist_utility_by_share = 0;
  double performance_by_base = 0, performance_by_share = 0;  ///< the latter at a given α₀
  double base_by_share = 0;  ///< dα₀/dδ_i along the equilibrium; NaN: not smooth there
};

/// What keeps the generalist's investment where it is.
enum class Base : unsigned char {
  zero,       ///< idle
  smooth,     ///< its marginal revenue is its marginal cost
  threshold,  ///< specialist `holder` takes part from here on
  jump        ///< specialist `holder`'s investment jumps up here (revenue is S-shaped)
};

/// The equilibrium if the generalist takes part and at least one specialist is made to. Whether it comes about: `deal`.
struct Equilibrium {
  bool deal = false;
  /// What the generalist has from it over what else it could have (its outside option; nobody's taking part): deal
  /// where not negative. -∞ where nobody can be made to take part.
  double clearance = 0;
  double base_performance = 0, generalist_utility = 0;
  Base base = Base::zero;
  std::size_t holder = 0;
  double generalist_utility_by_base = 0;  ///< ∂U_G/∂α₀ to the right; 0 where `base` is smooth
  double residual = 0;                    ///< |ln(marginal revenue/marginal cost)| where `base` is smooth, else 0
  double blur = 1;                        ///< by how much more powers are rounded there than those of usual numbers
  bool settled = true;                    ///< the search for the global best ended by itself
  bool overflow = false;                  ///< its numbers exceed what a double holds
  bool in_domain = true;                  ///< false: an expression was not finite, or fell
  struct Gap {
    double value = 0;
    double slope = 0;  ///< by all shares together
  };
  /// How far the generalist is from other regimes, in money, signed: it crosses 0 where the regime changes. By
  /// specialist: making it take part, beside not; going beyond its last contribution; beyond its jump; beyond its first
  /// contribution; being kept at its threshold; at its jump. Then of each regime, the first and those that begin at the
  /// first four, its later peaks, beside its first. Last staying idle at the margin (per unit of
  /// investment). NaN: no such choice, ±∞: one side of it has nobody; empty: not asked for. Of several jumps the last
  /// has the slot.
  std::vector<Gap> gaps;
  static constexpr std::size_t gap_count(std::size_t specialists) { return 10 * specialists + 2; }
  std::vector<SpecialistMove> specialists;

  /// Sum of all utilities.
  double surplus() const;
  /// dU_G/dδ_j and dU_i/dδ_j along the equilibrium: what a change of one domain's share does.
  double generalist_slope(std::size_t j) const;
  double specialist_slope(std::size_t i, std::size_t j) const;
};

class StageOne;

/// Solves one game at many shares. Neighbouring shares are solved faster one after the other.
class SpeSolver {
 public:
  SpeSolver();
  ~SpeSolver();
  SpeSolver(const SpeSolver&) = delete;
  SpeSolver& operator=(const SpeSolver&) = delete;

  /// Takes up a game, which must outlive its use. Says what is wrong with it: Status::pending (nothing), unbounded,
  /// out_of_domain. `fixed`: the only shares that will be asked for; who gets nothing may then have any cost.
  Status start(const Play<double>& game, std::span<const Share> fixed = {});

  /// The equilibrium at these shares, one a specialist.
  const Equilibrium& operator()(std::span<const Share> shares);
  /// At one share for all domains.
  const Equilibrium& operator()(Share uniform);

  /// What one owner of all would have, free to leave the project (then everyone has its outside option). NaN where
  /// that has no bound.
  double first_best_surplus();

  /// The game has had all the work that one may take, some seconds: nothing more is settled.
  bool is_exhausted() const;
  /// This game may take so many times that work.
  void allow(std::size_t times);

  /// The next equilibrium is solved as if it were the first: the same for the same shares, to the bit, even where the
  /// generalist's choice is a toss-up but for rounding.
  void forget();

  /// Whether `gaps` are wanted, from the next equilibrium on; `moving`: slopes by that domain's share alone.
  void want_gaps(bool wanted, std::size_t moving = unset);

  const Play<double>& game() const { return *game_; }

 private:
  /// All revenues grow more slowly than both costs, or are not known to.
  bool has_first_best() const;
  /// Some expression has no value for some ordinary argument, 1e-8 to 1e8, that may pay.
  bool is_undefined() const;

  const Play<double>* game_ = nullptr;
  std::unique_ptr<StageOne> stage_one_;
  std::vector<Share> uniform_;
  Equilibrium result_;
};

}  // namespace haggle::fine_tuning
