// SPDX-License-Identifier: MIT
// A block of general games by the fast path, written once over a Real, a game a lane: what it can prove to be the
// global equilibrium of the right bargain is written out, the rest is left to the slow one.
#pragma once
#include "haggle/solver/least_bargain.hpp"
#include "haggle/solver/narrow_bargain.hpp"
#include "haggle/solver/rider_bargain.hpp"
#include "haggle/solver/shaped_bargain.hpp"
#include "haggle/solver/single_peak.hpp"
#include "haggle/solver/traced_games.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracedBlock : private TracedGames<Real> {
  using Games = TracedGames<Real>;

 public:
  using Games::tile;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

  TracedBlock(const Form& form, const double* const* parameters, double* const* outputs)
      : Games(form, parameters, outputs) {}

  /// Whether games of that form are for the fast path at all.
  static bool takes(const Form& form, double* const* outputs) {
    const OutputColumns& o = form.outputs;
    for (const std::size_t column : {o.pareto_components, o.pareto_share_low, o.pareto_share_high, o.frontier_share,
                                     o.frontier_generalist_utility, o.frontier_specialist_utility})
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
  using Games::barren_, Games::form_, Games::group_, Games::has_swift, Games::in_, Games::play_, Games::quick_,
      Games::refused_, Games::swift_;
  using Games::keep, Games::riders_last, Games::settle, Games::settle_swiftly;

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
        return bargain<Solution::kalai_smorodinsky>(n);
      case Solution::egalitarian:
        return bargain<Solution::egalitarian>(n);
    }
    return n;
  }

  template <Solution S>
  std::size_t bargain(std::size_t n) {
    const bool may_ride = S == Solution::nash && form_.specialists.size() == 1;
    const std::size_t plain = may_ride ? riders_last(n) : n;
    std::size_t riders = n - plain;
    if constexpr (has_swift)
      riders = settle_swiftly(plain, riders, [&](const std::size_t* games, std::size_t count, auto at_each) {
        const SpecialistForm& side = form_.specialists.front();
        RiderSearch<Swiftest> search(
            swift_, this->template first_cost<Swiftest>(form_.cost, quick_.cost, games, count),
            this->template first_cost<Swiftest>(side.cost, quick_.specialists.front().cost, games, count), Care::usual);
        search(suitable<Solution::nash>(swift_) & shows_peaks(swift_));
        at_each([&](std::size_t part) { return finish(search, part); });
      });
    else
      riders = settle(plain, riders, [&] { return solve_along_curve(Care::usual); });
    for (const Care care : {Care::close, Care::at_seam})
      riders = settle(plain, riders, [&] { return solve_along_curve(care); });
    if (may_ride) riders = settle(plain, riders, [&] { return leave_idle(); });
    std::size_t left = plain;
    if constexpr (has_swift && !raises_the_least(S))
      left = solve_swiftly<S>(left);
    else
      left = settle(0, left, [&] { return solve<S>(few_); });
    if (may_ride) left = solve_shaped(left);
    if (S == Solution::kalai_smorodinsky) left = settle(0, left, [&] { return solve<S>(far_); });
    if (may_ride) left = settle(0, left, [&] { return refuse(); });
    left = settle(0, left, [&] { return solve<S>(close_); });
    for (std::size_t i = 0; i < riders; ++i) group_[left + i] = group_[plain + i];
    left += riders;
    if (form_.specialists.size() > 1) return left;
    if constexpr (!raises_the_least(S)) left = settle(0, left, [&] { return solve_smoothly<S>(very_close_, !owes()); });
    left = settle(0, left, [&] { return refuse(); });
    for (const Looks* looks : {&few_, &close_})
      left = settle(0, left, [&] { return may_ride ? solve_narrowly(*looks) : refuse_along_curve(*looks); });
    return left;
  }

  template <Solution S>
  Mask solve(const Looks& looks) {
    if constexpr (raises_the_least(S)) {
      EquilibriumTrace<Real> trace(play_);
      const Mask done = bargain_for_least<S>(quick_, trace, table_, looks, suitable<S>(quick_));
      return keep(trace, trace.share, done & everyone_gains(trace));
    } else {
      return solve_smoothly<S>(looks, bounded(play_));
    }
  }

  template <Solution S>
  Mask solve_smoothly(const Looks& looks, Mask wanted) {
    if (!any(wanted)) return wanted;
    ShareWalk<Quick> walked(quick_);
    SharePolish<Quick> near(walked.trace);
    find_nearly<S>(walked, near, looks, wanted & suitable<S>(quick_));
    return polish<S>(near, 0);
  }

  template <Solution S>
  std::size_t solve_swiftly(std::size_t n) {
    return settle_swiftly(0, n, [&](const std::size_t*, std::size_t, auto at_each) {
      ShareWalk<Swiftest> walked(swift_, false);
      SharePolish<Swiftest> near(walked.trace);
      find_nearly<S>(walked, near, few_, suitable<S>(swift_));
      at_each([&](std::size_t part) { return polish<S>(near, part); });
    });
  }

  /// The best share, nearly, where it is proven to be the best.
  template <Solution S, class Any>
  void find_nearly(ShareWalk<Any>& walked, SharePolish<Any>& near, const Looks& looks, mask_t<Any> wanted) {
    walked.template walk<S>(looks, form_.powerful, wanted);
    near.begin(walked.best, walked.kept, walked.finds() & has_single_peaks(walked, true));
    near.template run<S>(form_.powerful, 1e-3, 1e-3);
    near.done = near.done & (near.value > walked.rival);
  }

  template <Solution S, class Any>
  Mask polish(const SharePolish<Any>& near, std::size_t part) {
    EquilibriumTrace<Real> trace(play_, near.trace.linear);
    SharePolish<Real> exact(trace);
    exact.begin(near, part);
    if (!any(exact.active)) return exact.active;
    SmoothAim<S, Real, false> aim{form_.powerful};
    exact.run(aim, 1e-7, 1e-10);
    exact.finish(aim, 1e-10);
    return keep(trace, trace.share, exact.done & everyone_gains(trace));
  }

  /// Nobody's first bit of investment pays, even for all of its revenue: at any share both have nothing, and of such
  /// the largest is taken.
  Mask leave_idle() {
    const Real zero(0.0), nearly(1.0 - 1e-9);
    const Specialist<Real>& side = play_.specialists.front();
    EquilibriumTrace<Real> trace(play_);
    const Real most = side.revenue(Real(1e-100)).slope, later = side.revenue(Real(1e-30)).slope,
               least = min(trace.first_cost0, trace.at[0].first_cost);
    // Of a marginal cost that rises more slowly than this a first bit is no first bit yet.
    const Real rise = min(marginal_power(play_.cost).exponent, marginal_power(side.cost).exponent);
    barren_ = owe_nothing() & bounded(play_) & !(side.revenue.convex_until() > zero) & (rise > Real(0.15)) &
              (most < nearly * least) & (nearly * most < later);
    lay_idle(trace, barren_);
    return keep(trace, trace.share, barren_);
  }
  /// All have nothing, at all of revenue.
  static void lay_idle(EquilibriumTrace<Real>& trace, Mask where) {
    const Real zero(0.0);
    const auto nothing = [&](Real& of) { of = select(where, zero, of); };
    Contribution<Real>& c = trace.at[0];
    trace.share = select(where, Real(1.0), trace.share);
    nothing(trace.a0), nothing(trace.generalist), nothing(trace.miss0);
    nothing(c.performance), nothing(c.utility), nothing(c.revenue);
    trace.idle = trace.idle | where, c.rides = c.rides | where;
  }

  /// One specialist, whose revenue is S-shaped: games in which nobody's investment pays, at no share.
  template <class Any>
  static mask_t<Any> may_be_shaped(const Play<Any>& play) {
    return suitable<Solution::nash>(play) & (play.specialists.front().revenue.convex_until() > Any(0.0));
  }
  template <class Any>
  static mask_t<Any> is_dead(const Play<Any>& play, bool closely) {
    const mask_t<Any> wanted = may_be_shaped(play);
    return any(wanted) ? wanted & PerformanceScan<Any>(play).is_dead(closely) : wanted;
  }
  Mask leave(Mask dead) {
    refused_ = dead & owes();
    barren_ = dead & owe_nothing();
    EquilibriumTrace<Real> trace(play_);
    lay_idle(trace, barren_);
    return keep(trace, trace.share, barren_) | refused_;
  }
  /// The others.
  std::size_t solve_shaped(std::size_t n) {
    std::size_t left = n;
    if constexpr (has_swift)
      left = settle_swiftly(0, left, [&](const std::size_t*, std::size_t, auto at_each) {
        const mask_t<Swiftest> dead = is_dead(swift_, false);
        at_each([&](std::size_t part) { return leave(converted_mask<Real, Swiftest>(dead, part)); });
      });
    else
      left = settle(0, left, [&] { return leave(is_dead(quick_, false)); });
    if constexpr (has_swift)
      left = settle_swiftly(0, left, [&](const std::size_t*, std::size_t, auto at_each) {
        const mask_t<Swiftest> wanted = may_be_shaped(swift_) & shows_peaks(swift_);
        ShapedBargain<Swiftest> bargain(swift_);
        bargain(close_, wanted);
        at_each([&](std::size_t part) { return polish<Solution::nash>(bargain.near, part); });
      });
    left = settle(0, left, [&] { return leave(is_dead(quick_, true)); });
    return settle(0, left, [&] { return solve_shaped_in<160>(close_); });
  }
  template <std::size_t Points>
  Mask solve_shaped_in(const Looks& looks) {
    const Mask wanted = may_be_shaped(quick_) & shows_peaks(quick_);
    if (!any(wanted)) return wanted;
    ShapedBargain<Quick, Points> bargain(quick_);
    bargain(looks, wanted);
    return polish<Solution::nash>(bargain.near, 0);
  }

  /// No share makes a deal. (That nobody gains along the walk does not say so: the generalist may hold a specialist at
  /// its outside option.)
  Mask refuse() {
    const Mask wanted = bounded(play_) & owes();
    return refused_ = any(wanted) ? wanted & is_too_little(play_) : wanted;
  }
  Mask refuse_along_curve(const Looks& looks) {
    const Mask wanted = bounded(play_) & owes();
    if (!any(wanted)) return wanted;
    DealCurve<Quick> curve(quick_);
    curve.walk(looks, wanted);
    return refused_ = curve.refuses();
  }

  /// A deal must bring somebody more than nothing.
  Mask owes() const {
    const Specialist<Real>& side = play_.specialists.front();
    return max(play_.fixed + play_.outside, side.fixed + side.outside) > Real(0.0);
  }

  Mask owe_nothing() const {
    const Specialist<Real>& side = play_.specialists.front();
    return (max(play_.fixed, side.fixed) == Real(0.0)) & (max(abs(play_.outside), abs(side.outside)) == Real(0.0));
  }

  /// Hardly a share, or none, at which both sides gain.
  Mask solve_narrowly(const Looks& looks) {
    const Mask wanted = suitable<Solution::nash>(quick_) & owes();
    if (!any(wanted)) return wanted;
    NarrowBargain<Real> bargain(play_, quick_);
    const Mask proven = bargain(looks, wanted) & (everyone_gains(bargain.trace) | !bargain.both_gain);
    refused_ = bargain.refused;
    return keep(bargain.trace, bargain.trace.share, proven) | refused_;
  }

  /// One specialist who may ride free.
  Mask solve_along_curve(Care care) {
    RiderSearch<Quick> search(quick_, first_marginal_cost(quick_.cost),
                              first_marginal_cost(quick_.specialists.front().cost), care);
    search(suitable<Solution::nash>(quick_) & shows_peaks(quick_));
    return finish(search, 0);
  }
  template <class Any>
  Mask finish(const RiderSearch<Any>& search, std::size_t part) {
    RiderBargain<Real> bargain(play_);
    const Mask proven = bargain(search, part);
    return keep(bargain.trace, bargain.trace.share, proven & everyone_gains(bargain.trace));
  }

  Mask solve_fixed() {
    const Real zero(0.0), one(1.0), exact(1e-12);
    const Mask inner = (play_.share > zero) & (play_.share < one);
    const Real share = select(inner, play_.share, Real(0.5)), v = log(share / (one - share));
    ShareWalk<Real> walked(play_);
    walked.start(v);
    for (std::size_t i = 0; i < walked.trace.size; ++i) {
      walked.started[i] = walked.trace.at[i].z;
      walked.alone[i] = exp(walked.started[i]);
    }
    walked.settle(v, inner, exact, 20);
    walked.highest_base(share);
    const Mask proven = inner & bounded(play_) & (walked.trace.worst < exact) & (walked.trace.second_order < zero) &
                        has_single_peaks(walked) & everyone_gains(walked.trace);
    return keep(walked.trace, share, proven);
  }

  /// Where the bargain is over equilibria in which everyone takes part, at all shares or at all that matter.
  template <Solution S, class Any>
  static mask_t<Any> suitable(const Play<Any>& play) {
    const Any zero(0.0);
    // Who is held at its outside option, or abstains, makes a product or the least 0. A player of weight 0 would not.
    mask_t<Any> counted = play.weight > zero, free = (play.fixed == zero) & !(play.outside > zero);
    for (const Specialist<Any>& s : play.specialists) {
      counted = counted & (s.weight > zero);
      free = free & (s.fixed == zero) & !(s.outside > zero);
    }
    const mask_t<Any> fit = bounded(play);
    if constexpr (S == Solution::nash) return fit & counted;
    if constexpr (S == Solution::egalitarian) return fit & (counted | free);
    return fit & free;
  }

  /// No peak is at smaller shares than a walk along the curve begins at: of an idle generalist it is near its weight.
  template <class Any>
  static mask_t<Any> shows_peaks(const Play<Any>& play) {
    return play.weight > Any(0.005);
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

  const Looks few_{looked_at}, far_{looked_at_far}, close_{looked_at_closely}, very_close_{looked_at_very_closely};
  GainTable<Quick> table_;
};

}  // namespace haggle::fine_tuning
