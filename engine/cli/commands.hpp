// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/progress.hpp"

namespace haggle::cli {

// One function a command. Each returns an exit code and throws SpecError, UsageError or IoError; main() reports those.

struct RunArguments {
  std::string spec;
  std::string output;  ///< empty: the spec's stem + ".h5", in the current folder
  int threads = 0;     ///< 0: one for each processor
  bool force = false;
  std::vector<std::string> set;  ///< each "path=value"
  ProgressMode progress = ProgressMode::automatic;
  std::string command_line;  ///< for the file's provenance
};
ExitCode run(const RunArguments& arguments);

struct PlanArguments {
  std::string spec;
  std::string output;  ///< where the result would go; only its folder matters
  int threads = 0;
  std::vector<std::string> set;
  bool json = false;
};
ExitCode plan(const PlanArguments& arguments);

struct SolveArguments {
  std::string spec;  ///< empty: `set` alone makes the game
  std::string game;  ///< used only without a spec
  std::vector<std::string> set;
  std::vector<std::string> at;  ///< each "dimension=value" or "dimension=#index"
  bool json = false;
};
ExitCode solve(const SolveArguments& arguments);

struct InspectArguments {
  std::string file;
  bool json = false;
};
ExitCode inspect(const InspectArguments& arguments);

struct GamesArguments {
  std::string game;  ///< empty: the list
};
ExitCode games(const GamesArguments& arguments);

}  // namespace haggle::cli
