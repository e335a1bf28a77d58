// SPDX-License-Identifier: MIT
#include "spe_payoffs.hpp"

#include <cmath>

namespace haggle::fine_tuning {

void SpePayoffs::operator()(std::span<const double> shares, Payoffs& out) {
  const Play<double>& game = solver_->game();
  const std::size_t n = shares.size();
  shares_.resize(n);
  for (std::size_t i = 0; i < n; ++i) shares_[i] = share_of(shares[i]);
  solver_->forget();
  const Equilibrium& e = (*solver_)(shares_);
  settled_ = settled_ && e.settled;
  overflow_ = overflow_ || e.overflow;
  in_domain_ = in_domain_ && e.in_domain;

  out.deal = e.deal && e.in_domain && !e.overflow;
  out.clearance = e.clearance;
  out.takes_part = out.contributes = 0;
  out.holder = e.base == Base::zero     ? Payoffs::idle
               : e.base == Base::smooth ? Payoffs::smooth
                                        : static_cast<int>(e.holder);
  out.base_performance = e.base_performance;
  out.performance = 0;
  out.utility.resize(n + 1);
  out.money.resize(n + 1);
  out.investment.assign(n, 0.0);
  out.slope.clear();
  out.utility[0] = out.deal ? e.generalist_utility : game.outside;
  out.money[0] = std::abs(game.outside) + (out.deal ? game.fixed : 0);
  for (std::size_t i = 0; i < n; ++i) {
    const SpecialistMove& move = e.specialists[i];
    const Specialist<double>& s = game.specialists[i];
    const bool in = out.deal && move.takes_part;
    out.utility[i + 1] = in ? move.utility : s.outside;
    out.money[i + 1] = std::abs(s.outside) + (in ? move.revenue + s.fixed : 0);
    if (!in) continue;
    const std::uint64_t bit = std::uint64_t{1} << i;
    out.takes_part |= bit;
    out.contributes |= move.investment > 0 ? bit : 0;
    out.investment[i] = move.investment;
    out.performance += move.performance;
    out.money[0] += shares[i] * move.revenue;
  }
  if (!out.deal) return;
  out.slope.assign((n + 2) * n, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    out.slope[j] = e.generalist_slope(j);
    for (std::size_t i = 0; i < n; ++i) {
      const SpecialistMove& move = e.specialists[i];
      if (!move.takes_part) continue;
      out.slope[(i + 1) * n + j] = e.specialist_slope(i, j);
      out.slope[(n + 1) * n + j] +=
          move.performance_by_base * e.specialists[j].base_by_share + (i == j ? move.performance_by_share : 0);
    }
  }
}

}  // namespace haggle::fine_tuning
