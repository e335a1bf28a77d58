// SPDX-License-Identifier: MIT
// One file of many runs' checkpoints, whole or in parts: what is taken, and what is never lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "haggle/core/error.hpp"
#include "haggle/storage/published_blocks.hpp"
#include "interrupted_runs.hpp"

using namespace haggle;
using namespace haggle::test;
namespace fs = std::filesystem;

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
