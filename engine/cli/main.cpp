// SPDX-License-Identifier: MIT
// The command line: reads argv, calls one command, and turns what it throws into a message and an exit code.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <new>
#include <sstream>

#include "cli/build_info.hpp"
#include "cli/commands.hpp"
#include "cli/signals.hpp"
#include "cli/text.hpp"
#include "core/nearest.hpp"
#include "haggle/core/error.hpp"
#include "haggle/model/table.hpp"
#include "haggle/sweep/spec.hpp"

namespace haggle::cli {
namespace {

struct Arguments {
  RunArguments run;
  PlanArguments plan;
  PublishArguments publish, merge;
  SolveArguments solve;
  InspectArguments inspect;
  VerifyArguments verify;
  GamesArguments games;
  std::string progress_word = progress_words.front();
};

void add_set(CLI::App& command, std::vector<std::string>& set) {
  command.add_option("--set", set, "Change a key of the spec, or fix an axis: generalist.cost.exponent=3, c0=1")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

void add_threads(CLI::App& command, int& threads) {
  command
      .add_option("-j,--threads", threads,
                  "Threads; 0: as many as OpenMP takes, one for each processor unless OMP_NUM_THREADS says otherwise")
      ->check(CLI::Validator(
          [](const std::string& text) {
            const bool digits = !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == text.npos;
            return digits && std::stoi(text) <= 4096
                       ? std::string()
                       : "`" + text + "` is no number of threads; give 0 … 4096, or leave it out for all processors";
          },
          "0 … 4096"));
}

void add_run(CLI::App& app, Arguments& arguments) {
  auto& a = arguments.run;
  auto& command = *app.add_subcommand("run", "Solve a sweep and write its result file");
  command.add_option("spec", a.spec, "The sweep, a YAML file")->required();
  command.add_option("-o,--output", a.output, "Result file (HDF5); default: the spec's stem + .h5, in this folder")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return std::string(text.empty() ? "the name is empty; give one, as in -o result.h5, or leave it out" : "");
          },
          ""));
  add_threads(command, a.threads);
  command.add_flag("--force", a.force, "Replace an existing result file, discard an existing checkpoint");
  command.add_flag("--retry-failed", a.retry_failed,
                   "Solve the failed games of an existing result again, and no others");
  command.add_flag("--resume", a.resume, "Go on with the checkpoint that an earlier run left; without one begin anew");
  command
      .add_option("--checkpoint", a.checkpoint,
                  "Keep what is solved on the disk all the time: on; auto: once the run lasts some seconds; off")
      ->check(CLI::IsMember(std::vector<std::string>(checkpointing_words.begin(), checkpointing_words.end())));
  command
      .add_option("--shard", a.shard, "Solve one part of n, for `haggle merge`; auto: from the scheduler's variables")
      ->type_name("I/N|auto");
  command
      .add_option("--time-limit", a.time_limit, "Stop after so long as if by a signal: exit 75, go on with --resume")
      ->type_name("SECONDS|HH:MM:SS");
  add_set(command, a.set);
  command
      .add_option("--progress", arguments.progress_word,
                  "On standard error: a bar, JSON lines, nothing; auto: a bar on a terminal")
      ->check(CLI::IsMember(progress_words));
}

void add_publish(CLI::App& app, Arguments& arguments) {
  auto& one = *app.add_subcommand("publish", "Write what a running or interrupted sweep has so far to a result file");
  one.add_option("checkpoint", arguments.publish.checkpoints, "FILE.checkpoint")->required()->expected(1);
  one.add_option("-o,--output", arguments.publish.output, "Result file; default: NAME.partial.h5 beside it");
  one.add_flag("--force", arguments.publish.force, "Replace an existing file");

  arguments.merge.expect_all = true;
  auto& many = *app.add_subcommand("merge", "Write the shards of a sweep to one result file");
  many.add_option("checkpoint", arguments.merge.checkpoints, "The shards' checkpoints, in any order")->required();
  many.add_option("-o,--output", arguments.merge.output, "Result file")->required();
  many.add_flag("--force", arguments.merge.force, "Replace an existing file");
  many.add_flag("--mixed", arguments.merge.mixed, "Take shards solved with different instruction sets");
}

void add_plan(CLI::App& app, Arguments& arguments) {
  auto& a = arguments.plan;
  auto& command = *app.add_subcommand("plan", "Show a sweep's grid, bytes and estimated time; leaves no file behind");
  command.add_option("spec", a.spec, "The sweep, a YAML file")->required();
  command.add_option("-o,--output", a.output, "Where the result would go: the speed of its disk is measured");
  add_threads(command, a.threads);
  add_set(command, a.set);
  command.add_flag("--json", a.json, "For programs");
}

void add_solve(CLI::App& app, Arguments& arguments) {
  auto& a = arguments.solve;
  auto& command = *app.add_subcommand("solve", "Solve one game and show it");
  command.add_option("spec", a.spec, "A YAML file; without one, --set says everything that has no default");
  command.add_option("--from", a.from, "A result file or checkpoint: replay one of its games step by step")
      ->excludes("spec");
  command.add_option("--game", a.game, "The game when there is no spec")
      ->default_val(std::string(haggle::games().front().name));
  add_set(command, a.set);
  command
      .add_option("--at", a.at,
                  "Where in a sweep: c0=0.5 (nearest on the grid), solution=nash, c0=#12 (index), or a game's number")
      ->type_name("AXIS=VALUE|NUMBER")
      ->allow_extra_args(false);
  command.add_flag("--json", a.json, "For programs");
}

void add_verify(CLI::App& app, Arguments& arguments) {
  auto& a = arguments.verify;
  auto& command = *app.add_subcommand("verify", "Solve a sample of a result file again, by brute force, and compare");
  command.add_option("file", a.file, "A result file")->required();
  command.add_option("--sample", a.sample, "How many games")->check(CLI::PositiveNumber)->capture_default_str();
  command.add_option("--seed", a.seed, "Another seed, another sample")->capture_default_str();
  command.add_option("--effort", a.effort, "Equilibria that brute force may compute for one game before it is skipped")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_flag("--json", a.json, "For programs");
}

void add_others(CLI::App& app, Arguments& arguments) {
  auto& inspect =
      *app.add_subcommand("inspect", "Show what is in a result file or a checkpoint and where it came from");
  inspect.add_option("file", arguments.inspect.file, "A result file or a checkpoint")->required();
  inspect.add_flag("--json", arguments.inspect.json, "For programs");
  auto& games = *app.add_subcommand("games", "List the games, or one game's spec keys and outputs");
  games.add_option("game", arguments.games.game, "The game's name");
}

ExitCode dispatch(CLI::App& app, Arguments& arguments) {
  const auto at = std::find(progress_words.begin(), progress_words.end(), arguments.progress_word);
  arguments.run.progress = static_cast<ProgressMode>(at - progress_words.begin());
  if (app.got_subcommand("run")) return run(arguments.run);
  if (app.got_subcommand("plan")) return plan(arguments.plan);
  if (app.got_subcommand("publish")) return publish(arguments.publish);
  if (app.got_subcommand("merge")) return publish(arguments.merge);
  if (app.got_subcommand("solve")) return solve(arguments.solve);
  if (app.got_subcommand("inspect")) return inspect(arguments.inspect);
  if (app.got_subcommand("verify")) return verify(arguments.verify);
  return games(arguments.games);
}

/// CLI11 has exit codes of its own; whatever is wrong with the request is ours.
ExitCode report(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out, err;
  const int code = app.exit(error, out, err);
  print(out.str());
  complain(err.str());
  return code == 0 ? done : bad_request;
}

ExitCode complain_about(const std::string& what, ExitCode code) {
  complain("haggle: " + what + "\n");
  return code;
}

/// CLI11 would only say that a subcommand is required.
void check_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string_view> names;
  std::string known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  if (std::find(names.begin(), names.end(), word) != names.end()) return;
  if (word.empty()) throw UsageError("name a command: " + known + "; `haggle --help` says what each does");
  const auto near = nearest(word, names);
  throw UsageError("there is no command `" + word + "`" + (near ? "; did you mean `" + std::string(*near) + "`?" : "") +
                   " (one of " + known + ")");
}

ExitCode obey(int argc, char** argv) {
  Arguments arguments;
  arguments.run.command_line.assign(argv, argv + argc);
  arguments.publish.command_line = arguments.merge.command_line = arguments.run.command_line;
  CLI::App app("Sweeps bargaining games over grids of parameters", "haggle");
  app.footer(
      "Exit codes: 0 done; 2 bad spec or usage; 3 done, some games failed; 4 I/O; 5 verify found a wrong result, or "
      "nothing to check; 75 not all done yet: a signal, a time limit, missing shards.");
  app.set_version_flag("--version",
                       "haggle " + std::string(build_info.version) + " (" + std::string(build_info.commit) + ")");
  app.require_subcommand(1);
  add_run(app, arguments);
  add_plan(app, arguments);
  add_solve(app, arguments);
  add_publish(app, arguments);
  add_verify(app, arguments);
  add_others(app, arguments);
  try {
    if (argc < 2 || argv[1][0] != '-') check_command(app, argc < 2 ? "" : argv[1]);
    app.parse(argc, argv);
    return dispatch(app, arguments);
  } catch (const CLI::ParseError& error) {
    return report(app, error);
  } catch (const SpecError& error) {
    std::string lines;
    for (const auto& diagnostic : error.diagnostics()) lines += diagnostic.text() + "\n";
    complain(lines);
    return bad_request;
  } catch (const UsageError& error) {
    return complain_about(error.what(), bad_request);
  }
}

}  // namespace
}  // namespace haggle::cli

int main(int argc, char** argv) {
  using namespace haggle::cli;
  guard_standard_streams();
  ignore_broken_pipes();
  try {
    return obey(argc, argv);
  } catch (const haggle::IoError& error) {
    return complain_about(error.what(), io_failed);
  } catch (const std::bad_alloc&) {
    return complain_about("out of memory", io_failed);
  } catch (const std::exception& error) {
    return complain_about(std::string("unexpected: ") + error.what(), io_failed);
  }
}
