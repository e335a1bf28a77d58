// SPDX-License-Identifier: MIT
// Runs of the toy games that stop early, and what they leave: for tests of checkpoints.
#pragma once
#include <doctest/doctest.h>
#include <hdf5.h>

#include <fstream>
#include <string>
#include <vector>

#include "haggle/executor/run.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "storage/checkpoint_store.hpp"
#include "storage/data_files.hpp"
#include "temporary_folder.hpp"
#include "toy_sweep.hpp"

namespace haggle::test {

inline Durability kept(bool resume = false) {
  Durability d;
  d.mode = Checkpointing::on;
  d.resume = resume;
  d.instruction_set = "scalar";
  d.resume_command = "again";
  d.commit_every = 0.01;
  return d;
}

/// Solves blocks that `file` still lacks, at most so many; says whether some are left.
inline bool solve(const Plan& plan, ResultFile& file, Shard shard = {}, std::uint64_t most = ~std::uint64_t{0}) {
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
  run_sweep(plan, solver_of(plan), file, options);
  return left;
}

/// As a run does that is told to stop.
inline void begin(const Plan& plan, const std::string& path, std::uint64_t blocks, Durability d = kept()) {
  ResultFile file(plan, path, false, d);
  REQUIRE(solve(plan, file, d.shard, blocks));
  file.suspend();
}

/// Returns how many blocks had to be solved again.
inline std::uint64_t finish(const Plan& plan, const std::string& path) {
  ResultFile file(plan, path, false, kept(true));
  solve(plan, file);
  const std::uint64_t spoilt = file.gather();
  if (spoilt > 0) solve(plan, file);
  file.publish({});
  return spoilt;
}

inline void make_shard(const Plan& plan, const std::string& path, Shard shard) {
  Durability d = kept();
  d.sharded = true;
  d.shard = shard;
  ResultFile file(plan, path, false, d);
  solve(plan, file, shard);
  file.suspend();
}

inline std::vector<unsigned char> array(const std::string& path, const char* name) {
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

/// The outputs of both are the same to the bit.
inline void check_same(const std::string& a, const std::string& b, const GameTable& game = toy_game) {
  for (const Output& output : game.outputs) {
    const std::string name(output.name);
    CAPTURE(name);
    CHECK(array(a, name.c_str()) == array(b, name.c_str()));
  }
}

inline std::string whole(const Folder& folder, const Plan& plan) {
  const std::string path = folder.file("whole.h5");
  ResultFile file(plan, path, true);
  solve(plan, file);
  file.publish({});
  return path;
}

/// Changes one byte of one block in the data file of that generation.
inline void spoil(const std::string& path, std::uint32_t generation) {
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
inline Plan plan_of(int compression = 0) {
  Plan plan = toy_plan(40, 50, 100);
  plan.format.compression = compression;
  return plan;
}

}  // namespace haggle::test
