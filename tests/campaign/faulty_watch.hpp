// SPDX-License-Identifier: MIT
#pragma once
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <string>

namespace faulty {

enum Event : std::uint64_t { opened = 1, wrote, truncated, grown, synced, synced_folder, renamed, unlinked, failed };

/// What is logged, once it has happened; `size` bytes of data or of path follow ("from\0to" for a rename, "KIND HOW"
/// for a call that was made to fail).
struct Record {
  std::uint64_t event, inode, offset, created, size;
};

/// The function that this library stands before.
template <class F>
F* real(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

inline std::atomic<bool> watching{false};  ///< the watch stands: asking for it allocates nothing any more

/// What is watched and what shall fail, from the environment.
struct Watch {
  std::string folder;
  int log = -1;
  std::string kind, how;
  long at = 0;
  std::atomic<long> seen{0};
  bool full = false;
  std::mutex mutex;                         // one call at a time, so that the log's order is the order of events
  std::array<std::uint64_t, 4096> inode{};  // of watched open files
  std::array<bool, 4096> folder_open{};

  Watch() {
    if (const char* name = std::getenv("FAULTY_FOLDER")) folder = name;
    if (const char* name = std::getenv("FAULTY_LOG"))
      log = real<int(const char*, int, ...)>("open")(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (const char* fail = std::getenv("FAULTY_FAIL")) {
      const std::string text = fail;
      const auto one = text.find(':'), two = text.rfind(':');
      if (one == two) std::abort();
      kind = text.substr(0, one), how = text.substr(two + 1);
      at = std::strtol(text.c_str() + one + 1, nullptr, 10);
    }
    watching = true;
  }

  bool under(const std::string& path) const { return !folder.empty() && path.rfind(folder + "/", 0) == 0; }
  bool is_file(int fd) const { return fd >= 0 && fd < 4096 && inode[static_cast<std::size_t>(fd)] != 0; }
  bool is_folder(int fd) const { return fd >= 0 && fd < 4096 && folder_open[static_cast<std::size_t>(fd)]; }

  /// A number that is closed, or used anew: the C library's own closing, as closedir() does, is not seen.
  void forget(int fd) {
    if (fd < 0 || fd >= 4096) return;
    inode[static_cast<std::size_t>(fd)] = 0;
    folder_open[static_cast<std::size_t>(fd)] = false;
  }

  bool due(const char* call) {
    if (kind != call || ++seen != at) return false;
    std::array<char, 64> what{};
    const int size = std::snprintf(what.data(), what.size(), "%s %s", kind.c_str(), how.c_str());
    note(failed, 0, 0, 0, what.data(), static_cast<std::size_t>(size));
    return true;
  }

  /// The error of a call that shall fail, else 0.
  int error(const char* call) {
    const bool grows = !std::strcmp(call, "write") || !std::strcmp(call, "truncate") || !std::strcmp(call, "open");
    if (full && grows) return ENOSPC;
    if (!due(call)) return 0;
    if (how == "kill") ::kill(::getpid(), SIGKILL);
    return how == "EIO" ? EIO : ENOSPC;
  }

  void note(Event event, std::uint64_t node, std::uint64_t offset, std::uint64_t created, const void* data,
            std::size_t size) {
    if (log < 0) return;
    Record record{event, node, offset, created, size};
    iovec parts[2]{{&record, sizeof record}, {const_cast<void*>(data), size}};
    if (real<ssize_t(int, const iovec*, int)>("writev")(log, parts, 2) != static_cast<ssize_t>(sizeof record + size))
      std::abort();
  }
  void note(Event event, const std::string& path) { note(event, 0, 0, 0, path.data(), path.size()); }
  std::uint64_t node(int fd) const { return inode[static_cast<std::size_t>(fd)]; }
};

inline Watch& watch() {
  alignas(Watch) static std::array<char, sizeof(Watch)> place;  // outlives every destructor that still writes
  static Watch& one = *new (place.data()) Watch;
  return one;
}

}  // namespace faulty
