// SPDX-License-Identifier: MIT
#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace haggle {

/// Has the disk start on a file while more of it is still being made, so that the fsync at the end finds little left to
/// do. Its thread only asks the kernel to begin; it promises nothing of what has reached the disk, and a file system
/// without that call loses nothing.
class EarlyWriteback {
 public:
  /// `descriptor` must stay open as long as this lives.
  explicit EarlyWriteback(int descriptor);
  ~EarlyWriteback();
  EarlyWriteback(const EarlyWriteback&) = delete;
  EarlyWriteback& operator=(const EarlyWriteback&) = delete;

  /// So many more bytes are in the file. Never waits for the disk.
  void wrote(std::size_t bytes);

 private:
  void run();

  int descriptor_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t waiting_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace haggle
