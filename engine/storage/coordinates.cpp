// SPDX-License-Identifier: MIT
#include "storage/coordinates.hpp"

#include <algorithm>

namespace haggle {
namespace {

using hdf5::Guard;
using hdf5::Handle;

constexpr hsize_t piece = 65536;  ///< an axis may be longer than memory is wide

Handle create(const Guard& guard, hid_t file, const std::string& name, hid_t type, hsize_t size) {
  const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose), properties = variable_properties();
  return guard(H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
               "make the coordinate " + name);
}

/// Writes `value(i)` for all i < size, a piece at a time.
template <class T, class Value>
void fill(const Guard& guard, hid_t dataset, const std::string& name, hid_t type, hsize_t size, Value value) {
  std::vector<T> values;
  const Handle space(H5Dget_space(dataset), H5Sclose);
  for (hsize_t start = 0; start < size; start += piece) {
    const hsize_t count = std::min(piece, size - start);
    values.resize(count);
    for (hsize_t i = 0; i < count; ++i) values[i] = value(start + i);
    const Handle memory(H5Screate_simple(1, &count, nullptr), H5Sclose);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, nullptr, &count, nullptr);
    guard(H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, values.data()), "write the coordinate " + name);
  }
}

/// The paper's symbol of the one parameter that runs over the axis; empty when there is none or are several.
std::string symbol_of(const Plan& plan, std::size_t axis) {
  std::string symbol;
  int users = 0;
  for (std::size_t p = 0; p < plan.parameters.size(); ++p)
    if (plan.parameters[p].kind == Source::Kind::axis && plan.parameters[p].axis == axis && ++users == 1)
      symbol = plan.game->parameters[p].symbol;
  return users == 1 ? symbol : std::string();
}

void describe(const Guard& guard, hid_t dataset, const std::string& long_name, const std::string& unit) {
  hdf5::write_attribute(guard, dataset, "long_name", long_name);
  hdf5::write_attribute(guard, dataset, "units", unit);
}

/// int64, 0 … size-1.
Handle write_numbers(const Guard& guard, hid_t file, const std::string& name, hsize_t size,
                     const std::string& long_name) {
  Handle dataset = create(guard, file, name, H5T_STD_I64LE, size);
  fill<std::int64_t>(guard, dataset, name, H5T_NATIVE_INT64, size,
                     [](hsize_t i) { return static_cast<std::int64_t>(i); });
  describe(guard, dataset, long_name, "1");
  return dataset;
}

}  // namespace

bool is_zipped(const Plan& plan, const Dimension& dimension) {
  return dimension.axes.size() != 1 || plan.axes[dimension.axes.front()].name != dimension.name;
}

Handle variable_properties() {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_attr_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(properties, false);
  return properties;
}

Handle write_axis(const Guard& guard, hid_t file, const Plan& plan, std::size_t index) {
  const Axis& axis = plan.axes[index];
  const hsize_t size = axis.size();
  Handle dataset;
  if (axis.labels.empty()) {
    dataset = create(guard, file, axis.name, H5T_IEEE_F64LE, size);
    fill<double>(guard, dataset, axis.name, H5T_NATIVE_DOUBLE, size, [&](hsize_t i) { return axis.value(i); });
  } else {
    const Handle type = hdf5::string_type();
    dataset = create(guard, file, axis.name, type, size);
    fill<const char*>(guard, dataset, axis.name, type, size, [&](hsize_t i) { return axis.labels[i].c_str(); });
  }
  describe(guard, dataset, axis.long_name.empty() ? axis.name : axis.long_name, axis.unit);
  if (const std::string symbol = symbol_of(plan, index); !symbol.empty())
    hdf5::write_attribute(guard, dataset, "symbol", symbol);
  return dataset;
}

Handle write_index(const Guard& guard, hid_t file, const Dimension& dimension) {
  return write_numbers(guard, file, dimension.name, dimension.size, "position in the zipped axes");
}

Handle write_inner(const Guard& guard, hid_t file, const InnerDimension& dimension) {
  const std::string name(dimension.name), long_name(dimension.long_name.empty() ? dimension.name : dimension.long_name);
  if (dimension.labels.empty()) return write_numbers(guard, file, name, dimension.size, long_name);
  const std::vector<std::string> labels(dimension.labels.begin(), dimension.labels.end());  // ended by a zero
  const Handle type = hdf5::string_type();
  Handle dataset = create(guard, file, name, type, dimension.size);
  fill<const char*>(guard, dataset, name, type, dimension.size, [&](hsize_t i) { return labels[i].c_str(); });
  describe(guard, dataset, long_name, "1");
  return dataset;
}

}  // namespace haggle
