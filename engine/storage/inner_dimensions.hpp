// SPDX-License-Identifier: MIT
// The dimensions that outputs have beside the grid's, such as the specialists: last in the file, and whole in every
// chunk.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "haggle/sweep/plan.hpp"
#include "storage/hdf5.hpp"

namespace haggle {

/// `grid` (the grid's shape, a block's, an offset's…) followed by one number for each inner dimension of
/// Plan::outputs[output]: its size, or where a place and no extent is wanted 0.
std::vector<hsize_t> with_sizes(const Plan& plan, std::size_t output, std::span<const std::uint64_t> grid);
std::vector<hsize_t> with_zeros(const Plan& plan, std::size_t output, std::span<const std::uint64_t> grid);
/// A space of that shape; scalar when it has no dimension.
hdf5::Handle space_of(const std::vector<hsize_t>& shape);

/// Throws IoError when the variable of Plan::outputs[output] has another shape than the plan's.
void require_shape(const hdf5::Guard& guard, hid_t variable, const Plan& plan, std::size_t output);

/// "specialist 2 (A, B); component 4", of a plan without them "".
std::string inner_dimensions_text(const Plan& plan);

}  // namespace haggle
