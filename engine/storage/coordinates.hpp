// SPDX-License-Identifier: MIT
#pragma once
#include "haggle/sweep/plan.hpp"
#include "storage/hdf5.hpp"

namespace haggle {

/// A dimension made of several axes, or of one under another name: its coordinate is a plain index.
bool is_zipped(const Plan& plan, const Dimension& dimension);

/// Properties every variable has: creation order kept, no times.
hdf5::Handle variable_properties();

/// One variable of the axis' name and length: float64, or variable-length UTF-8 strings for a categorical axis.
hdf5::Handle write_axis(const hdf5::Guard& guard, hid_t file, const Plan& plan, std::size_t axis);
/// int64, 0 … size-1, named as the zipped dimension.
hdf5::Handle write_index(const hdf5::Guard& guard, hid_t file, const Dimension& dimension);
/// The labels as variable-length UTF-8 strings; without labels int64, 0 … size-1.
hdf5::Handle write_inner(const hdf5::Guard& guard, hid_t file, const InnerDimension& dimension);

}  // namespace haggle
