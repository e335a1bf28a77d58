// SPDX-License-Identifier: MIT
// Everything around the solver: expanding a spec into parameters, writing a file, and a whole sweep beside what the
// solver and the disk would each allow alone.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "games.hpp"
#include "groups.hpp"
#include "haggle/executor/run.hpp"
#include "haggle/storage/result_file.hpp"
#include "haggle/sweep/spec.hpp"

namespace haggle::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::uint64_t wanted_points() { return size_from_environment("HAGGLE_BENCH_POINTS", 4'000'000); }

/// A Nash sweep of about `points` games of the benchmarks' box: both costs, the elasticity, and a derived weight.
Plan plan_of(std::uint64_t points, int compression) {
  const auto side = static_cast<std::uint64_t>(std::max(2.0, std::round(std::cbrt(static_cast<double>(points)))));
  const std::string n = std::to_string(side);
  const std::string spec =
      "haggle: 1\n"
      "title: benchmark\n"
      "game: fine_tuning\n"
      "generalist:\n"
      "  cost: {coefficient: {axis: c0, geomspace: [0.05, 20, " +
      n +
      "]}, exponent: 1.8}\n"
      "specialists:\n"
      "  - revenue: {elasticity: {axis: elasticity, linspace: [0.3, 1, " +
      n +
      "]}}\n"
      "    cost: {coefficient: {axis: c1, geomspace: [0.05, 20, " +
      n +
      "]}, exponent: 2.2}\n"
      "bargaining: {solution: nash, weight: {from: \"0.1 + 0.8 * elasticity\"}}\n"
      "output: {compression: " +
      std::to_string(compression) + "}\n";
  return read_spec(spec, "benchmark.yaml");
}

/// A folder for files of this process; removed with what it holds. Where the disk is, not a memory file system, if
/// HAGGLE_BENCH_FOLDER says so.
class ScratchFolder {
 public:
  ScratchFolder() {
    const char* chosen = std::getenv("HAGGLE_BENCH_FOLDER");
    const std::filesystem::path parent = chosen ? chosen : std::filesystem::temp_directory_path();
    path_ = parent / ("haggle_bench_" + std::to_string(::getpid()));
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Seconds to write `bytes` of noise to a new file and bring it to the disk.
double plain_write_seconds(const std::string& path, std::uint64_t bytes) {
  std::vector<std::uint64_t> noise(1 << 17);
  std::uint64_t x = 88172645463325252ULL;
  for (std::uint64_t& word : noise) word = (x ^= x << 13, x ^= x >> 7, x ^= x << 17);
  const auto start = Clock::now();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) throw std::runtime_error("cannot create " + path);
  for (std::uint64_t left = bytes; left > 0;) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left, noise.size() * sizeof(std::uint64_t)));
    const ssize_t written = ::write(file, noise.data(), piece);
    if (written <= 0) throw std::runtime_error("cannot write " + path);
    left -= static_cast<std::uint64_t>(written);
  }
  if (::fsync(file) != 0 || ::close(file) != 0) throw std::runtime_error("cannot sync " + path);
  const double seconds = seconds_since(start);
  std::filesystem::remove(path);
  return seconds;
}

/// Seconds the kernel alone needs for all games of the plan with all threads: parameters are expanded outside the
/// clock.
double solver_alone_seconds(const Plan& plan, int threads) {
  const BlockSolver solver = block_solver(*plan.game, best_instruction_set());
  std::atomic<std::uint64_t> next{0};
  double seconds = 0;
#pragma omp parallel num_threads(threads) reduction(+ : seconds)
  {
    Evaluator evaluator(plan);
    std::vector<std::vector<std::uint64_t>> indices(plan.dimensions.size());
    std::vector<std::vector<double>> parameters(plan.game->parameters.size());
    std::vector<std::vector<double>> results(plan.game->columns());
    std::vector<Status> status;
    std::vector<const double*> in(parameters.size());
    std::vector<double*> out(results.size());
    for (std::uint64_t block; (block = next.fetch_add(1)) < plan.grid.blocks();) {
      BoxWalker walker(plan.grid.box(BlockIndex{block}));
      while (const std::size_t n = walker.next(4096, indices)) {
        evaluator.evaluate(indices, n, parameters, status);
        for (std::size_t p = 0; p < in.size(); ++p) in[p] = parameters[p].data();
        for (std::size_t o = 0; o < out.size(); ++o) {
          results[o].resize(n);
          out[o] = results[o].data();
        }
        const auto start = Clock::now();
        solver(in.data(), out.data(), n);
        seconds += seconds_since(start);
      }
    }
  }
  return seconds / threads;
}

void expand(benchmark::State& state) {
  const Plan plan = plan_of(std::min<std::uint64_t>(wanted_points(), 1'000'000), 1);
  Evaluator evaluator(plan);
  std::vector<std::vector<std::uint64_t>> indices(plan.dimensions.size());
  std::vector<std::vector<double>> parameters(plan.game->parameters.size());
  std::vector<Status> status;
  while (state.KeepRunning())
    for (std::uint64_t block = 0; block < plan.grid.blocks(); ++block) {
      BoxWalker walker(plan.grid.box(BlockIndex{block}));
      while (const std::size_t n = walker.next(4096, indices)) {
        evaluator.evaluate(indices, n, parameters, status);
        benchmark::DoNotOptimize(parameters.front().data());
      }
    }
  state.counters["points/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(plan.grid.points()), benchmark::Counter::kIsRate);
}

/// Keeps the raw values of every block.
class RawSink final : public Sink {
 public:
  explicit RawSink(std::uint64_t blocks) : blocks_(blocks) {}
  Chunk encode(std::size_t, std::span<const std::byte> raw) const override { return {{raw.begin(), raw.end()}, 0}; }
  void store(FinishedBlock block) override { blocks_[block.block.value] = std::move(block); }
  const std::vector<FinishedBlock>& blocks() const { return blocks_; }
  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const FinishedBlock& block : blocks_)
      for (const Chunk& chunk : block.chunks) sum += chunk.bytes.size();
    return sum;
  }

 private:
  std::vector<FinishedBlock> blocks_;
};

/// Encoding on one core, storing and publishing, of values that were solved beforehand.
void write(benchmark::State& state) {
  const Plan plan = plan_of(std::min<std::uint64_t>(wanted_points(), 1'000'000), static_cast<int>(state.range(0)));
  RawSink raw(plan.grid.blocks());
  run_sweep(plan, raw, {});
  const ScratchFolder folder;
  const std::string path = folder.file("write.h5");
  while (state.KeepRunning()) {
    ResultFile file(plan, path, true);
    for (const FinishedBlock& block : raw.blocks()) {
      FinishedBlock encoded{block.block, {}, block.counts};
      for (std::size_t o = 0; o < block.chunks.size(); ++o)
        encoded.chunks.push_back(file.encode(o, block.chunks[o].bytes));
      file.store(std::move(encoded));
    }
    file.publish({});
  }
  state.counters["raw_bytes/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(raw.bytes()), benchmark::Counter::kIsRate);
  state.counters["stored_over_raw"] =
      static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(raw.bytes());
}

/// A whole sweep, file included, beside the kernel alone and a plain synced write of as many bytes as the file has.
/// Everything by the wall clock, the best of a few runs each. `of_slower_alone` is the part reached of the rate that
/// the slower of the two would allow.
void whole_sweep(benchmark::State& state) {
  const Plan plan = plan_of(wanted_points(), static_cast<int>(state.range(0)));
  const ScratchFolder folder;
  const std::string path = folder.file("sweep.h5");
  const int threads = omp_get_max_threads();
  // Space that a disk has never been written to can be several times slower than space used before: use it once first.
  plain_write_seconds(folder.file("plain"), plan.grid.points() * 72);
  double seconds = 0;
  RunResult result;
  while (state.KeepRunning()) {
    const auto start = Clock::now();
    ResultFile file(plan, path, true);
    result = run_sweep(plan, file, {});
    file.publish({});
    const double taken = seconds_since(start);
    state.SetIterationTime(taken);
    seconds = seconds == 0 ? taken : std::min(seconds, taken);
  }
  const std::uint64_t bytes = std::filesystem::file_size(path);
  std::filesystem::remove(path);
  const double solver = std::min(solver_alone_seconds(plan, threads), solver_alone_seconds(plan, threads));
  double disk = plain_write_seconds(folder.file("plain"), bytes);
  for (int again = 0; again < 2; ++again) disk = std::min(disk, plain_write_seconds(folder.file("plain"), bytes));
  const auto points = static_cast<double>(plan.grid.points());
  state.counters["points"] = points;
  state.counters["points/s"] = points / seconds;
  state.counters["file_bytes/s"] = static_cast<double>(bytes) / seconds;
  state.counters["bytes/point"] = static_cast<double>(bytes) / points;
  state.counters["solver_alone_points/s"] = points / solver;
  state.counters["disk_alone_points/s"] = points / disk;
  state.counters["disk_bytes/s"] = static_cast<double>(bytes) / disk;
  state.counters["of_slower_alone"] = std::max(solver, disk) / seconds;
  state.counters["solve_s"] = result.solve_seconds / threads;
  state.counters["encode_s"] = result.encode_seconds / threads;
  state.counters["store_s"] = result.store_seconds;
  state.SetLabel(std::string(name_of(best_instruction_set())) + ", " + std::to_string(threads) + " threads");
}

double durable_seconds(const Plan& plan, const std::string& path, Checkpointing mode) {
  const auto start = Clock::now();
  Durability durability;
  durability.mode = mode;
  ResultFile file(plan, path, true, durability);
  run_sweep(plan, file, {});
  file.publish({});
  return seconds_since(start);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// A whole sweep with a checkpoint from its first second on, beside the same without one, turn by turn: the disk's mood
/// then strikes both. `with_over_without` is the part of the throughput that durability leaves, at the medians.
void durable_sweep(benchmark::State& state) {
  const Plan plan = plan_of(4 * wanted_points(), static_cast<int>(state.range(0)));
  const ScratchFolder folder;
  const std::string path = folder.file("sweep.h5");
  std::vector<double> with, without;
  durable_seconds(plan, path, Checkpointing::off);  // space used before: see whole_sweep
  while (state.KeepRunning()) {
    without.push_back(durable_seconds(plan, path, Checkpointing::off));
    with.push_back(durable_seconds(plan, path, Checkpointing::on));
    state.SetIterationTime(with.back());
  }
  const auto points = static_cast<double>(plan.grid.points());
  state.counters["points"] = points;
  state.counters["with_points/s"] = points / median(with);
  state.counters["without_points/s"] = points / median(without);
  state.counters["with_over_without"] = median(without) / median(with);
}

}  // namespace

void add_sweeps() {
  using benchmark::RegisterBenchmark;
  RegisterBenchmark("expand_spec", expand)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("write_file", write)->ArgName("compression")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("whole_sweep", whole_sweep)
      ->ArgName("compression")
      ->Arg(0)
      ->Arg(1)
      ->UseManualTime()
      ->Iterations(3)
      ->Unit(benchmark::kMillisecond);
  RegisterBenchmark("durable_sweep", durable_sweep)
      ->ArgName("compression")
      ->Arg(0)
      ->Arg(1)
      ->UseManualTime()
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace haggle::bench
