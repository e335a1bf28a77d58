// SPDX-License-Identifier: MIT
// Built once, for every processor, unlike the kernels that walk along these looks.
#include <algorithm>
#include <cmath>

#include "haggle/solver/share_cells.hpp"

namespace haggle::fine_tuning {

Looks::Looks(std::span<const double> logits) : shares(logits) {
  const auto less = [](double v) { return 1 / (1 + std::exp(std::abs(v))); };  // the smaller one of δ and 1-δ
  for (std::size_t j = 1; j + 1 < shares.size(); ++j) {
    const double last = shares[j - 1], here = shares[j], next = shares[j + 1];
    const double turned =
        here > 0 && last > 0 ? less(last) - less(here) : (here > 0 ? 1 - less(here) : less(here)) - less(last);
    const double rest = std::log1p(std::exp(-std::abs(next))) - std::log1p(std::exp(-std::abs(here)));
    const double lasts = std::max(next, 0.0) - std::max(here, 0.0);
    const double falls = here > 0 ? (next - here) * less(here) + rest : rest + lasts - (next - here) * less(here);
    turns[j] = falls / turned;
  }
}

}  // namespace haggle::fine_tuning
