// SPDX-License-Identifier: MIT
// Reading and writing the scalars of a spec.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "haggle/model/table.hpp"

namespace haggle::spec {

/// Offset of the first byte that is not valid UTF-8 or is a control character other than tab and line ends.
std::optional<std::size_t> find_unreadable(std::string_view text);
/// A control character other than tab and line ends: possible in double quotes, "\0".
bool has_control_characters(std::string_view text);

/// A finite number in decimal notation ("2", "-0.5", "1e-3"), or why the text is none ("must be a number, not `two`").
std::variant<double, std::string> read_number(std::string_view text);
/// The shortest decimal that reads back as exactly `x`.
std::string write_number(double x);
/// In double quotes, escaped as YAML reads it.
std::string write_text(std::string_view text);

/// [A-Za-z_][A-Za-z0-9_]*, at most 64 letters.
bool is_identifier(std::string_view text);

/// "> 0", "in [0, 1]"…
std::string describe(const Domain& domain);

/// FNV-1a, 64 bit, in hex. It tells a resolved spec from another by mistake, not by malice, and no library linked here
/// brings a longer hash.
std::string fnv1a(std::string_view text);

}  // namespace haggle::spec
