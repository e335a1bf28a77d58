// SPDX-License-Identifier: MIT
#include "haggle/storage/result_points.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "haggle/core/error.hpp"
#include "haggle/sweep/spec.hpp"
#include "storage/hdf5.hpp"
#include "storage/what_is.hpp"

namespace haggle {
namespace {

using hdf5::Guard;
using hdf5::Handle;

struct KeptSpec {
  std::string name, text, resolved, hash;
};

KeptSpec read_kept_spec(const std::string& path) {
  require_hdf5(path);
  const hdf5::Quiet quiet;
  const Guard guard(path);
  const Handle file = hdf5::open_to_read(guard);
  if (H5Lexists(file, "status", H5P_DEFAULT) <= 0 || H5Lexists(file, "provenance", H5P_DEFAULT) <= 0)
    throw IoError(path + " is an HDF5 file, but not a result of haggle: it lacks `status` or the group `provenance`");
  const Handle group = guard(H5Gopen2(file, "provenance", H5P_DEFAULT), H5Gclose, "open its group provenance");
  return {hdf5::read_text(group, "spec_name"), hdf5::read_text(group, "spec"), hdf5::read_text(group, "spec_resolved"),
          hdf5::read_text(file, "spec_hash")};
}

void require_shape(const Guard& guard, hid_t variable, const std::string& name, const Plan& plan) {
  const Handle space(H5Dget_space(variable), H5Sclose);
  std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space), 0)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  if (!std::equal(shape.begin(), shape.end(), plan.grid.shape().begin(), plan.grid.shape().end()))
    throw IoError(guard.file() + ": its variable " + name + " has not the shape of the grid that its spec makes");
}

}  // namespace

Plan plan_of_result(const std::string& path) {
  const KeptSpec kept = read_kept_spec(path);
  if (kept.resolved.empty()) throw IoError(path + " keeps no spec: its provenance lacks `spec_resolved`");
  Plan plan;
  try {
    plan = read_spec(kept.resolved, path + ", its spec");
  } catch (const SpecError& error) {
    throw IoError(path + ": this version does not understand the spec it keeps\n" + error.what());
  }
  if (plan.hash != kept.hash)
    throw IoError(path + ": the spec it keeps makes the hash " + plan.hash + ", but it was solved for " + kept.hash +
                  ": the spec was changed, or another version of haggle wrote the file");
  plan.spec_name = kept.name;
  plan.spec_text = kept.text;
  return plan;
}

struct ResultPoints::State {
  Guard guard;
  Handle file;
  std::vector<Handle> variables;  ///< one for each row of the game's outputs; empty where it is not kept
};

ResultPoints::ResultPoints(const std::string& path, const Plan& plan) {
  require_hdf5(path);
  const hdf5::Quiet quiet;
  state_ = std::make_unique<State>(State{Guard(path), Handle(), {}});
  const Guard& guard = state_->guard;
  state_->file = hdf5::open_to_read(guard);
  state_->variables.resize(plan.game->outputs.size());
  for (const std::size_t output : plan.outputs) {
    const std::string name(plan.game->outputs[output].name);
    Handle variable = guard(H5Dopen2(state_->file, name.c_str(), H5P_DEFAULT), H5Dclose, "open its variable " + name);
    require_shape(guard, variable, name, plan);
    state_->variables[output] = std::move(variable);
  }
}

ResultPoints::~ResultPoints() {
  const hdf5::Quiet quiet;
  state_.reset();
}

bool ResultPoints::keeps(std::size_t output) const { return state_->variables[output] >= 0; }

double ResultPoints::read(std::span<const std::uint64_t> coordinates, std::size_t output) const {
  const hdf5::Quiet quiet;
  const hid_t variable = state_->variables[output];
  const std::vector<hsize_t> start(coordinates.begin(), coordinates.end()), count(coordinates.size(), 1);
  const Handle space(H5Dget_space(variable), H5Sclose), memory(H5Screate(H5S_SCALAR), H5Sclose);
  if (!start.empty()) H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
  double value = 0;
  state_->guard(H5Dread(variable, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &value), "read a point");
  return value;
}

void ResultPoints::read(std::span<const std::uint64_t> coordinates, std::span<double> values) const {
  for (std::size_t output = 0; output < values.size(); ++output)
    values[output] = keeps(output) ? read(coordinates, output) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace haggle
