// SPDX-License-Identifier: MIT
#include "storage/committer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "haggle/core/error.hpp"
#include "storage/io_reason.hpp"

namespace haggle {
namespace {

/// When a run ends and somebody else reads the checkpoint without a pause, it waits so many times some seconds.
constexpr int most_refusals = 12;

/// A pause so many times as long as the last commit: syncing then takes the disk no more than 5 % of the time.
constexpr int pause_factor = 20;
constexpr std::chrono::milliseconds shortest_pause{50};

}  // namespace

Committer::Committer(int data, std::string data_name, std::function<CheckpointStore()> open, Pace pace)
    : data_(data),
      data_name_(std::move(data_name)),
      open_(std::move(open)),
      pace_(pace),
      next_(Clock::now() + pace.first),
      thread_([this] { run(); }) {}

Committer::~Committer() { join(); }

void Committer::join() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Committer::stop() {
  if (begun()) commit();
  join();
  rethrow();
  store_.reset();
  return begun_;
}

void Committer::add(BlockRecord record) {
  const std::lock_guard lock(mutex_);
  rethrow();
  for (const ChunkPlace& place : record.places) waiting_bytes_ += place.size;
  waiting_.push_back(std::move(record));
  if (begun_ && waiting_bytes_ >= pace_.bytes) work_.notify_one();
}

void Committer::commit() {
  std::unique_lock lock(mutex_);
  rethrow();
  if (stop_) return;  // nobody is there to do it, and nothing is left to do
  now_ = true;
  refusals_ = 0;
  work_.notify_one();
  done_.wait(lock, [this] { return failure_ || !now_; });
  rethrow();
}

bool Committer::begun() const {
  const std::lock_guard lock(mutex_);
  return begun_;
}

std::uint64_t Committer::durable_blocks() const {
  const std::lock_guard lock(mutex_);
  return durable_;
}

void Committer::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

bool Committer::due() const { return now_ || (begun_ && waiting_bytes_ >= pace_.bytes) || Clock::now() >= next_; }

void Committer::run() noexcept {
  std::unique_lock lock(mutex_);
  try {
    while (!stop_) {
      if (!due()) {
        work_.wait_until(lock, next_);
        continue;
      }
      const auto start = Clock::now();
      const bool all = commit_batch(lock);
      const auto end = Clock::now();
      next_ = end + std::min<Clock::duration>(pace_.between,
                                              std::max<Clock::duration>(shortest_pause, pause_factor * (end - start)));
      if (!all) {
        if (now_ && ++refusals_ >= most_refusals)
          throw IoError(data_name_ + ": its checkpoint is read by another program without a pause; close that program");
        continue;
      }
      if (!waiting_.empty()) continue;  // added while the disk was at work
      now_ = false;
      done_.notify_all();
    }
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    failure_ = std::current_exception();
    done_.notify_all();
  }
}

/// False when somebody held the checkpoint, and the batch waits again. Unlocks while the disk is at work.
bool Committer::commit_batch(std::unique_lock<std::mutex>& lock) {
  std::vector<BlockRecord> batch;
  batch.swap(waiting_);
  const std::size_t bytes = std::exchange(waiting_bytes_, 0);
  lock.unlock();
  // Never tried again when it fails: the kernel may by then have forgotten the pages that it could not write.
  if (!batch.empty() && ::fdatasync(data_) != 0)
    throw IoError(data_name_ + ": cannot be brought to the disk: " + io_reason(errno));
  if (!store_) store_.emplace(open_());
  const bool added = batch.empty() || store_->add(batch);
  lock.lock();
  begun_ = true;
  if (added) {
    durable_ += batch.size();
  } else {
    batch.insert(batch.end(), std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.swap(batch);
    waiting_bytes_ += bytes;
  }
  return added;
}

}  // namespace haggle
