// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "haggle/sweep/plan.hpp"
#include "haggle/sweep/spec.hpp"

namespace haggle::cli {

/// "name=value", split at the first "="; throws UsageError, naming `flag`, when there is no name or no "=".
Override split_assignment(const std::string& text, std::string_view flag);
std::vector<Override> overrides_of(const std::vector<std::string>& set);

/// One coordinate along each of the plan's dimensions. `at` holds "dimension=value" (the nearest value of the grid,
/// never beyond its ends), "dimension=label" or "dimension=#index", or one number alone, the game's place in the grid,
/// row-major from 0; a zipped dimension also goes by the name of any of
/// its axes. A dimension of size 1 may be left out; leaving out another, naming one twice or one that is not there is a
/// UsageError.
std::vector<std::uint64_t> place(const Plan& plan, const std::vector<std::string>& at);

/// Seconds of "90", "1.5" or "01:30:00"; 0 of "". Throws UsageError.
double parse_time_limit(const std::string& text);
/// The words as a shell takes them.
std::string shell_line(const std::vector<std::string>& words);

/// "0.01 … 100, geometric", "nash, egalitarian": what an axis runs over, for a person.
std::string range_text(const Axis& axis);
/// The axis' value at `i`, or its label.
std::string value_text(const Axis& axis, std::uint64_t i);

}  // namespace haggle::cli
