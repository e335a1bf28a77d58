// SPDX-License-Identifier: MIT
// The fine-tuning game with one specialist, isoelastic revenue and power costs: Laufer, Kleinberg, Heidari,
// "Fine-Tuning Games", arXiv 2308.04399, section 3. Revenue r(α) = R α^ε; costs φ₀(α₀) = c₀ α₀^k₀, φ₁(x) = c₁ x^k₁.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "haggle/model/table.hpp"

namespace haggle::power_law {

/// Columns of the parameter block, in the table's order.
enum ParameterColumn : std::size_t {
  c0_column,
  k0_column,
  generalist_outside_column,
  scale_column,
  elasticity_column,
  c1_column,
  k1_column,
  specialist_outside_column,
  solution_column,
  weight_column,
  fixed_share_column,
  parameter_count
};

/// Columns of the output block, in the table's order.
enum OutputColumn : std::size_t {
  status_column,
  share_column,
  base_performance_column,
  performance_column,
  generalist_utility_column,
  specialist_utility_column,
  surplus_column,
  revenue_column,
  generalist_regime_column,
  specialist_regime_column,
  residual_column,
  output_count
};

/// How the revenue share is bargained; the order is that of the spec's `choices` and of the file's codes.
enum class Solution : std::uint8_t {
  fixed,
  nash,
  kalai_smorodinsky,
  egalitarian,
  utilitarian,
  powerful_generalist,
  powerful_specialist,
  max_performance
};
inline constexpr std::array<std::string_view, 8> solution_names{"fixed",
                                                                "nash",
                                                                "kalai_smorodinsky",
                                                                "egalitarian",
                                                                "utilitarian",
                                                                "powerful_generalist",
                                                                "powerful_specialist",
                                                                "max_performance"};

enum class GeneralistRegime : std::int8_t { unsolved = 0, invests = 1, idle = 2, abstains = 3 };
enum class SpecialistRegime : std::int8_t { unsolved = 0, contributor = 1, free_rider = 2, abstainer = 3 };

extern const GameTable table;

}  // namespace haggle::power_law
