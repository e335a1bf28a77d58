// SPDX-License-Identifier: MIT
#include "haggle/storage/result_points.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "haggle/core/error.hpp"
#include "haggle/sweep/spec.hpp"
#include "storage/hdf5.hpp"
#include "storage/inner_dimensions.hpp"
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
  Plan plan;
  Handle file;
  std::vector<Handle> variables;  ///< in Plan::outputs' order
};

ResultPoints::ResultPoints(const std::string& path, const Plan& plan) {
  require_hdf5(path);
  const hdf5::Quiet quiet;
  state_ = std::make_unique<State>(State{Guard(path), plan, Handle(), {}});
  const Guard& guard = state_->guard;
  state_->file = hdf5::open_to_read(guard);
  for (std::size_t output = 0; output < plan.outputs.size(); ++output) {
    const std::string name(plan.game->outputs[plan.outputs[output]].name);
    Handle variable = guard(H5Dopen2(state_->file, name.c_str(), H5P_DEFAULT), H5Dclose, "open its variable " + name);
    require_shape(guard, variable, plan, output);
    state_->variables.push_back(std::move(variable));
  }
}

ResultPoints::~ResultPoints() {
  const hdf5::Quiet quiet;
  state_.reset();
}

void ResultPoints::read_output(std::span<const std::uint64_t> coordinates, std::size_t output, double* values) const {
  const hdf5::Quiet quiet;
  const hid_t variable = state_->variables[output];
  const std::vector<std::uint64_t> one(coordinates.size(), 1);
  const auto start = with_zeros(state_->plan, output, coordinates), count = with_sizes(state_->plan, output, one);
  const Handle space(H5Dget_space(variable), H5Sclose), memory = space_of(count);
  if (!start.empty()) H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
  state_->guard(H5Dread(variable, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values), "read a point");
}

double ResultPoints::status(std::span<const std::uint64_t> coordinates) const {
  double code = 0;
  read_output(coordinates, 0, &code);
  return code;
}

void ResultPoints::read(std::span<const std::uint64_t> coordinates, std::span<double> values) const {
  std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
  const Plan& plan = state_->plan;
  for (std::size_t output = 0; output < plan.outputs.size(); ++output)
    read_output(coordinates, output, values.data() + plan.game->first_column(plan.outputs[output]));
}

}  // namespace haggle
