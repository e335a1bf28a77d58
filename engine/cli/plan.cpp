// SPDX-License-Identifier: MIT
#include "haggle/sweep/plan.hpp"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "cli/disk_probe.hpp"
#include "cli/pilot.hpp"
#include "cli/request.hpp"
#include "cli/text.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/storage/predict_size.hpp"

namespace haggle::cli {
namespace {

using nlohmann::ordered_json;

constexpr double pilot_seconds = 0.9;

struct Estimate {
  Pilot pilot;
  int threads = 1;
  std::string folder;
  std::optional<DiskSpeed> disk;  ///< none: `folder` cannot be written to
  std::uint64_t array_bytes = 0;  ///< of the file's arrays, before compression
  double file_bytes = 0;          ///< after it
  double writing = 0;             ///< seconds, were everything solved
  double seconds = 0;             ///< of the whole run
};

/// Before the first game is solved, one thread computes every coordinate for the file.
double coordinate_seconds(const Plan& plan) {
  constexpr std::uint64_t tried = 10000;
  double seconds = 0;
  for (const Axis& axis : plan.axes) {
    const std::uint64_t size = axis.size();
    if (size < tried) continue;
    const auto start = std::chrono::steady_clock::now();
    volatile double value = 0;  // so that the compiler keeps the work
    for (std::uint64_t i = 0; i < tried; ++i) value = axis.value(size / tried * i);
    static_cast<void>(value);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    seconds += took.count() * static_cast<double>(size) / static_cast<double>(tried);
  }
  return seconds;
}

Estimate estimate(const Plan& plan, int threads, const std::string& file) {
  Estimate e;
  e.threads = threads > 0 ? threads : omp_get_max_threads();
  e.folder = std::filesystem::path(file).parent_path().string();
  if (e.folder.empty()) e.folder = ".";
  e.pilot = fly_pilot(plan, e.threads, pilot_seconds);
  const FileEstimate arrays = predict_size(plan);
  e.array_bytes = arrays.total;
  e.file_bytes = e.pilot.output_bytes;
  for (std::size_t v = 0; v + plan.outputs.size() < arrays.variables.size(); ++v)  // the coordinates come first
    e.file_bytes += static_cast<double>(arrays.variables[v].bytes);
  double coordinates = coordinate_seconds(plan);
  e.seconds = coordinates + e.pilot.solving;
  e.disk = probe_disk(e.folder);
  if (!e.disk) return e;
  // The writer copies into the system's cache beside the workers, and where there is no core to spare in their place.
  coordinates += (e.file_bytes - e.pilot.output_bytes) / e.disk->copying;
  const double copying = e.pilot.output_bytes / e.disk->copying;
  const int cores = omp_get_num_procs();
  const double working = std::max(e.pilot.solving + (e.threads < cores ? 0 : copying / cores), copying);
  e.writing = e.file_bytes / e.disk->writing;
  // They overlap, but not wholly: when both take as long, the whole has been measured to take 1.4 times that.
  e.seconds = coordinates + std::hypot(working, e.writing);
  return e;
}

std::vector<std::string> wanted_outputs(const Plan& plan) {
  std::vector<std::string> names;
  for (const std::size_t o : plan.outputs) names.emplace_back(plan.game->outputs[o].name);
  return names;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return number(std::round(1000 * static_cast<double>(part) / static_cast<double>(whole)) / 10) + " %";
}

/// Slow games: so few were solved that chance decides how slow they look.
bool rests_on_few(const Plan& plan, const Pilot& pilot) {
  constexpr std::uint64_t enough = 300;
  return pilot.games() < enough && pilot.points < plan.grid.points();
}

std::string dimension_text(const Plan& plan) {
  Table table;
  for (const auto& dimension : plan.dimensions) {
    std::string name = dimension.name, size = grouped(dimension.size);
    for (const std::size_t a : dimension.axes) {
      const Axis& axis = plan.axes[a];
      const bool zipped = dimension.axes.size() > 1;
      table.add({name, size, (zipped ? axis.name + ": " : "") + range_text(axis), axis.long_name});
      name.clear(), size.clear();  // one line more for each further axis of a zip
    }
  }
  for (const std::size_t d : inner_dimensions(plan)) {
    const InnerDimension& dimension = plan.game->dimensions[d];
    std::string range;
    for (const std::string_view label : dimension.labels) range.append(range.empty() ? "" : ", ").append(label);
    if (range.empty()) range = "0 … " + std::to_string(dimension.size - 1);
    table.add({std::string(dimension.name), grouped(dimension.size), range,
               std::string(dimension.long_name) + ": of outputs alone"});
  }
  return table.text();
}

std::string as_text(const Plan& plan, const Estimate& estimate) {
  std::string block;
  for (const auto n : plan.grid.block_shape()) block += (block.empty() ? "" : " × ") + grouped(n);
  std::string outputs;
  for (const auto& name : wanted_outputs(plan)) outputs += (outputs.empty() ? "" : ", ") + name;

  Table table;
  table.add({"game", std::string(plan.game->name) + ": " + std::string(plan.game->title)});
  table.add({"points", grouped(plan.grid.points())});
  table.add({"blocks", grouped(plan.grid.blocks()) + (block.empty() ? "" : " of " + block)});
  if (!plan.where.empty()) table.add({"where", plan.where});
  table.add({"outputs", outputs});
  table.add(
      {"file", "about " + bytes(estimate.file_bytes) +
                   (plan.format.compression > 0 ? " (compressed as the sample was; " +
                                                      bytes(static_cast<double>(estimate.array_bytes)) + " of arrays)"
                                                : "")});
  table.add({"solving", "about " + duration(estimate.pilot.solving) + " on " +
                            plural(static_cast<std::uint64_t>(estimate.threads), "thread") + " with " +
                            std::string(name_of(best_instruction_set()))});
  table.add({"writing", estimate.disk
                            ? "about " + duration(estimate.writing) + " at " + bytes(estimate.disk->writing) + "/s"
                            : "not estimated: " + estimate.folder + " cannot be written to"});
  table.add({"in all", "about " + duration(estimate.seconds)});
  const Pilot& pilot = estimate.pilot;
  table.add({"", "an estimate from " + grouped(pilot.points) + " points all over the grid, solved in " +
                     duration(pilot.seconds) + "; of those " + percent(pilot.excluded, pilot.points) + " excluded, " +
                     percent(pilot.failures, pilot.points) + " failed"});
  if (rests_on_few(plan, pilot))
    table.add({"", "it rests on only " + plural(pilot.games(), "game") +
                       ", and games differ: the times may be off by a factor"});
  const std::string dimensions = dimension_text(plan);
  return (plan.title.empty() ? plan.spec_name : plan.title) + "\n" + table.text() +
         (dimensions.empty() ? "" : "\ndimensions\n" + dimensions);
}

std::string as_json(const Plan& plan, const Estimate& estimate) {
  ordered_json json{
      {"spec", plan.spec_name},
      {"title", plan.title},
      {"game", plan.game->name},
      {"hash", plan.hash},
      {"points", plan.grid.points()},
      {"blocks", plan.grid.blocks()},
      {"block_shape", std::vector<std::uint64_t>(plan.grid.block_shape().begin(), plan.grid.block_shape().end())},
      {"dimensions", ordered_json::array()},
      {"inner_dimensions", ordered_json::array()},
      {"outputs", wanted_outputs(plan)},
      {"array_bytes", estimate.array_bytes},
      {"file_bytes", std::round(estimate.file_bytes)},
      {"threads", estimate.threads},
      {"solving_seconds", estimate.pilot.solving},
      {"writing_seconds", estimate.disk ? ordered_json(estimate.writing) : ordered_json()},
      {"estimated_seconds", estimate.seconds},
      {"pilot_points", estimate.pilot.points},
      {"pilot_games", estimate.pilot.games()},
      {"pilot_rests_on_few", rests_on_few(plan, estimate.pilot)},
      {"pilot_seconds", estimate.pilot.seconds}};
  for (const auto& dimension : plan.dimensions) {
    ordered_json axes = ordered_json::array();
    for (const std::size_t a : dimension.axes) axes.push_back(plan.axes[a].name);
    json["dimensions"].push_back({{"name", dimension.name}, {"size", dimension.size}, {"axes", axes}});
  }
  for (const std::size_t d : inner_dimensions(plan)) {
    const InnerDimension& dimension = plan.game->dimensions[d];
    json["inner_dimensions"].push_back(
        {{"name", dimension.name},
         {"size", dimension.size},
         {"labels", std::vector<std::string>(dimension.labels.begin(), dimension.labels.end())}});
  }
  return json.dump(2) + "\n";
}

}  // namespace

ExitCode plan(const PlanArguments& arguments) {
  const Plan plan = read_spec_file(arguments.spec, overrides_of(arguments.set));
  const Estimate e = estimate(plan, arguments.threads, arguments.output);
  print(arguments.json ? as_json(plan, e) : as_text(plan, e));
  return done;
}

}  // namespace haggle::cli
