// SPDX-License-Identifier: MIT
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/checkpoint_store.hpp"

namespace haggle {

/// Makes finished blocks durable behind the writer's back: first their bytes (fdatasync of the data file), then their
/// records (a commit of the checkpoint), many blocks at a time.
class Committer {
 public:
  struct Pace {
    std::chrono::milliseconds first{0};          ///< after this long the checkpoint is made
    std::chrono::milliseconds between{1000};     ///< then a commit at least that often (more often where it is cheap)
    std::size_t bytes = std::size_t{256} << 20;  ///< … or when so much is waiting
  };
  /// `data` stays the caller's and open. `open` makes or opens the checkpoint; it is called once, by another thread.
  Committer(int data, std::string data_name, std::function<CheckpointStore()> open, Pace pace);
  ~Committer();  ///< what was not committed is not
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// A block whose bytes have been written. Never waits for the disk. Throws what an earlier commit threw.
  void add(BlockRecord record);
  /// Everything added so far is durable when it returns; makes the checkpoint if there is none yet. Does nothing after
  /// stop().
  void commit();
  /// Commits, if there is a checkpoint, ends the thread, lets go of the checkpoint, and says whether there is one.
  /// Nothing may be added after it.
  bool stop();
  std::uint64_t durable_blocks() const;

 private:
  using Clock = std::chrono::steady_clock;
  void run() noexcept;
  void join();
  bool begun() const;
  bool due() const;
  bool commit_batch(std::unique_lock<std::mutex>& lock);
  void rethrow() const;

  const int data_;
  const std::string data_name_;
  const std::function<CheckpointStore()> open_;
  const Pace pace_;
  std::optional<CheckpointStore> store_;  ///< of the thread alone
  mutable std::mutex mutex_;
  std::condition_variable work_, done_;
  std::vector<BlockRecord> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t durable_ = 0;
  Clock::time_point next_;
  bool begun_ = false, now_ = false, stop_ = false;
  int refusals_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace haggle
