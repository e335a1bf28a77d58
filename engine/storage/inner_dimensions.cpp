// SPDX-License-Identifier: MIT
#include "storage/inner_dimensions.hpp"

#include <algorithm>

#include "haggle/core/error.hpp"
#include "haggle/executor/sink.hpp"

namespace haggle {

using hdf5::Guard;
using hdf5::Handle;

std::vector<hsize_t> with_sizes(const Plan& plan, std::size_t output, std::span<const std::uint64_t> grid) {
  std::vector<hsize_t> all(grid.begin(), grid.end());
  for (const std::size_t d : plan.game->outputs[plan.outputs[output]].dimensions)
    all.push_back(plan.game->dimensions[d].size);
  return all;
}

std::vector<hsize_t> with_zeros(const Plan& plan, std::size_t output, std::span<const std::uint64_t> grid) {
  std::vector<hsize_t> all(grid.begin(), grid.end());
  all.resize(grid.size() + plan.game->outputs[plan.outputs[output]].dimensions.size());
  return all;
}

Handle space_of(const std::vector<hsize_t>& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose};
}

void require_shape(const Guard& guard, hid_t variable, const Plan& plan, std::size_t output) {
  const Handle space(H5Dget_space(variable), H5Sclose);
  std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space), 0)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  if (shape != with_sizes(plan, output, plan.grid.shape()))
    throw IoError(guard.file() + ": its variable " + std::string(plan.game->outputs[plan.outputs[output]].name) +
                  " has not the shape of the grid that its spec makes");
}

std::string inner_dimensions_text(const Plan& plan) {
  std::string text;
  for (const std::size_t d : inner_dimensions(plan)) {
    const InnerDimension& dimension = plan.game->dimensions[d];
    text.append(text.empty() ? "" : "; ").append(dimension.name).append(" ").append(std::to_string(dimension.size));
    for (std::size_t i = 0; i < dimension.labels.size(); ++i)
      text.append(i == 0 ? " (" : ", ").append(dimension.labels[i]);
    if (!dimension.labels.empty()) text += ")";
  }
  return text;
}

}  // namespace haggle
