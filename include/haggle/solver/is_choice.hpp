// SPDX-License-Identifier: MIT
// Whether a place is what the generalist would choose at a share.
#pragma once
#include "haggle/solver/rival_cells.hpp"

namespace haggle::fine_tuning {

/// Where at a share the generalist has no more than `utility` at performances that are not known; the specialist
/// answers with those at both `places`.
template <class Real, std::size_t Points>
mask_t<Real> is_choice(const PerformanceRows<Real, Points>& table, Real v, Real utility,
                       const std::array<typename RivalCells<Real, Points>::Known, 2>& known,
                       const std::array<Real, 2>& places, mask_t<Real> wanted) {
  ShareView<Real, Points> view;
  view.look(table, v);
  view.compare_answers(table, wanted);
  mask_t<Real> answers = wanted;
  for (const Real& place : places) answers = answers & ((place < view.sure_top) | (place > view.tie));
  RivalCells<Real, Points> cells(table, view, view);
  cells.choose(wanted, utility);
  return answers & !cells.may_reach(-infinity<Real>(), wanted, known, wanted & !wanted);
}
template <class Real, std::size_t Points>
mask_t<Real> is_choice(const PerformanceRows<Real, Points>& table, Real v, Real utility,
                       const typename RivalCells<Real, Points>::Known& known, Real place, mask_t<Real> wanted) {
  return is_choice<Real, Points>(table, v, utility, std::array{known, RivalCells<Real, Points>::nothing_known()},
                                 std::array{place, place}, wanted);
}

/// That is more than anything below the table brings the generalist at a share, be it idle.
template <class Real, std::size_t Points>
mask_t<Real> is_more_than_below(const PerformanceRows<Real, Points>& table, Real share, Real utility) {
  return (Real(1.001) * share * table.revenue[0] < utility) | (table.is_outgrown_below() & (utility > Real(0.0)));
}

}  // namespace haggle::fine_tuning
