// SPDX-License-Identifier: MIT
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "executor/block_worker.hpp"
#include "executor/bounded_queue.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/executor/run.hpp"

namespace haggle {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// The first exception of any thread; later ones are most often its echo.
class FirstError {
 public:
  void capture() noexcept {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
    set_.store(true, std::memory_order_release);
  }
  bool set() const { return set_.load(std::memory_order_acquire); }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  std::atomic<bool> set_{false};
};

/// The one thread that talks to the sink's file and to whoever watches.
class Writer {
 public:
  Writer(const Plan& plan, Sink& sink, const RunOptions& options, BoundedQueue<FinishedBlock>& queue, FirstError& error)
      : sink_(sink), options_(options), queue_(queue), error_(error) {
    progress_.points_total = points_of(plan.grid, options.shard);
    progress_.blocks_total = options.shard.blocks(plan.grid.blocks());
    if (options.done) progress_.blocks_done = options.done->size();
    progress_.counts = options.counts_done;
    progress_.points_done = progress_.points_before = options.counts_done.total();
    thread_ = std::thread([this] { run(); });
  }
  ~Writer() { join(); }

  void join() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
  }
  /// After join().
  const Progress& progress() const { return progress_; }
  double store_seconds() const { return store_seconds_; }

 private:
  void run() noexcept {
    try {
      while (std::optional<FinishedBlock> block = queue_.pop()) store(std::move(*block));
      if (!error_.set()) report(Clock::now());
    } catch (...) {
      error_.capture();
      queue_.abandon();
    }
  }

  void store(FinishedBlock block) {
    progress_.counts += block.counts;
    progress_.points_done += block.counts.total();
    ++progress_.blocks_done;
    const auto before = Clock::now();
    sink_.store(std::move(block));
    const auto after = Clock::now();
    store_seconds_ += seconds_between(before, after);
    if (seconds_between(reported_, after) >= options_.report_every) report(after);
  }

  void report(Clock::time_point now) {
    reported_ = now;
    progress_.seconds = seconds_between(start_, now);
    if (options_.report) options_.report(progress_);
  }

  Sink& sink_;
  const RunOptions& options_;
  BoundedQueue<FinishedBlock>& queue_;
  FirstError& error_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point reported_ = start_;
  Progress progress_;
  double store_seconds_ = 0;
  std::thread thread_;
};

}  // namespace

RunResult run_sweep(const Plan& plan, BlockSolver solver, Sink& sink, const RunOptions& options) {
  const std::uint64_t blocks = options.shard.blocks(plan.grid.blocks());
  const int wanted = options.threads > 0 ? options.threads : omp_get_max_threads();
  const int threads =
      static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(wanted), std::max<std::uint64_t>(blocks, 1)));

  FirstError error;
  // Two encoded blocks a worker ride out a slow moment of the disk; more would only cost memory.
  BoundedQueue<FinishedBlock> queue(2 * static_cast<std::size_t>(threads));
  Writer writer(plan, sink, options, queue, error);
  constexpr std::uint64_t none = ~std::uint64_t{0};
  std::atomic<std::uint64_t> next{0}, failed{none};
  double solve_seconds = 0, encode_seconds = 0;

  const auto go_on = [&] {
    return !error.set() && !(options.stop && options.stop->load(std::memory_order_relaxed)) &&
           failed.load(std::memory_order_relaxed) == none;
  };

  // Blocks are taken from a counter, not by `omp for`, which could not be left early. Where a block's values go depends
  // on its index alone, so neither the number of threads nor their order shows in the file.
#pragma omp parallel num_threads(threads) reduction(+ : solve_seconds, encode_seconds)
  try {
    BlockWorker worker(plan, solver);
    while (go_on()) {
      const std::uint64_t turn = next.fetch_add(1, std::memory_order_relaxed);
      if (turn >= blocks) break;
      FinishedBlock finished;
      finished.block = options.shard.block(turn);
      if (options.done && options.done->contains(finished.block)) continue;
      const auto start = Clock::now();
      finished.counts = options.retry_failed_of ? worker.retry(finished.block, *options.retry_failed_of)
                                                : worker.solve(finished.block);
      const auto solved = Clock::now();
      finished.chunks.reserve(plan.outputs.size());
      for (std::size_t output = 0; output < plan.outputs.size(); ++output)
        finished.chunks.push_back(sink.encode(output, worker.raw(output)));
      solve_seconds += seconds_between(start, solved);
      encode_seconds += seconds_between(solved, Clock::now());
      if (options.stop_at_failure && finished.counts.failures() > 0)
        failed.store(finished.block.value, std::memory_order_relaxed);
      if (!queue.push(std::move(finished))) break;
    }
  } catch (...) {
    error.capture();
    queue.abandon();
  }

  writer.join();
  error.rethrow();
  RunResult result;
  result.progress = writer.progress();
  result.stopped = result.progress.blocks_done < blocks || failed != none;
  if (failed != none) result.failed = BlockIndex{failed};
  result.solve_seconds = solve_seconds;
  result.encode_seconds = encode_seconds;
  result.store_seconds = writer.store_seconds();
  return result;
}

RunResult run_sweep(const Plan& plan, Sink& sink, const RunOptions& options) {
  return run_sweep(plan, block_solver(*plan.game, best_instruction_set()), sink, options);
}

}  // namespace haggle
