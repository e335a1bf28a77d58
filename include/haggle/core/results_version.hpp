// SPDX-License-Identifier: MIT
#pragma once

namespace haggle {

/// Raised by one with every change that may change a bit of any result: a solver, the expansion of axes, expressions,
/// the cut into blocks. A sweep begun under one is neither resumed nor merged under another.
inline constexpr int results_version = 17;

}  // namespace haggle
