// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
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
  bool resume = false;
  bool retry_failed = false;
  std::string shard;             ///< "i/n", "auto" or empty
  std::string checkpoint;        ///< "auto", "on", "off" or empty: what the spec says
  std::string time_limit;        ///< seconds, "HH:MM:SS" or empty
  std::vector<std::string> set;  ///< each "path=value"
  ProgressMode progress = ProgressMode::automatic;
  std::vector<std::string> command_line;
};
ExitCode run(const RunArguments& arguments);

struct PublishArguments {
  std::vector<std::string> checkpoints;
  std::string output;  ///< empty, of one checkpoint: the result's name with .partial before its extension
  bool force = false;
  bool mixed = false;
  bool expect_all = false;  ///< what is missing is a reason for another exit code
  std::vector<std::string> command_line;
};
ExitCode publish(const PublishArguments& arguments);

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
  std::string from;  ///< instead of a spec: a result or checkpoint, whose game is replayed step by step
  std::string game;  ///< used only without a spec
  std::vector<std::string> set;
  std::vector<std::string> at;  ///< each "dimension=value", "dimension=#index" or a game's number
  bool json = false;
};
ExitCode solve(const SolveArguments& arguments);

struct InspectArguments {
  std::string file;
  bool json = false;
};
ExitCode inspect(const InspectArguments& arguments);

struct VerifyArguments {
  std::string file;
  std::uint64_t sample = 200;  ///< games, at least 1
  std::uint64_t seed = 1;
  std::uint64_t effort = 20000;  ///< equilibria that brute force may compute for a game
  bool json = false;
};
ExitCode verify(const VerifyArguments& arguments);

struct GamesArguments {
  std::string game;  ///< empty: the list
};
ExitCode games(const GamesArguments& arguments);

}  // namespace haggle::cli
