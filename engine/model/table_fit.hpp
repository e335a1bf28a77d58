// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/model/table.hpp"

namespace haggle {

/// Whether the table has a row for all that the outline says: each key, each word, each number of an axis or a constant
/// in its domain, and as many list entries. Of numbers derived from axes, and of words and keys that no table could
/// know, nothing is asked; nor of keys at the top that the table has not.
bool fits(const GameTable& table, const Outline& outline);

}  // namespace haggle
