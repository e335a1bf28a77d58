// SPDX-License-Identifier: MIT
// A run that ends early and the runs that go on: what they leave on the disk, and that nothing of it is ever wrong.
#include "haggle/storage/checkpoint.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "haggle/core/error.hpp"
#include "interrupted_runs.hpp"
#include "storage/checkpoint_meta.hpp"

using namespace haggle;
using namespace haggle::test;
namespace fs = std::filesystem;

TEST_CASE("a chain of interrupted runs ends in the arrays of one that was not, and leaves nothing behind") {
  for (const int compression : {0, 1}) {
    const Folder folder;
    const Plan plan = plan_of(compression);
    const std::string path = folder.file("toy.h5");
    begin(plan, path, 3);
    begin(plan, path, 4, kept(true));
    begin(plan, path, 0, kept(true));  // killed before its first block
    begin(plan, path, 5, kept(true));
    CHECK_FALSE(fs::exists(path));
    const CheckpointSummary found = inspect_checkpoint(plan, path + ".checkpoint");
    CHECK(found.coverage.blocks_done == 12);
    CHECK(found.coverage.blocks_total == 20);
    CHECK(found.coverage.points_done == 1200);
    CHECK(found.coverage.counts.total() == 1200);
    REQUIRE(found.coverage.gaps.size() == 1);
    CHECK(found.coverage.gaps[0].first == 12);
    CHECK(found.coverage.gaps[0].last == 19);
    CHECK_FALSE(found.running);
    CHECK(found.resume == "again");
    CHECK(finish(plan, path) == 0);
    check_same(path, whole(folder, plan));
    CHECK(folder.names() == std::vector<std::string>{"toy.h5", "whole.h5"});
  }
}

TEST_CASE("an exception in a run costs nothing that was finished") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  std::uint64_t finished = 0;
  {
    ResultFile file(plan, path, false, kept());
    RunOptions options;
    options.report_every = 0;
    options.report = [&](const Progress& progress) {
      finished = progress.blocks_done;
      if (finished == 7) throw std::runtime_error("worker");
    };
    CHECK_THROWS_WITH(run_sweep(plan, solve_toy, file, options), "worker");
    file.suspend();
  }
  CHECK(inspect_checkpoint(plan, path + ".checkpoint").coverage.blocks_done == 7);
  CHECK(finish(plan, path) == 0);
  check_same(path, whole(folder, plan));
}

TEST_CASE("a checkpoint made late has everything from the start") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  {
    Durability d = kept();
    d.mode = Checkpointing::automatic;
    d.first_after = 0.2;
    ResultFile file(plan, path, false, d);
    REQUIRE(solve(plan, file, {}, 7));
    CHECK(file.checkpoint().empty());
    CHECK(file.durable_blocks() == 0);
    for (int i = 0; i < 500 && file.durable_blocks() == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(file.durable_blocks() == 7);  // and now the process dies
  }
  CHECK(inspect_checkpoint(plan, path + ".checkpoint").coverage.blocks_done == 7);
  CHECK(finish(plan, path) == 0);
  check_same(path, whole(folder, plan));
}

TEST_CASE("a short run leaves no checkpoint and no trace of one") {
  const Folder folder;
  const Plan plan = plan_of();
  Durability d = kept();
  d.mode = Checkpointing::automatic;
  d.first_after = 1000;
  {
    ResultFile file(plan, folder.file("toy.h5"), false, d);
    solve(plan, file);
    file.publish({});
  }
  CHECK(folder.names() == std::vector<std::string>{"toy.h5"});
}

TEST_CASE("bytes that changed on the disk are found, solved again, and never published") {
  for (const bool torn : {false, true}) {
    CAPTURE(torn);
    const Folder folder;
    const Plan plan = plan_of();
    const std::string path = folder.file("toy.h5");
    begin(plan, path, 6);
    begin(plan, path, 6, kept(true));
    if (torn)
      fs::resize_file(path + ".part-2", fs::file_size(path + ".part-2") / 2);
    else
      spoil(path, 2);
    const std::string checkpoint = path + ".checkpoint", partial = folder.file("partial.h5");
    const Publication p = publish_checkpoints(plan, {&checkpoint, 1}, partial, {});
    CHECK(p.damaged_blocks >= 1);
    CHECK(p.coverage.blocks_done == 12 - p.damaged_blocks);
    CHECK(says(p.damaged.at(0), "toy.h5.part-2"));
    CHECK(finish(plan, path) == p.damaged_blocks);
    check_same(path, whole(folder, plan));
  }
}

TEST_CASE("a data file that is gone costs its blocks and no more") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  begin(plan, path, 6);
  begin(plan, path, 5, kept(true));
  fs::remove(path + ".part");
  CHECK(finish(plan, path) == 6);
  check_same(path, whole(folder, plan));
}

TEST_CASE("a checkpoint is neither overwritten nor resumed by accident") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  begin(plan, path, 6);
  const std::string refusal = message_of<UsageError>([&] { const ResultFile file(plan, path, false, kept()); });
  CHECK(says(refusal, "--resume"));
  CHECK(says(refusal, "--force"));
  CHECK_THROWS_AS(ResultFile(plan, path, false), UsageError);  // whatever this run's own wish for one

  Plan other = plan;
  other.hash = "another";
  other.resolved = "haggle: 1\ngame: checkers\n";
  const std::string difference = message_of<UsageError>([&] { const ResultFile file(other, path, false, kept(true)); });
  CHECK(says(difference, "game: toy there, checkers here"));
  CHECK(inspect_checkpoint(plan, path + ".checkpoint").coverage.blocks_done == 6);
  {
    ResultFile file(other, path, true, kept());  // --force
    CHECK(file.done().size() == 0);
    solve(other, file);
    file.publish({});
  }
  CHECK(folder.names() == std::vector<std::string>{"toy.h5"});
}

TEST_CASE("what differs between two specs is said key by key") {
  const std::string a = "haggle: 1\ngeneralist:\n  cost:\n    exponent: 2\nspecialists:\n  - name: D\n    scale: 1\n";
  const std::string b = "haggle: 1\ngeneralist:\n  cost:\n    exponent: 3\nspecialists:\n  - name: D\nwhere: c0 > 1\n";
  CHECK(difference_of_specs(a, a).empty());
  CHECK(difference_of_specs(a, b) ==
        "\n  generalist.cost.exponent: 2 there, 3 here\n  specialists.scale: 1 there, nothing here\n  where: nothing "
        "there, c0 > 1 here");
}

TEST_CASE("a crash between the result's rename and the checkpoint's removal is recognised") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  begin(plan, path, 6);
  begin(plan, path, 6, kept(true));
  for (const char* name : {"toy.h5.checkpoint", "toy.h5.part"})
    fs::copy_file(folder.path / name, folder.path / (std::string(name) + ".saved"));
  finish(plan, path);
  for (const char* name : {"toy.h5.checkpoint", "toy.h5.part"})
    fs::rename(folder.path / (std::string(name) + ".saved"), folder.path / name);
  const auto before = fs::last_write_time(path);
  {
    const ResultFile file(plan, path, false, kept(true));
    CHECK(file.finished());
  }
  CHECK(folder.names() == std::vector<std::string>{"toy.h5"});
  CHECK(fs::last_write_time(path) == before);
  CHECK(ResultFile(plan, path, false, kept(true)).finished());  // once more, with nothing but the result
}

TEST_CASE("a result of another sweep that stands in the way of a resumed run is refused, or replaced when asked") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  begin(plan, path, 6);
  std::ofstream(path) << "precious";
  CHECK(says(message_of<UsageError>([&] { finish(plan, path); }), "--force"));
  CHECK(fs::exists(path + ".part"));
  {
    ResultFile file(plan, path, true, kept(true));
    CHECK(file.done().size() == 6);
    solve(plan, file);
    file.gather();
    file.publish({});
  }
  check_same(path, whole(folder, plan));
}

TEST_CASE("two runs of one output do not touch each other") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  begin(plan, path, 3);
  ResultFile first(plan, path, false, kept(true));
  CHECK(says(message_of<IoError>([&] { const ResultFile second(plan, path, false, kept(true)); }), "another run"));
  CHECK(inspect_checkpoint(plan, path + ".checkpoint").running);
  solve(plan, first);
  first.gather();
  first.publish({});
  check_same(path, whole(folder, plan));
}

TEST_CASE("a reader of the checkpoint holds up no run") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5");
  ResultFile file(plan, path, false, kept());
  CheckpointStore reader = CheckpointStore::open_to_read(path + ".checkpoint");
  REQUIRE(solve(plan, file, {}, 8));
  file.suspend();
  std::uint64_t seen = 0;
  reader.each([&](const BlockRecord&) { ++seen; });
  CHECK(seen == 8);
}
