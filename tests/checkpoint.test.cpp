// SPDX-License-Identifier: MIT
// A run that ends early and the runs that go on: what they leave on the disk, and that nothing of it is ever wrong.
#include "haggle/storage/checkpoint.hpp"

#include <doctest/doctest.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "haggle/core/error.hpp"
#include "haggle/executor/run.hpp"
#include "haggle/storage/published_blocks.hpp"
#include "storage/checkpoint_meta.hpp"
#include "storage/checkpoint_store.hpp"
#include "storage/data_files.hpp"
#include "toy_sweep.hpp"

using namespace haggle;
using namespace haggle::test;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "haggle-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(path)) found.push_back(entry.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  }
  fs::path path;
};

template <class E, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "no such error";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Durability kept(bool resume = false) {
  Durability d;
  d.mode = Checkpointing::on;
  d.resume = resume;
  d.instruction_set = "scalar";
  d.resume_command = "again";
  d.commit_every = 0.01;
  return d;
}

/// Solves blocks that `file` still lacks, at most so many; says whether some are left.
bool solve(const Plan& plan, ResultFile& file, Shard shard = {}, std::uint64_t most = ~std::uint64_t{0}) {
  BlockSet not_now = file.done();
  bool left = false;
  for (std::uint64_t k = 0; k < shard.blocks(plan.grid.blocks()); ++k) {
    if (file.done().contains(shard.block(k)) || most-- > 0) continue;
    most = 0;
    left = true;
    not_now.insert(shard.block(k));
  }
  RunOptions options;
  options.threads = 1;
  options.shard = shard;
  options.done = &not_now;
  run_sweep(plan, solve_toy, file, options);
  return left;
}

/// As a run does that is told to stop.
void begin(const Plan& plan, const std::string& path, std::uint64_t blocks, Durability d = kept()) {
  ResultFile file(plan, path, false, d);
  REQUIRE(solve(plan, file, d.shard, blocks));
  file.suspend();
}

/// Returns how many blocks had to be solved again.
std::uint64_t finish(const Plan& plan, const std::string& path) {
  ResultFile file(plan, path, false, kept(true));
  solve(plan, file);
  const std::uint64_t spoilt = file.gather();
  if (spoilt > 0) solve(plan, file);
  file.publish({});
  return spoilt;
}

void make_shard(const Plan& plan, const std::string& path, Shard shard) {
  Durability d = kept();
  d.sharded = true;
  d.shard = shard;
  ResultFile file(plan, path, false, d);
  solve(plan, file, shard);
  file.suspend();
}

std::vector<unsigned char> array(const std::string& path, const char* name) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t data = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(data), type = H5Dget_type(data);
  std::vector<unsigned char> bytes(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)) * H5Tget_size(type));
  CHECK(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) >= 0);
  H5Tclose(type);
  H5Sclose(space);
  H5Dclose(data);
  H5Fclose(file);
  return bytes;
}

void check_same(const std::string& a, const std::string& b) {
  for (const char* name : {"status", "value", "regime", "wave"}) {
    CAPTURE(name);
    CHECK(array(a, name) == array(b, name));
  }
}

std::string whole(const Folder& folder, const Plan& plan) {
  const std::string path = folder.file("whole.h5");
  ResultFile file(plan, path, true);
  solve(plan, file);
  file.publish({});
  return path;
}

/// Changes one byte of one block in the data file of that generation.
void spoil(const std::string& path, std::uint32_t generation) {
  ChunkPlace place;
  CheckpointStore::open_to_read(path + ".checkpoint").each([&](const BlockRecord& record) {
    if (record.generation == generation) place = record.places[1];
  });
  REQUIRE(place.size > 100);
  std::fstream file(data_file(path, generation), std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(place.offset + 50));
  const int byte = file.peek() ^ 1;
  file.seekp(static_cast<std::streamoff>(place.offset + 50));
  file.put(static_cast<char>(byte));
}

/// 20 blocks, compressed or not.
Plan plan_of(int compression = 0) {
  Plan plan = toy_plan(40, 50, 100);
  plan.format.compression = compression;
  return plan;
}

}  // namespace

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

TEST_CASE("a partial file has what is done, and the checkpoint stays as it was") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5"), checkpoint = path + ".checkpoint", look = folder.file("look.h5");
  ResultFile file(plan, path, false, kept());
  REQUIRE(solve(plan, file, {}, 8));
  file.suspend();  // the run itself still holds the file
  const Publication p = publish_checkpoints(plan, {&checkpoint, 1}, look, {});
  CHECK(p.coverage.blocks_done == 8);
  const auto status = array(look, "status"), all = array(whole(folder, plan), "status");
  CHECK(std::count(status.begin(), status.end(), 0) == 1200);
  for (std::size_t i = 0; i < status.size(); ++i)
    if (status[i] != 0) REQUIRE(status[i] == all[i]);
  CHECK(says(message_of<IoError>([&] { publish_checkpoints(plan, {&checkpoint, 1}, path, {}); }), "another run"));
}

TEST_CASE("publishing over the data that a checkpoint needs is refused") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy.h5"), checkpoint = path + ".checkpoint";
  begin(plan, path, 8);
  CHECK_THROWS_AS(publish_checkpoints(plan, {&checkpoint, 1}, path, {}), UsageError);
  CHECK(finish(plan, path) == 0);
}

TEST_CASE("any number of shards, merged in any order, is the whole sweep to the bit") {
  const Plan plan = plan_of(1);
  for (const std::uint64_t n : {1, 2, 3, 7, 25}) {  // 25: some have no block
    CAPTURE(n);
    const Folder folder;
    std::vector<std::string> checkpoints;
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::string path = folder.file("toy." + std::to_string(i));
      make_shard(plan, path, {i, n});
      checkpoints.push_back(path + ".checkpoint");
    }
    std::rotate(checkpoints.begin(), checkpoints.begin() + static_cast<std::ptrdiff_t>(n / 2), checkpoints.end());
    checkpoints.push_back(checkpoints.front());  // twice is no harm
    const std::string merged = folder.file("merged.h5");
    CHECK(publish_checkpoints(plan, checkpoints, merged, {}).coverage.blocks_done == 20);
    check_same(merged, whole(folder, plan));
    CHECK(publish_checkpoints(plan, checkpoints, merged, {}).already);
  }
}

TEST_CASE("a partial merge names its gaps and is completed by a later one") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string merged = folder.file("merged.h5");
  std::vector<std::string> checkpoints;
  for (std::uint64_t i = 0; i < 4; ++i) {
    make_shard(plan, folder.file(std::to_string(i)), {i, 4});
    checkpoints.push_back(folder.file(std::to_string(i) + ".checkpoint"));
  }
  const Publication some = publish_checkpoints(plan, std::span(checkpoints).first(3), merged, {});
  CHECK(some.coverage.blocks_done == 15);
  CHECK(some.coverage.gaps_total == 5);
  CHECK(some.coverage.gaps.at(0).first == 3);
  CHECK(some.coverage.gaps.at(0).last == 3);
  CHECK(publish_checkpoints(plan, checkpoints, merged, {}).coverage.gaps_total == 0);
  check_same(merged, whole(folder, plan));
  CHECK(publish_checkpoints(plan, std::span(checkpoints).first(1), merged, {}).already);  // never less than before
}

TEST_CASE("a part is replaced only by one that has all its blocks, not by one that is as large") {
  const Folder folder;
  const Plan plan = plan_of();
  for (std::uint64_t i = 0; i < 2; ++i) make_shard(plan, folder.file(std::to_string(i)), {i, 4});
  const std::vector<std::string> zero{folder.file("0.checkpoint")}, one{folder.file("1.checkpoint")};
  const std::vector<std::string> both{zero.front(), one.front()};
  const std::string path = folder.file("a.h5");
  publish_checkpoints(plan, zero, path, {});
  publish_checkpoints(plan, zero, folder.file("b.h5"), {});
  const auto names = folder.names();
  const std::string refused = message_of<UsageError>([&] { publish_checkpoints(plan, one, path, {}); });
  CHECK(says(refused, "of its 5 blocks 5 would be lost"));
  for (const char* remedy : {"all the checkpoints", "-o", "--force"}) CHECK(says(refused, remedy));
  CHECK(folder.names() == names);
  check_same(path, folder.file("b.h5"));
  CHECK(publish_checkpoints(plan, both, path, {}).coverage.blocks_done == 10);
  PublishOptions force;
  force.overwrite = true;
  CHECK(publish_checkpoints(plan, one, path, force).coverage.blocks_done == 5);
}

TEST_CASE("a part is not replaced by what its checkpoints once had and can no longer give") {
  const Folder folder;
  const Plan plan = plan_of();
  for (std::uint64_t i = 0; i < 2; ++i) make_shard(plan, folder.file(std::to_string(i)), {i, 4});
  const std::vector<std::string> both{folder.file("0.checkpoint"), folder.file("1.checkpoint")};
  const std::string path = folder.file("a.h5");
  publish_checkpoints(plan, both, path, {});
  publish_checkpoints(plan, both, folder.file("b.h5"), {});
  spoil(folder.file("0"), 1);
  const auto one_spoilt = folder.names();
  CHECK(says(message_of<UsageError>([&] { publish_checkpoints(plan, both, path, {}); }), "10 blocks 1 would be lost"));
  CHECK(folder.names() == one_spoilt);
  fs::remove(data_file(folder.file("0"), 1));
  CHECK(says(message_of<UsageError>([&] { publish_checkpoints(plan, both, path, {}); }), "10 blocks 5 would be lost"));
  fs::remove(data_file(folder.file("1"), 1));
  const auto none = folder.names();
  PublishOptions force;
  force.overwrite = true;
  for (const PublishOptions& options : {PublishOptions{}, force}) {
    for (const std::string& output : {path, folder.file("new.h5")})
      CHECK(says(message_of<IoError>([&] { publish_checkpoints(plan, both, output, options); }),
                 "none of the 10 blocks"));
    CHECK(folder.names() == none);
  }
  check_same(path, folder.file("b.h5"));
}

TEST_CASE("a checkpoint without a finished block makes a file of pending points, or leaves the one that is there") {
  const Folder folder;
  const Plan plan = plan_of();
  begin(plan, folder.file("toy.h5"), 0);
  const std::string checkpoint = folder.file("toy.h5.checkpoint"), look = folder.file("look.h5");
  publish_checkpoints(plan, {&checkpoint, 1}, look, {});
  CHECK(PublishedBlocks(plan, look).held().size() == 0);
  CHECK_FALSE(fs::exists(look + ".part"));
}

TEST_CASE("shards of another sweep or of other instructions are refused before anything is written") {
  const Folder folder;
  const Plan plan = plan_of();
  Plan other = plan;
  other.hash = "another";
  other.resolved += "title: other\n";
  make_shard(plan, folder.file("a"), {0, 2});
  make_shard(other, folder.file("b"), {1, 2});
  std::vector<std::string> both{folder.file("a.checkpoint"), folder.file("b.checkpoint")};
  const std::string merged = folder.file("merged.h5");
  CHECK(says(message_of<UsageError>([&] { publish_checkpoints(plan, both, merged, {}); }), "title: other there"));

  Durability d = kept();
  d.sharded = true;
  d.shard = {1, 2};
  d.instruction_set = "sse2";
  {
    ResultFile file(plan, folder.file("c"), false, d);
    solve(plan, file, d.shard);
    file.suspend();
  }
  both[1] = folder.file("c.checkpoint");
  CHECK(says(message_of<UsageError>([&] { publish_checkpoints(plan, both, merged, {}); }), "HAGGLE_ISA"));
  CHECK_FALSE(fs::exists(merged));
  PublishOptions mixed;
  mixed.mixed = true;
  CHECK(publish_checkpoints(plan, both, merged, mixed).coverage.gaps_total == 0);
}

TEST_CASE("a finished shard is checked when it is resumed, and mended") {
  const Folder folder;
  const Plan plan = plan_of();
  const std::string path = folder.file("toy");
  const Shard shard{1, 2};
  make_shard(plan, path, shard);
  Durability d = kept(true);
  d.sharded = true;
  d.shard = shard;
  {
    ResultFile file(plan, path, false, d);
    CHECK(file.done().size() == 10);
    CHECK(file.gather() == 0);
  }
  spoil(path, 1);
  ResultFile file(plan, path, false, d);
  CHECK(file.gather() == 1);
  CHECK(file.done().size() == 9);
  solve(plan, file, shard);
  file.suspend();
  const std::string checkpoint = path + ".checkpoint";
  const Publication p = publish_checkpoints(plan, {&checkpoint, 1}, folder.file("half.h5"), {});
  CHECK(p.coverage.blocks_done == 10);
  CHECK(p.damaged_blocks == 0);
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

TEST_CASE("what is no checkpoint is called so") {
  const Folder folder;
  const Plan plan = plan_of();
  std::ofstream(folder.file("a.checkpoint")) << "hello, this is long enough to be looked at by anybody who reads files";
  CHECK(says(message_of<IoError>([&] { inspect_checkpoint(plan, folder.file("a.checkpoint")); }), "not a checkpoint"));
  CHECK(says(message_of<IoError>([&] { inspect_checkpoint(plan, folder.file("b.checkpoint")); }), "No such file"));
  const std::string name = folder.file("c.h5");
  CHECK_THROWS_AS(publish_checkpoints(plan, {&name, 1}, folder.file("d.h5"), {}), Error);
}

TEST_CASE("a shard's blocks are its own and together they are all") {
  for (const std::uint64_t blocks : {0, 1, 7, 16}) {
    for (const std::uint64_t n : {1, 3, 16, 20}) {
      std::vector<int> owners(blocks);
      for (std::uint64_t i = 0; i < n; ++i) {
        const Shard shard{i, n};
        for (std::uint64_t k = 0; k < shard.blocks(blocks); ++k) {
          REQUIRE(shard.block(k).value < blocks);
          CHECK(shard.owns(shard.block(k)));
          ++owners[shard.block(k).value];
        }
      }
      CHECK(std::all_of(owners.begin(), owners.end(), [](int times) { return times == 1; }));
    }
  }
}
