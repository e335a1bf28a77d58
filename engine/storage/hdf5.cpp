// SPDX-License-Identifier: MIT
#include "storage/hdf5.hpp"

#include <limits>
#include <string_view>

#include "haggle/core/error.hpp"
#include "storage/io_reason.hpp"

namespace haggle::hdf5 {
namespace {

/// HDF5 writes the system's error number into its message: "…, errno = 28, error message = 'No space left on device'".
int error_number_in(std::string_view message) {
  constexpr std::string_view key = "errno = ";
  const auto at = message.find(key);
  int number = 0;
  if (at != std::string_view::npos)
    for (const char c : message.substr(at + key.size())) {
      if (c < '0' || c > '9') break;
      number = 10 * number + (c - '0');
    }
  return number;
}

herr_t keep_innermost(unsigned, const H5E_error2_t* error, void* data) {
  auto& message = *static_cast<std::string*>(data);
  const std::string_view text = error->desc ? error->desc : "";
  // The system's own word is worth more than any library's.
  if (message.empty() || (error_number_in(message) == 0 && error_number_in(text) != 0)) message = text;
  return 0;
}

std::string reason() {
  std::string message;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &message);
  if (const int number = error_number_in(message)) return io_reason(number);
  return message.empty() ? "HDF5 gave no reason" : "HDF5: " + message;
}

Handle attribute(const Guard& guard, hid_t object, const char* name, hid_t type, hid_t space) {
  return guard(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
               std::string("make the attribute ") + name);
}

void write(const Guard& guard, hid_t object, const char* name, hid_t file, hid_t memory, hid_t space,
           const void* data) {
  const Handle made = attribute(guard, object, name, file, space);
  guard(H5Awrite(made, memory, data), std::string("write the attribute ") + name);
}

}  // namespace

std::recursive_mutex& Quiet::one_at_a_time() {
  static std::recursive_mutex mutex;
  return mutex;
}

Quiet::Quiet() {
  H5open();
  H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }

void Guard::fail(const std::string& doing) const {
  throw IoError(file_ + ": cannot " + doing + ": " + (error_ && *error_ != 0 ? io_reason(*error_) : reason()));
}

Handle open_to_read(const Guard& guard) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  H5Pset_file_locking(access, false, true);  // a published file never changes
  return guard(H5Fopen(guard.file().c_str(), H5F_ACC_RDONLY, access), H5Fclose, "be read");
}

hid_t file_type(StoredType type) {
  switch (type) {
    case StoredType::int8:
      return H5T_STD_I8LE;
    case StoredType::float32:
      return H5T_IEEE_F32LE;
    case StoredType::float64:
      break;
  }
  return H5T_IEEE_F64LE;
}

hid_t memory_type(StoredType type) {
  switch (type) {
    case StoredType::int8:
      return H5T_NATIVE_INT8;
    case StoredType::float32:
      return H5T_NATIVE_FLOAT;
    case StoredType::float64:
      break;
  }
  return H5T_NATIVE_DOUBLE;
}

Handle string_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

void write_attribute(const Guard& guard, hid_t object, const char* name, const std::string& text) {
  const Handle type = string_type(), space(H5Screate(H5S_SCALAR), H5Sclose);
  const char* data = text.c_str();
  write(guard, object, name, type, type, space, &data);
}

void write_attribute(const Guard& guard, hid_t object, const char* name, std::span<const std::int8_t> values) {
  const hsize_t size = values.size();
  const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
  write(guard, object, name, H5T_STD_I8LE, H5T_NATIVE_INT8, space, values.data());
}

void write_nan_attribute(const Guard& guard, hid_t object, const char* name, StoredType type) {
  const hsize_t size = 1;
  const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  write(guard, object, name, file_type(type), H5T_NATIVE_DOUBLE, space, &nan);
}

std::string read_text(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  if (H5Tis_variable_str(type) <= 0 || H5Sget_simple_extent_npoints(space) != 1) return {};
  char* data = nullptr;
  const Handle memory = string_type();
  if (H5Aread(attribute, memory, &data) < 0 || !data) return {};
  std::string text = data;
  H5free_memory(data);
  return text;
}

std::vector<std::int8_t> read_codes(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle space(H5Aget_space(attribute), H5Sclose);
  const hssize_t points = H5Sget_simple_extent_npoints(space);
  if (points <= 0) return {};
  std::vector<std::int8_t> values(static_cast<std::size_t>(points));
  if (H5Aread(attribute, H5T_NATIVE_INT8, values.data()) < 0) return {};
  return values;
}

std::vector<std::string> attribute_names(const Guard& guard, hid_t object) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  guard(H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, collect, &names), "list the attributes");
  return names;
}

}  // namespace haggle::hdf5
