// SPDX-License-Identifier: MIT
#include "storage/part_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <string_view>
#include <system_error>

#include "haggle/core/error.hpp"
#include "storage/data_files.hpp"
#include "storage/folder.hpp"
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

/// Names that work in progress has; a result of that name would be taken for it.
void refuse_reserved(const std::string& path) {
  static const std::regex reserved(R"(.*\.(part(-[0-9]+)?|checkpoint(-journal|\.new)?))");
  if (std::regex_match(fs::path(path).filename().string(), reserved))
    throw UsageError(path + ": names that end so are kept for work in progress; give the result another, in .h5, say");
}

/// What a killed run left is replaced; anything else of that name is somebody's.
void refuse_foreign(int descriptor, const std::string& name) {
  constexpr std::string_view hdf5("\x89HDF\r\n\x1a\n"), lost("\0\0\0\0\0\0\0\0", 8);
  std::array<char, 8> head{};
  const auto got = ::pread(descriptor, head.data(), head.size(), 0);
  const std::string_view begins(head.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  if (!hdf5.starts_with(begins) && !lost.starts_with(begins))
    throw UsageError(name +
                     " is in the way and not an unfinished result of haggle; move it, name another file with -o, "
                     "or replace it with --force");
}

}  // namespace

PartFile::PartFile(const std::string& path, bool overwrite) : path_(path), overwrite_(overwrite) {
  std::error_code error;
  if (path.empty()) throw UsageError("the output file has no name");
  refuse_reserved(path);
  if (fs::is_symlink(path, error)) {
    path_ = fs::canonical(path, error).string();
    if (error) fail(path, "the link leads nowhere", error.value());
  }
  if (path_.back() == '/' || fs::is_directory(path_, error))
    throw IoError(path_ + " is a folder; name the file inside it that shall be written");
  const std::string folder = folder_of(path_);
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) fail(path_, "its folder " + folder + " cannot be used", errno);
  if (!S_ISDIR(status.st_mode)) throw IoError(path_ + ": " + folder + " is not a folder; check the name");
  if (fs::exists(path_, error)) {
    if (!fs::is_regular_file(path_, error))
      throw IoError(path_ + " is not an ordinary file and will not be replaced; name another");
    if (!overwrite) refuse_existing(path_);
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail(path_, "its folder " + folder + " cannot be written to", errno);

  part_ = lock_name_ = data_file(path_, 1);
  while (true) {
    lock_ = ::open(lock_name_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ < 0) fail(lock_name_, "cannot be created", errno);
    const bool mine = lock(lock_);
    if (mine && still_named(lock_, lock_name_)) break;
    ::close(lock_);
    if (!mine)
      throw IoError(
          lock_name_ +
          " is being written by another run with the same output; wait for it, stop it, or name another file");
  }
}

void PartFile::start(std::uint32_t generation) {
  part_ = data_file(path_, generation);
  if (generation == 1 && !overwrite_) refuse_foreign(lock_, part_);
  descriptor_ = lock_;
  if (generation > 1) descriptor_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(part_, "cannot be created", errno);
  if (::ftruncate(descriptor_, 0) != 0) fail(part_, "cannot be emptied", errno);
}

PartFile::~PartFile() {
  struct stat status {};
  const bool started = descriptor_ >= 0 && !keep_;
  if (started && descriptor_ != lock_) ::unlink(part_.c_str());
  // Empty, the lock's file has no data that anybody needs.
  if ((started && descriptor_ == lock_) || (lock_ >= 0 && ::fstat(lock_, &status) == 0 && status.st_size == 0))
    ::unlink(lock_name_.c_str());
  if (descriptor_ >= 0 && descriptor_ != lock_) ::close(descriptor_);
  if (lock_ >= 0) ::close(lock_);
}

void PartFile::publish() {
  if (::fsync(descriptor_) != 0) fail(part_, "cannot be brought to the disk", errno);
  if (rename_file(part_, path_, overwrite_) != 0) {
    const int reason = errno;
    keep_ = true;
    const std::string kept = "; the finished file is kept as " + part_ + ", rename it";
    if (reason == EEXIST) throw IoError(path_ + " was made by somebody else during the run and is left alone" + kept);
    throw IoError(path_ + ": cannot be put in place: " + io_reason(reason) + kept);
  }
  if (descriptor_ == lock_) lock_ = -1;
  ::close(descriptor_);  // of the first generation, it ends the lock: from here on it is a file like any other
  descriptor_ = -1;
  if (const int error = sync_folder_of(path_)) fail(path_, "its name cannot be brought to the disk", error);
}

void PartFile::remove_all() {
  remove_later_data_files(path_);
  if (lock_ < 0) return;
  ::unlink(lock_name_.c_str());
  ::close(lock_);
  lock_ = -1;
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
