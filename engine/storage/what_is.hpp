// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace haggle {

/// Throws IoError, saying what `path` is instead, unless it starts as an HDF5 file does and nobody
/// is writing it.
void require_hdf5(const std::string& path);
/// "; it is …", for a file that could not be read and whose name says why. Else empty.
std::string hint_for(const std::string& path);

}  // namespace haggle
