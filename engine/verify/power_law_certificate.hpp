// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/verify/certificate.hpp"

namespace haggle {

/// A Verifier of power_law::table.
Certificate certify_power_law(const KeptGame& kept, std::size_t effort);

}  // namespace haggle
