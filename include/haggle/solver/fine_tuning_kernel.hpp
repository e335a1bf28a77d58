// SPDX-License-Identifier: MIT
// A block of general games: the fast path first, written once over a Real; what it leaves is solved one by one in plain
// double.
#pragma once
#include "haggle/solver/one_by_one.hpp"
#include "haggle/solver/traced_block.hpp"

namespace haggle::fine_tuning {

template <class Real>
void solve_block(const GameTable& table, const double* const* parameters, double* const* outputs, std::size_t games) {
  constexpr std::size_t tile = TracedBlock<Real>::tile;
  const Form& form = static_cast<const Table&>(table).form;
  const bool traced = TracedBlock<Real>::takes(form, outputs);
  TracedBlock<Real> block(form, parameters, outputs);
  for (std::size_t begin = 0; begin < games; begin += tile) {
    std::size_t where[tile], left = games - begin < tile ? games - begin : tile;
    for (std::size_t i = 0; i < left; ++i) where[i] = begin + i;
    if (traced) left = block(where, left);
    RealTraits<Real>::leave();
    solve_one_by_one(form, parameters, outputs, where, left);
  }
}

}  // namespace haggle::fine_tuning
