// SPDX-License-Identifier: MIT
// A block of general games by the fast path, written once over a Real, a game a lane: what it can prove to be the
// global equilibrium of the right bargain is written out, the rest is left to the slow one.
#pragma once
#include <algorithm>

#include "haggle/solver/least_bargain.hpp"
#include "haggle/solver/mixed_block.hpp"
#include "haggle/solver/narrow_bargain.hpp"
#include "haggle/solver/rider_bargain.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracedBlock : private MixedBlock<Real> {
  using Games = MixedBlock<Real>;

 public:
  using Games::tile;
  using typename Games::Mask, typename Games::Quick, typename Games::Swiftest;

  TracedBlock(const Form& form, const double* const* parameters, double* const* outputs)
      : Games(form, parameters, outputs) {}

  /// Whether games of that form are for the fast path at all.
  static bool takes(const Form& form, double* const* outputs) {
    const OutputColumns& o = form.outputs;
    for (const std::size_t column : {o.pareto_efficient, o.pareto_components, o.pareto_share_low, o.pareto_share_high,
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
  using Games::close_, Games::very_close_, Games::form_, Games::group_, Games::has_swift, Games::in_, Games::play_,
      Games::quick_, Games::refused_, Games::swift_;
  using Games::everyone_gains, Games::keep, Games::leave_idle, Games::owes, Games::riders_last, Games::settle,
      Games::settle_swiftly, Games::shaped_riders_last, Games::solve_shaped;

  std::size_t solve_group(Solution solution, std::size_t n) {
    switch (solution) {
      case Solution::fixed:
        return settle(0, n, [&] { return solve_fixed(); });
      case Solution::nash:
        return bargain_after_shaped_riders(n);
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

  /// A specialist whose revenue is S-shaped and that may ride free has its games apart.
  std::size_t bargain_after_shaped_riders(std::size_t n) {
    if (form_.specialists.size() > 1) return bargain_with_several(n);
    const std::size_t others = shaped_riders_last(n), shaped = n - others;
    if (shaped == 0) return bargain<Solution::nash>(n);
    std::rotate(group_, group_ + others, group_ + n);
    const std::size_t left = solve_shaped(shaped);
    std::rotate(group_, group_ + shaped, group_ + n);
    const std::size_t others_left = bargain<Solution::nash>(others);
    std::copy_n(group_ + others, left, group_ + others_left);
    return others_left + left;
  }

  /// Where some may ride free, those games have a way of their own.
  std::size_t bargain_with_several(std::size_t n) {
    const std::size_t plain = this->mixed_last(n), left = bargain<Solution::nash>(plain);
    const std::size_t mixed_left = this->solve_mixed(plain, n - plain, few_);
    std::copy_n(group_ + plain, mixed_left, group_ + left);
    return left + mixed_left;
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
    return this->template polish<S>(near, 0);
  }

  template <Solution S>
  std::size_t solve_swiftly(std::size_t n) {
    return settle_swiftly(0, n, [&](const std::size_t*, std::size_t, auto at_each) {
      ShareWalk<Swiftest> walked(swift_, false);
      SharePolish<Swiftest> near(walked.trace);
      find_nearly<S>(walked, near, few_, suitable<S>(swift_));
      at_each([&](std::size_t part) { return this->template polish<S>(near, part); });
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

  const Looks few_{looked_at}, far_{looked_at_far};
  GainTable<Quick> table_;
};

}  // namespace haggle::fine_tuning
