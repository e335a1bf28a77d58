// SPDX-License-Identifier: MIT
#include "storage/early_writeback.hpp"

#include <fcntl.h>

namespace haggle {
namespace {

/// Enough for the disk to write in one go, little enough to leave at the end.
constexpr std::size_t portion = std::size_t{16} << 20;

void start_writing([[maybe_unused]] int descriptor) {
#if defined(__linux__)
  ::sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);  // waits while the disk's queue is full
#endif
}

}  // namespace

EarlyWriteback::EarlyWriteback(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}

EarlyWriteback::~EarlyWriteback() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void EarlyWriteback::wrote(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  waiting_ += bytes;
  if (waiting_ >= portion) changed_.notify_one();
}

void EarlyWriteback::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || waiting_ >= portion; });
    if (stop_) return;
    waiting_ = 0;
    lock.unlock();
    start_writing(descriptor_);
    lock.lock();
  }
}

}  // namespace haggle
