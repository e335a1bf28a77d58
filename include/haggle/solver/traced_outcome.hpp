// SPDX-License-Identifier: MIT
// What a block's solved games have for outputs, a game a lane.
#pragma once
#include <limits>

#include "haggle/core/status.hpp"
#include "haggle/solver/equilibrium_trace.hpp"
#include "haggle/solver/solved.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracedOutcome {
 public:
  using Mask = mask_t<Real>;

  TracedOutcome(const Form& form, const double* const* parameters, double* const* outputs)
      : form_(form), in_(parameters), out_(outputs) {}

  /// Keeps where the trace stands for write(); gives back `done` where all is finite.
  Mask keep(const EquilibriumTrace<Real>& t, Real share, Mask done) {
    const auto store = [](Real value, double* to) { RealTraits<Real>::store(value, to); };
    const Real zero(0.0);
    const Real base = select(t.idle, zero, t.a0);
    Real surplus = t.generalist;
    for (std::size_t i = 0; i < t.size; ++i) {
      const Contribution<Real>& c = t.at[i];
      store(c.performance, performance_[i]);
      store(c.utility, utility_[i]);
      store(c.revenue, revenue_[i]);
      store(select(c.rides, Real(1.0), zero), rides_[i]);
      surplus = surplus + c.utility;
    }
    store(share, share_);
    store(base, base_);
    store(t.generalist, generalist_);
    store(surplus, surplus_);
    store(select(t.idle, zero, abs(t.miss0)), residual_);
    return done & (surplus - surplus == zero);
  }

  bool wants_first_best() const { return wants(form_.outputs.first_best_surplus) || wants(form_.outputs.efficiency); }
  void keep_first_best(Real surplus) { RealTraits<Real>::store(surplus, first_best_); }

  /// Of the game in a lane; `status`: solved or no_deal.
  void write(Status status, std::size_t game, std::size_t lane) const {
    const double surplus = status == Status::solved ? write_solved(game, lane) : write_apart(game);
    if (!wants_first_best()) return;
    const double best = first_best_[lane];
    put(form_.outputs.first_best_surplus, game, best);
    put(form_.outputs.efficiency, game, best > 0 ? surplus / best : std::numeric_limits<double>::quiet_NaN());
  }

 private:
  static constexpr std::size_t lanes = lanes_v<Real>;

  bool wants(std::size_t column) const { return column != unset && out_[column] != nullptr; }

  /// No deal: everyone takes its outside option. Both give back the surplus.
  double write_apart(std::size_t game) const {
    const OutputColumns& o = form_.outputs;
    const auto number = [&](std::size_t column) { return column == unset ? 0.0 : in_[column][game]; };
    const double outside = number(form_.outside), its = number(form_.specialists.front().outside);
    put(o.status, game, static_cast<double>(Status::no_deal));
    put(o.share, game, std::numeric_limits<double>::quiet_NaN());
    for (const std::size_t column : {o.base_performance, o.performance, o.revenue, o.residual}) put(column, game, 0);
    put(o.generalist_utility, game, outside);
    put(o.specialist_utility, game, its);
    put(o.surplus, game, outside + its);
    put(o.generalist_regime, game, static_cast<double>(GeneralistRegime::abstains));
    put(o.specialist_regime, game, static_cast<double>(SpecialistRegime::abstainer));
    put(o.profit_sharing, game, static_cast<double>(ProfitSharing::no));
    return outside + its;
  }

  void put(std::size_t column, std::size_t game, double value) const {
    if (column != unset && out_[column] != nullptr) out_[column][game] = value;
  }

  double write_solved(std::size_t game, std::size_t lane) const {
    const OutputColumns& o = form_.outputs;
    const bool invests = base_[lane] > 0;
    bool shared = false;
    put(o.status, game, static_cast<double>(Status::solved));
    put(o.share, game, share_[lane]);
    put(o.base_performance, game, base_[lane]);
    put(o.generalist_utility, game, generalist_[lane]);
    put(o.surplus, game, surplus_[lane]);
    put(o.generalist_regime, game, static_cast<double>(invests ? GeneralistRegime::invests : GeneralistRegime::idle));
    put(o.residual, game, residual_[lane]);
    for (std::size_t i = 0; i < form_.specialists.size(); ++i) {
      const auto each = [&](std::size_t first) { return first == unset ? unset : first + i; };
      put(each(o.performance), game, performance_[i][lane]);
      put(each(o.specialist_utility), game, utility_[i][lane]);
      put(each(o.revenue), game, revenue_[i][lane]);
      put(each(o.specialist_regime), game,
          static_cast<double>(rides_[i][lane] != 0 ? SpecialistRegime::free_rider : SpecialistRegime::contributor));
      shared = shared || (invests && rides_[i][lane] == 0);
    }
    put(o.profit_sharing, game, static_cast<double>(shared ? ProfitSharing::yes : ProfitSharing::no));
    return surplus_[lane];
  }

  const Form& form_;
  const double* const* in_;
  double* const* out_;
  double share_[lanes], base_[lanes], generalist_[lanes], surplus_[lanes], residual_[lanes], first_best_[lanes];
  double performance_[most_specialists][lanes], utility_[most_specialists][lanes], revenue_[most_specialists][lanes],
      rides_[most_specialists][lanes];
};

}  // namespace haggle::fine_tuning
