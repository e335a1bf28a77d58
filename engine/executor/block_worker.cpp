// SPDX-License-Identifier: MIT
#include "executor/block_worker.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace haggle {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

constexpr double fill_value(StoredType type) { return type == StoredType::int8 ? 0.0 : nan; }

/// Calls `action` with a value of the type: its `decltype` is what counts.
template <class Action>
void with_type(StoredType type, Action action) {
  switch (type) {
    case StoredType::int8:
      return action(std::int8_t{});
    case StoredType::float32:
      return action(float{});
    case StoredType::float64:
      return action(double{});
  }
}

template <class Stored>
void put(double x, std::byte* to) {
  const Stored value = static_cast<Stored>(x);
  std::memcpy(to, &value, sizeof(Stored));
}

template <class Stored>
void convert(const double* from, std::byte* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) put<Stored>(from[i], to + i * sizeof(Stored));
}

/// `width` columns, each `apart` from the last, into rows of so many values: some points at a time, so that what is
/// written stays in the cache until its rows are full.
template <class Stored>
void interleave(const double* from, std::size_t apart, std::byte* to, std::size_t n, std::size_t width) {
  constexpr std::size_t some = 64;
  for (std::size_t start = 0; start < n; start += some)
    for (std::size_t c = 0; c < width; ++c)
      for (std::size_t i = start; i < std::min(start + some, n); ++i)
        put<Stored>(from[c * apart + i], to + (i * width + c) * sizeof(Stored));
}

template <class Stored>
void fill(std::span<std::byte> raw, Stored value) {
  for (std::size_t i = 0; i < raw.size(); i += sizeof(Stored)) std::memcpy(raw.data() + i, &value, sizeof(Stored));
}

void fill(std::span<std::byte> raw, StoredType type) {
  with_type(type, [raw, type](auto stored) { fill(raw, static_cast<decltype(stored)>(fill_value(type))); });
}

}  // namespace

std::size_t tile_points(const Plan& plan) {
  constexpr std::size_t most = 4096, least = 256, cache = std::size_t{1} << 20;
  std::size_t columns = plan.game->parameters.size();
  for (std::size_t output = 0; output < plan.outputs.size(); ++output) columns += width(plan, output);
  const std::size_t points = std::clamp(cache / (columns * sizeof(double)) / 64 * 64, least, most);
  return std::min<std::size_t>(points, plan.grid.block_points());  // few, where a game has thousands of values
}

BlockWorker::BlockWorker(const Plan& plan, BlockSolver solver)
    : plan_(plan),
      tile_(tile_points(plan)),
      solver_(solver),
      evaluator_(plan),
      indices_(plan.dimensions.size()),
      parameters_(plan.game->parameters.size()),
      compact_parameters_(plan.game->parameters.size()),
      inputs_(plan.game->parameters.size()),
      results_(plan.game->columns(), nullptr) {
  for (std::size_t output = 0; output < plan.outputs.size(); ++output) {
    const StoredType type = stored_type(plan, output);
    const std::size_t values = width(plan, output);
    columns_.push_back({plan.game->first_column(plan.outputs[output]), values, type,
                        std::vector<double>(values * tile_), std::vector<double>(values * tile_),
                        std::vector<std::byte>(plan.grid.block_points() * values * size_of(type))});
  }
  for (auto& column : compact_parameters_) column.resize(tile_);
}

Counts BlockWorker::solve(BlockIndex block) {
  const Box box = plan_.grid.box(block);
  ChunkPlaces places(box.count, plan_.grid.block_shape());
  if (places.clipped())
    for (Column& column : columns_) fill(column.raw, column.type);

  Counts counts;
  BoxWalker walker(box);
  while (const std::size_t points = walker.next(tile_, indices_)) {
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
  while (const std::size_t points = walker.next(tile_, indices_)) {
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
    with_type(column.type, [&](auto stored) {
      for (const std::size_t i : failed_)
        for (std::size_t c = 0; c < column.width; ++c)
          put<decltype(stored)>(column.values[c * tile_ + i],
                                column.raw.data() + (positions_[i] * column.width + c) * sizeof stored);
    });
}

/// Has the solver write each output's columns into these of its `values`, a tile's length apart.
void BlockWorker::point_at(std::vector<double> Column::*values) {
  for (Column& column : columns_)
    for (std::size_t c = 0; c < column.width; ++c) results_[column.first + c] = (column.*values).data() + c * tile_;
}

/// Fills every column's `values` and brings status_ up to date.
void BlockWorker::solve_tile(std::size_t points) {
  const auto end = status_.begin() + static_cast<std::ptrdiff_t>(points);
  const std::size_t pending = static_cast<std::size_t>(std::count(status_.begin(), end, Status::pending));
  if (pending < points) return solve_pending(points, pending);
  for (std::size_t p = 0; p < inputs_.size(); ++p) inputs_[p] = parameters_[p].data();
  point_at(&Column::values);
  solver_(inputs_.data(), results_.data(), points);
  const double* solved = columns_.front().values.data();
  for (std::size_t i = 0; i < points; ++i) status_[i] = static_cast<Status>(static_cast<std::int8_t>(solved[i]));
}

/// The same where some points are no games: the solver sees the others closed up.
void BlockWorker::solve_pending(std::size_t points, std::size_t pending) {
  pending_.clear();
  for (std::size_t i = 0; i < points; ++i)
    if (status_[i] == Status::pending) pending_.push_back(i);
  for (Column& column : columns_)
    for (std::size_t c = 0; c < column.width; ++c)
      std::fill_n(column.values.data() + c * tile_, points, fill_value(column.type));
  point_at(&Column::compact);
  if (pending > 0) {
    for (std::size_t p = 0; p < inputs_.size(); ++p) {
      for (std::size_t k = 0; k < pending; ++k) compact_parameters_[p][k] = parameters_[p][pending_[k]];
      inputs_[p] = compact_parameters_[p].data();
    }
    solver_(inputs_.data(), results_.data(), pending);
  }
  for (Column& column : columns_)
    for (std::size_t at = 0; at < column.width * tile_; at += tile_)
      for (std::size_t k = 0; k < pending; ++k) column.values[at + pending_[k]] = column.compact[at + k];
  Column& status = columns_.front();
  for (const std::size_t i : pending_) status_[i] = static_cast<Status>(static_cast<std::int8_t>(status.values[i]));
  for (std::size_t i = 0; i < points; ++i) status.values[i] = static_cast<double>(status_[i]);
}

void BlockWorker::scatter(ChunkPlaces& places, std::size_t points) {
  runs_.clear();
  for (std::size_t done = 0; done < points; done += runs_.back().length) runs_.push_back(places.next(points - done));
  for (Column& column : columns_)
    with_type(column.type, [&](auto stored) {
      const double* from = column.values.data();
      for (const ChunkPlaces::Run& run : runs_) {
        std::byte* to = column.raw.data() + run.position * column.width * sizeof stored;
        if (column.width == 1)
          convert<decltype(stored)>(from, to, run.length);
        else
          interleave<decltype(stored)>(from, tile_, to, run.length, column.width);
        from += run.length;
      }
    });
}

}  // namespace haggle
