// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output_text.hpp"
#include "cli/replay.hpp"
#include "cli/request.hpp"
#include "cli/solved_game.hpp"
#include "cli/text.hpp"
#include "haggle/core/error.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/storage/checkpoint.hpp"

namespace haggle::cli {
namespace {

using nlohmann::ordered_json;

/// The game that `--set` fills in when there is no spec: one specialist, every default.
Plan plan_of(const SolveArguments& arguments) {
  const auto overrides = overrides_of(arguments.set);
  if (!arguments.from.empty()) {
    if (!overrides.empty()) throw UsageError("--from replays a game as it was; --set goes with a spec");
    return plan_of_file(arguments.from);
  }
  if (!arguments.spec.empty()) return read_spec_file(arguments.spec, overrides);
  return read_spec("haggle: 1\ngame: " + arguments.game + "\nspecialists:\n  - name: D\n", "--set", overrides);
}

double value_of(const SolvedGame& solved, std::string_view name) {
  const auto parameters = solved.game->parameters;
  const auto at =
      std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == name; });
  return solved.parameters[static_cast<std::size_t>(at - parameters.begin())];
}

/// False for a parameter that belongs to a choice not taken here, such as the share of a contract that is bargained.
bool matters(const SolvedGame& solved, const Parameter& parameter) {
  for (const Requirement& r : solved.game->requirements) {
    if (r.parameter != parameter.name) continue;
    for (const Parameter& choice : solved.game->parameters)
      if (choice.name == r.choice && parameter_text(choice, value_of(solved, r.choice)) != r.value) return false;
  }
  return true;
}

std::string as_text(const SolvedGame& solved, const Plan& plan) {
  Table parameters;
  for (std::size_t p = 0; p < solved.parameters.size(); ++p) {
    const Parameter& parameter = solved.game->parameters[p];
    if (!matters(solved, parameter)) continue;
    parameters.add({std::string(parameter.symbol), parameter_text(parameter, solved.parameters[p]),
                    std::string(parameter.meaning) + unit_text(parameter.unit)});
  }
  const auto& meaning = meaning_of(solved.status);
  std::string text = (plan.title.empty() ? std::string(solved.game->title) : plan.title) + "\n" + parameters.text() +
                     "\n" + std::string(meaning.name) + ": " + std::string(meaning.meaning) + "\n";
  for (const std::string& flaw : flaws_of(solved)) text += "  " + flaw + "\n";
  // Excluded or out of its domain: the game was not solved, so there is nothing to show.
  if (!std::isnan(solved.outputs.front())) text += outputs_text(solved);
  return text;
}

std::string as_json(const SolvedGame& solved, const Plan& plan, const std::vector<std::uint64_t>& coordinates) {
  ordered_json json{{"game", solved.game->name},
                    {"status", meaning_of(solved.status).name},
                    {"at", ordered_json::object()},
                    {"index", ordered_json::object()},
                    {"parameters", ordered_json::object()},
                    {"outputs", ordered_json::object()}};
  for (std::size_t d = 0; d < coordinates.size(); ++d) {
    json["index"][plan.dimensions[d].name] = coordinates[d];
    for (const std::size_t a : plan.dimensions[d].axes) {
      const Axis& axis = plan.axes[a];
      if (axis.labels.empty())
        json["at"][axis.name] = axis.value(coordinates[d]);
      else
        json["at"][axis.name] = axis.labels[coordinates[d]];
    }
  }
  for (std::size_t p = 0; p < solved.parameters.size(); ++p) {
    const Parameter& parameter = solved.game->parameters[p];
    if (!matters(solved, parameter)) continue;
    auto& slot = json["parameters"][std::string(parameter.name)];
    if (parameter.choices.empty())
      slot = solved.parameters[p];
    else
      slot = parameter_text(parameter, solved.parameters[p]);
  }
  json["outputs"] = outputs_json(solved);
  if (const auto flaws = flaws_of(solved); !flaws.empty()) json["flaws"] = flaws;
  return json.dump(2) + "\n";
}

}  // namespace

ExitCode solve(const SolveArguments& arguments) {
  const Plan plan = plan_of(arguments);
  const auto coordinates = place(plan, arguments.at);
  const SolvedGame solved = solve_at(plan, coordinates, best_instruction_set());
  if (!arguments.from.empty() && !arguments.json)
    print(replay_text(plan, coordinates, solved, arguments.from));
  else
    print(arguments.json ? as_json(solved, plan, coordinates) : as_text(solved, plan));
  return is_failure(solved.status) ? some_games_failed : done;
}

}  // namespace haggle::cli
