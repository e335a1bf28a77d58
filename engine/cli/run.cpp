// SPDX-License-Identifier: MIT
#include "haggle/executor/run.hpp"

#include <omp.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/find_failure.hpp"
#include "cli/provenance.hpp"
#include "cli/request.hpp"
#include "cli/retry.hpp"
#include "cli/shard.hpp"
#include "cli/signals.hpp"
#include "cli/text.hpp"
#include "haggle/core/error.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/storage/result_file.hpp"

namespace haggle::cli {
namespace {

namespace fs = std::filesystem;

std::string output_path(const RunArguments& arguments) {
  const fs::path path =
      arguments.output.empty() ? fs::path(arguments.spec).stem().concat(".h5") : fs::path(arguments.output);
  // --force is meant for an older result, never for the spec itself.
  std::error_code ignored;
  if (fs::equivalent(path, arguments.spec, ignored))
    throw UsageError(path.string() + " is the spec itself; name another file with -o");
  return path.string();
}

Plan plan_of(const RunArguments& arguments) {
  auto overrides = overrides_of(arguments.set);
  if (!arguments.checkpoint.empty()) overrides.push_back({"output.checkpoint", arguments.checkpoint});
  Plan plan = read_spec_file(arguments.spec, overrides);
  if (!arguments.shard.empty() && plan.dimensions.empty())
    throw UsageError("--shard: " + arguments.spec + " is a single game, which cannot be shared out");
  if (!arguments.shard.empty() && plan.format.checkpoint == Checkpointing::off)
    throw UsageError("--shard leaves a checkpoint for `haggle merge`: it cannot go without one");
  return plan;
}

/// The same command, to go on with what it has left behind.
std::string resume_command(const RunArguments& arguments) {
  std::vector<std::string> words;
  for (const std::string& word : arguments.command_line)
    if (word != "--force" && word != "--resume") words.push_back(word);
  words.emplace_back("--resume");
  return shell_line(words);
}

/// A sweep begun with one instruction set goes on with it: bits may depend on it.
InstructionSet instruction_set_of(const ResultFile& file, const std::string& path) {
  const std::string& begun = file.instruction_set();
  const InstructionSet best = best_instruction_set();
  if (name_of(best) == begun) return best;
  const char* wanted = std::getenv("HAGGLE_ISA");
  const bool chosen = wanted != nullptr && *wanted != '\0';
  const auto supported = supported_instruction_sets();
  const auto found = std::find_if(supported.begin(), supported.end(), [&](auto isa) { return name_of(isa) == begun; });
  if (chosen || found == supported.end())
    throw UsageError(path + ": the sweep was begun with the instruction set " + begun +
                     (chosen ? ", and HAGGLE_ISA asks for another" : ", which this processor lacks") +
                     "; the last bits would differ. Go on " + (chosen ? "without it" : "on a machine that has it") +
                     ", or begin anew with --force");
  return *found;
}

/// One run of the command, from the opened file to what is said of it.
class Sweep {
 public:
  Sweep(const RunArguments& arguments, const Plan& plan, std::string path, Shard shard)
      : arguments_(arguments),
        plan_(plan),
        path_(std::move(path)),
        shard_(shard),
        signals_(parse_time_limit(arguments.time_limit)),
        file_(plan, path_, arguments.force, durability()),
        reporter_(arguments.progress) {}

  ExitCode run() {
    if (file_.finished()) {
      const auto counts = counts_in(path_);
      print(path_ + " is whole already; nothing was left to do\n");
      return counts.failures() > 0 ? some_games_failed : done;
    }
    isa_ = instruction_set_of(file_, path_);
    try {
      solve();
      if (!result_.stopped) mend();
      if (!result_.stopped && sharded()) file_.suspend();
      if (result_.stopped) return stop();
      return sharded() ? leave_shard() : publish();
    } catch (const IoError& error) {
      throw IoError(error.what() + keep());
    } catch (...) {
      complain("haggle:" + keep() + "\n");
      throw;
    }
  }

 private:
  bool sharded() const { return !arguments_.shard.empty(); }

  Durability durability() const {
    Durability d;
    d.mode = plan_.format.checkpoint;
    d.resume = arguments_.resume;
    d.sharded = sharded();
    d.shard = shard_;
    d.instruction_set = name_of(best_instruction_set());
    d.resume_command = resume_command(arguments_);
    return d;
  }

  std::optional<std::uint64_t> durable() const {
    if (plan_.format.checkpoint == Checkpointing::off && !arguments_.resume) return std::nullopt;
    return file_.durable_blocks();
  }

  void solve() {
    RunOptions options;
    options.threads = arguments_.threads;
    options.stop = &signals_.requested();
    options.report = [this](const Progress& progress) { reporter_.update(progress, durable()); };
    options.shard = shard_;
    options.done = &file_.done();
    options.counts_done = file_.counts_done();
    options.stop_at_failure = plan_.abort_on_failure;
    result_ = run_sweep(plan_, block_solver(*plan_.game, isa_), file_, options);
  }

  /// Takes in what earlier runs solved; what of it was spoilt on the disk is solved again.
  void mend() {
    const std::uint64_t spoilt = file_.gather(&signals_.requested());
    result_.stopped = signals_.requested().load();
    if (spoilt == 0 || result_.stopped) return;
    complain("haggle: " + plural(spoilt, "block") +
             " of an earlier run changed on the disk and will be solved again\n");
    solve();
  }

  /// After an error: what can be kept is, and how to go on.
  std::string keep() noexcept {
    try {
      file_.suspend();
    } catch (const Error&) {  // the error at hand says more; earlier commits hold
    }
    const std::string checkpoint = file_.checkpoint();
    if (checkpoint.empty()) return {};
    return "\nwhat was solved is kept in " + checkpoint + "; when the cause is mended go on with\n  " +
           resume_command(arguments_);
  }

  ExitCode stop() {
    const Progress& progress = result_.progress;
    const std::string cause = result_.failed ? "a failed game" : std::string(signals_.name());
    if (progress.blocks_done > 0) file_.suspend();
    const std::string checkpoint = file_.checkpoint();
    std::string message = "haggle: stopped by " + cause;
    std::string written;
    if (!checkpoint.empty()) {
      message += ": " + grouped(progress.blocks_done) + " of " + plural(progress.blocks_total, "block") + " are in " +
                 checkpoint + "; go on with\n  " + resume_command(arguments_) + "\n";
    } else if (progress.blocks_done == 0) {
      // Nothing to keep; an older file of that name, even under --force, is worth more than an empty one.
      message += " before any block was solved; nothing was written\n";
    } else {
      publish_file();
      written = path_;
      message += ": " + grouped(progress.blocks_done) + " of " + plural(progress.blocks_total, "block") + " are in " +
                 path_ + ", the rest is pending; the same command with --force solves the whole sweep\n";
    }
    reporter_.finish(progress, durable(), true, written);
    if (!written.empty()) print(summary(progress, written));
    if (result_.failed) message += describe_failure(plan_, *result_.failed, isa_, checkpoint, arguments_.spec);
    complain(message);
    return result_.failed ? some_games_failed : stopped;
  }

  ExitCode leave_shard() {
    const std::string checkpoint = file_.checkpoint();
    reporter_.finish(result_.progress, durable(), false, checkpoint);
    print(summary(result_.progress, checkpoint) + "shard " + std::to_string(shard_.index) + " of " +
          std::to_string(shard_.count) + " is done; when all are: haggle merge " +
          shell_line({output_path(arguments_)}) + ".shard-*.checkpoint -o " + shell_line({output_path(arguments_)}) +
          "\n");
    return done;
  }

  ExitCode publish() {
    publish_file();
    reporter_.finish(result_.progress, durable(), false, path_);
    print(summary(result_.progress, path_) + "next: haggle inspect " + shell_line({path_}) + "\n");
    return result_.progress.counts.failures() > 0 ? some_games_failed : done;
  }

  void publish_file() {
    const int threads = arguments_.threads > 0 ? arguments_.threads : omp_get_max_threads();
    Provenance entries = provenance_of_process(arguments_.command_line, started_);
    const Progress& progress = result_.progress;
    entries.insert(entries.end(), {{"threads", std::to_string(threads)},
                                   {"instruction_set", std::string(name_of(isa_))},
                                   {"points_before", std::to_string(progress.points_before)},
                                   {"wall_seconds", number(progress.seconds)},
                                   {"solve_seconds", number(result_.solve_seconds)},
                                   {"encode_seconds", number(result_.encode_seconds)},
                                   {"store_seconds", number(result_.store_seconds)}});
    file_.publish(entries);
  }

  const RunArguments& arguments_;
  const Plan& plan_;
  const std::string path_;
  const Shard shard_;
  const std::string started_ = utc_now();
  const StopSignals signals_;  // before the file: from here on one signal leaves nothing half made
  ResultFile file_;
  ProgressReporter reporter_;
  InstructionSet isa_ = InstructionSet::scalar;
  RunResult result_;
};

}  // namespace

ExitCode run(const RunArguments& arguments) {
  const Plan plan = plan_of(arguments);
  if (arguments.retry_failed) return retry(arguments, plan, output_path(arguments));
  const Shard shard = parse_shard(arguments.shard);
  std::string path = output_path(arguments);
  if (!arguments.shard.empty()) path = shard_path(path, shard);
  return Sweep(arguments, plan, path, shard).run();
}

}  // namespace haggle::cli
