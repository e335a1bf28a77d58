// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/verify/certificate.hpp"

namespace haggle {

/// For tables of kernel `fine_tuning`. Contract per_domain has at most three domains searched on a grid; with more,
/// what is found is a better bargain, and what is not found may still be there.
Certificate certify_fine_tuning(const KeptGame& kept, std::size_t effort);

}  // namespace haggle
