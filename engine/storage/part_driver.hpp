// SPDX-License-Identifier: MIT
#pragma once
#include "storage/hdf5.hpp"

namespace haggle {

/// Makes files created with `access` go to an open descriptor, which stays the caller's; their name is ignored.
/// HDF5 1.10 crashes when it closes a file, or only a data set, for which a write fails. So it is never told: the first
/// error number goes to `error`, where the caller looks after each step, and what is written from then on goes nowhere.
/// Whoever sets `error` himself has a file thrown away without writing its rest. Both must outlive the file.
herr_t set_part_driver(hid_t access, int descriptor, int& error);

}  // namespace haggle
