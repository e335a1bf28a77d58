// SPDX-License-Identifier: MIT
#include "storage/schema.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

#include "haggle/core/error.hpp"
#include "haggle/executor/sink.hpp"
#include "storage/chunk_codec.hpp"
#include "storage/coordinates.hpp"
#include "storage/dimension_scales.hpp"
#include "storage/inner_dimensions.hpp"

#ifndef HAGGLE_VERSION
#define HAGGLE_VERSION "unknown"
#endif
#ifndef HAGGLE_COMMIT
#define HAGGLE_COMMIT "unknown"
#endif

namespace haggle {
namespace {

using hdf5::Guard;
using hdf5::Handle;

constexpr unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

Handle create_file(const Guard& guard, PartTarget& target) {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose), access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_link_creation_order(creation, in_order);
  H5Pset_attr_creation_order(creation, in_order);
  H5Pset_obj_track_times(creation, false);
  guard(set_part_driver(access, target), "be handed to HDF5");
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  return guard(H5Fcreate(guard.file().c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, "be created");
}

/// Only what two runs of one spec have in common: what differs belongs to /provenance.
void write_root(const Guard& guard, hid_t file, const Plan& plan) {
  const std::string engine = "haggle " HAGGLE_VERSION;
  const std::string spec = std::filesystem::path(plan.spec_name).filename().string();
  const std::pair<const char*, std::string> attributes[] = {
      {"Conventions", "CF-1.10"},
      {"title", plan.title},
      {"history", engine + ": run " + spec},
      {"source", engine + ", " + std::string(plan.game->title)},
      {"references", std::string(plan.game->source)},
      {"game", std::string(plan.game->name)},
      {"specialist", plan.specialist_name},
      {"engine_version", HAGGLE_VERSION},
      {"commit", HAGGLE_COMMIT},
      {"spec_hash", plan.hash},
  };
  for (const auto& [name, text] : attributes) hdf5::write_attribute(guard, file, name, text);
}

Handle output_properties(const Plan& plan, std::size_t output) {
  const StoredType type = stored_type(plan, output);
  Handle properties = variable_properties();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // Codes keep HDF5's own fill value, 0: `pending` and its likes.
  if (type != StoredType::int8) H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &nan);
  if (plan.dimensions.empty()) return properties;  // a single game has no chunks
  const std::vector<hsize_t> chunk = with_sizes(plan, output, plan.grid.block_shape());
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  const ChunkCodec codec(type, plan.format.compression);
  if (codec.shuffles()) H5Pset_shuffle(properties);
  if (codec.deflates()) H5Pset_deflate(properties, static_cast<unsigned>(plan.format.compression));
  return properties;
}

void describe_codes(const Guard& guard, hid_t dataset, std::span<const Code> codes) {
  std::vector<std::int8_t> values;
  std::string meanings;
  for (const Code& code : codes) {
    values.push_back(code.value);
    meanings.append(meanings.empty() ? "" : " ").append(code.name);
  }
  hdf5::write_attribute(guard, dataset, "flag_values", values);
  hdf5::write_attribute(guard, dataset, "flag_meanings", meanings);
}

/// The auxiliary coordinates that CF wants named on each variable: the axes of zipped dimensions.
std::string auxiliary_names(const Plan& plan) {
  std::string names;
  for (const Dimension& dimension : plan.dimensions)
    if (is_zipped(plan, dimension))
      for (const std::size_t axis : dimension.axes) names.append(names.empty() ? "" : " ").append(plan.axes[axis].name);
  return names;
}

Handle create_output(const Guard& guard, hid_t file, const Plan& plan, std::size_t output) {
  const Output& row = plan.game->outputs[plan.outputs[output]];
  const std::string name(row.name);
  const StoredType type = stored_type(plan, output);
  const Handle space = space_of(with_sizes(plan, output, plan.grid.shape()));
  const Handle properties = output_properties(plan, output);
  Handle dataset =
      guard(H5Dcreate2(file, name.c_str(), hdf5::file_type(type), space, H5P_DEFAULT, properties, H5P_DEFAULT),
            H5Dclose, "make the variable " + name);
  hdf5::write_attribute(guard, dataset, "long_name", std::string(row.long_name));
  hdf5::write_attribute(guard, dataset, "units", std::string(row.unit));
  if (row.codes.empty())
    hdf5::write_nan_attribute(guard, dataset, "_FillValue", type);
  else
    describe_codes(guard, dataset, row.codes);
  if (const std::string names = auxiliary_names(plan); !names.empty())
    hdf5::write_attribute(guard, dataset, "coordinates", names);
  return dataset;
}

}  // namespace

void check_names(const Plan& plan) {
  std::set<std::string> taken{"provenance"};
  std::set<std::string> inner;
  const auto take = [&](const std::string& name, const std::string& what) {
    if (name.empty() || name == "." || name.find('/') != std::string::npos)
      throw UsageError(what + " '" + name + "' cannot be the name of a variable in the file; rename it");
    if (inner.contains(name))
      throw UsageError(what + " '" + name + "' has the name of a dimension that outputs of this game have; rename it");
    if (!taken.insert(name).second)
      throw UsageError(what + " '" + name + "' has the name of another variable of the file; rename it");
  };
  for (const std::size_t row : plan.outputs) take(std::string(plan.game->outputs[row].name), "the output");
  for (const std::size_t d : inner_dimensions(plan)) take(std::string(plan.game->dimensions[d].name), "the dimension");
  for (const std::size_t d : inner_dimensions(plan)) inner.emplace(plan.game->dimensions[d].name);
  for (const Dimension& dimension : plan.dimensions) {
    take(dimension.name, is_zipped(plan, dimension) ? "the zip" : "the axis");
    if (is_zipped(plan, dimension))
      for (const std::size_t axis : dimension.axes) take(plan.axes[axis].name, "the axis");
  }
}

EmptyResult create_result(const Guard& guard, const Plan& plan, PartTarget& target) {
  EmptyResult result;
  result.file = create_file(guard, target);
  write_root(guard, result.file, plan);

  DimensionScales scales(guard);
  std::vector<Handle> coordinates;  // open until every scale knows its users
  std::vector<std::size_t> all;
  for (const Dimension& dimension : plan.dimensions) {
    coordinates.push_back(is_zipped(plan, dimension) ? write_index(guard, result.file, dimension)
                                                     : write_axis(guard, result.file, plan, dimension.axes.front()));
    all.push_back(scales.add(coordinates.back(), dimension.name));
    if (is_zipped(plan, dimension))
      for (const std::size_t axis : dimension.axes)
        scales.attach(write_axis(guard, result.file, plan, axis), {&all.back(), 1});
  }
  std::vector<std::size_t> scale_of(plan.game->dimensions.size());
  for (const std::size_t d : inner_dimensions(plan)) {
    const InnerDimension& dimension = plan.game->dimensions[d];
    coordinates.push_back(write_inner(guard, result.file, dimension));
    scale_of[d] = scales.add(coordinates.back(), std::string(dimension.name));
  }
  for (std::size_t output = 0; output < plan.outputs.size(); ++output) {
    result.outputs.push_back(create_output(guard, result.file, plan, output));
    std::vector<std::size_t> own = all;
    for (const std::size_t d : plan.game->outputs[plan.outputs[output]].dimensions) own.push_back(scale_of[d]);
    scales.attach(result.outputs.back(), own);
  }
  scales.finish();
  guard(H5Fflush(result.file, H5F_SCOPE_LOCAL), "write its head");
  return result;
}

void write_provenance(const Guard& guard, hid_t file, const std::vector<std::pair<std::string, std::string>>& entries) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  H5Pset_link_creation_order(creation, in_order);
  H5Pset_attr_creation_order(creation, in_order);
  H5Pset_obj_track_times(creation, false);
  const Handle group =
      guard(H5Gcreate2(file, "provenance", H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, "make the group provenance");
  for (const auto& [name, text] : entries) hdf5::write_attribute(guard, group, name.c_str(), text);
}

}  // namespace haggle
