// SPDX-License-Identifier: MIT
// A block of general games by the fast path, written once over a Real, a game a lane: what it can prove to be the
// global equilibrium of the right bargain is written out, the rest is left to the slow one.
#pragma once
#include <limits>

#include "haggle/core/rough.hpp"
#include "haggle/core/status.hpp"
#include "haggle/solver/curve_walk.hpp"
#include "haggle/solver/joint_surplus.hpp"
#include "haggle/solver/share_polish.hpp"
#include "haggle/solver/single_peak.hpp"
#include "haggle/solver/solved.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracedBlock {
 public:
  using Mask = mask_t<Real>;
  using Quick = Rough<Real>;
  static constexpr std::size_t tile = 1024;

  TracedBlock(const Form& form, const double* const* parameters, double* const* outputs)
      : form_(form), in_(parameters), out_(outputs), play_(form), quick_(form) {}

  /// Whether games of that form are for the fast path at all.
  static bool takes(const Form& form, double* const* outputs) {
    const OutputColumns& o = form.outputs;
    for (const std::size_t column : {o.first_best_surplus, o.efficiency, o.pareto_components, o.pareto_share_low,
                                     o.frontier_share, o.frontier_generalist_utility, o.frontier_specialist_utility})
      if (column != unset && outputs[column] != nullptr) return false;
    for (const SpecialistForm& s : form.specialists)
      if (s.revenue.family >= std::tuple_size_v<RevenueFamilies> || s.cost.family >= std::tuple_size_v<CostFamilies>)
        return false;
    return form.contract == Contract::uniform && form.cost.family < std::tuple_size_v<CostFamilies>;
  }

  /// Solves what it can of the n games at `where`, at most `tile`; the others become the first there, and their number
  /// is returned.
  std::size_t operator()(std::size_t* where, std::size_t n) {
    const double* solutions = in_[form_.solution];
    std::size_t left = 0, left_games[tile];
    for (std::size_t s = 0; s < power_law::solution_names.size(); ++s) {
      std::size_t count = 0;
      for (std::size_t i = 0; i < n; ++i) {
        group_[count] = where[i];
        count += solutions[where[i]] == static_cast<double>(s);
      }
      if (count > 0) count = solve_group(static_cast<Solution>(s), count);
      for (std::size_t i = 0; i < count; ++i) left_games[left++] = group_[i];
    }
    for (std::size_t i = 0; i < left; ++i) where[i] = left_games[i];
    return left;
  }

 private:
  static constexpr std::size_t lanes = lanes_v<Real>;

  std::size_t solve_group(Solution solution, std::size_t n) {
    switch (solution) {
      case Solution::fixed:
        return settle(0, n, [&] { return solve_fixed(); });
      case Solution::nash:
        return bargain<Solution::nash>(n);
      case Solution::utilitarian:
        return bargain<Solution::utilitarian>(n);
      case Solution::powerful_generalist:
        return bargain<Solution::powerful_generalist>(n);
      case Solution::powerful_specialist:
        return bargain<Solution::powerful_specialist>(n);
      case Solution::max_performance:
        return bargain<Solution::max_performance>(n);
      case Solution::kalai_smorodinsky:
      case Solution::egalitarian:
        return n;
    }
    return n;
  }

  template <Solution S>
  std::size_t bargain(std::size_t n) {
    const bool may_ride = S == Solution::nash && form_.specialists.size() == 1;
    const std::size_t plain = may_ride ? riders_last(n) : n;
    std::size_t riders = settle(plain, n - plain, [&] { return solve_along_curve(false); });
    riders = settle(plain, riders, [&] { return solve_along_curve(true); });
    std::size_t left = settle(0, plain, [&] { return solve<S>(looked_at); });
    left = settle(0, left, [&] { return solve<S>(looked_at_closely); });
    for (std::size_t i = 0; i < riders; ++i) group_[left + i] = group_[plain + i];
    left += riders;
    if (form_.specialists.size() > 1) return left;
    status_ = Status::no_deal;
    left = settle(0, left, [&] { return refuse(); });
    status_ = Status::solved;
    return left;
  }

  /// Puts games whose first specialist's first bit of adaptation costs something last in the group; how many are not
  /// such.
  std::size_t riders_last(std::size_t n) {
    std::size_t riders[tile], count = 0, plain = 0;
    for (std::size_t i = 0; i < n; i += lanes) {
      const std::size_t here = n - i < lanes ? n - i : lanes;
      read_into(quick_, group_ + i, here);
      double rises[lanes];
      RealTraits<Quick>::store(first_bit(quick_.specialists.front().cost), rises);
      for (std::size_t lane = 0; lane < here; ++lane) {
        const std::size_t game = group_[i + lane];
        (rises[lane] > 0 ? riders[count++] : group_[plain++]) = game;
      }
    }
    for (std::size_t i = 0; i < count; ++i) group_[plain + i] = riders[i];
    return plain;
  }

  /// > 0 where the first bit of investment costs something.
  template <class Any>
  static Any first_bit(const Function<Any>& cost) {
    return cost(Any(1e-100)).slope - Any(1e-12) * cost(Any(1.0)).slope;
  }

  /// Solves n games of the group from `first` on; those left over become the first of them, and their number is
  /// returned.
  template <class Path>
  std::size_t settle(std::size_t first, std::size_t n, Path path) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < n; i += lanes) {
      const std::size_t count = n - i < lanes ? n - i : lanes;
      std::size_t* const games = group_ + first;
      read(games + i, count);
      double done[lanes];
      RealTraits<Real>::store(select(path(), Real(1.0), Real(0.0)), done);
      for (std::size_t lane = 0; lane < count; ++lane) {
        const std::size_t game = games[i + lane];
        if (done[lane] != 0)
          write(game, lane);
        else
          games[left++] = game;
      }
    }
    return left;
  }

  template <Solution S>
  Mask solve(std::span<const double> shares) {
    ShareWalk<Quick> walked(quick_);
    walked.template walk<S>(shares, form_.powerful, suitable<S>());
    const auto proven = walked.sure & has_single_peaks(walked);
    if (!any(proven)) return Real(1.0) < Real(0.0);
    SharePolish<Quick> near(walked.trace);
    near.begin(walked.best, walked.kept, proven);
    near.template run<S>(form_.powerful, 1e-3, 1e-3);
    near.done = near.done & (near.value > walked.rival);
    EquilibriumTrace<Real> trace(play_, walked.trace.linear);
    SharePolish<Real> exact(trace);
    exact.begin(near);
    exact.template run<S>(form_.powerful, 1e-7, 1e-10);
    const Mask all_gain = everyone_gains(trace);
    return keep(trace, trace.share, exact.done & all_gain);
  }

  /// Where all that there is to share is less than what the two have otherwise, no share makes a deal.
  Mask refuse() const {
    const JointSurplus<Real> joint = joint_surplus(play_);
    const Specialist<Real>& side = play_.specialists.front();
    const Real least = play_.fixed + side.fixed + play_.outside + side.outside;
    const Real margin =
        Real(1e-6) * (abs(joint.value) + abs(play_.outside) + abs(side.outside) + play_.fixed + side.fixed);
    return bounded(play_) & joint.found & (joint.value + margin < least);
  }

  /// One specialist who may ride free.
  Mask solve_along_curve(bool close) {
    constexpr Solution nash = Solution::nash;
    const Quick zero(0.0);
    CurveWalk<Quick> walked(quick_);
    walked.walk(suitable<nash>() & !(first_bit(quick_.cost) > zero), close);
    EquilibriumTrace<Quick> near_trace(quick_, true);
    near_trace.at[0].rides = walked.best_rides;
    SharePolish<Quick> near(near_trace);
    near.begin(walked.best, walked.kept, walked.sure);
    near.template run<nash>(form_.powerful, 1e-3, 1e-3);
    near.done = near.done & (near.value > walked.rival);
    EquilibriumTrace<Real> trace(play_, true);
    trace.at[0].rides = converted<Real>(select(walked.best_rides, Quick(1.0), zero)) > Real(0.5);
    SharePolish<Real> exact(trace);
    exact.begin(near);
    exact.template run<nash>(form_.powerful, 1e-7, 1e-10);
    return keep(trace, trace.share, exact.done & everyone_gains(trace));
  }

  Mask solve_fixed() {
    const Real zero(0.0), one(1.0), exact(1e-12);
    const Mask inner = (play_.share > zero) & (play_.share < one);
    const Real share = select(inner, play_.share, Real(0.5)), v = log(share / (one - share));
    ShareWalk<Real> walked(play_);
    walked.start(v);
    for (std::size_t i = 0; i < walked.trace.size; ++i) walked.alone[i] = exp(walked.trace.at[i].z);
    walked.settle(v, inner, exact, 20);
    walked.highest_base(share);
    const Mask proven = inner & bounded(play_) & (walked.trace.worst < exact) & (walked.trace.second_order < zero) &
                        has_single_peaks(walked) & everyone_gains(walked.trace);
    return keep(walked.trace, share, proven);
  }

  /// Where the bargain is over equilibria in which everyone takes part, at all shares or at all that matter.
  template <Solution S>
  mask_t<Quick> suitable() const {
    const Quick zero(0.0);
    mask_t<Quick> fit = bounded(quick_);
    if constexpr (S == Solution::nash) {
      // Who is held at its outside option, or abstains, makes the product 0. A player of weight 0 would not.
      fit = fit & (quick_.weight > zero);
      for (const Specialist<Quick>& s : quick_.specialists) fit = fit & (s.weight > zero);
    } else {
      fit = fit & (quick_.fixed == zero) & !(quick_.outside > zero);
      for (const Specialist<Quick>& s : quick_.specialists) fit = fit & (s.fixed == zero) & !(s.outside > zero);
    }
    return fit;
  }

  template <class Any>
  static mask_t<Any> bounded(const Play<Any>& play) {
    const Any margin(0.02);
    const Any own = play.cost.growth();
    mask_t<Any> fit = own > margin;
    for (const Specialist<Any>& s : play.specialists) {
      const Any grows = s.revenue.growth() + margin;
      fit = fit & (grows < own) & (grows < s.cost.growth());
    }
    return fit;
  }

  Mask everyone_gains(const EquilibriumTrace<Real>& t) const {
    const Real tie(1e-9);  // closer to a tie than this is for the slow path
    Mask gains = t.generalist - play_.outside > tie * abs(play_.outside);
    for (std::size_t i = 0; i < t.size; ++i) {
      const Specialist<Real>& s = play_.specialists[i];
      gains = gains & (t.at[i].utility - s.outside > tie * (abs(s.outside) + s.fixed));
    }
    return gains;
  }

  template <class Any>
  void read_into(Play<Any>& play, const std::size_t* where, std::size_t count) const {
    play.read(form_, [&](std::size_t c) {
      double values[lanes];
      for (std::size_t lane = 0; lane < lanes; ++lane) values[lane] = in_[c][where[lane < count ? lane : count - 1]];
      return RealTraits<Any>::load(values);
    });
  }
  void read(const std::size_t* where, std::size_t count) {
    read_into(play_, where, count);
    read_into(quick_, where, count);
  }

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

  void write(std::size_t game, std::size_t lane) const {
    status_ == Status::solved ? write_solved(game, lane) : write_apart(game);
  }

  /// No deal: everyone takes its outside option.
  void write_apart(std::size_t game) const {
    const OutputColumns& o = form_.outputs;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto number = [&](std::size_t column) { return column == unset ? 0.0 : in_[column][game]; };
    const double outside = number(form_.outside), its = number(form_.specialists.front().outside);
    put(o.status, game, static_cast<double>(Status::no_deal));
    put(o.share, game, nan);
    for (const std::size_t column : {o.base_performance, o.performance, o.revenue, o.residual}) put(column, game, 0);
    put(o.generalist_utility, game, outside);
    put(o.specialist_utility, game, its);
    put(o.surplus, game, outside + its);
    put(o.generalist_regime, game, static_cast<double>(GeneralistRegime::abstains));
    put(o.specialist_regime, game, static_cast<double>(SpecialistRegime::abstainer));
    put(o.profit_sharing, game, static_cast<double>(ProfitSharing::no));
  }
  void put(std::size_t column, std::size_t game, double value) const {
    if (column != unset && out_[column] != nullptr) out_[column][game] = value;
  }

  void write_solved(std::size_t game, std::size_t lane) const {
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
  }

  const Form& form_;
  const double* const* in_;
  double* const* out_;
  Play<Real> play_;
  Play<Quick> quick_;
  Status status_ = Status::solved;  ///< of what settle() writes
  std::size_t group_[tile + 1];
  double share_[lanes], base_[lanes], generalist_[lanes], surplus_[lanes], residual_[lanes];
  double performance_[most_specialists][lanes], utility_[most_specialists][lanes], revenue_[most_specialists][lanes],
      rides_[most_specialists][lanes];
};

}  // namespace haggle::fine_tuning
