// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace haggle {

/// The temporary file `path`.part of one writer, beside the file that it will become. Holds a lock as long as it lives,
/// so that a second run with the same output is told instead of spoiling both.
class PartFile {
 public:
  /// Claims the temporary name; one that a killed run left is replaced. Throws UsageError when `path` exists and
  /// `overwrite` is false, IoError when it cannot become a file or another run holds it.
  PartFile(const std::string& path, bool overwrite);
  ~PartFile();  ///< unpublished: removes the temporary file
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return path_; }  ///< a link given by the user is followed
  const std::string& part() const { return part_; }
  /// Open for reading and writing, empty at first.
  int descriptor() const { return descriptor_; }
  /// Syncs, renames, syncs the folder. Whoever wrote the file has closed it before. Throws IoError; a file that could
  /// not be renamed is kept under its temporary name and the message says so.
  void publish();

 private:
  std::string path_, part_, folder_;
  bool overwrite_;
  int descriptor_ = -1;
};

/// Whether a living process holds `path` as its PartFile.
bool in_use(const std::string& path);

}  // namespace haggle
