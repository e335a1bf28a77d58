// SPDX-License-Identifier: MIT
#pragma once
#include <hdf5.h>

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "haggle/executor/sink.hpp"

namespace haggle::hdf5 {

/// An HDF5 identifier, closed with its owner.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close closer) : id_(id), close_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }
  /// Closes now and says whether it worked: a file's last bytes are written then.
  herr_t close() { return id_ >= 0 ? close_(std::exchange(id_, H5I_INVALID_HID)) : 0; }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// While it lives HDF5 prints nothing, whatever the program that uses this library wishes for its own calls, and no
/// other thread of ours is in it: not every build of HDF5 has a lock of its own.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  static std::recursive_mutex& one_at_a_time();
  const std::lock_guard<std::recursive_mutex> lock_{one_at_a_time()};
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

/// Turns HDF5's failures into IoError: the file, what was tried, the reason, what to do.
class Guard {
 public:
  explicit Guard(std::string file) : file_(std::move(file)) {}
  const std::string& file() const { return file_; }
  /// An error number that counts as a failure of whatever was tried; see set_part_driver().
  void watch(const int& error) { error_ = &error; }

  /// Any HDF5 result that is negative when it failed. `doing`: "write the coordinate c0".
  template <class Result>
  Result operator()(Result result, const std::string& doing) const {
    if (result < 0 || (error_ && *error_ != 0)) fail(doing);
    return result;
  }
  Handle operator()(hid_t id, Handle::Close close, const std::string& doing) const {
    Handle handle(id, close);
    (*this)(id, doing);
    return handle;
  }
  [[noreturn]] void fail(const std::string& doing) const;

 private:
  std::string file_;
  const int* error_ = nullptr;
};

/// A published file, which never changes: no lock is taken.
Handle open_to_read(const Guard& guard);

/// The file's own type (little-endian) and the memory's.
hid_t file_type(StoredType type);
hid_t memory_type(StoredType type);
/// Variable-length UTF-8.
Handle string_type();

void write_attribute(const Guard& guard, hid_t object, const char* name, const std::string& text);
void write_attribute(const Guard& guard, hid_t object, const char* name, std::span<const std::int8_t> values);
/// One quiet NaN of the float type `type`, as an array of length one, as netCDF does.
void write_nan_attribute(const Guard& guard, hid_t object, const char* name, StoredType type);

/// Text of a scalar string attribute; "" when there is none or it is something else.
std::string read_text(hid_t object, const char* name);
std::vector<std::int8_t> read_codes(hid_t object, const char* name);
/// Attribute names in the order of their making.
std::vector<std::string> attribute_names(const Guard& guard, hid_t object);

}  // namespace haggle::hdf5
