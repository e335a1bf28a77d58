// SPDX-License-Identifier: MIT
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/gaps.hpp"
#include "cli/provenance.hpp"
#include "cli/request.hpp"
#include "cli/text.hpp"
#include "haggle/core/error.hpp"
#include "haggle/storage/checkpoint.hpp"

namespace haggle::cli {
namespace {

/// sweep.partial.h5, of a shard sweep.shard-0000-of-0003.partial.h5
std::string default_output(const std::string& checkpoint) {
  std::string name = checkpoint.substr(0, checkpoint.rfind(".checkpoint")), shard;
  if (const auto at = name.rfind(".shard-"); at != std::string::npos && name.find('/', at) == std::string::npos) {
    shard = name.substr(at);
    name.resize(at);
  }
  const std::filesystem::path result(name);
  const std::string extension = result.has_extension() ? result.extension().string() : ".h5";
  return (result.parent_path() / result.stem()).string() + shard + ".partial" + extension;
}

std::string said_of(const Publication& p, const std::string& output) {
  const Coverage& all = p.coverage;
  Table table;
  for (const auto& s : status_meanings)
    if (const auto n = all.counts[s.status]; n > 0 && s.status != Status::pending)
      table.add({grouped(n), std::string(s.name), std::string(s.meaning)});
  if (all.points_done < all.points_total)
    table.add({grouped(all.points_total - all.points_done), "pending", "not solved yet"});
  std::string text = output + (p.already ? " holds that already: " : ": ") + grouped(all.blocks_done) + " of " +
                     plural(all.blocks_total, "block") + "\n" + table.text();
  return text;
}

}  // namespace

std::string gaps_text(const Coverage& coverage) {
  std::string text;
  for (const BlockRange& gap : coverage.gaps)
    text += (text.empty() ? "" : ", ") + std::to_string(gap.first) +
            (gap.last > gap.first ? " … " + std::to_string(gap.last) : "");
  if (coverage.gaps_total > coverage.gaps.size())
    text += " and " + plural(coverage.gaps_total - coverage.gaps.size(), "gap") + " more";
  return text;
}

ExitCode publish(const PublishArguments& arguments) {
  const std::string started = utc_now();
  for (const std::string& path : arguments.checkpoints)
    if (!is_checkpoint(path)) throw UsageError(path + ": a checkpoint's name ends in .checkpoint");
  const std::string output =
      arguments.output.empty() ? default_output(arguments.checkpoints.front()) : arguments.output;
  const Plan plan = plan_of_file(arguments.checkpoints.front());
  PublishOptions options;
  options.overwrite = arguments.force;
  options.mixed = arguments.mixed;
  options.provenance = provenance_of_process(arguments.command_line, started);
  const Publication p = publish_checkpoints(plan, arguments.checkpoints, output, options);
  print(said_of(p, output));
  if (p.damaged_blocks > 0) {
    std::string text = "haggle: " + plural(p.damaged_blocks, "block") + " could not be taken:\n";
    for (const std::string& why : p.damaged) text += "  " + why + "\n";
    complain(text + "the run that made them solves them again with --resume\n");
  }
  if (p.coverage.points_done < p.coverage.points_total) {
    complain("haggle: " + grouped(p.coverage.blocks_total - p.coverage.blocks_done) + " of " +
             plural(p.coverage.blocks_total, "block") + " are missing, their points are pending: blocks " +
             gaps_text(p.coverage) + "\n");
    if (arguments.expect_all) return stopped;
  }
  return p.coverage.counts.failures() > 0 ? some_games_failed : done;
}

}  // namespace haggle::cli
