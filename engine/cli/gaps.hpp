// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "haggle/storage/checkpoint.hpp"

namespace haggle::cli {

/// "3, 17 … 20 and 5 gaps more"
std::string gaps_text(const Coverage& coverage);

}  // namespace haggle::cli
