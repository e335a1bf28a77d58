// SPDX-License-Identifier: MIT
#include "haggle/sweep/plan.hpp"

#include <omp.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/pilot.hpp"
#include "cli/request.hpp"
#include "cli/text.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/storage/predict_size.hpp"

namespace haggle::cli {
namespace {

using nlohmann::ordered_json;

constexpr double pilot_seconds = 0.4;

struct Estimate {
  Pilot pilot;
  int threads = 1;
  double seconds = 0;             ///< of solving, on `threads` threads
  std::uint64_t array_bytes = 0;  ///< of the file's arrays, before compression
};

std::vector<std::string> wanted_outputs(const Plan& plan) {
  std::vector<std::string> names;
  for (const std::size_t o : plan.outputs) names.emplace_back(plan.game->outputs[o].name);
  return names;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return number(std::round(1000 * static_cast<double>(part) / static_cast<double>(whole)) / 10) + " %";
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
  table.add({"file", bytes(static_cast<double>(estimate.array_bytes)) + " of arrays, before compression"});
  table.add({"solving", "about " + duration(estimate.seconds) + " on " +
                            plural(static_cast<std::uint64_t>(estimate.threads), "thread") + " with " +
                            std::string(name_of(best_instruction_set())) + "; writing comes on top"});
  const Pilot& pilot = estimate.pilot;
  table.add({"", "an estimate: " + grouped(pilot.points) + " random points took one thread " + duration(pilot.seconds) +
                     "; of those " + percent(pilot.excluded, pilot.points) + " excluded, " +
                     percent(pilot.failures, pilot.points) + " failed"});
  const std::string dimensions = plan.dimensions.empty() ? "" : "\ndimensions\n" + dimension_text(plan);
  return (plan.title.empty() ? plan.spec_name : plan.title) + "\n" + table.text() + dimensions;
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
      {"outputs", wanted_outputs(plan)},
      {"array_bytes", estimate.array_bytes},
      {"threads", estimate.threads},
      {"estimated_seconds", estimate.seconds},
      {"pilot_points", estimate.pilot.points},
      {"pilot_seconds", estimate.pilot.seconds}};
  for (const auto& dimension : plan.dimensions) {
    ordered_json axes = ordered_json::array();
    for (const std::size_t a : dimension.axes) axes.push_back(plan.axes[a].name);
    json["dimensions"].push_back({{"name", dimension.name}, {"size", dimension.size}, {"axes", axes}});
  }
  return json.dump(2) + "\n";
}

}  // namespace

ExitCode plan(const PlanArguments& arguments) {
  const Plan plan = read_spec_file(arguments.spec, overrides_of(arguments.set));
  Estimate estimate;
  estimate.pilot = fly_pilot(plan, pilot_seconds);
  estimate.threads = arguments.threads > 0 ? arguments.threads : omp_get_max_threads();
  estimate.seconds = estimate.pilot.seconds_for_sweep / estimate.threads;
  estimate.array_bytes = predict_size(plan).total;
  print(arguments.json ? as_json(plan, estimate) : as_text(plan, estimate));
  return done;
}

}  // namespace haggle::cli
