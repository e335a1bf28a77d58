// SPDX-License-Identifier: MIT
#pragma once
#include "storage/hdf5.hpp"

namespace haggle {

/// The open descriptor that stands behind a file which HDF5 writes; it stays the caller's.
struct PartTarget {
  int descriptor = -1;
  int error = 0;                  ///< the first error number of any write
  const void* watched = nullptr;  ///< bytes whose way into the file is of interest …
  haddr_t address = HADDR_UNDEF;  ///< … and where they last went
  /// Held until the file is closed: HDF5 1.10 then looks into the driver once more after it let go of it.
  hdf5::Handle driver{};
};

/// Makes files created with `access` go to `target`, which must outlive the file; their name is ignored.
/// HDF5 1.10 crashes when it closes a file, or only a data set, for which a write fails. So it is never told: the first
/// error number goes to `target.error`, where the caller looks after each step, and what is written from then on goes
/// nowhere. Whoever sets `error` himself has a file thrown away without writing its rest.
/// HDF5 1.10 can say where a chunk stands only by walking through all chunks; `watched` tells it in passing.
herr_t set_part_driver(hid_t access, PartTarget& target);

}  // namespace haggle
