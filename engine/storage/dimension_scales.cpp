// SPDX-License-Identifier: MIT
#include "storage/dimension_scales.hpp"

#include <cstddef>

namespace haggle {
namespace {

using hdf5::Guard;
using hdf5::Handle;

void write(const Guard& guard, hid_t object, const char* name, hid_t file_type, hid_t memory_type, hid_t space,
           const void* data) {
  const Handle made = guard(H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                            std::string("make the attribute ") + name);
  guard(H5Awrite(made, memory_type, data), std::string("write the attribute ") + name);
}

/// The specification wants these two of fixed length.
void write_fixed(const Guard& guard, hid_t object, const char* name, const std::string& text) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose), space(H5Screate(H5S_SCALAR), H5Sclose);
  H5Tset_size(type, text.size() + 1);
  write(guard, object, name, type, type, space, text.c_str());
}

hobj_ref_t reference_to(const Guard& guard, hid_t dataset) {
  hobj_ref_t reference{};
  guard(H5Rcreate(&reference, dataset, ".", H5R_OBJECT, -1), "refer to a data set");
  return reference;
}

}  // namespace

std::size_t DimensionScales::add(hid_t dataset, const std::string& name) {
  write_fixed(guard_, dataset, "CLASS", "DIMENSION_SCALE");
  write_fixed(guard_, dataset, "NAME", name);
  scales_.push_back({dataset, reference_to(guard_, dataset), {}});
  return scales_.size() - 1;
}

void DimensionScales::attach(hid_t dataset, std::span<const std::size_t> dimensions) {
  if (dimensions.empty()) return;
  const hobj_ref_t self = reference_to(guard_, dataset);
  std::vector<hvl_t> lists;
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    Scale& scale = scales_[dimensions[d]];
    scale.users.push_back({self, static_cast<int>(d)});
    lists.push_back({1, &scale.reference});
  }
  const hsize_t rank = lists.size();
  const Handle type(H5Tvlen_create(H5T_STD_REF_OBJ), H5Tclose), space(H5Screate_simple(1, &rank, nullptr), H5Sclose);
  write(guard_, dataset, "DIMENSION_LIST", type, type, space, lists.data());
}

void DimensionScales::finish() {
  const Handle type(H5Tcreate(H5T_COMPOUND, sizeof(User)), H5Tclose);
  H5Tinsert(type, "dataset", offsetof(User, dataset), H5T_STD_REF_OBJ);
  H5Tinsert(type, "dimension", offsetof(User, dimension), H5T_NATIVE_INT);
  const Handle packed(H5Tcopy(type), H5Tclose);  // without the padding, whose bytes mean nothing
  H5Tpack(packed);
  for (const Scale& scale : scales_) {
    if (scale.users.empty()) continue;
    const hsize_t size = scale.users.size();
    const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
    write(guard_, scale.dataset, "REFERENCE_LIST", packed, type, space, scale.users.data());
  }
}

}  // namespace haggle
