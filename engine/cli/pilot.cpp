// SPDX-License-Identifier: MIT
#include "cli/pilot.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <random>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "executor/block_worker.hpp"
#include "haggle/executor/dispatch.hpp"
#include "haggle/executor/sink.hpp"
#include "storage/chunk_codec.hpp"

namespace haggle::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr std::uint64_t shortest_stretch = 64;
constexpr double stretch_seconds = 0.02;  // so that some dozens fit into the budget
constexpr double chunk_seconds = 0.001;
constexpr std::size_t quick_block = 4096;  ///< GameTable::least_block of games that take microseconds, all of them

/// The n-th stretch: at most `points` neighbours, as a block is walked, from a block and a place within it that a
/// Kronecker sequence picks; any first part of that sequence is spread evenly.
Box stretch(const Grid& grid, std::uint64_t n, std::uint64_t points) {
  const double golden = 0.6180339887498949 * static_cast<double>(n + 1);
  const auto block = static_cast<std::uint64_t>((golden - std::floor(golden)) * static_cast<double>(grid.blocks()));
  Box box = grid.box({std::min(block, grid.blocks() - 1)});
  std::mt19937_64 random(n);
  std::uint64_t below = box.points();
  for (std::size_t d = 0; d < box.count.size(); ++d) {
    below /= box.count[d];  // points of one step along d
    const std::uint64_t count = std::clamp<std::uint64_t>(points / below, 1, box.count[d]);
    box.offset[d] += random() % (box.count[d] - count + 1);
    box.count[d] = count;
  }
  return box;
}

/// What one thread, or all of them, saw.
struct Totals {
  std::uint64_t points = 0, excluded = 0, failures = 0, encoded_points = 0;
  double solve_seconds = 0, encode_seconds = 0, encoded_bytes = 0;

  Totals& operator+=(const Totals& o) {
    points += o.points, excluded += o.excluded, failures += o.failures, encoded_points += o.encoded_points;
    solve_seconds += o.solve_seconds, encode_seconds += o.encode_seconds, encoded_bytes += o.encoded_bytes;
    return *this;
  }
};

/// One thread's workbench.
class Flyer {
 public:
  Flyer(const Plan& plan, Clock::time_point start, double budget)
      : plan_(plan),
        start_(start),
        budget_(budget),
        evaluator_(plan),
        solve_(block_solver(*plan.game, best_instruction_set())),
        solved_(plan.outputs.size()),
        results_(plan.game->columns(), nullptr),
        chunks_(plan.outputs.size()) {
    for (std::size_t o = 0; o < plan.outputs.size(); ++o) {
      codecs_.emplace_back(stored_type(plan, o), plan.dimensions.empty() ? 0 : plan.format.compression);
      solved_[o].resize(width(plan, o) * tile_);
      for (std::size_t c = 0; c < width(plan, o); ++c)
        results_[plan.game->first_column(plan.outputs[o]) + c] = solved_[o].data() + c * tile_;
    }
  }

  bool in_time() const { return seconds_since(start_) < budget_; }

  /// A game cannot be left half solved. So a stretch begins with as few as may be slow, takes more at a time while they
  /// are not, and ends when its time is over.
  void fly(std::uint64_t n) {
    const auto start = Clock::now();
    BoxWalker walker(stretch(plan_.grid, n, length_));
    std::uint64_t points = 0;
    std::size_t chunk = plan_.game->least_block < quick_block ? 1 : tile_;
    auto before = start;
    while (const std::size_t some = walker.next(chunk, indices_)) {
      evaluator_.evaluate(indices_, some, parameters_, status_);
      solve_pending(some);
      points += some;
      const double took = seconds_since(before);
      if (seconds_since(start) > 1.5 * stretch_seconds || !in_time()) break;
      if (took < chunk_seconds) chunk = std::min(2 * chunk, tile_);
      before = Clock::now();
    }
    totals_.solve_seconds += seconds_since(start);
    totals_.points += points;
    // A whole block if games are fast, as in a run; if they are slow, as much from several.
    if ((chunk_points_ += points) + points > plan_.grid.block_points()) encode();
    if (!tuned_ && ++flights_ == 8) tune();
  }

  const Totals& land() {
    if (totals_.encoded_points == 0) encode();
    return totals_;
  }

 private:
  void solve_pending(std::size_t points) {
    places_.clear();
    for (std::size_t i = 0; i < points; ++i) {
      if (status_[i] != Status::pending) continue;
      for (auto& column : parameters_) column[places_.size()] = column[i];
      places_.push_back(i);
    }
    inputs_.clear();
    for (const auto& column : parameters_) inputs_.push_back(column.data());
    if (!places_.empty()) solve_(inputs_.data(), results_.data(), places_.size());
    for (std::size_t k = 0; k < places_.size(); ++k)
      status_[places_[k]] = static_cast<Status>(static_cast<std::int8_t>(solved_.front()[k]));
    totals_.excluded += points - places_.size();
    for (std::size_t i = 0; i < points; ++i) totals_.failures += is_failure(status_[i]);
    for (std::size_t o = 0; o < chunks_.size(); ++o) {
      switch (stored_type(plan_, o)) {
        case StoredType::int8:
          append<std::int8_t>(o, points, 0);
          break;
        case StoredType::float32:
          append<float>(o, points, std::numeric_limits<float>::quiet_NaN());
          break;
        case StoredType::float64:
          append<double>(o, points, std::numeric_limits<double>::quiet_NaN());
          break;
      }
    }
  }

  /// What a run would put into the chunk of output `o`.
  template <class Stored>
  void append(std::size_t o, std::size_t points, Stored fill) {
    const std::size_t wide = width(plan_, o);
    values<Stored>().assign(points * wide, fill);
    for (std::size_t c = 0; c < wide; ++c)
      for (std::size_t k = 0; k < places_.size(); ++k)
        values<Stored>()[places_[k] * wide + c] = static_cast<Stored>(solved_[o][c * tile_ + k]);
    const auto bytes = std::as_bytes(std::span(values<Stored>()));
    chunks_[o].insert(chunks_[o].end(), bytes.begin(), bytes.end());
  }

  template <class Stored>
  std::vector<Stored>& values() {
    return std::get<std::vector<Stored>>(values_);
  }

  void encode() {
    const auto start = Clock::now();
    for (std::size_t o = 0; o < chunks_.size(); ++o) {
      totals_.encoded_bytes += static_cast<double>(codecs_[o].encode(chunks_[o]).bytes.size());
      chunks_[o].clear();
    }
    totals_.encode_seconds += seconds_since(start);
    totals_.encoded_points += std::exchange(chunk_points_, 0);
  }

  /// The first stretches only tell how long the others may be, and warm up caches and pages.
  void tune() {
    tuned_ = true;
    const double each = totals_.solve_seconds / static_cast<double>(totals_.points);
    length_ = static_cast<std::uint64_t>(
        std::clamp(stretch_seconds / each, double{shortest_stretch},
                   static_cast<double>(std::max(plan_.grid.block_points(), shortest_stretch))));
    totals_ = {};
  }

  const Plan& plan_;
  const Clock::time_point start_;
  const double budget_;
  const std::size_t tile_ = tile_points(plan_);
  Evaluator evaluator_;
  BlockSolver solve_;
  std::vector<ChunkCodec> codecs_;
  std::vector<std::vector<std::uint64_t>> indices_;
  std::vector<std::vector<double>> parameters_, solved_;  ///< solved_: of each of Plan::outputs, column by column
  std::vector<Status> status_;
  std::vector<std::size_t> places_;  ///< of the games among a stretch's points
  std::vector<double*> results_;
  std::vector<const double*> inputs_;
  std::vector<std::vector<std::byte>> chunks_;
  std::tuple<std::vector<std::int8_t>, std::vector<float>, std::vector<double>> values_;
  std::uint64_t chunk_points_ = 0, length_ = shortest_stretch;
  int flights_ = 0;
  bool tuned_ = false;
  Totals totals_;
};

}  // namespace

Pilot fly_pilot(const Plan& plan, int threads, double budget) {
  const auto start = Clock::now();
  Totals totals;
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr error;
#pragma omp parallel num_threads(threads)
  try {
    Flyer flyer(plan, start, budget);
    do flyer.fly(next.fetch_add(1, std::memory_order_relaxed));
    while (flyer.in_time());
    const Totals& seen = flyer.land();
#pragma omp critical
    totals += seen;
  } catch (...) {
#pragma omp critical
    error = std::current_exception();
  }
  if (error) std::rethrow_exception(error);

  const auto all = static_cast<double>(plan.grid.points()), points = static_cast<double>(totals.points);
  const auto encoded = static_cast<double>(totals.encoded_points);
  Pilot pilot{totals.points, totals.excluded, totals.failures, seconds_since(start), 0, 0};
  pilot.solving = (totals.solve_seconds / points + totals.encode_seconds / encoded) * all / threads;
  pilot.output_bytes = totals.encoded_bytes / encoded * all;
  return pilot;
}

}  // namespace haggle::cli
