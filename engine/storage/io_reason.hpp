// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace haggle {

/// "No space left on device; free some space there or name another folder": what the system says and what to do.
std::string io_reason(int error_number);

}  // namespace haggle
