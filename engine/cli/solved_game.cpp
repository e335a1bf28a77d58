// SPDX-License-Identifier: MIT
#include "cli/solved_game.hpp"

#include <algorithm>
#include <cmath>

#include "cli/text.hpp"

namespace haggle::cli {

namespace {

SolvedGame unsolved(const Plan& plan, std::vector<double> parameters, Status status) {
  const GameTable& game = *plan.game;
  SolvedGame solved{plan.game, std::move(parameters), {}, std::vector<double>(game.columns(), std::nan("")), status};
  for (std::size_t o = 0; o < game.outputs.size(); ++o)
    if (!game.outputs[o].on_request || std::ranges::find(plan.outputs, o) != plan.outputs.end())
      solved.rows.push_back(o);
  return solved;
}

}  // namespace

SolvedGame solve_with(const Plan& plan, std::vector<double> parameters, InstructionSet isa) {
  SolvedGame solved = unsolved(plan, std::move(parameters), Status::pending);
  std::vector<const double*> in;
  std::vector<double*> out(solved.outputs.size(), nullptr);
  for (const double& value : solved.parameters) in.push_back(&value);
  for (const std::size_t o : solved.rows)
    for (std::size_t c = 0, first = plan.game->first_column(o); c < plan.game->width(o); ++c)
      out[first + c] = &solved.outputs[first + c];
  block_solver(*plan.game, isa)(in.data(), out.data(), 1);
  solved.status =
      static_cast<Status>(static_cast<int>(solved.outputs.front()));  // `status` is every game's first output
  return solved;
}

SolvedGame solve_at(const Plan& plan, const std::vector<std::uint64_t>& coordinates, InstructionSet isa) {
  std::vector<std::vector<std::uint64_t>> indices;
  for (const auto i : coordinates) indices.push_back({i});
  std::vector<std::vector<double>> columns;
  std::vector<Status> status(1);
  Evaluator(plan).evaluate(indices, 1, columns, status);
  std::vector<double> parameters;
  for (const auto& column : columns) parameters.push_back(column.front());
  if (status.front() == Status::pending) return solve_with(plan, std::move(parameters), isa);
  return unsolved(plan, std::move(parameters), status.front());
}

std::vector<std::string> flaws_of(const SolvedGame& solved) {
  std::vector<std::string> flaws;
  if (solved.status != Status::out_of_domain || !solved.game->rules) return flaws;
  for (const Law& law : solved.game->rules->laws(*solved.game))
    if (const auto flaw = law.find_flaw(solved.parameters.data() + law.first)) flaws.push_back(law.path + ": " + *flaw);
  return flaws;
}

const StatusMeaning& meaning_of(Status status) { return status_meanings[static_cast<std::size_t>(status)]; }

std::string code_name(const Output& output, double value) {
  for (const Code& code : output.codes)
    if (code.value == value) return std::string(code.name);
  return "";
}

std::string parameter_text(const Parameter& parameter, double value) {
  return parameter.choices.empty() ? number(value) : std::string(parameter.choices[static_cast<std::size_t>(value)]);
}

std::string unit_text(std::string_view unit) { return unit == "1" ? "" : " [" + std::string(unit) + "]"; }

}  // namespace haggle::cli
