// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <sstream>
#include <utility>

#include "haggle/core/error.hpp"
#include "haggle/storage/result_file.hpp"
#include "storage/hdf5.hpp"
#include "storage/what_is.hpp"

namespace haggle {
namespace {

using hdf5::Guard;
using hdf5::Handle;

std::vector<std::string> names_in(const Guard& guard, hid_t group) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  guard(H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, collect, &names), "list its variables");
  return names;
}

std::string type_name(hid_t dataset) {
  const Handle type(H5Dget_type(dataset), H5Tclose);
  const std::string bits = std::to_string(8 * H5Tget_size(type));
  switch (H5Tget_class(type)) {
    case H5T_STRING:
      return "string";
    case H5T_FLOAT:
      return "float" + bits;
    case H5T_INTEGER:
      return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + bits;
    default:
      return "other";
  }
}

std::vector<hsize_t> shape_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space), 0)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

/// From the attribute DIMENSION_LIST: for each dimension a list whose first member refers to the scale.
std::vector<std::string> dimension_names(const Guard& guard, hid_t dataset, std::size_t rank) {
  std::vector<std::string> names;
  if (rank == 0 || H5Aexists(dataset, "DIMENSION_LIST") <= 0) return names;
  const Handle list = guard(H5Aopen(dataset, "DIMENSION_LIST", H5P_DEFAULT), H5Aclose, "read its dimensions");
  const Handle type(H5Tvlen_create(H5T_STD_REF_OBJ), H5Tclose), space(H5Aget_space(list), H5Sclose);
  if (H5Sget_simple_extent_npoints(space) != static_cast<hssize_t>(rank)) return names;
  std::vector<hvl_t> references(rank);
  guard(H5Aread(list, type, references.data()), "read its dimensions");
  for (const hvl_t& reference : references) {
    const Handle scale(reference.len ? H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, reference.p) : -1, H5Dclose);
    char name[1024] = "/?";
    if (scale >= 0) H5Iget_name(scale, name, sizeof name);
    names.emplace_back(name + 1);
  }
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, references.data());
  return names;
}

using CodeCounts = std::array<std::uint64_t, 256>;
using Counted = FileSummary::Variable::Counted;

constexpr std::uint64_t most_places = 4096;

/// Counts a variable's codes chunk by chunk, for each place along its last dimensions beyond the first `grid_rank`: one
/// chunk in memory, and chunks never written are not even looked for.
class CodeCounter {
 public:
  CodeCounter(const Guard& guard, hid_t dataset, std::size_t grid_rank)
      : guard_(guard), dataset_(dataset), shape_(shape_of(dataset)) {
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
    chunked_ = H5Pget_layout(properties) == H5D_CHUNKED;
    chunk_ = shape_;
    if (chunked_) H5Pget_chunk(properties, static_cast<int>(chunk_.size()), chunk_.data());
    hsize_t places = 1;
    bool whole = true;  // in every chunk, as this engine writes them
    for (std::size_t d = grid_rank; d < shape_.size(); ++d)
      places *= shape_[d], whole = whole && chunk_[d] == shape_[d];
    counts_.resize(whole && places <= most_places ? places : 1);
  }

  std::vector<CodeCounts> count() {
    std::vector<hsize_t> offset(shape_.size());
    const Handle space(H5Dget_space(dataset_), H5Sclose);
    hsize_t stored = 0;
    if (chunked_) guard_(H5Dget_num_chunks(dataset_, space, &stored), "count its chunks");
    if (!chunked_ || stored == chunks()) {
      do {
        add(offset);
      } while (step(offset));
      return counts_;
    }
    // HDF5 1.10 walks to the chunk asked for, and is slower still at saying that one is not there: so those that are
    // there are asked for by number, and only in an unfinished file.
    for (hsize_t i = 0; i < stored; ++i) {
      unsigned mask = 0;
      haddr_t address = HADDR_UNDEF;
      hsize_t bytes = 0;
      guard_(H5Dget_chunk_info(dataset_, space, i, offset.data(), &mask, &address, &bytes), "find a chunk");
      add(offset);
    }
    std::uint64_t values = 1;
    for (const hsize_t n : shape_) values *= n;
    for (CodeCounts& place : counts_)
      place[0] += values / counts_.size() - std::accumulate(place.begin(), place.end(), std::uint64_t{0});
    return counts_;
  }

 private:
  bool step(std::vector<hsize_t>& offset) const {
    for (std::size_t d = shape_.size(); d-- > 0;) {
      offset[d] += chunk_[d];
      if (offset[d] < shape_[d]) return true;
      offset[d] = 0;
    }
    return false;
  }

  hsize_t chunks() const {
    hsize_t n = 1;
    for (std::size_t d = 0; d < shape_.size(); ++d) n *= (shape_[d] + chunk_[d] - 1) / chunk_[d];
    return n;
  }

  void add(const std::vector<hsize_t>& offset) {
    hsize_t points = 1;
    std::vector<hsize_t> count(shape_.size());
    for (std::size_t d = 0; d < shape_.size(); ++d) points *= count[d] = std::min(chunk_[d], shape_[d] - offset[d]);
    codes_.resize(points);
    const Handle space(H5Dget_space(dataset_), H5Sclose), memory(H5Screate_simple(1, &points, nullptr), H5Sclose);
    if (!shape_.empty()) H5Sselect_hyperslab(space, H5S_SELECT_SET, offset.data(), nullptr, count.data(), nullptr);
    guard_(H5Dread(dataset_, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, codes_.data()), "read its codes");
    if (counts_.size() == 1)
      for (const std::uint8_t code : codes_) ++counts_.front()[code];
    else
      for (std::size_t i = 0; i < codes_.size(); ++i) ++counts_[i % counts_.size()][codes_[i]];
  }

  const Guard& guard_;
  hid_t dataset_;
  std::vector<hsize_t> shape_, chunk_;
  bool chunked_ = false;
  std::vector<std::uint8_t> codes_;
  std::vector<CodeCounts> counts_;
};

/// The entries of a dimension's coordinate: its words, or where it has none 0, 1, …
std::vector<std::string> entries_of(const Guard& guard, hid_t file, const std::string& dimension, hsize_t size) {
  std::vector<std::string> entries(size);
  for (hsize_t i = 0; i < size; ++i) entries[i] = std::to_string(i);
  if (H5Lexists(file, dimension.c_str(), H5P_DEFAULT) <= 0) return entries;
  const Handle dataset = guard(H5Dopen2(file, dimension.c_str(), H5P_DEFAULT), H5Dclose, "open its " + dimension);
  const Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  if (H5Tis_variable_str(type) <= 0 || H5Sget_simple_extent_npoints(space) != static_cast<hssize_t>(size))
    return entries;
  std::vector<char*> words(size);
  const Handle memory = hdf5::string_type();
  guard(H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, words.data()), "read its " + dimension);
  for (hsize_t i = 0; i < size; ++i)
    if (words[i]) entries[i] = words[i];
  H5Dvlen_reclaim(memory, space, H5P_DEFAULT, words.data());
  return entries;
}

/// A name for each place along a variable's dimensions beyond the grid's, the last varying fastest.
std::vector<std::string> place_names(const Guard& guard, hid_t file, const FileSummary::Variable& variable,
                                     const std::vector<hsize_t>& shape, std::size_t grid_rank) {
  std::vector<std::string> names{""};
  for (std::size_t d = grid_rank; d < variable.dimensions.size(); ++d) {
    std::vector<std::string> longer;
    for (const std::string& before : names)
      for (const std::string& entry : entries_of(guard, file, variable.dimensions[d], shape[d]))
        longer.push_back(std::string(before).append(before.empty() ? "" : ", ").append(entry));
    names = std::move(longer);
  }
  return names;
}

Counted named_counts(hid_t dataset, CodeCounts counts) {
  const std::vector<std::int8_t> values = hdf5::read_codes(dataset, "flag_values");
  std::istringstream meanings(hdf5::read_text(dataset, "flag_meanings"));
  Counted named;
  for (const std::int8_t value : values) {
    std::string name;
    if (!(meanings >> name)) name = "code_" + std::to_string(value);
    named.emplace_back(name, std::exchange(counts[static_cast<std::uint8_t>(value)], 0));
  }
  for (std::size_t code = 0; code < counts.size(); ++code)
    if (counts[code] > 0) named.emplace_back("unknown_" + std::to_string(static_cast<std::int8_t>(code)), counts[code]);
  return named;
}

void count_codes(const Guard& guard, hid_t file, hid_t dataset, const std::vector<hsize_t>& shape,
                 std::size_t grid_rank, FileSummary::Variable& variable) {
  if (hdf5::read_codes(dataset, "flag_values").empty()) return;
  const std::vector<CodeCounts> places = CodeCounter(guard, dataset, grid_rank).count();
  CodeCounts all{};
  for (const CodeCounts& place : places)
    std::transform(all.begin(), all.end(), place.begin(), all.begin(), std::plus<>{});
  variable.counts = named_counts(dataset, all);
  if (places.size() == 1 || variable.dimensions.size() != shape.size()) return;
  const std::vector<std::string> names = place_names(guard, file, variable, shape, grid_rank);
  for (std::size_t p = 0; p < places.size(); ++p)
    variable.counts_by_place.emplace_back(names[p], named_counts(dataset, places[p]));
}

void read_variable(const Guard& guard, hid_t file, const std::string& name, std::size_t grid_rank,
                   FileSummary& summary) {
  const Handle dataset = guard(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "open its variable " + name);
  const std::vector<hsize_t> shape = shape_of(dataset);
  FileSummary::Variable variable;
  variable.name = name;
  variable.long_name = hdf5::read_text(dataset, "long_name");
  variable.unit = hdf5::read_text(dataset, "units");
  variable.type = type_name(dataset);
  if (H5Aexists(dataset, "CLASS") > 0) {
    variable.dimensions = {name};
    summary.dimensions.emplace_back(name, shape.empty() ? 1 : shape.front());
  } else {
    variable.dimensions = dimension_names(guard, dataset, shape.size());
  }
  const Handle type(H5Dget_type(dataset), H5Tclose);
  variable.bytes_raw = H5Tget_size(type);
  for (const hsize_t n : shape) variable.bytes_raw *= n;
  variable.bytes_stored = H5Dget_storage_size(dataset);
  if (variable.type == "int8") count_codes(guard, file, dataset, shape, grid_rank, variable);
  summary.variables.push_back(std::move(variable));
}

void read_provenance(const Guard& guard, hid_t file, FileSummary& summary) {
  const Handle group = guard(H5Gopen2(file, "provenance", H5P_DEFAULT), H5Gclose, "open its group provenance");
  for (const std::string& name : hdf5::attribute_names(guard, group))
    summary.provenance.emplace_back(name, hdf5::read_text(group, name.c_str()));
}

FileSummary read(const std::string& path) {
  const Guard guard(path);
  const Handle file = hdf5::open_to_read(guard);
  FileSummary summary;
  summary.title = hdf5::read_text(file, "title");
  summary.game = hdf5::read_text(file, "game");
  summary.engine_version = hdf5::read_text(file, "engine_version");
  summary.commit = hdf5::read_text(file, "commit");
  summary.spec_hash = hdf5::read_text(file, "spec_hash");
  summary.history = hdf5::read_text(file, "history");
  if (summary.game.empty() || summary.engine_version.empty() || H5Lexists(file, "status", H5P_DEFAULT) <= 0)
    throw IoError(path +
                  " is an HDF5 file, but not a result of haggle: it lacks the game, the engine's version or "
                  "the variable `status`");
  const std::size_t grid_rank =
      shape_of(guard(H5Dopen2(file, "status", H5P_DEFAULT), H5Dclose, "open its variable status")).size();
  for (const std::string& name : names_in(guard, file)) {
    H5O_info_t info{};
    guard(H5Oget_info_by_name2(file, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT), "look at " + name);
    if (info.type == H5O_TYPE_DATASET) read_variable(guard, file, name, grid_rank, summary);
  }
  if (H5Lexists(file, "provenance", H5P_DEFAULT) > 0) read_provenance(guard, file, summary);
  return summary;
}

}  // namespace

FileSummary inspect_file(const std::string& path) {
  require_hdf5(path);
  const hdf5::Quiet quiet;
  try {
    return read(path);
  } catch (const IoError& error) {
    throw IoError(error.what() + hint_for(path));
  }
}

}  // namespace haggle
