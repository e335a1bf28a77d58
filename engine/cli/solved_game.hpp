// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "haggle/executor/dispatch.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle::cli {

/// One game with its numbers, in the tables' order.
struct SolvedGame {
  std::shared_ptr<const GameTable> game;
  std::vector<double> parameters;
  std::vector<std::size_t> rows;  ///< of the game's outputs, those that were asked for: ascending, `status` first
  std::vector<double> outputs;    ///< one a column of all the game's outputs; NaN where it was not asked for
  Status status;
};

/// The plan's parameters at the place, and the game solved if it is one. All outputs are asked for but those kept on
/// request only that the plan does not want.
SolvedGame solve_at(const Plan& plan, const std::vector<std::uint64_t>& coordinates, InstructionSet isa);
/// The same game with other parameters.
SolvedGame solve_with(const Plan& plan, std::vector<double> parameters, InstructionSet isa);

/// Of a game that is out_of_domain, what keeps its expressions from being revenues or costs, each with its place.
std::vector<std::string> flaws_of(const SolvedGame& solved);

const StatusMeaning& meaning_of(Status status);
/// The code's name, or an empty text when the output is a plain number.
std::string code_name(const Output& output, double value);
std::string parameter_text(const Parameter& parameter, double value);
std::string unit_text(std::string_view unit);

}  // namespace haggle::cli
