// SPDX-License-Identifier: MIT
#include "haggle/executor/run.hpp"

#include <omp.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>

#include "cli/build_info.hpp"
#include "cli/commands.hpp"
#include "cli/request.hpp"
#include "cli/signals.hpp"
#include "cli/text.hpp"
#include "haggle/core/error.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/storage/result_file.hpp"

namespace haggle::cli {
namespace {

namespace fs = std::filesystem;

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string output_path(const RunArguments& arguments) {
  const fs::path path =
      arguments.output.empty() ? fs::path(arguments.spec).stem().concat(".h5") : fs::path(arguments.output);
  // --force is meant for an older result, never for the spec itself.
  std::error_code ignored;
  if (fs::equivalent(path, arguments.spec, ignored))
    throw UsageError(path.string() + " is the spec itself; name another file with -o");
  return path.string();
}

std::string summary(const RunResult& result, const std::string& file) {
  const Progress& p = result.progress;
  Table table;
  for (const auto& s : status_meanings)
    if (const auto n = p.counts[s.status]; n > 0 && s.status != Status::pending)
      table.add({grouped(n), std::string(s.name), std::string(s.meaning)});
  if (p.points_done < p.points_total) table.add({grouped(p.points_total - p.points_done), "pending", "not solved yet"});
  std::string text = plural(p.points_done, "game") + " in " + duration(p.seconds);
  if (p.seconds > 0) text += ", " + rate(static_cast<double>(p.points_done) / p.seconds);
  text += "\n" + table.text();
  std::error_code unknown;
  const auto size = fs::file_size(file, unknown);
  text += file + (unknown ? "" : ", " + bytes(static_cast<double>(size))) + "\n";
  return text;
}

}  // namespace

ExitCode run(const RunArguments& arguments) {
  const Plan plan = read_spec_file(arguments.spec, overrides_of(arguments.set));
  const std::string path = output_path(arguments);
  const std::string isa(name_of(best_instruction_set()));
  const StopSignals
      signals;  // first: from here on one signal leaves no temporary file behind; a second ends at once and may
  ResultFile file(plan, path, arguments.force);

  ProgressReporter reporter(arguments.progress);
  RunOptions options;
  options.threads = arguments.threads;
  options.stop = &signals.requested();
  options.report = [&reporter](const Progress& progress) { reporter.update(progress); };
  const std::string started = utc_now();
  const RunResult result = run_sweep(plan, file, options);
  const Progress& progress = result.progress;

  if (result.stopped && progress.blocks_done == 0) {
    // Nothing to keep; an older file of that name, even under --force, is worth more than an empty one.
    reporter.finish(progress, true, "");
    complain("haggle: stopped by " + std::string(signals.name()) +
             " before any block was solved; nothing was written\n");
    return stopped;
  }
  const int threads = arguments.threads > 0 ? arguments.threads : omp_get_max_threads();
  file.publish({{"command_line", arguments.command_line},
                {"started", started},
                {"finished", utc_now()},
                {"host", host_name()},
                {"threads", std::to_string(threads)},
                {"instruction_set", isa},
                {"engine_version", std::string(build_info.version)},
                {"commit", std::string(build_info.commit)},
                {"compiler", std::string(build_info.compiler)},
                {"compiler_flags", std::string(build_info.flags)},
                {"wall_seconds", number(progress.seconds)},
                {"solve_seconds", number(result.solve_seconds)},
                {"encode_seconds", number(result.encode_seconds)},
                {"store_seconds", number(result.store_seconds)}});
  reporter.finish(progress, result.stopped, path);
  print(summary(result, path));
  if (result.stopped) {
    complain("haggle: stopped by " + std::string(signals.name()) + ": " + grouped(progress.blocks_done) + " of " +
             plural(progress.blocks_total, "block") + " are in " + path +
             ", the rest is pending; the same command with --force solves the whole sweep\n");
    return stopped;
  }
  print("next: haggle inspect " + path + "\n");
  return progress.counts.failures() > 0 ? some_games_failed : done;
}

}  // namespace haggle::cli
