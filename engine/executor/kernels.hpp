// SPDX-License-Identifier: MIT
// Where a game's kernel is registered: one line for all instruction sets. Each set is one translation unit, built with
// its own flags. They define nothing but one function and templates over their own pack type: a test reads their
// symbols.
#pragma once
#include <cstddef>
#include <string_view>

#include "haggle/model/table.hpp"
#include "haggle/solver/fine_tuning_kernel.hpp"
#include "haggle/solver/power_law_kernel.hpp"

namespace haggle {

struct GameKernel {
  std::string_view name;  ///< GameTable::kernel
  BlockKernel solve;
};

/// Every game's kernel over `Wide` and `Real` lanes.
template <class Wide, class Real>
struct Kernels {
  static constexpr GameKernel all[] = {
      {"power_law", power_law::solve_block<Wide, Real>},
      {"fine_tuning", fine_tuning::solve_block<Real>},
  };
};

struct KernelList {
  const GameKernel* first;
  std::size_t size;
};
template <class Wide, class Real = Wide>
constexpr KernelList list_of() {
  return {Kernels<Wide, Real>::all, sizeof(Kernels<Wide, Real>::all) / sizeof(GameKernel)};
}

KernelList kernels_scalar();
KernelList kernels_sse2();
KernelList kernels_avx2();
KernelList kernels_avx512();

}  // namespace haggle
