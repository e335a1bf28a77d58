// SPDX-License-Identifier: MIT
#include "cli/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "cli/output_text.hpp"
#include "cli/request.hpp"
#include "cli/text.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "haggle/storage/result_points.hpp"

namespace haggle::cli {
namespace {

std::string precise(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", x);
  return text;
}

std::string value_text(const Output& output, double x) {
  const std::string name = code_name(output, x);
  return name.empty() ? precise(x) : name;
}

std::string source_text(const Plan& plan, std::size_t parameter) {
  const Source& source = plan.parameters[parameter];
  if (source.kind == Source::Kind::axis) return "axis " + plan.axes[source.axis].name;
  if (source.kind == Source::Kind::derived) return "= " + source.expression;
  return "constant";
}

std::string steps_to_parameters(const Plan& plan, const std::vector<std::uint64_t>& coordinates,
                                const SolvedGame& solved) {
  Table place, parameters;
  for (std::size_t d = 0; d < plan.dimensions.size(); ++d)
    for (const std::size_t a : plan.dimensions[d].axes)
      place.add({plan.axes[a].name, "#" + std::to_string(coordinates[d]),
                 plan.axes[a].labels.empty() ? precise(plan.axes[a].value(coordinates[d]))
                                             : plan.axes[a].labels[coordinates[d]]});
  for (std::size_t p = 0; p < solved.parameters.size(); ++p) {
    const Parameter& row = solved.game->parameters[p];
    parameters.add({std::string(row.path),
                    row.choices.empty() ? precise(solved.parameters[p]) : parameter_text(row, solved.parameters[p]),
                    source_text(plan, p), std::string(row.symbol)});
  }
  return "1. game " + std::to_string(plan.grid.index(coordinates).value) + " of " + std::to_string(plan.grid.points()) +
         "\n" + place.text() + "\n2. its parameters\n" + parameters.text();
}

/// One point of the file, a value a column of the game's outputs.
std::optional<std::vector<double>> recorded(const Plan& plan, const std::vector<std::uint64_t>& coordinates,
                                            const std::string& file) {
  if (is_checkpoint(file)) return std::nullopt;
  std::vector<double> values(plan.game->columns());
  ResultPoints(file, plan).read(coordinates, values);
  return values;
}

std::string step_solution(const Plan& plan, const std::vector<std::uint64_t>& coordinates, const SolvedGame& solved,
                          const std::string& file) {
  const auto before = recorded(plan, coordinates, file);
  Table table;
  table.add({"", "solved now", before ? "in the file" : "", ""});
  for (const std::size_t o : solved.rows) {
    const Output& output = solved.game->outputs[o];
    const bool kept = before && std::ranges::find(plan.outputs, o) != plan.outputs.end();
    for (std::size_t k = 0; k < solved.game->width(o); ++k) {
      const std::size_t column = solved.game->first_column(o) + k;
      double now = o == 0 ? static_cast<double>(solved.status) : solved.outputs[column];
      std::string there, verdict;
      if (kept) {
        const double then = (*before)[column];
        if (plan.format.float32 && output.codes.empty()) now = static_cast<double>(static_cast<float>(now));
        there = value_text(output, then);
        verdict = then == now || (std::isnan(then) && std::isnan(now)) ? "the same" : "different";
      }
      table.add({name_at(*solved.game, o, k), value_text(output, now), there, verdict});
    }
  }
  const auto& meaning = meaning_of(solved.status);
  std::string head = "3. its solution: " + std::string(meaning.name) + ", " + std::string(meaning.meaning) + "\n";
  for (const std::string& flaw : flaws_of(solved)) head += "   " + flaw + "\n";
  return head + table.text();
}

std::string step_instruction_sets(const Plan& plan, const std::vector<std::uint64_t>& coordinates) {
  Table table;
  table.add({"", "status", name_at(*plan.game, 1, 0)});
  for (const InstructionSet isa : supported_instruction_sets()) {
    const SolvedGame other = solve_at(plan, coordinates, isa);
    table.add({std::string(name_of(isa)), std::string(meaning_of(other.status).name), precise(other.outputs[1])});
  }
  return "4. with each instruction set\n" + table.text();
}

std::size_t row_of(const GameTable& game, std::string_view parameter) {
  const auto found = std::find_if(game.parameters.begin(), game.parameters.end(),
                                  [&](const Parameter& p) { return p.name == parameter; });
  return static_cast<std::size_t>(found - game.parameters.begin());
}

/// A choice under which one of the outputs is given instead, such as the share under the solution `fixed`.
std::string step_neighbours(const Plan& plan, const SolvedGame& solved) {
  constexpr std::size_t most_values = 4;  // of one output, for the table's width
  const GameTable& game = *solved.game;
  for (const Requirement& given : game.requirements) {
    const std::size_t choice = row_of(game, given.choice), parameter = row_of(game, given.parameter);
    const std::string_view path = game.parameters[parameter].path;
    const auto output = std::find_if(game.outputs.begin(), game.outputs.end(),
                                     [&](const Output& o) { return path.ends_with("." + std::string(o.name)); });
    if (output == game.outputs.end() || !output->dimensions.empty()) continue;
    const double at = solved.outputs[game.first_column(static_cast<std::size_t>(output - game.outputs.begin()))];
    if (std::isnan(at)) return {};
    const auto& words = game.parameters[choice].choices;
    std::vector<double> parameters = solved.parameters;
    parameters[choice] = static_cast<double>(std::find(words.begin(), words.end(), given.value) - words.begin());
    Table table;
    std::vector<std::string> head{std::string(output->name), "status"};
    std::vector<std::size_t> shown;
    for (const std::size_t o : solved.rows) {
      if (!game.outputs[o].codes.empty() || game.outputs[o].name == output->name || game.width(o) > most_values)
        continue;
      for (std::size_t k = 0; k < game.width(o); ++k) {
        shown.push_back(game.first_column(o) + k);
        head.push_back(name_at(game, o, k));
      }
    }
    table.add(head);
    for (const double step : {-1e-1, -1e-2, -1e-4, 0.0, 1e-4, 1e-2, 1e-1}) {
      if (!game.parameters[parameter].domain.contains(at + step)) continue;
      parameters[parameter] = at + step;
      const SolvedGame there = solve_with(plan, parameters, best_instruction_set());
      std::vector<std::string> row{precise(at + step), std::string(meaning_of(there.status).name)};
      for (const std::size_t column : shown) row.push_back(number(there.outputs[column]));
      table.add(row);
    }
    return "5. with the " + std::string(output->name) + " given\n" + table.text();
  }
  return {};
}

}  // namespace

std::string replay_text(const Plan& plan, const std::vector<std::uint64_t>& coordinates, const SolvedGame& solved,
                        const std::string& file) {
  std::string text = plan.title + "\n\n" + steps_to_parameters(plan, coordinates, solved) + "\n" +
                     step_solution(plan, coordinates, solved, file);
  if (solved.rows.size() < 2 || std::isnan(solved.outputs.front())) return text;  // it is no game
  text += "\n" + step_instruction_sets(plan, coordinates);
  const std::string neighbours = step_neighbours(plan, solved);
  return neighbours.empty() ? text : text + "\n" + neighbours;
}

}  // namespace haggle::cli
