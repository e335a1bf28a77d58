// SPDX-License-Identifier: MIT
// A block of power-law games, written once over a Real. Games of one solution share lanes; those that the fast path
// does not certify are gathered and solved by the robust one.
#pragma once
#include <cstdint>

#include "haggle/solver/certified_bargain.hpp"
#include "haggle/solver/robust_bargain.hpp"
#include "haggle/solver/scanned_bargain.hpp"

namespace haggle::power_law {

/// `Wide` runs the fast path, `Real` the others, whose lanes wait for each other longer.
template <class Wide, class Real>
class Kernel {
 public:
  Kernel(const double* const* parameters, double* const* outputs) : in_(parameters), out_(outputs) {}

  void operator()(std::size_t games) {
    for (std::size_t begin = 0; begin < games; begin += tile) {
      const std::size_t end = begin + tile < games ? begin + tile : games;
      const double* solutions = in_[solution_column];
      bool mixed = false;
      for (std::size_t i = begin; i < end; ++i) mixed = mixed | (solutions[i] != solutions[begin]);
      for (std::size_t s = 0; s < solution_names.size(); ++s) {
        const double wanted = static_cast<double>(s);
        if (!mixed && solutions[begin] != wanted) continue;
        std::size_t n = 0;
        for (std::size_t i = begin; i < end; ++i) {
          group_[n] = i;
          n += solutions[i] == wanted;
        }
        if (n > 0) solve_group(static_cast<Solution>(s), n);
      }
    }
  }

 private:
  static constexpr std::size_t tile = 4096;  // enough for the slower paths to fill their lanes

  void solve_group(Solution solution, std::size_t n) {
    switch (solution) {
      case Solution::fixed:
        return solve_as<Solution::fixed>(n);
      case Solution::nash:
        return solve_as<Solution::nash>(n);
      case Solution::kalai_smorodinsky:
        return solve_as<Solution::kalai_smorodinsky>(n);
      case Solution::egalitarian:
        return solve_as<Solution::egalitarian>(n);
      case Solution::utilitarian:
        return solve_as<Solution::utilitarian>(n);
      case Solution::powerful_generalist:
        return solve_as<Solution::powerful_generalist>(n);
      case Solution::powerful_specialist:
        return solve_as<Solution::powerful_specialist>(n);
      case Solution::max_performance:
        return solve_as<Solution::max_performance>(n);
    }
  }

  /// Each path takes the games that the faster one before it could not settle.
  template <Solution S>
  void solve_as(std::size_t n) {
    constexpr bool has_certificate = S != Solution::utilitarian && S != Solution::kalai_smorodinsky;
    if constexpr (has_certificate)
      n = settle<Wide>(n, [](const auto& g, const auto& r) { return certified_bargain<S>(g, r, is_bounded(g)); });
    if constexpr (S != Solution::fixed)
      n = settle<Real>(n, [](const auto& g, const auto& r) { return scanned_bargain<S>(g, r, is_bounded(g)); });
    for (std::size_t i = 0; i < n; i += lanes_v<Real>) {
      const std::size_t count = n - i < lanes_v<Real> ? n - i : lanes_v<Real>;
      scatter(solve_robustly<S>(gather<Real>(group_ + i, count)), group_ + i, count);
    }
  }

  /// Solves the first n games of the group; those left over become its first, and their number is returned.
  template <class Lanes, class Path>
  std::size_t settle(std::size_t n, Path path) {
    constexpr std::size_t lanes = lanes_v<Lanes>;
    std::size_t left = 0;
    for (std::size_t i = 0; i < n; i += lanes) {
      const std::size_t count = n - i < lanes ? n - i : lanes;
      const Game<Lanes> g = gather<Lanes>(group_ + i, count);
      const Certified<Lanes> result = path(g, Reduction<Lanes>(g));
      const mask_t<Lanes> done = result.certified & is_finite(result.solved);
      scatter(result.solved, group_ + i, count);
      if (all(done)) continue;
      double certified[lanes];
      RealTraits<Lanes>::store(select(done, Lanes(1.0), Lanes(0.0)), certified);
      for (std::size_t lane = 0; lane < count; ++lane)
        if (certified[lane] == 0.0) group_[left++] = group_[i + lane];
    }
    return left;
  }

  template <Solution S>
  static Solved<Real> solve_robustly(Game<Real> g) {
    const Real zero(0.0), one(1.0), nan = not_a_number<Real>();
    if constexpr (S == Solution::fixed) {  // who gets nothing invests nothing: how its cost grows is no matter
      g.k0 = select(g.fixed_share <= zero, max(g.k0, g.elasticity + one), g.k0);
      g.k1 = select(g.fixed_share >= one, max(g.k1, g.elasticity + one), g.k1);
    }
    const mask_t<Real> bounded = is_bounded(g);
    g.elasticity = select(bounded, g.elasticity, Real(0.5));  // any game, so that the lane is harmless
    Reduction<Real> r(g);
    r.mend_logarithms(g);
    Solved<Real> s = RobustBargain<Real>(g, r).template solve<S>();
    const mask_t<Real> converged = s.status != code<Real>(Status::not_converged);
    const mask_t<Real> numbers = bounded & converged & is_finite(s);
    const Real without =
        select(bounded, select(overflows(s), code<Real>(Status::overflow), code<Real>(Status::not_converged)),
               code<Real>(Status::unbounded));
    s.status = select(numbers, s.status, without);
    for (Real* number : {&s.share, &s.base_performance, &s.performance, &s.generalist_utility, &s.specialist_utility,
                         &s.revenue, &s.residual})
      *number = select(numbers, *number, nan);
    s.generalist_regime = select(numbers, s.generalist_regime, zero);
    s.specialist_regime = select(numbers, s.specialist_regime, zero);
    return s;
  }

  /// The games at `where`, the last repeated into lanes left over.
  template <class Lanes>
  Game<Lanes> gather(const std::size_t* where, std::size_t count) const {
    constexpr std::size_t lanes = lanes_v<Lanes>;
    const bool side_by_side = count == lanes && where[lanes - 1] - where[0] == lanes - 1;
    const auto column = [&](std::size_t p) {
      if (side_by_side) return RealTraits<Lanes>::load(in_[p] + where[0]);
      double values[lanes];
      for (std::size_t lane = 0; lane < lanes; ++lane) values[lane] = in_[p][where[lane < count ? lane : count - 1]];
      return RealTraits<Lanes>::load(values);
    };
    return {column(c0_column),
            column(k0_column),
            column(generalist_outside_column),
            column(scale_column),
            column(elasticity_column),
            column(c1_column),
            column(k1_column),
            column(specialist_outside_column),
            column(weight_column),
            column(fixed_share_column)};
  }

  template <class Lanes>
  void scatter(const Solved<Lanes>& s, const std::size_t* where, std::size_t count) const {
    constexpr std::size_t lanes = lanes_v<Lanes>;
    const bool side_by_side = count == lanes && where[lanes - 1] - where[0] == lanes - 1;
    const auto column = [&](std::size_t o, Lanes value) {
      if (out_[o] == nullptr) return;
      if (side_by_side) return RealTraits<Lanes>::store(value, out_[o] + where[0]);
      double values[lanes];
      RealTraits<Lanes>::store(value, values);
      for (std::size_t lane = 0; lane < count; ++lane) out_[o][where[lane]] = values[lane];
    };
    column(status_column, s.status);
    column(share_column, s.share);
    column(base_performance_column, s.base_performance);
    column(performance_column, s.performance);
    column(generalist_utility_column, s.generalist_utility);
    column(specialist_utility_column, s.specialist_utility);
    column(surplus_column, s.generalist_utility + s.specialist_utility);
    column(revenue_column, s.revenue);
    column(generalist_regime_column, s.generalist_regime);
    column(specialist_regime_column, s.specialist_regime);
    column(residual_column, s.residual);
  }

  const double* const* in_;
  double* const* out_;
  std::size_t group_[tile + 1];
};

template <class Wide, class Real>
void solve_block(const GameTable&, const double* const* parameters, double* const* outputs,
                 std::size_t games) noexcept {
  Kernel<Wide, Real>(parameters, outputs)(games);
  RealTraits<Real>::leave();
}

}  // namespace haggle::power_law
