// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "cli/solved_game.hpp"

namespace haggle::cli {

/// A game of a sweep step by step, for a person: where it stands, where each number comes from, what was solved beside
/// what `file` (a result; a checkpoint's blocks are not looked at) recorded, whether other instruction sets agree, and
/// what both players would get at neighbouring values of what they bargained for.
std::string replay_text(const Plan& plan, const std::vector<std::uint64_t>& coordinates, const SolvedGame& solved,
                        const std::string& file);

}  // namespace haggle::cli
