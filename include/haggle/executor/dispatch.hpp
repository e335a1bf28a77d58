// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string_view>

#include "haggle/model/table.hpp"

namespace haggle {

/// Instruction sets the kernels are built for, weakest first. Chosen at run time from what the processor has.
enum class InstructionSet { scalar, sse2, avx2, avx512 };

std::string_view name_of(InstructionSet isa);
/// What this processor can run, weakest first.
std::span<const InstructionSet> supported_instruction_sets();
/// The strongest supported one, or the one that the environment variable HAGGLE_ISA names. Throws UsageError when that
/// is none or one that this processor lacks.
InstructionSet best_instruction_set();

/// The block solver of a game, whose table must outlive it. `isa` must be supported.
BlockSolver block_solver(const GameTable& game, InstructionSet isa);

}  // namespace haggle
