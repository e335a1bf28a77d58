// SPDX-License-Identifier: MIT
#include "cli/retry.hpp"

#include <filesystem>

#include "cli/find_failure.hpp"
#include "cli/provenance.hpp"
#include "cli/request.hpp"
#include "cli/signals.hpp"
#include "cli/text.hpp"
#include "haggle/core/error.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/storage/published_blocks.hpp"
#include "haggle/storage/result_file.hpp"

namespace haggle::cli {
namespace {

namespace fs = std::filesystem;

std::string entry(const Provenance& entries, const std::string& key) {
  for (const auto& [name, value] : entries)
    if (name == key) return value;
  return "unknown";
}

}  // namespace

ExitCode retry(const RunArguments& arguments, const Plan& plan, const std::string& path) {
  if (arguments.resume || !arguments.shard.empty())
    throw UsageError("--retry-failed works on a whole result: it goes with neither --resume nor --shard");
  std::error_code unknown;
  const fs::path real = fs::is_symlink(path, unknown) ? fs::canonical(path, unknown) : fs::path(path);
  if (const std::string checkpoint = real.string() + ".checkpoint"; fs::exists(checkpoint))
    throw UsageError(checkpoint + " is not finished: --resume first, then --retry-failed");
  const std::string started = utc_now();
  const StopSignals signals(parse_time_limit(arguments.time_limit));
  const PublishedBlocks before(plan, path);
  const Counts counts_before = counts_in(path);
  if (const std::uint64_t solved = counts_before.total() - counts_before[Status::pending]; solved < plan.grid.points())
    throw UsageError(path + " is not whole, " + plural(plan.grid.points() - solved, "point") +
                     " are pending: resume its sweep or merge all its shards first, then --retry-failed");
  ResultFile file(plan, path, true);
  ProgressReporter reporter(arguments.progress);
  RunOptions options;
  options.threads = arguments.threads;
  options.stop = &signals.requested();
  options.report = [&](const Progress& progress) { reporter.update(progress, std::nullopt); };
  options.retry_failed_of = &before;
  const InstructionSet isa = best_instruction_set();
  const RunResult result = run_sweep(plan, block_solver(*plan.game, isa), file, options);
  if (result.stopped) {
    reporter.finish(result.progress, std::nullopt, true, "");
    complain("haggle: stopped by " + std::string(signals.name()) + "; " + path + " is as it was\n");
    return stopped;
  }
  Provenance entries = provenance_of_process(arguments.command_line, started);
  entries.emplace_back("instruction_set", name_of(isa));
  entries.emplace_back("retried_points", std::to_string(counts_before.failures()));
  for (const char* key : {"started", "commit", "results_version", "instruction_set"})
    entries.emplace_back("before_retry_" + std::string(key), entry(before.provenance(), key));
  file.publish(entries);
  const std::uint64_t failures = result.progress.counts.failures();
  reporter.finish(result.progress, std::nullopt, false, path);
  print(plural(counts_before.failures(), "failed game") + " solved again, " + grouped(failures) + " still failed\n" +
        summary(result.progress, path));
  return failures > 0 ? some_games_failed : done;
}

}  // namespace haggle::cli
