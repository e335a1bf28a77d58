// SPDX-License-Identifier: MIT
#include "storage/part_driver.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace haggle {
namespace {

/// HDF5 knows a file by a pointer to its first member.
struct Part {
  H5FD_t common{};
  PartTarget* target = nullptr;
  haddr_t allocated = 0;  ///< HDF5's "end of address"
  haddr_t end = 0;        ///< of what HDF5 believes to be in the file
};

Part& part(H5FD_t* file) { return *reinterpret_cast<Part*>(file); }
const Part& part(const H5FD_t* file) { return *reinterpret_cast<const Part*>(file); }

H5FD_t* open(const char*, unsigned, hid_t access, haddr_t) {
  const auto* target = static_cast<PartTarget* const*>(H5Pget_driver_info(access));
  struct stat status {};
  if (!target || ::fstat((*target)->descriptor, &status) != 0) return nullptr;
  auto made = std::make_unique<Part>();
  made->target = *target;
  made->end = static_cast<haddr_t>(status.st_size);
  return &made.release()->common;
}

herr_t close(H5FD_t* file) {
  const std::unique_ptr<Part> mine(&part(file));
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) { return a < b ? -1 : a > b; }

herr_t query(const H5FD_t*, unsigned long* features) {
  *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
              H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) { return part(file).allocated; }
herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  part(file).allocated = address;
  return 0;
}
haddr_t end(const H5FD_t* file, H5FD_mem_t) { return part(file).end; }

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  auto* to = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t got = ::pread(part(file).target->descriptor, to, size, static_cast<off_t>(address));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) {  // HDF5 wants zeros beyond the end
      std::memset(to, 0, size);
      return 0;
    }
    to += got;
    address += static_cast<haddr_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, const void* buffer) {
  Part& mine = part(file);
  PartTarget& target = *mine.target;
  if (buffer == target.watched) target.address = address;
  const auto* from = static_cast<const char*>(buffer);
  mine.end = std::max(mine.end, address + size);
  while (size > 0 && target.error == 0) {
    const ssize_t put = ::pwrite(target.descriptor, from, size, static_cast<off_t>(address));
    if (put < 0) {
      if (errno != EINTR) target.error = errno;
      continue;
    }
    from += put;
    address += static_cast<haddr_t>(put);
    size -= static_cast<std::size_t>(put);
  }
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
  Part& mine = part(file);
  PartTarget& target = *mine.target;
  if (mine.end == mine.allocated) return 0;
  if (target.error == 0 && ::ftruncate(target.descriptor, static_cast<off_t>(mine.allocated)) != 0)
    target.error = errno;
  mine.end = mine.allocated;
  return 0;
}

/// Members by name: their number and order differ between the versions of HDF5.
H5FD_class_t driver_class() {
  constexpr H5FD_mem_t kinds[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(600);  // below 512 are the HDF Group's own
#endif
  driver.name = "haggle_part";
  driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<off_t>::max());
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(void*);  // a PartTarget*
  driver.open = open;
  driver.close = close;
  driver.cmp = compare;
  driver.query = query;
  driver.get_eoa = allocated;
  driver.set_eoa = set_allocated;
  driver.get_eof = end;
  driver.read = read;
  driver.write = write;
  driver.truncate = truncate;
  std::copy(std::begin(kinds), std::end(kinds), driver.fl_map);
  return driver;
}

}  // namespace

herr_t set_part_driver(hid_t access, PartTarget& target) {
  static const H5FD_class_t driver = driver_class();
  target.driver = hdf5::Handle(H5FDregister(&driver), H5FDunregister);
  const PartTarget* behind = &target;
  return H5Pset_driver(access, target.driver, &behind);
}

}  // namespace haggle
