// SPDX-License-Identifier: MIT
#include "storage/part_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "haggle/core/error.hpp"
#include "storage/io_reason.hpp"

namespace haggle {
namespace {

namespace fs = std::filesystem;

/// Locks of the open file description: they die with the process, and HDF5's own (flock) do not see them.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// False when another holds it. A file system without locks cannot protect the file; that is no reason not to write it.
bool lock(int descriptor) {
  struct flock wanted = whole_file();
  return ::fcntl(descriptor, F_OFD_SETLK, &wanted) == 0 || (errno != EAGAIN && errno != EACCES);
}

/// The descriptor still is the file of that name, which a rename or a removal may have changed before it was locked.
bool still_named(int descriptor, const std::string& name) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::stat(name.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
         open.st_dev == named.st_dev;
}

[[noreturn]] void fail(const std::string& path, const std::string& what, int error_number) {
  throw IoError(path + ": " + what + ": " + io_reason(error_number));
}

[[noreturn]] void refuse_existing(const std::string& path) {
  throw UsageError(path + " exists already; --force replaces it, or name another file");
}

void sync_folder(const std::string& folder) {
  // Some network file systems refuse to sync a folder; the rename itself has succeeded by then.
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

int rename_file(const std::string& from, const std::string& to, bool overwrite) {
  if (!overwrite) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (::access(to.c_str(), F_OK) == 0) {  // the file system cannot do it in one step
      errno = EEXIST;
      return -1;
    }
  }
  return std::rename(from.c_str(), to.c_str());
}

}  // namespace

PartFile::PartFile(const std::string& path, bool overwrite) : path_(path), overwrite_(overwrite) {
  std::error_code error;
  if (path.empty()) throw UsageError("the output file has no name");
  if (fs::is_symlink(path, error)) {
    path_ = fs::canonical(path, error).string();
    if (error) fail(path, "the link leads nowhere", error.value());
  }
  if (path_.back() == '/' || fs::is_directory(path_, error))
    throw IoError(path_ + " is a folder; name the file inside it that shall be written");
  folder_ = fs::path(path_).parent_path().string();
  if (folder_.empty()) folder_ = ".";
  struct stat folder {};
  if (::stat(folder_.c_str(), &folder) != 0) fail(path_, "its folder " + folder_ + " cannot be used", errno);
  if (!S_ISDIR(folder.st_mode)) throw IoError(path_ + ": " + folder_ + " is not a folder; check the name");
  if (fs::exists(path_, error)) {
    if (!fs::is_regular_file(path_, error))
      throw IoError(path_ + " is not an ordinary file and will not be replaced; name another");
    if (!overwrite) refuse_existing(path_);
  }
  if (::access(folder_.c_str(), W_OK | X_OK) != 0)
    fail(path_, "its folder " + folder_ + " cannot be written to", errno);

  part_ = path_ + ".part";
  while (true) {
    descriptor_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(part_, "cannot be created", errno);
    const bool mine = lock(descriptor_);
    if (mine && still_named(descriptor_, part_)) break;
    ::close(descriptor_);
    if (!mine)
      throw IoError(
          part_ + " is being written by another run with the same output; wait for it, stop it, or name another file");
  }
  if (::ftruncate(descriptor_, 0) != 0) {
    const int reason = errno;
    ::close(descriptor_);
    fail(part_, "cannot be emptied", reason);
  }
}

PartFile::~PartFile() {
  if (descriptor_ < 0) return;
  ::unlink(part_.c_str());
  ::close(descriptor_);
}

void PartFile::publish() {
  if (::fsync(descriptor_) != 0) fail(part_, "cannot be brought to the disk", errno);
  if (rename_file(part_, path_, overwrite_) != 0) {
    const int reason = errno;
    ::close(descriptor_);
    descriptor_ = -1;
    const std::string kept = "; the finished file is kept as " + part_ + ", rename it";
    if (reason == EEXIST) throw IoError(path_ + " was made by somebody else during the run and is left alone" + kept);
    throw IoError(path_ + ": cannot be put in place: " + io_reason(reason) + kept);
  }
  ::close(descriptor_);  // ends the lock: from here on it is a file like any other
  descriptor_ = -1;
  sync_folder(folder_);
}

bool in_use(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct flock probe = whole_file();
  const bool held = ::fcntl(descriptor, F_OFD_GETLK, &probe) == 0 && probe.l_type != F_UNLCK;
  ::close(descriptor);
  return held;
}

}  // namespace haggle
