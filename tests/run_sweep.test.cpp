// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cstring>
#include <mutex>
#include <set>
#include <thread>

#include "executor/bounded_queue.hpp"
#include "executor/chunk_places.hpp"
#include "haggle/core/error.hpp"
#include "haggle/executor/run.hpp"
#include "toy_sweep.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

/// Keeps every block in memory as it came.
class MemorySink : public Sink {
 public:
  explicit MemorySink(const Plan& plan) : plan_(plan), blocks(plan.grid.blocks()) {}

  Chunk encode(std::size_t, std::span<const std::byte> raw) const override { return {{raw.begin(), raw.end()}, 0}; }
  void store(FinishedBlock block) override {
    writers.insert(std::this_thread::get_id());
    auto& place = blocks.at(block.block.value);
    REQUIRE(place.chunks.empty());
    place = std::move(block);
  }

  /// One output at one point, read from the chunk that holds it.
  template <class T>
  T at(std::size_t output, std::vector<std::uint64_t> point) const {
    for (const FinishedBlock& block : blocks) {
      const Box box = plan_.grid.box(block.block);
      std::uint64_t place = 0;
      bool inside = true;
      for (std::size_t d = 0; d < point.size(); ++d) {
        inside = inside && point[d] >= box.offset[d] && point[d] < box.offset[d] + box.count[d];
        place = place * plan_.grid.block_shape()[d] + (point[d] - box.offset[d]);
      }
      if (!inside) continue;
      T value;
      std::memcpy(&value, block.chunks.at(output).bytes.data() + place * sizeof(T), sizeof(T));
      return value;
    }
    throw std::logic_error("no block holds the point");
  }

  const Plan& plan_;
  std::vector<FinishedBlock> blocks;
  std::set<std::thread::id> writers;
};

RunOptions with_threads(int threads) {
  RunOptions options;
  options.threads = threads;
  return options;
}

bool same(const MemorySink& a, const MemorySink& b) {
  for (std::size_t i = 0; i < a.blocks.size(); ++i)
    for (std::size_t o = 0; o < a.blocks[i].chunks.size(); ++o)
      if (a.blocks[i].chunks[o].bytes != b.blocks[i].chunks[o].bytes) return false;
  return true;
}

constexpr auto code = [](Status s) { return static_cast<std::int8_t>(s); };

}  // namespace

TEST_CASE("every game's results stand at its own place, in clipped blocks too") {
  for (const std::uint64_t block_points : {1, 7, 50, 64, 1000, 100000}) {
    CAPTURE(block_points);
    const Plan plan = toy_plan(41, 53, block_points);
    MemorySink sink(plan);
    const RunResult result = run_sweep(plan, solve_toy, sink, with_threads(2));
    CHECK(result.progress.points_done == 41 * 53);
    CHECK(result.progress.blocks_done == plan.grid.blocks());
    CHECK_FALSE(result.stopped);
    CHECK(result.progress.counts[Status::no_deal] == 53);
    CHECK(result.progress.counts[Status::solved] == 40 * 53);
    int wrong = 0;
    for (std::uint64_t x = 0; x < 41; x += 5)
      for (std::uint64_t y = 0; y < 53; y += 3) {
        wrong += sink.at<double>(1, {x, y}) != static_cast<double>(10 * x + y);
        wrong += sink.at<std::int8_t>(2, {x, y}) != (x > y ? 1 : 2);
      }
    CHECK(wrong == 0);
  }
}

TEST_CASE("results are the same to the bit for any number of threads") {
  Plan plan = toy_plan(97, 301, 1000);
  plan.where = "x + y > 40";
  MemorySink one(plan), three(plan), eight(plan);
  run_sweep(plan, solve_toy, one, with_threads(1));
  run_sweep(plan, solve_toy, three, with_threads(3));
  run_sweep(plan, solve_toy, eight, with_threads(8));
  CHECK(same(one, three));
  CHECK(same(one, eight));
}

TEST_CASE("one thread alone stores, and it is none of the workers") {
  const Plan plan = toy_plan(50, 50, 100);
  MemorySink sink(plan);
  run_sweep(plan, solve_toy, sink, with_threads(2));
  CHECK(sink.writers.size() == 1);
  CHECK_FALSE(sink.writers.contains(std::this_thread::get_id()));
}

TEST_CASE("excluded and out-of-domain points are never solved and read as fill") {
  Plan plan = toy_plan(30, 40, 300);
  plan.where = "y < 35";
  plan.parameters[2] = {Source::Kind::derived, 0, 0, "x - 20"};  // a choice below 0 or above 2 is none
  MemorySink sink(plan);
  const RunResult result = run_sweep(plan, solve_toy, sink, with_threads(2));
  CHECK(result.progress.counts[Status::excluded] == 30 * 5);
  CHECK(result.progress.counts[Status::solved] == 3 * 35);
  CHECK(result.progress.counts[Status::out_of_domain] == 27 * 35);
  CHECK(result.progress.counts.failures() == 27 * 35);
  CHECK(sink.at<std::int8_t>(0, {21, 36}) == code(Status::excluded));
  CHECK(sink.at<std::int8_t>(0, {3, 0}) == code(Status::out_of_domain));
  CHECK(sink.at<std::int8_t>(0, {22, 34}) == code(Status::solved));
  CHECK(sink.at<double>(1, {22, 34}) == 2254);
  CHECK(std::isnan(sink.at<double>(1, {21, 36})));
  CHECK(std::isnan(sink.at<double>(1, {3, 0})));
  CHECK(sink.at<std::int8_t>(2, {21, 36}) == 0);
  CHECK(sink.at<std::int8_t>(2, {22, 34}) == 2);
}

TEST_CASE("a sweep without a single game to solve is still complete") {
  Plan plan = toy_plan(10, 10, 30);
  plan.where = "x < 0";
  MemorySink sink(plan);
  const RunResult result = run_sweep(plan, solve_toy, sink, with_threads(2));
  CHECK(result.progress.counts[Status::excluded] == 100);
  CHECK(result.progress.points_done == 100);
}

TEST_CASE("a clipped block's chunk has the full shape, padded with fill") {
  const Plan plan = toy_plan(5, 3, 6);  // blocks of 2 × 3
  REQUIRE(plan.grid.blocks() == 3);
  MemorySink sink(plan);
  run_sweep(plan, solve_toy, sink, with_threads(1));
  const FinishedBlock& last = sink.blocks[2];
  REQUIRE(last.chunks[1].bytes.size() == 6 * sizeof(double));
  std::array<double, 6> values{};
  std::memcpy(values.data(), last.chunks[1].bytes.data(), sizeof values);
  CHECK(values[2] == 42);
  CHECK(std::isnan(values[3]));
  CHECK(std::isnan(values[5]));
  CHECK(last.chunks[0].bytes[3] == std::byte{0});
  CHECK(last.counts.total() == 3);
}

TEST_CASE("only the outputs that the plan wants are solved for and stored") {
  Plan plan = toy_plan(20, 20, 50);
  plan.outputs = {0, 2};
  static std::atomic<int> unwanted{0};
  MemorySink sink(plan);
  const auto kernel = [](const GameTable&, const double* const* p, double* const* out, std::size_t games) noexcept {
    if (out[1] || out[3]) ++unwanted;
    solve_toy(p, out, games);
  };
  run_sweep(plan, BlockSolver{kernel, &toy_game}, sink, with_threads(2));
  CHECK(unwanted == 0);
  CHECK(sink.blocks[0].chunks.size() == 2);
  CHECK(sink.at<std::int8_t>(1, {19, 3}) == 1);
}

TEST_CASE("float32 outputs are rounded, codes stay codes") {
  Plan plan = toy_plan(20, 20, 50);
  plan.format.float32 = true;
  MemorySink sink(plan);
  run_sweep(plan, solve_toy, sink, with_threads(2));
  CHECK(sink.at<float>(1, {7, 9}) == 79.0F);
  CHECK(sink.at<float>(3, {7, 9}) == static_cast<float>(std::sin(0.07) * std::exp(0.009)));
  CHECK(sink.at<std::int8_t>(2, {7, 9}) == 2);
}

TEST_CASE("a plan without dimensions is a sweep of one game") {
  const Plan plan = single_toy();
  MemorySink sink(plan);
  const RunResult result = run_sweep(plan, solve_toy, sink, with_threads(4));
  CHECK(result.progress.points_done == 1);
  CHECK(sink.at<double>(1, {}) == 1023);
}

TEST_CASE("a kernel that gets no memory ends the run with that error, and what was stored before is whole") {
  const Plan plan = toy_plan(40, 40, 50);
  static std::atomic<int> blocks{0};
  const auto kernel = [](const GameTable&, const double* const* p, double* const* out, std::size_t games) {
    if (++blocks == 7) throw std::bad_alloc();
    solve_toy(p, out, games);
  };
  MemorySink whole(plan);
  run_sweep(plan, solve_toy, whole, with_threads(1));
  for (const int threads : {1, 3}) {
    blocks = 0;
    MemorySink sink(plan);
    CHECK_THROWS_AS(run_sweep(plan, BlockSolver{kernel, &toy_game}, sink, with_threads(threads)), std::bad_alloc);
    std::size_t stored = 0;
    for (std::size_t i = 0; i < sink.blocks.size(); ++i) {
      if (sink.blocks[i].chunks.empty()) continue;
      ++stored;
      for (std::size_t o = 0; o < plan.outputs.size(); ++o)
        CHECK(sink.blocks[i].chunks[o].bytes == whole.blocks[i].chunks[o].bytes);
    }
    CHECK(stored < plan.grid.blocks());
  }
}

TEST_CASE("a sink that fails while storing ends the run with its own error") {
  class FullDisk : public MemorySink {
   public:
    using MemorySink::MemorySink;
    void store(FinishedBlock) override {
      if (++stored == 3) throw IoError("the disk is full");
    }
    int stored = 0;
  };
  const Plan plan = toy_plan(200, 200, 20);
  FullDisk sink(plan);
  CHECK_THROWS_WITH_AS(run_sweep(plan, solve_toy, sink, with_threads(3)), "the disk is full", IoError);
  CHECK(sink.stored == 3);
}

TEST_CASE("a sink that fails while encoding ends the run with its own error") {
  class BadCodec : public MemorySink {
   public:
    using MemorySink::MemorySink;
    Chunk encode(std::size_t, std::span<const std::byte>) const override { throw std::bad_alloc(); }
  };
  const Plan plan = toy_plan(200, 200, 20);
  BadCodec sink(plan);
  CHECK_THROWS_AS(run_sweep(plan, solve_toy, sink, with_threads(3)), std::bad_alloc);
}

TEST_CASE("a watcher that fails ends the run with its own error") {
  const Plan plan = toy_plan(50, 50, 20);
  MemorySink sink(plan);
  RunOptions options = with_threads(2);
  options.report = [](const Progress&) { throw Error("nobody looks"); };
  CHECK_THROWS_WITH_AS(run_sweep(plan, solve_toy, sink, options), "nobody looks", Error);
}

TEST_CASE("a stop keeps the blocks in hand and takes no more") {
  const Plan plan = toy_plan(200, 200, 20);
  std::atomic<bool> stop{false};
  class Stopper : public MemorySink {
   public:
    Stopper(const Plan& plan, std::atomic<bool>& flag) : MemorySink(plan), flag_(flag) {}
    void store(FinishedBlock block) override {
      MemorySink::store(std::move(block));
      if (++stored == 5) flag_ = true;
    }
    std::atomic<bool>& flag_;
    std::uint64_t stored = 0;
  };
  Stopper sink(plan, stop);
  RunOptions options = with_threads(2);
  options.stop = &stop;
  const RunResult result = run_sweep(plan, solve_toy, sink, options);
  CHECK(result.stopped);
  CHECK(result.progress.blocks_done == sink.stored);
  CHECK(result.progress.blocks_done >= 5);
  CHECK(result.progress.blocks_done < plan.grid.blocks());
  CHECK(result.progress.points_done == result.progress.counts.total());

  std::atomic<bool> at_once{true};
  MemorySink empty(plan);
  options.stop = &at_once;
  CHECK(run_sweep(plan, solve_toy, empty, options).progress.blocks_done == 0);
}

TEST_CASE("the last report tells the whole sweep, and reports never go back") {
  const Plan plan = toy_plan(100, 100, 100);
  MemorySink sink(plan);
  std::vector<Progress> reports;
  RunOptions options = with_threads(2);
  options.report_every = 0;
  options.report = [&](const Progress& progress) { reports.push_back(progress); };
  run_sweep(plan, solve_toy, sink, options);
  REQUIRE(reports.size() == plan.grid.blocks() + 1);
  for (std::size_t i = 1; i < reports.size(); ++i) {
    CHECK(reports[i].points_done >= reports[i - 1].points_done);
    CHECK(reports[i].seconds >= reports[i - 1].seconds);
  }
  CHECK(reports.back().points_done == 10000);
  CHECK(reports.back().points_total == 10000);
  CHECK(reports.back().blocks_total == plan.grid.blocks());
}

TEST_CASE("a slow disk holds the workers back instead of filling the memory") {
  class SlowDisk : public MemorySink {
   public:
    using MemorySink::MemorySink;
    Chunk encode(std::size_t output, std::span<const std::byte> raw) const override {
      if (output == 0) {
        const std::lock_guard lock(mutex_);
        ahead_ = std::max(ahead_, ++encoded_ - stored_);
      }
      return MemorySink::encode(output, raw);
    }
    void store(FinishedBlock) override {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      const std::lock_guard lock(mutex_);
      ++stored_;
    }
    mutable std::mutex mutex_;
    mutable int encoded_ = 0, ahead_ = 0;
    int stored_ = 0;
  };
  const Plan plan = toy_plan(100, 100, 50);
  SlowDisk sink(plan);
  run_sweep(plan, solve_toy, sink, with_threads(2));
  CHECK(sink.stored_ == 200);
  CHECK(sink.ahead_ <= 2 * 2 + 2 + 1);  // in the queue, in the workers' hands, in the writer's hand
}

TEST_CASE("chunk places of a clipped box are those of its points in the whole block") {
  const std::vector<std::uint64_t> shape{3, 4, 5};
  for (const std::vector<std::uint64_t>& count :
       {std::vector<std::uint64_t>{3, 4, 5}, {2, 4, 5}, {3, 2, 5}, {3, 4, 1}, {1, 1, 1}, {2, 3, 4}}) {
    CAPTURE(count);
    std::vector<std::size_t> wanted, found;
    for (std::uint64_t i = 0; i < count[0]; ++i)
      for (std::uint64_t j = 0; j < count[1]; ++j)
        for (std::uint64_t k = 0; k < count[2]; ++k) wanted.push_back((i * 4 + j) * 5 + k);
    ChunkPlaces places(count, shape);
    CHECK(places.clipped() == (wanted.size() < 60));
    while (found.size() < wanted.size()) {
      const ChunkPlaces::Run run = places.next(std::min<std::size_t>(7, wanted.size() - found.size()));
      REQUIRE(run.length > 0);
      for (std::size_t i = 0; i < run.length; ++i) found.push_back(run.position + i);
    }
    CHECK(found == wanted);
  }
}

TEST_CASE("an abandoned queue lets both sides go") {
  BoundedQueue<int> queue(1);
  CHECK(queue.push(1));
  std::thread blocked([&] { CHECK_FALSE(queue.push(2)); });
  queue.abandon();
  blocked.join();
  CHECK_FALSE(queue.pop().has_value());
}

TEST_CASE("a closed queue hands out what it holds") {
  BoundedQueue<int> queue(4);
  queue.push(1);
  queue.push(2);
  queue.close();
  CHECK(queue.pop() == 1);
  CHECK(queue.pop() == 2);
  CHECK_FALSE(queue.pop().has_value());
}
