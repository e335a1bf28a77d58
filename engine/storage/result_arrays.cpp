// SPDX-License-Identifier: MIT
#include "storage/result_arrays.hpp"

#include <cerrno>

#include "haggle/core/error.hpp"
#include "storage/inner_dimensions.hpp"

namespace haggle {

using hdf5::Quiet;

ResultArrays::ResultArrays(const Plan& plan, const std::string& name, int descriptor) : plan_(plan), guard_(name) {
  const Quiet quiet;
  target_.descriptor = descriptor;
  guard_.watch(target_.error);
  try {
    result_ = create_result(guard_, plan, target_);
  } catch (...) {
    target_.driver = {};  // while HDF5 is quiet
    throw;
  }
}

ResultArrays::~ResultArrays() {
  const Quiet quiet;
  if (target_.error == 0) target_.error = ECANCELED;
  result_ = {};
  target_.driver = {};
}

std::uint64_t ResultArrays::write(BlockIndex block, std::size_t output, std::span<const std::byte> bytes,
                                  std::uint32_t filter_mask) {
  const Quiet quiet;  // of this thread
  const std::vector<hsize_t> offset = with_zeros(plan_, output, plan_.grid.box(block).offset);
  const bool chunked = !plan_.dimensions.empty();
  const hid_t dataset = result_.outputs[output];
  target_.watched = bytes.data();
  target_.address = HADDR_UNDEF;
  const herr_t done = chunked
                          ? H5Dwrite_chunk(dataset, H5P_DEFAULT, filter_mask, offset.data(), bytes.size(), bytes.data())
                          : H5Dwrite(dataset, hdf5::memory_type(stored_type(plan_, output)), H5S_ALL, H5S_ALL,
                                     H5P_DEFAULT, bytes.data());
  target_.watched = nullptr;
  if (done < 0 || target_.error != 0)
    guard_.fail("write block " + std::to_string(block.value) + " of " +
                std::string(plan_.game->outputs[plan_.outputs[output]].name));
  if (chunked && target_.address == HADDR_UNDEF)
    throw IoError(guard_.file() + ": this version of HDF5 does not hand chunks on as they are; build with another");
  return target_.address;
}

void ResultArrays::finish(const Provenance& provenance) {
  const Quiet quiet;
  write_provenance(guard_, result_.file, provenance);
  guard_(H5Fflush(result_.file, H5F_SCOPE_LOCAL), "be written to its end");
  result_.outputs.clear();
  guard_(result_.file.close(), "be closed");
}

}  // namespace haggle
