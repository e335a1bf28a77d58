// SPDX-License-Identifier: MIT
// Where a game's brute-force solver is registered.
#include "haggle/model/power_law.hpp"
#include "verify/fine_tuning_certificate.hpp"
#include "verify/power_law_certificate.hpp"

namespace haggle {

Verifier find_verifier(const GameTable& game) {
  if (game.kernel == power_law::table.kernel) return certify_power_law;
  return game.kernel == "fine_tuning" ? certify_fine_tuning : nullptr;
}

}  // namespace haggle
