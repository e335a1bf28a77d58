// SPDX-License-Identifier: MIT
#include "verify/fine_tuning_game.hpp"

#include <array>

namespace haggle {
namespace {

using oracle::Family, oracle::GeneralFunction, oracle::GeneralGame;

/// A family's name in a spec; of the number after the last family's, "expression".
template <class... F>
std::string_view name_of(std::size_t family, std::type_identity<std::tuple<F...>>) {
  constexpr std::array<std::string_view, sizeof...(F) + 1> names{F::name..., "expression"};
  return names[family];
}

std::optional<Family> family_called(std::string_view name) {
  if (name == "isoelastic") return Family::isoelastic;
  if (name == "logarithmic") return Family::logarithmic;
  if (name == "exponential_saturation") return Family::exponential_saturation;
  if (name == "hill") return Family::hill;
  if (name == "power") return Family::power;
  if (name == "expression") return Family::expression;
  return std::nullopt;
}

std::optional<GeneralFunction> function_of(const FunctionForm& form, std::string_view family,
                                           std::span<const double> row) {
  const auto known = family_called(family);
  if (!known) return std::nullopt;
  const auto numbers = row.subspan(form.first, form.count);
  GeneralFunction f{*known, {numbers.begin(), numbers.end()}};
  if (f.family == Family::expression)
    f.expression = std::make_shared<const oracle::Expression>(form.formula.text(), std::string(form.formula.variable()),
                                                              form.formula.names());
  return f;
}

}  // namespace

std::optional<GeneralGame> general_game(const fine_tuning::Form& form, std::span<const double> row) {
  const auto at = [&](std::size_t column, double otherwise) {
    return column == fine_tuning::unset ? otherwise : row[column];
  };
  constexpr std::type_identity<RevenueFamilies> revenues;
  constexpr std::type_identity<CostFamilies> costs;
  GeneralGame game;
  const auto cost = function_of(form.cost, name_of(form.cost.family, costs), row);
  if (!cost) return std::nullopt;
  game.cost = *cost;
  game.fixed = at(form.fixed, 0);
  game.outside = at(form.outside, 0);
  game.per_domain = form.contract == fine_tuning::Contract::per_domain;
  for (const fine_tuning::SpecialistForm& s : form.specialists) {
    const auto revenue = function_of(s.revenue, name_of(s.revenue.family, revenues), row);
    const auto own_cost = function_of(s.cost, name_of(s.cost.family, costs), row);
    if (!revenue || !own_cost) return std::nullopt;
    game.specialists.push_back({*revenue, *own_cost, at(s.fixed, 0), at(s.outside, 0), at(s.weight, 1)});
    if (game.per_domain) game.fixed_shares.push_back(at(s.share, 0.5));
  }
  if (!game.per_domain) game.fixed_shares.push_back(at(form.share, 0.5));
  game.solution = static_cast<oracle::Solution>(static_cast<int>(at(form.solution, 1)));
  game.weight = at(form.weight, 0.5);
  if (form.powerful != fine_tuning::unset) game.powerful = form.powerful;
  return game;
}

}  // namespace haggle
