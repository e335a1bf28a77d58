// SPDX-License-Identifier: MIT
#include "haggle/storage/published_blocks.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "haggle/core/error.hpp"
#include "storage/checkpoint_meta.hpp"
#include "storage/hdf5.hpp"
#include "storage/inner_dimensions.hpp"
#include "storage/result_provenance.hpp"
#include "storage/what_is.hpp"

namespace haggle {

using hdf5::Guard;
using hdf5::Handle;
using hdf5::Quiet;

namespace {

/// What stands in a chunk where the grid has no points.
void fill(std::span<std::byte> raw, StoredType type) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr float narrow_nan = std::numeric_limits<float>::quiet_NaN();
  if (type == StoredType::int8) std::fill(raw.begin(), raw.end(), std::byte{0});
  if (type == StoredType::float32)
    for (std::size_t at = 0; at < raw.size(); at += sizeof narrow_nan)
      std::memcpy(raw.data() + at, &narrow_nan, sizeof narrow_nan);
  if (type == StoredType::float64)
    for (std::size_t at = 0; at < raw.size(); at += sizeof nan) std::memcpy(raw.data() + at, &nan, sizeof nan);
}

}  // namespace

struct PublishedBlocks::State {
  State(const Plan& p, const std::string& path) : plan(p), guard(path) {
    require_hdf5(path);
    const auto entries = read_provenance(path);
    if (!entries) throw IoError(path + " is an HDF5 file, but not a result of haggle");
    provenance = *entries;
    if (value_of(provenance, "spec_hash") != plan.hash)
      throw UsageError(
          path + " is of another sweep:" + difference_of_specs(value_of(provenance, "spec_resolved"), plan.resolved));
    file = hdf5::open_to_read(guard);
    for (std::size_t output = 0; output < plan.outputs.size(); ++output) {
      const std::string name(plan.game->outputs[plan.outputs[output]].name);
      outputs.push_back(guard(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "open its variable " + name));
      require_shape(guard, outputs.back(), plan, output);
    }
  }

  Plan plan;
  Guard guard;
  Provenance provenance;
  Handle file;
  std::vector<Handle> outputs;
};

PublishedBlocks::PublishedBlocks(const Plan& plan, const std::string& path) {
  const Quiet quiet;
  state_ = std::make_unique<State>(plan, path);
}

PublishedBlocks::~PublishedBlocks() {
  const Quiet quiet;
  state_.reset();
}

const Provenance& PublishedBlocks::provenance() const { return state_->provenance; }

BlockSet PublishedBlocks::held() const {
  const Grid& grid = state_->plan.grid;
  constexpr std::size_t status = 0;  // of every game the first output, and never left out
  std::vector<std::byte> statuses(grid.block_points() * size_of(stored_type(state_->plan, status)));
  BlockSet blocks;
  for (BlockIndex block{0}; block.value < grid.blocks(); ++block.value) {
    load(block, status, statuses);
    const auto is_known = [](std::byte s) { return s != std::byte{static_cast<unsigned char>(Status::pending)}; };
    if (std::any_of(statuses.begin(), statuses.end(), is_known)) blocks.insert(block);
  }
  return blocks;
}

void PublishedBlocks::load(BlockIndex block, std::size_t output, std::span<std::byte> raw) const {
  const Quiet quiet;
  const StoredType type = stored_type(state_->plan, output);
  fill(raw, type);
  const Plan& plan = state_->plan;
  const Box box = plan.grid.box(block);
  const auto offset = with_zeros(plan, output, box.offset), count = with_sizes(plan, output, box.count);
  const auto shape = with_sizes(plan, output, plan.grid.block_shape());
  const std::vector<hsize_t> origin(shape.size());
  const hid_t dataset = state_->outputs[output];
  const Handle there(H5Dget_space(dataset), H5Sclose), here = space_of(shape);
  if (!shape.empty()) {
    H5Sselect_hyperslab(there, H5S_SELECT_SET, offset.data(), nullptr, count.data(), nullptr);
    H5Sselect_hyperslab(here, H5S_SELECT_SET, origin.data(), nullptr, count.data(), nullptr);
  }
  state_->guard(H5Dread(dataset, hdf5::memory_type(type), here, there, H5P_DEFAULT, raw.data()),
                "read block " + std::to_string(block.value));
}

}  // namespace haggle
