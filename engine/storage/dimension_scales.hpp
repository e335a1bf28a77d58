// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string>
#include <vector>

#include "storage/hdf5.hpp"

namespace haggle {

/// The dimension scales of one file and who uses them, by the HDF5 Dimension Scale Specification 1.0. The same
/// attributes as H5DSattach_scale's, which lives in another library and writes each list anew for every data set.
class DimensionScales {
 public:
  explicit DimensionScales(const hdf5::Guard& guard) : guard_(guard) {}

  /// `dataset` must stay open until finish(). Makes a 1-D data set the scale of the next dimension; returns that
  /// dimension's number.
  std::size_t add(hid_t dataset, const std::string& name);
  /// Attaches one scale to each dimension of `dataset`.
  void attach(hid_t dataset, std::span<const std::size_t> dimensions);
  /// Tells every scale its users. Once, after the last attach().
  void finish();

 private:
  struct User {
    hobj_ref_t dataset;
    int dimension;
  };
  struct Scale {
    hid_t dataset;  ///< not owned
    hobj_ref_t reference;
    std::vector<User> users;
  };

  const hdf5::Guard& guard_;
  std::vector<Scale> scales_;
};

}  // namespace haggle
