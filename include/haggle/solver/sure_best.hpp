// SPDX-License-Identifier: MIT
// Between two shares, what the generalist could have at all of them, for sure.
#pragma once
#include "haggle/solver/cell_gains.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class SureBest : protected CellGains<Real, Points> {
  using Gains = CellGains<Real, Points>;

 public:
  using Gains::Gains;
  using Gains::know_ties;
  using typename Gains::Mask, typename Gains::Table, typename Gains::View;

  /// The best of performances that the specialist answers with, where the generalist's utility peaks or they begin or
  /// end.
  void choose() {
    const Real zero(0.0), one(1.0);
    Mask was_sure = zero > one, was_rising = was_sure;
    for (std::size_t g = 0; g < Points; ++g) {
      const Real hair = Real(hair_part) * table_.revenue[g], at(static_cast<double>(g));
      const Mask rising = (low_.base_on[g] > zero) & (high_.base_on[g] > zero);
      const Mask up = rising & (low_.base[g] > zero) & (high_.base[g] > zero);
      const Mask sure = up & ((at <= first_top_) | (at >= sure_tie_)) &
                        (low_.its[g] > table_.its_due + low_.rest * hair) &
                        (high_.its[g] > table_.its_due + high_.rest * hair);
      const Mask first = sure & !was_sure;
      if (any(first)) offer_performance(first, g);
      if (g > 0) {
        const Mask last = was_sure & !sure;
        if (any(last)) offer_performance(last, g - 1);
        const Mask smooth = !has_kink(g);
        const Real rises = low_.own_on[g - 1] + high_.own_on[g - 1], falls = low_.own_on[g] + high_.own_on[g];
        const Mask peaks = was_sure & sure & smooth & (rises > zero) & (falls < zero);
        if (any(peaks)) offer(peaks, place(g, select(peaks, rises / (rises - falls), zero)), g);
        const Mask peaks_at_kink = was_sure & sure & !smooth & (rises > zero) & (falls < zero);
        if (any(peaks_at_kink))
          for (const std::size_t end : {g - 1, g}) offer_at_least(peaks_at_kink, place(end), table_.revenue[end]);
        const Mask begins_here = was_rising & up & smooth & !(low_.base[g - 1] > zero) & (table_.first_cost > zero);
        if (any(begins_here)) offer_idleness(begins_here, g);
        const Real t = last_tie_ - Real(static_cast<double>(g - 1));
        const Mask from_tie = was_rising & up & smooth & (t > zero) & (t < one);
        if (any(from_tie)) {
          const Place p = place(g, min(max(t, zero), one));
          offer(from_tie & p.up & (p.low.its > table_.its_due) & (p.high.its > table_.its_due), p, g);
        }
      }
      was_sure = sure, was_rising = rising;
    }
  }
  /// Likewise, where it is known.
  void choose(Mask where, Real utility) {
    best_.low = best_.high = select(where, utility, best_.low), best_.from = best_.to = Real(0.0);
    chosen_ = where;
  }

 protected:
  using Gains::best_, Gains::curved, Gains::error_of, Gains::first_top_, Gains::h_, Gains::has_kink, Gains::has_kink_at,
      Gains::high_, Gains::last_tie_, Gains::low_, Gains::place, Gains::rounding, Gains::sure_tie_, Gains::table_;
  using typename Gains::Place;

  Mask chosen_ = Real(1.0) < Real(0.0);

 private:
  void offer(Mask where, const Place& p, std::size_t g) { offer(where, p, error_of(g).own); }
  void offer_performance(Mask where, std::size_t g) {
    const Mask kinked = where & has_kink_at(g), others = where & !kinked;
    if (any(kinked)) offer_at_least(kinked, place(g), table_.revenue[g]);
    if (any(others)) offer(others, place(g), g);
  }
  void offer(Mask where, const Place& p, Real error) {
    const Real low = p.low.own - error, high = p.high.own - error;
    const Mask better = where & (low + high > best_.sum);
    const auto take = [&](Real& to, Real value) { to = select(better, value, to); };
    take(best_.sum, low + high), take(best_.low, low), take(best_.high, high);
    take(best_.from, p.low.own_slope), take(best_.to, p.high.own_slope);
    chosen_ = chosen_ | better;
  }

  /// The performance at which the generalist invests nothing at the lower share, and but little at the higher one.
  void offer_idleness(Mask where, std::size_t g) {
    Real none(0.0), some(1.0);
    for (int k = 0; k < 8; ++k) {
      const Real t = Real(0.5) * (none + some);
      const Mask invests = cubic(t, low_.base[g - 1], low_.base[g], low_.base_on[g - 1], low_.base_on[g]) > Real(0.0);
      some = select(invests, t, some), none = select(invests, none, t);
    }
    const Place p = place(g, some);
    const Real at = Real(static_cast<double>(g - 1)) + some;
    const Mask answers = (at <= first_top_) | (at >= sure_tie_);
    where = where & p.up & answers & (p.low.its > table_.its_due) & (p.high.its > table_.its_due);
    offer_at_least(where, p, (p.high.own + p.high.paid) / high_.share);
  }
  /// What a performance is worth at least, though utilities be no cubics between the shares: the more its share, the
  /// more the generalist pays.
  void offer_at_least(Mask where, Place p, Real revenue) {
    p.low.own = p.low.own + p.low.paid - p.high.paid;
    p.low.own_slope = h_ * low_.share * low_.rest * revenue, p.high.own_slope = h_ * high_.share * high_.rest * revenue;
    offer(where, p, fma(Real(rounding), revenue, curved(revenue)));
  }

  static constexpr double hair_part = 3e-5;  ///< of revenue, to be sure of an answer
};

}  // namespace haggle::fine_tuning
