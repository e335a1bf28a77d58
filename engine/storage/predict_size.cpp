// SPDX-License-Identifier: MIT
#include "haggle/storage/predict_size.hpp"

#include <limits>

#include "haggle/executor/sink.hpp"
#include "storage/coordinates.hpp"
#include "storage/inner_dimensions.hpp"

namespace haggle {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t times(std::uint64_t a, std::uint64_t b) { return b != 0 && a > most / b ? most : a * b; }
std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }

/// A variable-length string takes its bytes and HDF5's pointer to them.
constexpr std::uint64_t string_pointer = 16;

std::uint64_t axis_bytes(const Axis& axis) {
  if (axis.labels.empty()) return times(axis.size(), sizeof(double));
  std::uint64_t bytes = 0;
  for (const std::string& label : axis.labels) bytes += string_pointer + label.size();
  return bytes;
}

std::uint64_t inner_bytes(const InnerDimension& dimension) {
  if (dimension.labels.empty()) return times(dimension.size, sizeof(std::int64_t));
  std::uint64_t bytes = 0;
  for (const std::string_view label : dimension.labels) bytes += string_pointer + label.size();
  return bytes;
}

}  // namespace

FileEstimate predict_size(const Plan& plan) {
  FileEstimate estimate;
  const auto add = [&](std::string name, std::uint64_t bytes) {
    estimate.variables.push_back({std::move(name), bytes});
    estimate.total = plus(estimate.total, bytes);
  };
  for (const Dimension& dimension : plan.dimensions) {
    if (is_zipped(plan, dimension)) add(dimension.name, times(dimension.size, sizeof(std::int64_t)));
    for (const std::size_t axis : dimension.axes) add(plan.axes[axis].name, axis_bytes(plan.axes[axis]));
  }
  for (const std::size_t d : inner_dimensions(plan))
    add(std::string(plan.game->dimensions[d].name), inner_bytes(plan.game->dimensions[d]));
  for (std::size_t output = 0; output < plan.outputs.size(); ++output)
    add(std::string(plan.game->outputs[plan.outputs[output]].name),
        times(plan.grid.points(), times(width(plan, output), size_of(stored_type(plan, output)))));
  return estimate;
}

}  // namespace haggle
