// SPDX-License-Identifier: MIT
#include "fine_tuning_outputs.hpp"

#include <array>
#include <utility>

namespace haggle::fine_tuning {
namespace {

using power_law::OutputColumn;

constexpr std::array<Code, 3> profit_sharing_codes{{{static_cast<std::int8_t>(ProfitSharing::unsolved), "unsolved"},
                                                    {static_cast<std::int8_t>(ProfitSharing::yes), "yes"},
                                                    {static_cast<std::int8_t>(ProfitSharing::no), "no"}}};
constexpr std::array<Code, 3> pareto_efficient_codes{{{static_cast<std::int8_t>(ParetoEfficient::unsolved), "unsolved"},
                                                      {static_cast<std::int8_t>(ParetoEfficient::yes), "yes"},
                                                      {static_cast<std::int8_t>(ParetoEfficient::no), "no"}}};

void add_pareto_set(TableBuilder& table, const std::vector<std::size_t>& each) {
  const Form& form = table.form();
  OutputColumns& columns = table.form().outputs;
  std::vector<std::string_view> rows;
  const auto add = [&](std::string_view name, std::string_view meaning, std::vector<std::size_t> dimensions) {
    rows.push_back(name);
    return table.output({name, "1", meaning}, std::move(dimensions));
  };
  if (form.components > 0) {
    const std::size_t component = table.dimension({"component", "Component of the Pareto set", form.components});
    columns.pareto_components = add("pareto_components", "How many components the Pareto set has", {});
    columns.pareto_share_low = add("pareto_share_low", "Lower end of a component, a share", {component});
    columns.pareto_share_high = add("pareto_share_high", "Upper end of a component, a share", {component});
  }
  if (form.frontier > 0) {
    const std::vector<std::size_t> point{table.dimension({"frontier", "Point of the Pareto frontier", form.frontier})};
    std::vector<std::size_t> point_each = point;
    point_each.insert(point_each.end(), each.begin(), each.end());
    columns.frontier_share = add("frontier_share", "Generalist's revenue share on the Pareto frontier",
                                 form.contract == Contract::per_domain ? point_each : point);
    columns.frontier_generalist_utility =
        add("frontier_generalist_utility", "Generalist's utility on the Pareto frontier", point);
    columns.frontier_specialist_utility =
        add("frontier_specialist_utility", "Specialist's utility on the Pareto frontier", point_each);
  }
  if (!rows.empty()) table.group({"pareto", table.keep(std::move(rows))});
}

}  // namespace

void add_outputs(TableBuilder& table) {
  const Form& form = table.form();
  OutputColumns& columns = table.form().outputs;
  std::vector<std::size_t> each;  // one specialist is no dimension
  if (form.specialists.size() > 1) {
    std::vector<std::string_view> names;
    for (const SpecialistForm& specialist : form.specialists) names.emplace_back(table.keep(specialist.name));
    each.push_back(table.dimension({"specialist", "Specialist", names.size(), table.keep(std::move(names))}));
  }
  const auto common = [&](OutputColumn row, const std::vector<std::size_t>& dimensions = {}) {
    return table.output(power_law::table.outputs[row], dimensions);
  };
  columns.status = common(power_law::status_column);
  columns.share =
      common(power_law::share_column, form.contract == Contract::per_domain ? each : std::vector<std::size_t>());
  columns.base_performance = common(power_law::base_performance_column);
  columns.performance = common(power_law::performance_column, each);
  columns.generalist_utility = common(power_law::generalist_utility_column);
  columns.specialist_utility = common(power_law::specialist_utility_column, each);
  columns.surplus = common(power_law::surplus_column);
  columns.revenue = common(power_law::revenue_column, each);
  columns.generalist_regime = common(power_law::generalist_regime_column);
  columns.specialist_regime = common(power_law::specialist_regime_column, each);
  columns.residual = common(power_law::residual_column);
  columns.first_best_surplus =
      table.output({"first_best_surplus", "1", "Largest sum of utilities that one owner could reach", {}, {}, true});
  columns.efficiency = table.output({"efficiency", "1", "Surplus as a part of the first-best surplus", {}, {}, true});
  columns.profit_sharing = table.output({"profit_sharing",
                                         "1",
                                         "Whether both have a share of some revenue and both invest",
                                         profit_sharing_codes,
                                         {},
                                         true});
  columns.pareto_efficient = table.output({"pareto_efficient",
                                           "1",
                                           form.contract == Contract::uniform
                                               ? "Whether the share is in the Pareto set: no other dominates it"
                                               : "Whether the shares are in the Pareto set: no others dominate them",
                                           pareto_efficient_codes,
                                           {},
                                           true});
  for (const OutputGroup& group : power_law::table.output_groups) table.group(group);
  add_pareto_set(table, each);
}

}  // namespace haggle::fine_tuning
