// SPDX-License-Identifier: MIT
#include "haggle/executor/dispatch.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include "haggle/core/error.hpp"
#include "kernels.hpp"

namespace haggle {
namespace {

constexpr std::array<InstructionSet, 4> all_sets{InstructionSet::scalar, InstructionSet::sse2, InstructionSet::avx2,
                                                 InstructionSet::avx512};

/// In InstructionSet's order.
KernelList kernels_for(InstructionSet isa) {
#if defined(__x86_64__)
  constexpr std::array by_set{kernels_scalar, kernels_sse2, kernels_avx2, kernels_avx512};
  return by_set[static_cast<std::size_t>(isa)]();
#else
  (void)isa;
  return kernels_scalar();
#endif
}

std::size_t count_supported() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse2")) return 1;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 2;
  for (const bool has : {__builtin_cpu_supports("avx512f") != 0, __builtin_cpu_supports("avx512cd") != 0,
                         __builtin_cpu_supports("avx512dq") != 0, __builtin_cpu_supports("avx512bw") != 0,
                         __builtin_cpu_supports("avx512vl") != 0})
    if (!has) return 3;
  return 4;
#else
  return 1;
#endif
}

}  // namespace

std::string_view name_of(InstructionSet isa) {
  constexpr std::array<std::string_view, all_sets.size()> names{"scalar", "sse2", "avx2", "avx512"};
  return names[static_cast<std::size_t>(isa)];
}

std::span<const InstructionSet> supported_instruction_sets() {
  static const std::size_t supported = count_supported();
  return std::span(all_sets).first(supported);
}

InstructionSet best_instruction_set() {
  const auto supported = supported_instruction_sets();
  const char* wanted = std::getenv("HAGGLE_ISA");
  if (wanted == nullptr || *wanted == '\0') return supported.back();
  for (const InstructionSet isa : supported)
    if (name_of(isa) == wanted) return isa;
  std::string names;
  for (const InstructionSet isa : supported)
    names += std::string(names.empty() ? "" : ", ") + std::string(name_of(isa));
  throw UsageError("HAGGLE_ISA=" + std::string(wanted) + ": this processor runs " + names);
}

BlockSolver block_solver(const GameTable& game, InstructionSet isa) {
  const KernelList kernels = kernels_for(isa);
  for (const GameKernel& kernel : std::span(kernels.first, kernels.size))
    if (kernel.name == game.kernel) return {kernel.solve, &game};
  throw UsageError("no solver is registered for the game `" + std::string(game.name) + "`");
}

}  // namespace haggle
