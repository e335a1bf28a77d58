// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>

#include "haggle/model/formula.hpp"

namespace haggle::fine_tuning {

/// What keeps that expression, with those numbers, from being a revenue (or, with `cost`, a cost): it must be finite, 0
/// at 0 and never fall. Looked at on a logarithmic grid from 1e-9 to 1e6, and between its points where a divisor
/// changes its sign; overflow at the far end is no flaw. Takes some 50 µs.
std::optional<std::string> find_flaw(const Formula& formula, const double* numbers, bool cost);

}  // namespace haggle::fine_tuning
