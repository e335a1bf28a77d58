// SPDX-License-Identifier: MIT
// The families of functions as tables see them. The last of either kind is `expression`.
#pragma once
#include <array>
#include <span>
#include <string_view>
#include <tuple>

#include "haggle/model/families.hpp"

namespace haggle::fine_tuning {

struct FamilyRow {
  std::string_view name, formula;
  std::span<const FunctionNumber> numbers;
};

/// One kind of function, a revenue or a cost.
struct FunctionKind {
  std::string_view variable;  ///< what an expression calls its argument
  std::string_view left;      ///< "r(α)", as in "r(α) = R α^ε"
  std::span<const FamilyRow> rows;
  std::span<const std::string_view> names, formulas;  ///< of the rows
};

template <class... Family>
constexpr auto family_rows(std::type_identity<std::tuple<Family...>>) {
  return std::array<FamilyRow, sizeof...(Family) + 1>{
      {{Family::name, Family::formula, Family::numbers}...,
       {"expression", "what the text says, over up to 8 numbers of your own, numbers: {NAME: …}", {}}}};
}
template <std::size_t n>
constexpr auto column(const std::array<FamilyRow, n>& rows, std::string_view FamilyRow::*member) {
  std::array<std::string_view, n> words{};
  for (std::size_t i = 0; i < n; ++i) words[i] = rows[i].*member;
  return words;
}

inline constexpr auto revenue_rows = family_rows(std::type_identity<RevenueFamilies>());
inline constexpr auto revenue_names = column(revenue_rows, &FamilyRow::name);
inline constexpr auto revenue_formulas = column(revenue_rows, &FamilyRow::formula);
inline constexpr auto cost_rows = family_rows(std::type_identity<CostFamilies>());
inline constexpr auto cost_names = column(cost_rows, &FamilyRow::name);
inline constexpr auto cost_formulas = column(cost_rows, &FamilyRow::formula);

inline constexpr FunctionKind revenue_kind{"performance", "r(α)", revenue_rows, revenue_names, revenue_formulas};
inline constexpr FunctionKind cost_kind{"investment", "φ(x)", cost_rows, cost_names, cost_formulas};

}  // namespace haggle::fine_tuning
