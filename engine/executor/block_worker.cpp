// SPDX-License-Identifier: MIT
#include "executor/block_worker.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace haggle {
namespace {

/// Games solved at a stretch: enough for a solver's slow paths to fill their lanes, and all columns of the fine-tuning
/// game (720 KiB) still stay in a core's own cache.
constexpr std::size_t tile = 4096;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

constexpr double fill_value(StoredType type) { return type == StoredType::int8 ? 0.0 : nan; }

template <class Stored>
void convert(const double* from, std::byte* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const Stored value = static_cast<Stored>(from[i]);
    std::memcpy(to + i * sizeof(Stored), &value, sizeof(Stored));
  }
}

template <class Stored>
void fill(std::span<std::byte> raw, Stored value) {
  for (std::size_t i = 0; i < raw.size(); i += sizeof(Stored)) std::memcpy(raw.data() + i, &value, sizeof(Stored));
}

void fill(std::span<std::byte> raw, StoredType type) {
  switch (type) {
    case StoredType::int8:
      return fill(raw, std::int8_t{0});
    case StoredType::float32:
      return fill(raw, std::numeric_limits<float>::quiet_NaN());
    case StoredType::float64:
      return fill(raw, nan);
  }
}

}  // namespace

BlockWorker::BlockWorker(const Plan& plan, BlockSolver solver)
    : plan_(plan),
      solver_(solver),
      evaluator_(plan),
      indices_(plan.dimensions.size()),
      parameters_(plan.game->parameters.size()),
      compact_parameters_(plan.game->parameters.size()),
      inputs_(plan.game->parameters.size()),
      results_(plan.game->outputs.size(), nullptr) {
  for (std::size_t output = 0; output < plan.outputs.size(); ++output) {
    const StoredType type = stored_type(plan, output);
    columns_.push_back({plan.outputs[output], type, std::vector<double>(tile), std::vector<double>(tile),
                        std::vector<std::byte>(plan.grid.block_points() * size_of(type))});
  }
  for (auto& column : compact_parameters_) column.resize(tile);
}

Counts BlockWorker::solve(BlockIndex block) {
  const Box box = plan_.grid.box(block);
  ChunkPlaces places(box.count, plan_.grid.block_shape());
  if (places.clipped())
    for (Column& column : columns_) fill(column.raw, column.type);

  Counts counts;
  BoxWalker walker(box);
  while (const std::size_t points = walker.next(tile, indices_)) {
    evaluator_.evaluate(indices_, points, parameters_, status_);
    solve_tile(points);
    for (std::size_t s = 0; s < counts.by_status.size(); ++s)
      counts.by_status[s] += static_cast<std::uint64_t>(
          std::count(status_.begin(), status_.begin() + static_cast<std::ptrdiff_t>(points), static_cast<Status>(s)));
    scatter(places, points);
  }
  return counts;
}

Counts BlockWorker::retry(BlockIndex block, const BlockSource& before) {
  for (std::size_t output = 0; output < columns_.size(); ++output) before.load(block, output, columns_[output].raw);
  const Box box = plan_.grid.box(block);
  ChunkPlaces places(box.count, plan_.grid.block_shape());
  const std::vector<std::byte>& codes = columns_.front().raw;
  Counts counts;
  BoxWalker walker(box);
  while (const std::size_t points = walker.next(tile, indices_)) {
    positions_.clear();
    while (positions_.size() < points) {
      const ChunkPlaces::Run run = places.next(points - positions_.size());
      for (std::size_t k = 0; k < run.length; ++k) positions_.push_back(run.position + k);
    }
    failed_.clear();
    for (std::size_t i = 0; i < points; ++i)
      if (is_failure(static_cast<Status>(codes[positions_[i]]))) failed_.push_back(i);
    if (!failed_.empty()) solve_again(points);
    for (const std::size_t position : positions_)  // what is pending is not done
      if (const auto status = static_cast<Status>(codes[position]); status != Status::pending) ++counts[status];
  }
  return counts;
}

/// The failed_ points of a tile, whose values then stand at positions_ in the chunks.
void BlockWorker::solve_again(std::size_t points) {
  evaluator_.evaluate(indices_, points, parameters_, status_);
  std::size_t pending = 0;
  auto failed = failed_.begin();
  for (std::size_t i = 0; i < points; ++i) {
    const bool again = failed != failed_.end() && *failed == i;
    if (again) ++failed;
    if (!again && status_[i] == Status::pending) status_[i] = Status::solved;  // before: leave it
    if (status_[i] == Status::pending) ++pending;
  }
  solve_pending(points, pending);
  for (Column& column : columns_)
    for (const std::size_t i : failed_) {
      std::byte* to = column.raw.data() + positions_[i] * size_of(column.type);
      if (column.type == StoredType::int8) convert<std::int8_t>(&column.values[i], to, 1);
      if (column.type == StoredType::float32) convert<float>(&column.values[i], to, 1);
      if (column.type == StoredType::float64) std::memcpy(to, &column.values[i], sizeof(double));
    }
}

/// Fills every column's `values` and brings status_ up to date.
void BlockWorker::solve_tile(std::size_t points) {
  const auto end = status_.begin() + static_cast<std::ptrdiff_t>(points);
  const std::size_t pending = static_cast<std::size_t>(std::count(status_.begin(), end, Status::pending));
  if (pending < points) return solve_pending(points, pending);
  for (std::size_t p = 0; p < inputs_.size(); ++p) inputs_[p] = parameters_[p].data();
  for (Column& column : columns_) results_[column.row] = column.values.data();
  solver_(inputs_.data(), results_.data(), points);
  const double* solved = columns_.front().values.data();
  for (std::size_t i = 0; i < points; ++i) status_[i] = static_cast<Status>(static_cast<std::int8_t>(solved[i]));
}

/// The same where some points are no games: the solver sees the others closed up.
void BlockWorker::solve_pending(std::size_t points, std::size_t pending) {
  pending_.clear();
  for (std::size_t i = 0; i < points; ++i)
    if (status_[i] == Status::pending) pending_.push_back(i);
  for (Column& column : columns_) {
    std::fill_n(column.values.begin(), points, fill_value(column.type));
    results_[column.row] = column.compact.data();
  }
  if (pending > 0) {
    for (std::size_t p = 0; p < inputs_.size(); ++p) {
      for (std::size_t k = 0; k < pending; ++k) compact_parameters_[p][k] = parameters_[p][pending_[k]];
      inputs_[p] = compact_parameters_[p].data();
    }
    solver_(inputs_.data(), results_.data(), pending);
  }
  for (Column& column : columns_)
    for (std::size_t k = 0; k < pending; ++k) column.values[pending_[k]] = column.compact[k];
  Column& status = columns_.front();
  for (const std::size_t i : pending_) status_[i] = static_cast<Status>(static_cast<std::int8_t>(status.values[i]));
  for (std::size_t i = 0; i < points; ++i) status.values[i] = static_cast<double>(status_[i]);
}

void BlockWorker::scatter(ChunkPlaces& places, std::size_t points) {
  runs_.clear();
  for (std::size_t done = 0; done < points; done += runs_.back().length) runs_.push_back(places.next(points - done));
  for (Column& column : columns_) {
    const double* from = column.values.data();
    const std::size_t size = size_of(column.type);
    for (const ChunkPlaces::Run& run : runs_) {
      std::byte* to = column.raw.data() + run.position * size;
      switch (column.type) {
        case StoredType::int8:
          convert<std::int8_t>(from, to, run.length);
          break;
        case StoredType::float32:
          convert<float>(from, to, run.length);
          break;
        case StoredType::float64:
          std::memcpy(to, from, run.length * sizeof(double));
          break;
      }
      from += run.length;
    }
  }
}

}  // namespace haggle
