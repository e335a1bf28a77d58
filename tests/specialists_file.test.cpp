// SPDX-License-Identifier: MIT
// Specs with several specialists, as executor and file see them. The kernel is a stand-in: column c of game i is
// 1000 c + the generalist's cost.
#include <doctest/doctest.h>

#include "haggle/core/error.hpp"
#include "haggle/model/fine_tuning.hpp"
#include "haggle/storage/predict_size.hpp"
#include "haggle/storage/result_points.hpp"
#include "haggle/sweep/spec.hpp"
#include "interrupted_runs.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

std::string specialists(std::size_t n) {
  std::string text = "haggle: 1\ngame: fine_tuning\nspecialists:\n";
  for (std::size_t i = 0; i < n; ++i)
    text += "  - {name: \"D" + std::to_string(i + 1) + "\", revenue: {elasticity: 0.5}, cost: {coefficient: 2}}\n";
  return text;
}

const std::string grid =
    "generalist: {cost: {coefficient: {axis: c0, linspace: [1, 400, 400]}, exponent: {axis: k0, "
    "linspace: [2, 4, 300]}}}\n";

void numbered(const GameTable& table, const double* const* p, double* const* out, std::size_t games) noexcept {
  std::size_t cost = 0;
  while (table.parameters[cost].path != "generalist.cost.coefficient") ++cost;
  for (std::size_t c = 0; c < table.columns(); ++c)
    for (std::size_t i = 0; i < games && out[c]; ++i)
      out[c][i] = c == 0 ? static_cast<double>(Status::solved) : 1000 * static_cast<double>(c) + p[cost][i];
  for (std::size_t o = 1; o < table.outputs.size(); ++o)
    for (std::size_t c = 0; c < table.width(o) && !table.outputs[o].codes.empty(); ++c)
      if (double* codes = out[table.first_column(o) + c]) std::fill_n(codes, games, 1 + static_cast<double>(c % 3));
}

}  // namespace

TEST_CASE("what each of two specialists has stands along a dimension of their names") {
  const Folder folder;
  const Plan plan = read_spec(specialists(2) + grid, "spec");
  const std::string path = folder.file("two.h5");
  {
    ResultFile file(plan, path, false);
    run_sweep(plan, BlockSolver{numbered, plan.game.get()}, file, {});
    file.publish({});
  }
  const FileSummary file = inspect_file(path);
  CHECK(file.dimensions == FileSummary::Variable::Counted{{"c0", 400}, {"k0", 300}, {"specialist", 2}});
  for (const auto& variable : file.variables) {
    CAPTURE(variable.name);
    const bool own = variable.name == "performance" || variable.name == "specialist_utility" ||
                     variable.name == "revenue" || variable.name == "specialist_regime";
    if (variable.dimensions.size() < 2) continue;
    CHECK(variable.dimensions ==
          (own ? std::vector<std::string>{"c0", "k0", "specialist"} : std::vector<std::string>{"c0", "k0"}));
    if (variable.name != "specialist_regime") continue;
    REQUIRE(variable.counts_by_place.size() == 2);
    CHECK(variable.counts_by_place[1].first == "D2");
    CHECK(variable.counts_by_place[1].second[2] == std::pair<std::string, std::uint64_t>{"free_rider", 400 * 300});
  }
  std::vector<double> columns(plan.game->columns());
  ResultPoints(path, plan).read(std::vector<std::uint64_t>{7, 299}, columns);
  const auto& at = static_cast<const fine_tuning::Table&>(*plan.game).form.outputs;
  CHECK(columns[at.specialist_utility + 1] == 1000 * static_cast<double>(at.specialist_utility + 1) + 8);
  CHECK(columns[at.share] == 1000 * static_cast<double>(at.share) + 8);
  CHECK(std::isnan(columns[at.efficiency]));  // only on request
}

TEST_CASE("an axis may be called specialist only where there is one") {
  const Folder folder;
  const std::string axis = "generalist: {cost: {coefficient: {axis: specialist, linspace: [1, 4, 4]}}}\n";
  CHECK(says(message_of<SpecError>([&] { read_spec(specialists(2) + axis, "spec"); }), "named `specialist`"));
  CHECK_NOTHROW(ResultFile(read_spec(specialists(1) + axis, "spec"), folder.file("a.h5"), false));
}

TEST_CASE(
    "blocks of the power-law game are what they always were, those of slower games and of wide outputs are smaller") {
  const auto points = [](std::size_t n, const std::string& rest = "") {
    return read_spec(specialists(n) + grid + rest, "spec").grid.block_points();
  };
  CHECK(points(1) == 4096 / 300 * 300);
  CHECK(points(2) <= 64);
  CHECK(points(2) > 16);
  CHECK(points(64) == points(2));
  const std::string frontier =
      "pareto: {components: 4, frontier: 512}\noutputs: [share, frontier_specialist_utility]\n";
  CHECK(points(64, frontier) <= 8);
  CHECK(points(64, "pareto: {components: 4, frontier: 512}\noutputs: [share]\n") == 4);
}
