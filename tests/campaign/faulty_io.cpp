// SPDX-License-Identifier: MIT
// Preloaded before the C library: makes the k-th call of a kind fail on the files under one folder, and logs what every
// call did to them, so that a power loss can be played from the log (power_loss.py). Read from the environment:
//
//   FAULTY_FOLDER  the folder, by its real path
//   FAULTY_LOG     a file outside it; records as in struct Record
//   FAULTY_FAIL    KIND:K:HOW, K counted from 1. KIND: write, sync, sync_folder, truncate, rename, unlink, open, new
//                  (of 4 KiB or more), any_new (of any size, from the first of these other calls on).
//                  HOW: ENOSPC, EIO, short (a write of half), full (half a write, then ENOSPC for all that grow a
//                  file), kill (half of a write, then SIGKILL; before any other call). `new` and `any_new` always
//                  throw std::bad_alloc.
#include <sys/stat.h>

#include <climits>
#include <cstdarg>

#include "faulty_watch.hpp"

namespace {

using namespace faulty;

/// A name with its folder resolved; the last part may not exist.
std::string resolved(int at, const char* name) {
  std::string path = name;
  if (path.empty() || path[0] != '/') {
    char base[PATH_MAX];
    const std::string link = at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(at);
    const ssize_t n = ::readlink(link.c_str(), base, sizeof base);
    if (n > 0) path = std::string(base, static_cast<std::size_t>(n)) + "/" + path;
  }
  const auto cut = path.rfind('/');
  char real_folder[PATH_MAX];
  if (::realpath(cut == 0 ? "/" : path.substr(0, cut).c_str(), real_folder)) path = real_folder + path.substr(cut);
  return path;
}

int open_file(int at, const char* name, int flags, mode_t mode) {
  static auto* next = real<int(int, const char*, int, ...)>("openat");
  Watch& w = watch();
  const std::string path = resolved(at, name);
  const std::lock_guard lock(w.mutex);
  if (!w.under(path) && path != w.folder) {
    const int fd = next(at, name, flags, mode);
    w.forget(fd);
    return fd;
  }
  struct stat before {};
  const bool existed = ::stat(path.c_str(), &before) == 0;
  if (!existed && (flags & O_CREAT))
    if (const int error = w.error("open")) return errno = error, -1;
  const int fd = next(at, name, flags, mode);
  struct stat status {};
  w.forget(fd);
  if (fd < 0 || fd >= 4096 || ::fstat(fd, &status) != 0) return fd;
  if (S_ISDIR(status.st_mode)) {
    w.folder_open[static_cast<std::size_t>(fd)] = true;
  } else if (S_ISREG(status.st_mode)) {
    w.inode[static_cast<std::size_t>(fd)] = status.st_ino;
    w.note(opened, status.st_ino, 0, !existed, path.data(), path.size());
    if (existed && (flags & O_TRUNC)) w.note(truncated, status.st_ino, 0, 0, nullptr, 0);
  }
  return fd;
}

/// `put(n)` writes the first n of the call's `size` bytes; `offset` < 0: at the file's position.
template <class Put>
ssize_t write_file(int fd, const char* data, std::size_t size, off_t offset, Put put) {
  Watch& w = watch();
  if (!w.is_file(fd)) return put(size);
  const std::lock_guard lock(w.mutex);
  std::size_t part = size;
  bool kill = false;
  if (w.full) return errno = ENOSPC, -1;
  if (w.due("write")) {
    if (w.how == "ENOSPC" || w.how == "EIO") return errno = w.how == "EIO" ? EIO : ENOSPC, -1;
    part = size / 2;
    kill = w.how == "kill";
    w.full = w.how == "full";
    if (part == 0 && w.full) return errno = ENOSPC, -1;
    if (part == 0 && !kill) part = size;
  }
  const ssize_t done = part > 0 ? put(part) : 0;
  if (done > 0) {
    const off_t from = offset >= 0 ? offset : ::lseek(fd, 0, SEEK_CUR) - done;
    w.note(wrote, w.node(fd), static_cast<std::uint64_t>(from), 0, data, static_cast<std::size_t>(done));
  }
  if (kill) ::kill(::getpid(), SIGKILL);
  return done;
}

ssize_t write_parts(int fd, const iovec* parts, int count, off_t offset) {
  std::string all;
  for (int i = 0; i < count; ++i) all.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  return offset < 0 ? ::write(fd, all.data(), all.size()) : ::pwrite(fd, all.data(), all.size(), offset);
}

int sync_file(int fd, const char* name) {
  Watch& w = watch();
  auto* next = real<int(int)>(name);
  const bool folder = w.is_folder(fd);
  if (!folder && !w.is_file(fd)) return next(fd);
  const std::lock_guard lock(w.mutex);
  if (const int error = w.error(folder ? "sync_folder" : "sync")) return errno = error, -1;
  const int done = next(fd);
  if (done == 0) w.note(folder ? synced_folder : synced, folder ? 0 : w.node(fd), 0, 0, nullptr, 0);
  return done;
}

/// ftruncate, or with `event` grown the two ways to allocate; those answer with a return value of their own manner.
template <class Call>
int resize_file(int fd, off_t size, Event event, bool logged, bool by_value, Call call) {
  Watch& w = watch();
  if (!w.is_file(fd)) return call();
  const std::lock_guard lock(w.mutex);
  if (const int error = w.error("truncate")) return by_value ? error : (errno = error, -1);
  const int done = call();
  if (done == 0 && logged) w.note(event, w.node(fd), static_cast<std::uint64_t>(size), 0, nullptr, 0);
  return done;
}

template <class Call>
int rename_file(const std::string& from, const std::string& to, Call call) {
  Watch& w = watch();
  if (!w.under(from) && !w.under(to)) return call();
  const std::lock_guard lock(w.mutex);
  if (const int error = w.error("rename")) return errno = error, -1;
  const int done = call();
  if (done == 0) w.note(renamed, from + '\0' + to);
  return done;
}

template <class Call>
int unlink_file(const std::string& path, Call call) {
  Watch& w = watch();
  if (!w.under(path) || ::access(path.c_str(), F_OK) != 0) return call();
  const std::lock_guard lock(w.mutex);
  if (const int error = w.error("unlink")) return errno = error, -1;
  const int done = call();
  if (done == 0) w.note(unlinked, path);
  return done;
}

mode_t mode_of(int flags, va_list rest) { return flags & O_CREAT ? va_arg(rest, mode_t) : 0; }

}  // namespace

#define FAULTY_OPEN(function, at, ...)                   \
  extern "C" int function(__VA_ARGS__, int flags, ...) { \
    va_list rest;                                        \
    va_start(rest, flags);                               \
    const mode_t mode = mode_of(flags, rest);            \
    va_end(rest);                                        \
    return open_file(at, name, flags, mode);             \
  }
FAULTY_OPEN(open, AT_FDCWD, const char* name)
FAULTY_OPEN(open64, AT_FDCWD, const char* name)
FAULTY_OPEN(openat, folder, int folder, const char* name)
FAULTY_OPEN(openat64, folder, int folder, const char* name)
#undef FAULTY_OPEN

extern "C" {
int __open_2(const char* name, int flags) { return open_file(AT_FDCWD, name, flags, 0); }
int __open64_2(const char* name, int flags) { return open_file(AT_FDCWD, name, flags, 0); }
int __openat_2(int at, const char* name, int flags) { return open_file(at, name, flags, 0); }
int creat(const char* name, mode_t mode) { return open_file(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, mode); }

int close(int fd) {
  static auto* next = real<int(int)>("close");
  Watch& w = watch();
  const std::lock_guard lock(w.mutex);
  w.forget(fd);
  return next(fd);
}

ssize_t write(int fd, const void* data, std::size_t size) {
  static auto* next = real<ssize_t(int, const void*, std::size_t)>("write");
  return write_file(fd, static_cast<const char*>(data), size, -1, [&](std::size_t n) { return next(fd, data, n); });
}
ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  static auto* next = real<ssize_t(int, const void*, std::size_t, off_t)>("pwrite");
  return write_file(fd, static_cast<const char*>(data), size, offset,
                    [&](std::size_t n) { return next(fd, data, n, offset); });
}
ssize_t pwrite64(int fd, const void* data, std::size_t size, off_t offset) { return pwrite(fd, data, size, offset); }
ssize_t writev(int fd, const iovec* parts, int count) {
  static auto* next = real<ssize_t(int, const iovec*, int)>("writev");
  return watch().is_file(fd) ? write_parts(fd, parts, count, -1) : next(fd, parts, count);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  static auto* next = real<ssize_t(int, const iovec*, int, off_t)>("pwritev");
  return watch().is_file(fd) ? write_parts(fd, parts, count, offset) : next(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off_t offset) { return pwritev(fd, parts, count, offset); }
/// Callers must know how to do without.
ssize_t copy_file_range(int, off64_t*, int, off64_t*, std::size_t, unsigned) { return errno = ENOSYS, -1; }
ssize_t sendfile(int, int, off_t*, std::size_t) { return errno = ENOSYS, -1; }

int fsync(int fd) { return sync_file(fd, "fsync"); }
int fdatasync(int fd) { return sync_file(fd, "fdatasync"); }

int ftruncate(int fd, off_t size) noexcept {
  static auto* next = real<int(int, off_t)>("ftruncate");
  return resize_file(fd, size, truncated, true, false, [&] { return next(fd, size); });
}
int ftruncate64(int fd, off_t size) noexcept { return ftruncate(fd, size); }
int fallocate(int fd, int mode, off_t offset, off_t size) {
  static auto* next = real<int(int, int, off_t, off_t)>("fallocate");
  return resize_file(fd, offset + size, grown, mode == 0, false, [&] { return next(fd, mode, offset, size); });
}
int fallocate64(int fd, int mode, off_t offset, off_t size) { return fallocate(fd, mode, offset, size); }
int posix_fallocate(int fd, off_t offset, off_t size) {
  static auto* next = real<int(int, off_t, off_t)>("posix_fallocate");
  return resize_file(fd, offset + size, grown, true, true, [&] { return next(fd, offset, size); });
}
int posix_fallocate64(int fd, off_t offset, off_t size) { return posix_fallocate(fd, offset, size); }

int renameat2(int from_at, const char* from, int to_at, const char* to, unsigned flags) noexcept {
  static auto* next = real<int(int, const char*, int, const char*, unsigned)>("renameat2");
  return rename_file(resolved(from_at, from), resolved(to_at, to),
                     [&] { return next(from_at, from, to_at, to, flags); });
}
int rename(const char* from, const char* to) noexcept { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_at, const char* from, int to_at, const char* to) noexcept {
  return renameat2(from_at, from, to_at, to, 0);
}
int unlinkat(int at, const char* name, int flags) noexcept {
  static auto* next = real<int(int, const char*, int)>("unlinkat");
  return unlink_file(resolved(at, name), [&] { return next(at, name, flags); });
}
int unlink(const char* name) noexcept { return unlinkat(AT_FDCWD, name, 0); }
int remove(const char* name) noexcept {
  return unlinkat(AT_FDCWD, name, 0) == 0 ? 0 : errno == EISDIR ? unlinkat(AT_FDCWD, name, AT_REMOVEDIR) : -1;
}
}

void* operator new(std::size_t size) {
  if (size >= 4096 && watch().due("new")) throw std::bad_alloc();
  if (watching && watch().due("any_new")) throw std::bad_alloc();
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
