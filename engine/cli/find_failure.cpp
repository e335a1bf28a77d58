// SPDX-License-Identifier: MIT
#include "cli/find_failure.hpp"

#include <optional>

#include "cli/request.hpp"
#include "haggle/storage/result_file.hpp"

namespace haggle::cli {
namespace {

struct Failure {
  std::vector<std::uint64_t> coordinates;
  Status status;
};

std::optional<Failure> find(const Plan& plan, BlockIndex block, InstructionSet isa) {
  Evaluator evaluator(plan);
  const BlockSolver solver = block_solver(*plan.game, isa);
  BoxWalker walker(plan.grid.box(block));
  std::vector<std::vector<std::uint64_t>> indices;
  std::vector<std::vector<double>> parameters;
  std::vector<Status> status;
  indices.resize(plan.dimensions.size());
  // One game at a time: a failed game ends the run, and until here it took a block at most.
  while (walker.next(1, indices) > 0) {
    evaluator.evaluate(indices, 1, parameters, status);
    if (status.front() == Status::pending) {
      std::vector<const double*> in;
      for (const auto& column : parameters) in.push_back(column.data());
      double code = 0;
      std::vector<double*> out(plan.game->columns(), nullptr);
      out.front() = &code;
      solver(in.data(), out.data(), 1);
      status.front() = static_cast<Status>(static_cast<int>(code));
    }
    if (!is_failure(status.front())) continue;
    Failure failure{{}, status.front()};
    for (const auto& column : indices) failure.coordinates.push_back(column.front());
    return failure;
  }
  return std::nullopt;
}

}  // namespace

std::string describe_failure(const Plan& plan, BlockIndex block, InstructionSet isa, const std::string& checkpoint,
                             const std::string& spec) {
  const auto failure = find(plan, block, isa);
  if (!failure) return {};
  const auto& meaning = status_meanings[static_cast<std::size_t>(failure->status)];
  const std::string number = std::to_string(plan.grid.index(failure->coordinates).value);
  std::string text = "game " + number + " failed: " + std::string(meaning.name) + ", " + std::string(meaning.meaning);
  for (std::size_t d = 0; d < plan.dimensions.size(); ++d)
    for (const std::size_t a : plan.dimensions[d].axes)
      text += "\n  " + plan.axes[a].name + " = " + value_text(plan.axes[a], failure->coordinates[d]);
  text += "\nreplay it with: haggle solve ";
  text += checkpoint.empty() ? shell_line({spec}) : "--from " + shell_line({checkpoint});
  return text + " --at " + number + "\n";
}

Counts counts_in(const std::string& path) {
  Counts counts;
  for (const auto& variable : inspect_file(path).variables)
    if (variable.name == "status")
      for (const auto& [name, points] : variable.counts)
        for (const auto& s : status_meanings)
          if (s.name == name) counts[s.status] = points;
  return counts;
}

}  // namespace haggle::cli
