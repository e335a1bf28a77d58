// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "haggle/sweep/spec.hpp"

namespace {

const std::filesystem::path folder = std::filesystem::path(HAGGLE_SOURCE_DIR) / "sweeps";

haggle::Plan shipped(const std::string& name) { return haggle::read_spec_file((folder / (name + ".yaml")).string()); }

std::vector<std::string> dimensions(const haggle::Plan& plan) {
  std::vector<std::string> names;
  for (const auto& dimension : plan.dimensions) names.push_back(dimension.name);
  return names;
}

}  // namespace

TEST_CASE("every shipped sweep resolves, is laptop-sized, and its resolved form is the same sweep") {
  std::set<std::string> titles;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.is_directory()) continue;  // job scripts
    CAPTURE(file.path());
    CHECK(file.path().extension() == ".yaml");
    const auto plan = haggle::read_spec_file(file.path().string());
    // A Pareto set is the work of hundreds of bargains.
    const bool sets = std::any_of(plan.outputs.begin(), plan.outputs.end(), [&](std::size_t output) {
      return plan.game->outputs[output].name == "pareto_components";
    });
    CHECK(plan.grid.points() > (sets ? 100 : 10000));
    CHECK(plan.grid.points() < (sets ? 10000 : 1000000));
    CHECK(titles.insert(plan.title).second);
    const auto again = haggle::read_spec(plan.resolved, "resolved");
    CHECK(again.resolved == plan.resolved);
    CHECK(again.hash == plan.hash);
  }
  CHECK(titles.size() >= 5);
}

TEST_CASE("the quickstart is a plane of costs for four solutions") {
  const auto plan = shipped("quickstart");
  CHECK(dimensions(plan) == std::vector<std::string>{"c0", "c1", "solution"});
  CHECK(plan.axes[2].labels == std::vector<std::string>{"nash", "kalai_smorodinsky", "egalitarian", "utilitarian"});
  CHECK(plan.axes[0].geometric());
}

TEST_CASE("the sweeps the paper's questions need are there") {
  CHECK(dimensions(shipped("cost_asymmetry")) == std::vector<std::string>{"c0", "c1", "solution"});
  CHECK(dimensions(shipped("elasticity_weight")) == std::vector<std::string>{"elasticity", "c1", "solution", "weight"});
  CHECK(dimensions(shipped("profit_sharing")) == std::vector<std::string>{"c0", "c1", "solution"});
  CHECK(dimensions(shipped("three_regimes")) == std::vector<std::string>{"market_size", "marginal_cost", "solution"});
  CHECK(dimensions(shipped("pareto_gap")) == std::vector<std::string>{"entry_cost", "solution"});
  CHECK(dimensions(shipped("two_peak_transition")) == std::vector<std::string>{"c1", "given_share"});
}

TEST_CASE("the tour of the language uses zip, from, where and concat") {
  const auto plan = shipped("paired_markets");
  CHECK(dimensions(plan) == std::vector<std::string>{"c0", "market", "weight"});
  CHECK(plan.dimensions[1].axes.size() == 2);
  CHECK(plan.axes[0].segments.size() == 3);
  CHECK_FALSE(plan.where.empty());
  CHECK(std::any_of(plan.parameters.begin(), plan.parameters.end(),
                    [](const haggle::Source& s) { return s.kind == haggle::Source::Kind::derived; }));
}
