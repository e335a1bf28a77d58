// SPDX-License-Identifier: MIT
#include "storage/what_is.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "haggle/core/error.hpp"
#include "storage/io_reason.hpp"
#include "storage/part_file.hpp"

namespace haggle {
namespace {

bool is_text(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 32 && c != '\n' && c != '\r' && c != '\t') || byte == 127;
  });
}

std::string describe(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.empty()) return "is empty";
  if (start.starts_with("CDF"sv)) return "is a classic netCDF file, not HDF5";
  if (start.starts_with("SQLite format 3"sv)) return "is an SQLite file, perhaps the checkpoint of a sweep";
  if (start.starts_with("PK\x03\x04"sv)) return "is a zip archive, not HDF5";
  if (start.starts_with("\x1f\x8b"sv)) return "is compressed with gzip; unpack it first";
  if (start.find("haggle:"sv) != start.npos && is_text(start))
    return "is a spec, not a result; `haggle plan` shows what it asks for";
  if (is_text(start)) return "is a text file, not a result in HDF5";
  return "is not an HDF5 file";
}

}  // namespace

void require_hdf5(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw IoError(path + " is a folder; name a result file inside it");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw IoError(path + ": cannot be opened: " + io_reason(errno));
  if (in_use(path)) throw IoError(path + " is being written by a run that still goes on; wait for its result");
  std::string start(512, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  if (start.starts_with("\x89HDF\r\n\x1a\n")) return;
  throw IoError(path + " " + describe(start) + hint_for(path));
}

std::string hint_for(const std::string& path) {
  const auto part = path.rfind(".part");
  if (part == path.npos || path.find_first_not_of("-0123456789", part + 5) != path.npos) return {};
  return "; it is what a run that was killed left behind: run the sweep again, with --resume where a .checkpoint "
         "stands "
         "beside it";
}

}  // namespace haggle
