// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <cstdint>
#include <string>

namespace haggle {

/// The temporary files of one writer, beside the file `path` that one of them will become: `path`.part, which is also
/// locked as long as this lives, so that a second run with the same output is told instead of spoiling both; and
/// `path`.part-2, … for runs that go on where another ended.
class PartFile {
 public:
  /// Claims the name and changes nothing yet. Throws UsageError when `path` exists and `overwrite` is false, IoError
  /// when it cannot become a file or another run holds it.
  PartFile(const std::string& path, bool overwrite);
  ~PartFile();  ///< removes what start() made, unless it was published or kept
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return path_; }  ///< a link given by the user is followed
  /// Empties the n-th data file, counted from 1. What stood there before, left by a run that was killed, is gone.
  void start(std::uint32_t generation);
  const std::string& part() const { return part_; }  ///< the data file
  int descriptor() const { return descriptor_; }     ///< of the data file, open for reading and writing
  /// From now on a checkpoint needs the data file.
  void keep() { keep_ = true; }
  /// Whether `path` may be replaced, where that was not known at the start.
  void allow_overwrite(bool allowed) { overwrite_ = allowed; }
  /// Syncs, renames, syncs the folder. Whoever wrote the file has closed it before. Throws IoError; a file that could
  /// not be renamed is kept under its temporary name and the message says so.
  void publish();
  /// Removes every data file but the published one.
  void remove_all();

 private:
  void open_data();

  std::string path_, lock_name_, part_;
  bool overwrite_;
  int lock_ = -1, descriptor_ = -1;  ///< the same file for the first generation
  std::atomic<bool> keep_{false};
};

/// Whether a living process holds `path` as its PartFile.
bool in_use(const std::string& path);

}  // namespace haggle
