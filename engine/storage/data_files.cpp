// SPDX-License-Identifier: MIT
#include "storage/data_files.hpp"

#include <fcntl.h>
#include <libdeflate.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "haggle/core/error.hpp"
#include "storage/folder.hpp"
#include "storage/io_reason.hpp"

namespace haggle {
namespace {

constexpr std::string_view suffix = ".checkpoint";

}  // namespace

std::string data_file(const std::string& path, std::uint32_t generation) {
  return path + ".part" + (generation > 1 ? "-" + std::to_string(generation) : "");
}

std::string checkpoint_of(const std::string& path) { return path + std::string(suffix); }

std::string result_of(const std::string& checkpoint) {
  if (checkpoint.size() <= suffix.size() || !checkpoint.ends_with(suffix))
    throw UsageError(checkpoint + ": a checkpoint's name ends in .checkpoint, and its data stand beside it");
  return checkpoint.substr(0, checkpoint.size() - suffix.size());
}

void remove_later_data_files(const std::string& path) {
  namespace fs = std::filesystem;
  const std::string start = fs::path(path).filename().string() + ".part-";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_of(path), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > start.size() && name.starts_with(start) &&
        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(start.size()), name.end(),
                    [](char c) { return c >= '0' && c <= '9'; }))
      ::unlink(entry.path().c_str());
  }
}

DataFiles::~DataFiles() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool DataFiles::fail(const std::string& reason) {
  why_ = name_ + ": " + reason;
  return false;
}

bool DataFiles::read(std::uint32_t generation, const ChunkPlace& place, std::vector<std::byte>& bytes) {
  if (generation != generation_) {
    if (descriptor_ >= 0) ::close(descriptor_);
    name_ = data_file(path_, generation);
    generation_ = generation;
    descriptor_ = ::open(name_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0 && errno != ENOENT) throw IoError(name_ + ": cannot be opened: " + io_reason(errno));
  }
  if (descriptor_ < 0) return fail("is missing");
  constexpr std::uint64_t largest = std::uint64_t{1}
                                    << 31;  // a block has at most 2^16 points or, of wide outputs, 2 MiB
  if (place.size > largest) return fail("the record of a chunk is damaged");
  bytes.resize(place.size);
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got =
        ::pread(descriptor_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(place.offset + at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail("cannot be read: " + io_reason(errno));
    if (got == 0) return fail("is shorter than it was");
    at += static_cast<std::size_t>(got);
  }
  if (libdeflate_crc32(0, bytes.data(), bytes.size()) != place.crc)
    return fail("some bytes are not those that were written");
  return true;
}

}  // namespace haggle
