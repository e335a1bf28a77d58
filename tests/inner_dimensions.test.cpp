// SPDX-License-Identifier: MIT
// Outputs with dimensions of their own beside the grid's, from the solver's columns to the file and back.
// tests/python/test_inner_dimensions.py reads the same file with everybody else's software.
#include <doctest/doctest.h>

#include <atomic>
#include <cstring>

#include "executor/block_worker.hpp"
#include "haggle/core/error.hpp"
#include "haggle/storage/predict_size.hpp"
#include "haggle/storage/published_blocks.hpp"
#include "haggle/storage/result_points.hpp"
#include "haggle/sweep/spec.hpp"
#include "interrupted_runs.hpp"
#include "storage/checkpoint_meta.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

void write(const Plan& plan, const std::string& path, int threads = 2) {
  ResultFile file(plan, path, false);
  RunOptions options;
  options.threads = threads;
  run_sweep(plan, solve_wide, file, options);
  file.publish({});
}

template <class T>
std::vector<T> values(const std::string& path, const char* name) {
  const std::vector<unsigned char> bytes = array(path, name);
  std::vector<T> numbers(bytes.size() / sizeof(T));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

const FileSummary::Variable& variable(const FileSummary& file, const std::string& name) {
  for (const auto& v : file.variables)
    if (v.name == name) return v;
  throw std::logic_error("no variable " + name);
}

/// How many values of a solved nx × ny grid are not where, or what, they should be.
int wrong_values(const std::string& path, std::size_t nx, std::size_t ny) {
  const auto each = values<double>(path, "each"), way = values<double>(path, "path");
  const auto side = values<std::int8_t>(path, "side");
  REQUIRE(each.size() == nx * ny * people);
  REQUIRE(way.size() == nx * ny * steps * people);
  int wrong = 0;
  for (std::size_t x = 0; x < nx; ++x)
    for (std::size_t y = 0; y < ny; ++y)
      for (std::size_t who = 0; who < people; ++who) {
        const std::size_t point = x * ny + y;
        const auto a = static_cast<double>(x), b = static_cast<double>(y);
        wrong += each[point * people + who] != each_of(a, b, who);
        wrong += side[point * people + who] != side_of(a, b, who);
        for (std::size_t step = 0; step < steps; ++step)
          wrong += way[(point * steps + step) * people + who] != path_of(a, b, step, who);
      }
  return wrong;
}

}  // namespace

TEST_CASE("every value of a wide output stands at its own place, in blocks of any size and clipped ones too") {
  for (const std::uint64_t block_points : {1, 7, 50, 64, 300, 100000}) {
    CAPTURE(block_points);
    const Folder folder;
    write(wide_plan(41, 53, block_points), folder.file("wide.h5"));
    CHECK(wrong_values(folder.file("wide.h5"), 41, 53) == 0);
  }
}

TEST_CASE("a wide sweep is the same to the bit for any number of threads, compressed or not") {
  const Folder folder;
  Plan plan = wide_plan(60, 70, 500);
  plan.where = "x + y > 20";
  write(plan, folder.file("one.h5"), 1);
  write(plan, folder.file("three.h5"), 3);
  plan.format.compression = 6;
  write(plan, folder.file("packed.h5"), 8);
  check_same(folder.file("one.h5"), folder.file("three.h5"), wide_game);
  check_same(folder.file("one.h5"), folder.file("packed.h5"), wide_game);
}

TEST_CASE("a wide output of a point that is no game is fill in all its values, and its neighbours keep theirs") {
  const Folder folder;
  Plan plan = wide_plan(10, 10, 30);
  plan.where = "y != 4";
  write(plan, folder.file("wide.h5"));
  const auto way = values<double>(folder.file("wide.h5"), "path");
  const auto side = values<std::int8_t>(folder.file("wide.h5"), "side");
  for (std::size_t k = 0; k < steps * people; ++k) {
    CHECK(std::isnan(way[34 * steps * people + k]));
    CHECK(way[35 * steps * people + k] == path_of(3, 5, k / people, k % people));
  }
  for (std::size_t who = 0; who < people; ++who) CHECK(side[34 * people + who] == 0);
}

TEST_CASE("columns of an output that is not wanted are null") {
  static std::atomic<int> unwanted;
  unwanted = 0;
  const auto kernel = [](const GameTable& table, const double* const* p, double* const* out, std::size_t n) noexcept {
    for (std::size_t o : {1, 4})
      for (std::size_t c = 0; c < table.width(o); ++c) unwanted += out[table.first_column(o) + c] != nullptr;
    for (std::size_t c = 0; c < people; ++c) unwanted += out[table.first_column(3) + c] == nullptr;
    wide_kernel(table, p, out, n);
  };
  const Folder folder;
  Plan plan = wide_plan(20, 20, 50);
  plan.outputs = {0, 3};
  {
    ResultFile file(plan, folder.file("wide.h5"), false);
    run_sweep(plan, BlockSolver{kernel, &wide_game}, file, {});
    file.publish({});
  }
  CHECK(unwanted == 0);
  const FileSummary file = inspect_file(folder.file("wide.h5"));
  CHECK(file.dimensions == FileSummary::Variable::Counted{{"x", 20}, {"y", 20}, {"who", 3}});
  CHECK(file.variables.size() == 5);  // `step` is no dimension of what is kept
}

TEST_CASE("a file tells of its inner dimensions and counts codes at each of their places") {
  const Folder folder;
  const Plan plan = wide_plan(41, 53, 200);
  write(plan, folder.file("wide.h5"));
  const FileSummary file = inspect_file(folder.file("wide.h5"));
  CHECK(file.dimensions == FileSummary::Variable::Counted{{"x", 41}, {"y", 53}, {"who", 3}, {"step", 4}});
  CHECK(variable(file, "who").type == "string");
  CHECK(variable(file, "who").long_name == "Who is asked");
  CHECK(variable(file, "step").type == "int64");
  CHECK(variable(file, "value").dimensions == std::vector<std::string>{"x", "y"});
  CHECK(variable(file, "each").dimensions == std::vector<std::string>{"x", "y", "who"});
  CHECK(variable(file, "path").dimensions == std::vector<std::string>{"x", "y", "step", "who"});
  CHECK(variable(file, "path").bytes_raw == 41 * 53 * 12 * 8);
  const auto& side = variable(file, "side");
  std::uint64_t above_all = 0;
  REQUIRE(side.counts_by_place.size() == people);
  for (std::size_t who = 0; who < people; ++who) {
    std::uint64_t above = 0;
    for (int x = 0; x < 41; ++x)
      for (int y = 0; y < 53; ++y) above += x > y + static_cast<int>(who);
    above_all += above;
    CHECK(side.counts_by_place[who].first == toy_people[who]);
    CHECK(side.counts_by_place[who].second ==
          FileSummary::Variable::Counted{{"unsolved", 0}, {"above", above}, {"below", 41 * 53 - above}});
  }
  CHECK(side.counts[1].second == above_all);
  CHECK(variable(file, "status").counts_by_place.empty());
  CHECK(variable(file, "status").counts[1].second == 40 * 53);
}

TEST_CASE("codes of blocks never written count as unsolved at every place") {
  const Folder folder;
  const Plan plan = wide_plan(40, 50, 100);
  const std::string path = folder.file("wide.h5"), checkpoint = path + ".checkpoint", look = folder.file("look.h5");
  begin(plan, path, 8);
  publish_checkpoints(plan, {&checkpoint, 1}, look, {});
  const FileSummary file = inspect_file(look);
  for (const auto& [who, counts] : variable(file, "side").counts_by_place) CHECK(counts[0].second == 1200);
}

TEST_CASE("the predicted size counts every value of wide outputs and their coordinates") {
  const FileEstimate estimate = predict_size(wide_plan(41, 53, 200));
  const std::uint64_t labels = 3 * 16 + 3 + 3 + 4, points = 41 * 53;
  CHECK(estimate.total == (41 + 53) * 8 + labels + 4 * 8 + points * (1 + 3 * 8 + 8 + 3 + 12 * 8));
  CHECK(estimate.variables[2].name == "who");
  CHECK(estimate.variables[2].bytes == labels);
}

TEST_CASE("a single wide game is a file of small arrays") {
  const Folder folder;
  write(single_wide(), folder.file("one.h5"));
  const FileSummary file = inspect_file(folder.file("one.h5"));
  CHECK(file.dimensions == FileSummary::Variable::Counted{{"who", 3}, {"step", 4}});
  CHECK(variable(file, "path").dimensions == std::vector<std::string>{"step", "who"});
  CHECK(values<double>(folder.file("one.h5"), "each") == std::vector<double>{23, 1023, 2023});
  CHECK(values<double>(folder.file("one.h5"), "path")[5] == path_of(2, 3, 1, 2));
  std::vector<double> columns(wide_columns);
  ResultPoints(folder.file("one.h5"), single_wide()).read({}, columns);
  CHECK(columns[2] == 1023);
}

TEST_CASE("an axis with the name of an inner dimension is refused before anything is written") {
  const Folder folder;
  Plan plan = wide_plan(4, 4, 65536);
  plan.axes[0].name = plan.dimensions[0].name = "who";
  const std::string message = message_of<UsageError>([&] { const ResultFile file(plan, folder.file("a.h5"), false); });
  CHECK(says(message, "the axis 'who'"));
  CHECK(says(message, "rename it"));
  CHECK(folder.names().empty());
  plan.outputs = {0, 2};  // no output that is kept has that dimension
  CHECK_NOTHROW(ResultFile(plan, folder.file("a.h5"), false));
}

TEST_CASE("a point is read back with all its values, those that are not kept as NaN") {
  const Folder folder;
  Plan plan = wide_plan(20, 30, 70);
  plan.format.float32 = true;
  plan.outputs = {0, 3, 4};
  write(plan, folder.file("wide.h5"));
  const ResultPoints points(folder.file("wide.h5"), plan);
  std::vector<double> columns(wide_columns);
  points.read(std::vector<std::uint64_t>{13, 29}, columns);
  CHECK(columns[0] == static_cast<double>(Status::no_deal));
  CHECK(points.status(std::vector<std::uint64_t>{12, 29}) == static_cast<double>(Status::solved));
  for (std::size_t c = 1; c <= people + 1; ++c) CHECK(std::isnan(columns[c]));
  for (std::size_t who = 0; who < people; ++who) CHECK(columns[2 + people + who] == side_of(13, 29, who));
  for (std::size_t k = 0; k < steps * people; ++k)
    CHECK(columns[2 + 2 * people + k] == path_of(13, 29, k / people, k % people));
}

TEST_CASE("a file whose outputs have another width than the plan's is refused") {
  const Folder folder;
  const Plan plan = wide_plan(10, 10, 30);
  write(plan, folder.file("wide.h5"));
  static constexpr std::array<InnerDimension, 2> fewer{{{"who", "", 2, {}}, {"step", "", steps, {}}}};
  GameTable other = wide_game;
  other.dimensions = fewer;
  Plan changed = plan;
  changed.game = {std::shared_ptr<const GameTable>(), &other};
  CHECK(says(message_of<IoError>([&] { ResultPoints(folder.file("wide.h5"), changed); }), "each has not the shape"));
  CHECK(says(message_of<IoError>([&] { PublishedBlocks(changed, folder.file("wide.h5")); }), "each has not the shape"));
  const auto meta = make_meta(plan, "", "scalar", {}, false, "");
  CHECK(difference(meta, plan).empty());
  CHECK(says(difference(meta, changed), "who 3 (Ann, Bob, Zoë); step 4 there, who 2; step 4 here"));
}

TEST_CASE("checkpoints from before there were inner dimensions still fit sweeps without them") {
  auto meta = make_meta(toy_plan(4, 4, 4), "", "scalar", {}, false, "");
  meta.erase("inner_dimensions");
  CHECK(difference(meta, toy_plan(4, 4, 4)).empty());
}

TEST_CASE("a wide sweep that is interrupted and resumed has the arrays of one that was not") {
  for (const int compression : {0, 1}) {
    const Folder folder;
    Plan plan = wide_plan(40, 50, 100);
    plan.format.compression = compression;
    const std::string path = folder.file("wide.h5");
    begin(plan, path, 3);
    begin(plan, path, 9, kept(true));
    spoil(path, 1);
    CHECK(finish(plan, path) == 1);
    check_same(path, whole(folder, plan), wide_game);
    CHECK(wrong_values(path, 40, 50) == 0);
  }
}

TEST_CASE("shards of a wide sweep, merged in any order, are the whole of it to the bit") {
  const Folder folder;
  const Plan plan = wide_plan(40, 50, 100);
  std::vector<std::string> checkpoints;
  for (std::uint64_t i = 0; i < 3; ++i) {
    make_shard(plan, folder.file(std::to_string(i)), {i, 3});
    checkpoints.insert(checkpoints.begin(), folder.file(std::to_string(i) + ".checkpoint"));
  }
  CHECK(publish_checkpoints(plan, checkpoints, folder.file("merged.h5"), {}).coverage.gaps_total == 0);
  check_same(folder.file("merged.h5"), whole(folder, plan), wide_game);
}

TEST_CASE("failed wide games are solved again, and the others keep every value that they had") {
  const auto failing = [](const GameTable& table, const double* const* p, double* const* out, std::size_t n) noexcept {
    wide_kernel(table, p, out, n);
    for (std::size_t i = 0; i < n; ++i) {
      if (p[0][i] != 7 && p[1][i] != 11) continue;
      out[0][i] = static_cast<double>(Status::not_converged);
      for (std::size_t c = 1; c < wide_columns; ++c) out[c][i] = -1;
    }
  };
  static std::atomic<std::uint64_t> solved;
  solved = 0;
  const auto counting = [](const GameTable& table, const double* const* p, double* const* out, std::size_t n) noexcept {
    solved += n;
    wide_kernel(table, p, out, n);
  };
  for (const bool float32 : {false, true}) {
    CAPTURE(float32);
    const Folder folder;
    Plan plan = wide_plan(40, 50, 90);
    plan.format.float32 = float32;
    const std::string failed = folder.file("failed.h5"), mended = folder.file("mended.h5");
    {
      ResultFile file(plan, failed, false);
      CHECK(run_sweep(plan, BlockSolver{failing, &wide_game}, file, {}).progress.counts.failures() == 50 + 39);
      file.publish({});
    }
    const std::uint64_t before = solved;
    {
      const PublishedBlocks blocks(plan, failed);
      RunOptions options;
      options.retry_failed_of = &blocks;
      ResultFile file(plan, mended, false);
      CHECK(run_sweep(plan, BlockSolver{counting, &wide_game}, file, options).progress.counts.failures() == 0);
      file.publish({});
    }
    CHECK(solved - before == 50 + 39);
    check_same(mended, whole(folder, plan), wide_game);
  }
}

TEST_CASE("a game of hundreds of columns is solved a few at a time, one of few as many as ever") {
  CHECK(tile_points(toy_plan(100, 100, 65536)) == 4096);
  CHECK(tile_points(read_spec("haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: c0, linspace: "
                              "[1, 2, 8192]}}}\nspecialists:\n  - {revenue: {elasticity: 1}, cost: {coefficient: 1}}\n",
                              "spec")) == 4096);
  static constexpr std::array<InnerDimension, 2> many{{{"who", "", 64, {}}, {"step", "", 100, {}}}};
  GameTable wider = wide_game;
  wider.dimensions = many;
  Plan plan = wide_plan(100, 100, 65536);
  plan.game = {std::shared_ptr<const GameTable>(), &wider};
  CHECK(tile_points(plan) == 256);
  plan.grid = Grid({100, 100}, 40);
  CHECK(tile_points(plan) == 34);  // no more than a block has
  plan.grid = Grid({100, 100});
  plan.outputs = {0, 1, 2, 3};  // 3 parameters, 130 columns
  CHECK(tile_points(plan) == 960);
}
