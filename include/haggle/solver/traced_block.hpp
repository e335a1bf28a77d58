// SPDX-License-Identifier: MIT
// A block of general games by the fast path, written once over a Real, a game a lane: what it can prove to be the
// global equilibrium of the right bargain is written out, the rest is left to the slow one.
#pragma once
#include "haggle/core/rough.hpp"
#include "haggle/solver/first_best.hpp"
#include "haggle/solver/least_bargain.hpp"
#include "haggle/solver/narrow_bargain.hpp"
#include "haggle/solver/rider_bargain.hpp"
#include "haggle/solver/single_peak.hpp"
#include "haggle/solver/traced_outcome.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracedBlock {
 public:
  using Mask = mask_t<Real>;
  using Quick = Rough<Real>;
  static constexpr std::size_t tile = 1024;

  TracedBlock(const Form& form, const double* const* parameters, double* const* outputs)
      : form_(form), in_(parameters), play_(form), quick_(form), swift_(form), outcome_(form, parameters, outputs) {}

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
  static constexpr std::size_t lanes = lanes_v<Real>;
  static constexpr bool has_swift = !std::is_void_v<Swift<Real>>;
  using Swiftest = std::conditional_t<has_swift, Swift<Real>, Quick>;

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
    for (const Care care : {Care::usual, Care::close, Care::at_seam})
      riders = settle(plain, riders, [&] { return solve_along_curve(care); });
    std::size_t left = plain;
    if constexpr (has_swift && !raises_the_least(S))
      left = solve_swiftly<S>(left);
    else
      left = settle(0, left, [&] { return solve<S>(few_); });
    if (S == Solution::kalai_smorodinsky) left = settle(0, left, [&] { return solve<S>(far_); });
    if (may_ride) left = settle(0, left, [&] { return refuse(); });
    left = settle(0, left, [&] { return solve<S>(close_); });
    for (std::size_t i = 0; i < riders; ++i) group_[left + i] = group_[plain + i];
    left += riders;
    if (form_.specialists.size() > 1) return left;
    left = settle(0, left, [&] { return refuse(); });
    for (const Looks* looks : {&few_, &close_})
      left = settle(0, left, [&] { return may_ride ? solve_narrowly(*looks) : refuse_along_curve(*looks); });
    return left;
  }

  /// Puts games whose first specialist's first bit of adaptation costs something last in the group; how many are not
  /// such.
  std::size_t riders_last(std::size_t n) {
    std::size_t riders[tile], count = 0, plain = 0;
    const FunctionForm& where = form_.specialists.front().cost;
    Function<Quick> cost = quick_.specialists.front().cost;
    for (std::size_t i = 0; i < n; i += lanes) {
      const std::size_t here = n - i < lanes ? n - i : lanes;
      for (std::size_t number = 0; number < where.count; ++number)
        cost.numbers[number] = column<Quick>(where.first + number, group_ + i, here);
      double rises[lanes];
      RealTraits<Quick>::store(first_marginal_cost(cost), rises);
      for (std::size_t lane = 0; lane < here; ++lane) {
        const std::size_t game = group_[i + lane];
        (rises[lane] > 0 ? riders[count++] : group_[plain++]) = game;
      }
    }
    for (std::size_t i = 0; i < count; ++i) group_[plain + i] = riders[i];
    return plain;
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
      left += write(games + i, count, games + left, path());
    }
    return left;
  }

  /// Writes what is done of the `count` games at `games`, puts the others at `left` and gives back their number.
  std::size_t write(const std::size_t* games, std::size_t count, std::size_t* left, Mask done) {
    double is_done[lanes], is_refused[lanes];
    RealTraits<Real>::store(select(complete(done), Real(1.0), Real(0.0)), is_done);
    RealTraits<Real>::store(select(refused_, Real(1.0), Real(0.0)), is_refused);
    refused_ = Real(1.0) < Real(0.0);
    std::size_t others = 0;
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::size_t game = games[lane];
      if (is_done[lane] != 0)
        outcome_.write(is_refused[lane] != 0 ? Status::no_deal : Status::solved, game, lane);
      else
        left[others++] = game;
    }
    return others;
  }

  /// What else is asked of games that are done.
  Mask complete(Mask done) {
    if (!outcome_.wants_first_best() || !any(done)) return done;
    const FirstBest<Real> best = first_best(quick_, play_);
    outcome_.keep_first_best(best.surplus);
    return done & best.found;
  }

  template <Solution S>
  Mask solve(const Looks& looks) {
    if constexpr (raises_the_least(S)) {
      EquilibriumTrace<Real> trace(play_);
      const Mask done = bargain_for_least<S>(quick_, trace, table_, looks, suitable<S>(quick_));
      return keep(trace, trace.share, done & everyone_gains(trace));
    } else {
      return solve_smoothly<S>(looks);
    }
  }

  template <Solution S>
  Mask solve_smoothly(const Looks& looks) {
    ShareWalk<Quick> walked(quick_);
    SharePolish<Quick> near(walked.trace);
    find_nearly<S>(walked, near, looks, suitable<S>(quick_));
    return polish<S>(near, 0);
  }

  /// The first n games of the group, twice as many at a time; those left over become the first of them.
  template <Solution S>
  std::size_t solve_swiftly(std::size_t n) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < n; i += lanes_v<Swiftest>) {
      read_into(swift_, group_ + i, n - i < lanes_v<Swiftest> ? n - i : lanes_v<Swiftest>);
      ShareWalk<Swiftest> walked(swift_, false);
      SharePolish<Swiftest> near(walked.trace);
      find_nearly<S>(walked, near, few_, suitable<S>(swift_));
      for (std::size_t part = 0; i + part * lanes < n && part * lanes < lanes_v<Swiftest>; ++part) {
        const std::size_t first = i + part * lanes, count = n - first < lanes ? n - first : lanes;
        read_into(play_, group_ + first, count);
        if (outcome_.wants_first_best()) read_into(quick_, group_ + first, count);
        left += write(group_ + first, count, group_ + left, polish<S>(near, part));
      }
    }
    return left;
  }

  /// The best share, nearly, where it is proven to be the best.
  template <Solution S, class Any>
  void find_nearly(ShareWalk<Any>& walked, SharePolish<Any>& near, const Looks& looks, mask_t<Any> wanted) {
    walked.template walk<S>(looks, form_.powerful, wanted);
    near.begin(walked.best, walked.kept, walked.finds() & has_single_peaks(walked));
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
    RiderBargain<Real> bargain(play_, quick_, first_marginal_cost(quick_.cost),
                               first_marginal_cost(quick_.specialists.front().cost), care);
    const Mask proven = bargain(suitable<Solution::nash>(quick_));
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

  /// A column of the games at `where`, in rising order; the last of them in lanes beyond `count`.
  template <class Any>
  Any column(std::size_t c, const std::size_t* where, std::size_t count) const {
    if (count == lanes_v<Any> && where[count - 1] - where[0] == count - 1)
      return RealTraits<Any>::load(in_[c] + where[0]);
    double values[lanes_v<Any>];
    for (std::size_t lane = 0; lane < lanes_v<Any>; ++lane)
      values[lane] = in_[c][where[lane < count ? lane : count - 1]];
    return RealTraits<Any>::load(values);
  }
  template <class Any>
  void read_into(Play<Any>& play, const std::size_t* where, std::size_t count) const {
    play.read(form_, [&](std::size_t c) { return column<Any>(c, where, count); });
  }
  void read(const std::size_t* where, std::size_t count) {
    read_into(play_, where, count);
    read_into(quick_, where, count);
  }

  Mask keep(const EquilibriumTrace<Real>& t, Real share, Mask done) { return outcome_.keep(t, share, done); }

  const Form& form_;
  const double* const* in_;
  Play<Real> play_;
  Play<Quick> quick_;
  Play<Swiftest> swift_;
  const Looks few_{looked_at}, far_{looked_at_far}, close_{looked_at_closely};
  GainTable<Quick> table_;
  TracedOutcome<Real> outcome_;
  Mask refused_ = Real(1.0) < Real(0.0);  ///< of the games that a path settles, those without a deal
  std::size_t group_[tile + 1];
};

}  // namespace haggle::fine_tuning
