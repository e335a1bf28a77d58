// SPDX-License-Identifier: MIT
// What is claimed of a game before it is proven: that no share is worth more than a bargain found, and what is known of
// shares near it.
#pragma once
#include <array>
#include <cstddef>

#include "haggle/solver/share_cells.hpp"

namespace haggle::fine_tuning {

/// That no share of a game is worth `value`.
struct RivalClaim {
  /// Places in the table between which the product is known, as far as the specialist adds something, or rides free,
  /// or whatever it does.
  struct Known {
    float from = 0, to = 0;
    bool rides = false, either = false;
  };
  /// Between which shares it is known besides, but for ties.
  struct Further {
    double from = 0, to = 0;
    Known known;
  };
  static constexpr std::size_t most_stretches = looked_at_very_closely.size() + 1;

  std::size_t game = 0;
  double value = 0;
  bool knows_below = false;                      ///< what performances below the table are worth
  std::array<Known, most_stretches> known{};     ///< between a share and the next, and up to the next border
  std::array<bool, most_stretches> is_border{};  ///< of those shares
  std::array<Further, 3> further{};
  double ties_from = 0, ties_to = 0;  ///< between which shares it is known where the specialist's answers tie
};

}  // namespace haggle::fine_tuning
