// SPDX-License-Identifier: MIT
// Where the generalist's utility has peaks at a share, along the performances of a table.
#pragma once
#include "haggle/solver/share_view.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class PerformanceScan {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceTable<Real, Points>;

  explicit PerformanceScan(const Table& performances) : table(performances) {}

  void look(Real v) {
    const Real zero(0.0), one(1.0);
    view.template look<false>(table, v);
    // A reply is a maximum where α₀ rises with α.
    Mask was_reply = zero > zero, rose = was_reply;
    for (std::size_t g = 0; g < Points; ++g) {
      const Mask is_reply = (view.base_on[g] > zero) & (view.base[g] > zero), rises = view.own_on[g] > zero;
      if (g > 0) {
        Peak& p = peak[g - 1];
        // Or it falls and rises between the two.
        const Mask dips = rises & (view.own[g] < view.own[g - 1]);
        const Mask peaks = is_reply & ((!rises) | dips) & (rose | !was_reply);
        const Mask rides = !(max(view.added[g - 1], view.added[g]) > zero);
        p = {zero, view.base[g], max(view.own[g - 1], view.own[g]), peaks, rides};
        if (any(p.exists)) {
          // Between the two revenue is taken to be a line in α₀.
          const Real from = view.base[g - 1], by_base = view.base[g] - from;
          const Real gain = view.share * (table.revenue[g] - table.revenue[g - 1]);
          const Real per_base = max(gain / by_base, Real(Table::least)), chord = table.base_paid(per_base);
          // Or the generalist does not even begin.
          const Mask never = (from <= zero) & !(chord > zero);
          const Mask inside = (by_base > zero) & (never | ((chord > max(from, zero)) & (chord < view.base[g])));
          p.base = select(inside, chord, view.base[g]), p.there = select(inside, (chord - from) / by_base, one);
          const Real paid = chord * fma(table.power, table.first_cost, per_base) / (table.power + one);
          const Real there = fma(p.there, gain, view.share * table.revenue[g - 1]) - paid;
          p.utility = select(inside, select(never, there, max(there, p.utility)), p.utility);
        }
      }
      was_reply = is_reply, rose = rises;
    }
  }

  /// Between two performances: how far on, α₀ and the utility there.
  struct Peak {
    Real there, base, utility;
    Mask exists, rides;  ///< free, the specialist
  };

  const Table& table;
  ShareView<Real, Points> view;  ///< of the share last looked at
  std::array<Peak, Points - 1> peak;
};

}  // namespace haggle::fine_tuning
