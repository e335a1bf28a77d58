// SPDX-License-Identifier: MIT
#include "cli/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "cli/request.hpp"
#include "cli/text.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "haggle/storage/published_blocks.hpp"

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

/// One point of the file, in the order of Plan::outputs.
std::optional<std::vector<double>> recorded(const Plan& plan, const std::vector<std::uint64_t>& coordinates,
                                            const std::string& file) {
  if (is_checkpoint(file)) return std::nullopt;
  const auto shape = plan.grid.shape(), block_shape = plan.grid.block_shape();
  std::uint64_t block = 0, position = 0;
  for (std::size_t d = 0; d < coordinates.size(); ++d) {
    block = block * ((shape[d] + block_shape[d] - 1) / block_shape[d]) + coordinates[d] / block_shape[d];
    position = position * block_shape[d] + coordinates[d] % block_shape[d];
  }
  const PublishedBlocks blocks(plan, file);
  std::vector<double> values;
  std::vector<std::byte> raw;
  for (std::size_t output = 0; output < plan.outputs.size(); ++output) {
    const StoredType type = stored_type(plan, output);
    raw.resize(plan.grid.block_points() * size_of(type));
    blocks.load(BlockIndex{block}, output, raw);
    const std::byte* at = raw.data() + position * size_of(type);
    double wide = 0;
    float narrow = 0;
    if (type == StoredType::int8) wide = static_cast<double>(static_cast<std::int8_t>(*at));
    if (type == StoredType::float64) std::memcpy(&wide, at, sizeof wide);
    if (type == StoredType::float32) std::memcpy(&narrow, at, sizeof narrow), wide = static_cast<double>(narrow);
    values.push_back(wide);
  }
  return values;
}

std::string step_solution(const Plan& plan, const std::vector<std::uint64_t>& coordinates, const SolvedGame& solved,
                          const std::string& file) {
  const auto before = recorded(plan, coordinates, file);
  Table table;
  table.add({"", "solved now", before ? "in the file" : "", ""});
  for (std::size_t o = 0; o < solved.outputs.size(); ++o) {
    const Output& output = solved.game->outputs[o];
    const auto column = std::find(plan.outputs.begin(), plan.outputs.end(), o);
    double now = o == 0 ? static_cast<double>(solved.status) : solved.outputs[o];
    std::string there, verdict;
    if (before && column != plan.outputs.end()) {
      const double then = (*before)[static_cast<std::size_t>(column - plan.outputs.begin())];
      if (plan.format.float32 && output.codes.empty()) now = static_cast<double>(static_cast<float>(now));
      there = value_text(output, then);
      verdict = then == now || (std::isnan(then) && std::isnan(now)) ? "the same" : "different";
    }
    table.add({std::string(output.name), value_text(output, now), there, verdict});
  }
  const auto& meaning = meaning_of(solved.status);
  return "3. its solution: " + std::string(meaning.name) + ", " + std::string(meaning.meaning) + "\n" + table.text();
}

std::string step_instruction_sets(const Plan& plan, const std::vector<std::uint64_t>& coordinates) {
  Table table;
  table.add({"", "status", std::string(plan.game->outputs[1].name)});
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
std::string step_neighbours(const SolvedGame& solved) {
  const GameTable& game = *solved.game;
  for (const Requirement& given : game.requirements) {
    const std::size_t choice = row_of(game, given.choice), parameter = row_of(game, given.parameter);
    const std::string_view path = game.parameters[parameter].path;
    const auto output = std::find_if(game.outputs.begin(), game.outputs.end(),
                                     [&](const Output& o) { return path.ends_with("." + std::string(o.name)); });
    if (output == game.outputs.end()) continue;
    const double at = solved.outputs[static_cast<std::size_t>(output - game.outputs.begin())];
    if (std::isnan(at)) return {};
    const auto& words = game.parameters[choice].choices;
    std::vector<double> parameters = solved.parameters;
    parameters[choice] = static_cast<double>(std::find(words.begin(), words.end(), given.value) - words.begin());
    Table table;
    std::vector<std::string> head{std::string(output->name), "status"};
    std::vector<std::size_t> shown;
    for (std::size_t o = 1; o < game.outputs.size(); ++o)
      if (game.outputs[o].codes.empty() && game.outputs[o].name != output->name) {
        shown.push_back(o);
        head.emplace_back(game.outputs[o].name);
      }
    table.add(head);
    for (const double step : {-1e-1, -1e-2, -1e-4, 0.0, 1e-4, 1e-2, 1e-1}) {
      if (!game.parameters[parameter].domain.contains(at + step)) continue;
      parameters[parameter] = at + step;
      const SolvedGame there = solve_with(solved.game, parameters, best_instruction_set());
      std::vector<std::string> row{precise(at + step), std::string(meaning_of(there.status).name)};
      for (const std::size_t o : shown) row.push_back(number(there.outputs[o]));
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
  if (solved.outputs.size() < 2 || std::isnan(solved.outputs.front())) return text;  // it is no game
  text += "\n" + step_instruction_sets(plan, coordinates);
  const std::string neighbours = step_neighbours(solved);
  return neighbours.empty() ? text : text + "\n" + neighbours;
}

}  // namespace haggle::cli
